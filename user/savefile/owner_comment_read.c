/* SPDX-License-Identifier: BSD-2-Clause */
#include <byteswap.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "packet/packet.h"
#include "savefile/owner_comment.h"
#include "savefile/pcap_format.h"

#define NOT_SAID "the file does not say"

/* The rest of a line that begins with a key; NULL: it begins with another. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(line, key, length) ? line + length : NULL;
}

static enum owner_how parse_how(const char *word)
{
	for (enum owner_how how = OWNER_EXACT; how <= OWNER_SENDER; how++)
		if (!strcmp(word, owner_how_name(how)))
			return how;
	return OWNER_UNKNOWN;
}

/* What stood in the lines of a comment. */
struct found {
	struct end_owner end;
	bool is_source, is_destination;
};

static void take_line(struct found *found, const char *line)
{
	struct end_owner *end = &found->end;
	const char *value;

	if ((value = value_of(line, "PID: "))) {
		end->pid = (uint32_t)strtoul(value, NULL, 10);
	} else if ((value = value_of(line, "Cmd: "))) {
		end->command = value;
	} else if ((value = value_of(line, "Args: "))) {
		end->arguments = value;
	} else if ((value = value_of(line, "UID: "))) {
		end->uid = (uint32_t)strtoul(value, NULL, 10);
		end->has_details = true;
	} else if ((value = value_of(line, "Cgroup: "))) {
		end->cgroup = value;
	} else if ((value = value_of(line, "Known: "))) {
		end->how = parse_how(value);
	} else if ((value = value_of(line, "Why: "))) {
		end->why = value;
	} else if ((value = value_of(line, "End: "))) {
		found->is_source = !strcmp(value, "source");
		found->is_destination = !strcmp(value, "destination");
	}
}

/* Read a comment, whose strings stay in `text`. Returns whether it is about an end. */
static bool read_comment(struct owner_comments *comments, char *text)
{
	struct found found = {0};
	char *rest = text;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		take_line(&found, line);
	found.end.has_details &= found.end.command != NULL;
	if (found.end.how == OWNER_UNKNOWN || !(found.is_source || found.is_destination))
		return false;
	*(found.is_source ? &comments->owner.source : &comments->owner.destination) = found.end;
	return true;
}

/* The reader has found the options to be well-formed. */
static void annotate(struct annotator *annotator, struct packet *packet)
{
	struct owner_comments *comments = (struct owner_comments *)annotator;
	const struct frame *frame = packet->frame;
	const struct file_block *block = frame->block;
	const uint8_t *at, *end;
	struct pcapng_option option;
	unsigned int count = 0;

	packet->owner = NULL;
	if (!block || block->type != PCAPNG_ENHANCED_PACKET)
		return;
	comments->owner = (struct packet_owner){.source.why = NOT_SAID, .destination.why = NOT_SAID};
	at = frame->bytes + block->captured + pcapng_padding(block->captured);
	end = block->bytes + block->length - sizeof(block->length);
	for (; at + sizeof(option) <= end && count < 2;
	     at += sizeof(option) + option.length + pcapng_padding(option.length)) {
		memcpy(&option, at, sizeof(option));
		if (block->swapped)
			option = (struct pcapng_option){bswap_16(option.code), bswap_16(option.length)};
		if (option.code == OPTION_END)
			break;
		if (option.code != OPTION_COMMENT || option.length > OWNER_COMMENT_MAX)
			continue;
		memcpy(comments->texts[count], at + sizeof(option), option.length);
		comments->texts[count][option.length] = '\0';
		count += read_comment(comments, comments->texts[count]);
	}
	if (count)
		packet->owner = &comments->owner;
}

void owner_comments_init(struct owner_comments *comments)
{
	comments->annotator.annotate = annotate;
}
