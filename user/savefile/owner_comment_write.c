/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "base/escape.h"
#include "base/text.h"
#include "savefile/owner_comment.h"
#include "savefile/pcap_format.h"

enum { VALUE_MAX = 144 }; /* of the longest string of an end, and of a reason */

static char *line(char *at, const char *key, const char *value)
{
	if (!value)
		return at;
	at = escape_terminal(text_string(at, key), value, VALUE_MAX);
	return text_string(at, "\n");
}

static char *number_line(char *at, const char *key, uint32_t value)
{
	return text_string(text_u32(text_string(at, key), value), "\n");
}

/* The last line ends without a newline. */
static char *write_end(char *at, const struct end_owner *end, const char *which)
{
	if (end->pid)
		at = number_line(at, "PID: ", end->pid);
	at = line(at, "Cmd: ", end->command);
	at = line(at, "Args: ", end->arguments);
	if (end->has_details)
		at = number_line(at, "UID: ", end->uid);
	at = line(at, "Cgroup: ", end->cgroup);
	at = line(at, "End: ", which);
	at = line(at, "Known: ", owner_how_name(end->how));
	return line(at, "Why: ", end->why) - 1;
}

static uint8_t *option(uint8_t *at, const struct end_owner *end, const char *which)
{
	struct pcapng_option header = {.code = OPTION_COMMENT};
	char *text = (char *)at + sizeof(header);

	if (end->how == OWNER_UNKNOWN)
		return at;
	header.length = (uint16_t)(write_end(text, end, which) - text);
	memcpy(at, &header, sizeof(header));
	memset(text + header.length, 0, pcapng_padding(header.length));
	return at + sizeof(header) + header.length + pcapng_padding(header.length);
}

size_t owner_comments_write(const struct packet_owner *owner, uint8_t options[OWNER_COMMENTS_MAX])
{
	uint8_t *at = option(options, &owner->source, "source");

	return (size_t)(option(at, &owner->destination, "destination") - options);
}
