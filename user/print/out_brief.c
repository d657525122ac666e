/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/text.h"
#include "print/packet_dump.h"
#include "print/summary.h"
#include "print/text_sinks.h"

enum { TCP_FLAG_ACK = 0x10 };

enum { BRIEF_MAX = SUMMARY_MAX + 1024 };

/* With -e, the link-level header says everything about a frame without IP. */
static char *conversation(char *at, const struct text_sink *text, const struct packet *packet)
{
	if (!text->style.link)
		return summary_conversation(summary_tags(at, &packet->link, 1), text, packet);
	at = summary_link(at, text->palette, &packet->link, 1);
	return packet->ip.version ? summary_conversation(text_gap(at, 1), text, packet) : at;
}

static char *tcp_fields(char *at, const struct palette *palette, const struct tcp_header *tcp)
{
	if (tcp_has(tcp, TCP_FIELD_FLAGS))
		at = summary_tcp_flags(text_string(at, " flags "), palette, tcp->flags);
	if (tcp_has(tcp, TCP_FIELD_SEQ))
		at = text_field(at, " seq ", tcp->seq);
	if (tcp_has(tcp, TCP_FIELD_FLAGS) && tcp->flags & TCP_FLAG_ACK)
		at = text_field(at, " ack ", tcp->ack);
	if (tcp_has(tcp, TCP_FIELD_WINDOW))
		at = text_field(at, " win ", tcp->window);
	return at;
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

static int brief_packet(struct sink *sink, const struct packet *packet)
{
	struct text_sink *text = (struct text_sink *)sink;
	char *at = output_room(&text->output, BRIEF_MAX);

	if (text->style.number)
		at = text_gap(text_u64(at, packet->frame->number), 1);
	at = summary_time(at, text, packet->frame, 1);
	at = summary_lengths(at, text, packet->frame, 1);
	at = summary_place(at, packet->frame, 1);
	at = conversation(at, text, packet);
	if (packet->tcp.present)
		at = tcp_fields(at, text->palette, &packet->tcp);
	if (packet->ip.is_fragment)
		at = fragment_fields(at, &packet->ip);
	if (packet->payload.is_known)
		at = text_u64(text_string(at, " length "), packet->payload.length);
	at = bad_checksums(at, text->palette, packet);
	at = summary_marks(at, text->palette, packet);
	at = summary_verdict(at, text->palette, packet);
	*at++ = '\n';
	output_advance(&text->output, at);
	if (text->style.hexdump || text->style.ascii)
		packet_dump(text, packet);
	output_end_record(&text->output);
	return text->output.error;
}

struct sink *out_brief_open(int fd, const struct style *style)
{
	return text_sink_open(fd, style, brief_packet);
}
