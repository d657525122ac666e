/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"
#include "print/full_analysis.h"
#include "print/full_headers.h"
#include "print/full_owner.h"
#include "print/hexdump.h"
#include "print/packet_dump.h"
#include "print/summary.h"
#include "print/text_sinks.h"
#include "print/wrap.h"

enum {
	LINES_MAX = 24,
	FULL_MAX = WRAPPED_MAX(1 + SUMMARY_MAX + FULL_HEADERS_MAX + FULL_ANALYSIS_MAX + FULL_OWNER_MAX, LINES_MAX),
};

static char *title(char *at, struct text_sink *text, const struct packet *packet)
{
	const struct frame *frame = packet->frame;

	at = summary_time(color_set(at, text->palette, COLOR_STRONG), text, frame, 2);
	at = text_u64(text_string(at, "#"), frame->number);
	at = text_gap(color_set(at, text->palette, COLOR_RESET), 2);
	at = summary_place(at, frame, 2);
	at = summary_tags(at, &packet->link, 2);
	at = summary_conversation(at, text, packet);
	at = text_field(at, "  frame ", frame->length);
	if (frame->captured < frame->length || text->style.lengths)
		at = text_field(at, "  captured ", frame->captured);
	return at;
}

static char *link_line(char *at, const struct palette *palette, const struct link_header *link)
{
	at = text_string(summary_layer(at, palette, COLOR_LINK, "Link"), "  ");
	return summary_link(at, palette, link, 2);
}

static char *data(char *at, const struct payload *payload)
{
	at = text_u64(text_string(at, "\n  Data  "), payload->length);
	at = text_string(at, payload->length == 1 ? " byte" : " bytes");
	return payload->captured < payload->length ? text_field(at, ", captured ", payload->captured) : at;
}

/* Each header starts with a newline, so that marks can follow the last one on its line. */
static int full_packet(struct sink *sink, const struct packet *packet)
{
	struct text_sink *text = (struct text_sink *)sink;
	char *const start = output_room(&text->output, FULL_MAX);
	char *at = start;

	if (text->begun && !text->style.color)
		*at++ = '\n'; /* without color, a title is not seen at a glance */
	text->begun = true;
	at = title(at, text, packet);
	if (text->style.link)
		at = link_line(at, text->palette, &packet->link);
	if (packet->ip.version)
		at = full_ip(at, text->palette, &packet->ip);
	if (packet->tcp.present)
		at = full_tcp(at, text, packet);
	if (packet->udp.present)
		at = full_udp(at, text->palette, &packet->udp);
	at = summary_marks(at, text->palette, packet);
	if (packet->analysis)
		at = full_analysis(at, text->palette, packet->analysis);
	if (packet->payload.length)
		at = data(at, &packet->payload);
	if (packet->owner)
		at = full_owner(at, text->palette, packet->owner);
	at = wrap_lines(start, at);
	*at++ = '\n';
	output_advance(&text->output, at);
	if (text->style.ascii)
		asciidump(&text->output, packet->payload.bytes, packet->payload.captured);
	else
		packet_dump(text, packet);
	output_end_record(&text->output);
	return text->output.error;
}

struct sink *out_full_open(int fd, const struct style *style)
{
	return text_sink_open(fd, style, full_packet);
}
