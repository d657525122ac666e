/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"
#include "packet/protocol_names.h"
#include "print/brief_tcp.h"
#include "print/hexdump.h"
#include "print/owner_text.h"
#include "print/packet_dump.h"
#include "print/summary.h"
#include "print/text_sinks.h"

enum { BRIEF_MAX = SUMMARY_MAX + BRIEF_TCP_MAX + OWNER_TEXT_MAX + EXCERPT_MAX + 1024 };

static bool is_another_interface(struct columns *columns, const struct interface *interface)
{
	const char *name = interface->name ? interface->name : "";

	if (columns->has_interface && interface->id == columns->interface_id)
		return false;
	if (columns->has_interface && strncmp(name, columns->interface, COLUMN_INTERFACE_MAX - 1) != 0)
		return true;
	memcpy(columns->interface, name, strnlen(name, COLUMN_INTERFACE_MAX - 1));
	columns->interface_id = interface->id;
	columns->has_interface = true;
	return false;
}

/* As long as all packets are of one interface, neither its name nor the direction is news. */
static char *place(char *at, struct text_sink *text, const struct frame *frame)
{
	struct columns *columns = &text->columns;

	if (!columns->shows_place && frame->interface)
		columns->shows_place = is_another_interface(columns, frame->interface);
	if (!columns->shows_place)
		return at;
	if (name_direction(frame->direction) && columns->place < COLUMN_PLACE_START)
		columns->place = COLUMN_PLACE_START;
	return column_end(at, summary_place(at, frame, 0), &columns->place);
}

/* What stands in front of the conversation. */
static char *begin_line(char *at, struct text_sink *text, const struct frame *frame)
{
	struct columns *columns = &text->columns;

	if (text->style.number)
		at = column_end(at, text_u64(at, frame->number), &columns->number);
	at = column_end(at, summary_time(at, text, frame, 0), &columns->time);
	at = column_end(at, summary_lengths(at, text, frame, 0), &columns->lengths);
	return place(at, text, frame);
}

/* With -e, the link-level header says everything about a frame without IP. */
static char *conversation(char *at, struct text_sink *text, const struct packet *packet)
{
	struct columns *columns = &text->columns;
	uint8_t version = packet->ip.version;
	uint8_t *width = version == 4 ? &columns->ipv4 : version == 6 ? &columns->ipv6 : &columns->other;

	if (text->style.link) {
		char *end = summary_link(at, color_palette(false), &packet->link, 1);

		at = version ? column_end(at, end, &columns->link) : column_fill(at, end, &columns->link);
		if (!version)
			return at;
	}
	return column_fill(at, summary_conversation_short(at, text, packet), width);
}

/* What lies between the link-level header and IP; -e has shown it. */
static char *tags(char *at, const struct text_sink *text, const struct link_header *link)
{
	char *start = text_gap(at, 1);
	char *end = text->style.link ? start : summary_tags(start, link, 1);

	return end == start ? at : end - 1; /* the gap comes before, not behind */
}

static char *fragment_fields(char *at, const struct ip_header *ip)
{
	at = text_field_hex(at, " fragment id ", ip->id, ip->version == 6 ? 8 : 4);
	at = text_field(at, " offset ", ip->fragment_offset);
	return ip->more_fragments ? text_string(at, " more") : at;
}

static char *bad_checksums(char *at, const struct palette *palette, const struct packet *packet)
{
	if (ip_has(&packet->ip, IP_FIELD_CHECKSUM) && packet->ip.checksum_status == CHECKSUM_BAD)
		at = summary_mark(at, palette, "bad IP checksum", "");
	if (tcp_has(&packet->tcp, TCP_FIELD_CHECKSUM) && packet->tcp.checksum_status == CHECKSUM_BAD)
		at = summary_mark(at, palette, "bad TCP checksum", "");
	if (udp_has(&packet->udp, UDP_FIELD_CHECKSUM) && packet->udp.checksum_status == CHECKSUM_BAD)
		at = summary_mark(at, palette, "bad UDP checksum", "");
	return at;
}

/* What is special about a packet stands behind its numbers. */
static char *news(char *at, const struct text_sink *text, const struct packet *packet)
{
	at = tags(at, text, &packet->link);
	if (packet->ip.is_fragment)
		at = fragment_fields(at, &packet->ip);
	if (packet->tcp.present)
		at = brief_tcp_news(at, text, packet);
	at = bad_checksums(at, text->palette, packet);
	at = summary_marks(at, text->palette, packet);
	if (packet->owner)
		at = owner_brief(at, packet->owner);
	if (text->style.ascii)
		at = excerpt(at, packet->payload.bytes, packet->payload.captured);
	return summary_verdict(at, text->palette, packet);
}

static int brief_packet(struct sink *sink, const struct packet *packet)
{
	struct text_sink *text = (struct text_sink *)sink;
	char *at = output_room(&text->output, BRIEF_MAX);

	at = begin_line(at, text, packet->frame);
	at = conversation(at, text, packet);
	if (packet->tcp.present)
		at = brief_tcp(at, text, packet);
	else if (packet->payload.is_known)
		at = text_u64(text_string(at, " length "), packet->payload.length);
	at = news(at, text, packet);
	while (at[-1] == ' ') /* of a last column that is not full */
		at--;
	*at++ = '\n';
	output_advance(&text->output, at);
	if (text->style.hexdump)
		packet_dump(text, packet);
	output_end_record(&text->output);
	return text->output.error;
}

struct sink *out_brief_open(int fd, const struct style *style)
{
	struct sink *sink = text_sink_open(fd, style, brief_packet);

	if (sink)
		((struct text_sink *)sink)->columns = (struct columns){
			.number = COLUMN_NUMBER_START,
			.ipv4 = COLUMN_IPV4_START,
			.ipv6 = COLUMN_LINK_START,
			.other = COLUMN_LINK_START,
			.shows_place = style->interfaces || style->link,
		};
	return sink;
}
