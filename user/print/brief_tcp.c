/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/brief_tcp.h"

#include "base/text.h"
#include "packet/tcp_event_names.h"
#include "print/tcp_numbers.h"
#include "print/tcp_options.h"

static enum color flags_color(uint16_t flags)
{
	return flags & TCP_FLAG_RST   ? COLOR_MARK
	       : flags & TCP_FLAG_SYN ? COLOR_OPENING
	       : flags & TCP_FLAG_FIN ? COLOR_CLOSING
				      : COLOR_RESET;
}

/* A letter for each flag, as in tcpdump, from the low bit on. */
static char *flag_letters(char *at, uint16_t flags)
{
	static const char letters[] = {'F', 'S', 'R', 'P', '.', 'U', 'E', 'W', 'e'};
	unsigned int bits = flags & 0x1ff;

	if (!bits)
		return text_string(at, "none");
	for (; bits; bits &= bits - 1)
		*at++ = letters[__builtin_ctz(bits)];
	return at;
}

static char *flags_text(char *at, const struct palette *palette, uint16_t flags)
{
	enum color color = flags_color(flags);
	char *start, *end;

	*at++ = ' ';
	start = color == COLOR_RESET ? at : color_set(at, palette, color);
	end = flag_letters(start, flags);
	at = color == COLOR_RESET ? end : color_set(end, palette, COLOR_RESET);
	*at = ' ';
	return at + (end - start < 2); /* most have two */
}

static bool has_event(const struct packet *packet, uint32_t events)
{
	return packet->analysis && packet->analysis->events & events;
}

/* One line has no room for all of them, so a segment shows where its payload lies, or, without payload, what it
 * acknowledges; beside that those by which an event is understood. */
static char *numbers(char *at, const struct style *style, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	bool payload = packet->payload.length > 0, ends = tcp->flags & (TCP_FLAG_FIN | TCP_FLAG_RST);
	bool all = tcp->flags & TCP_FLAG_SYN || !(tcp->flags & (TCP_FLAG_ACK | TCP_FLAG_RST));
	bool seq = payload || ends ||
		   has_event(packet, TCP_EVENT_LOST_SEGMENT | TCP_EVENT_ZERO_WINDOW_PROBE | TCP_EVENT_KEEP_ALIVE);
	bool ack = !payload || has_event(packet, TCP_EVENT_ACK_LOST_SEGMENT);
	bool window = !(payload || ends) || has_event(packet, TCP_EVENT_ZERO_WINDOW);

	if (tcp_has(tcp, TCP_FIELD_SEQ) && (seq || all))
		at = text_field(at, " seq ", tcp_shown_seq(style, packet));
	if (tcp->flags & TCP_FLAG_ACK && (ack || all))
		at = text_field(at, " ack ", tcp_shown_ack(style, packet));
	if (tcp_has(tcp, TCP_FIELD_WINDOW) && (window || all))
		at = text_field(at, " win ", tcp_shown_window(packet));
	return payload ? text_u64(text_string(at, " length "), packet->payload.length) : at;
}

char *brief_tcp(char *at, const struct text_sink *text, const struct packet *packet)
{
	if (tcp_has(&packet->tcp, TCP_FIELD_FLAGS))
		at = flags_text(at, text->palette, packet->tcp.flags);
	return numbers(at, &text->style, packet);
}

enum {
	RETRANSMISSIONS = TCP_EVENT_RETRANSMISSION | TCP_EVENT_FAST_RETRANSMISSION | TCP_EVENT_SPURIOUS_RETRANSMISSION,
	WARNINGS = TCP_EVENT_OUT_OF_ORDER | TCP_EVENT_LOST_SEGMENT | TCP_EVENT_ACK_LOST_SEGMENT |
		   TCP_EVENT_DUPLICATE_ACK | TCP_EVENT_ZERO_WINDOW | TCP_EVENT_WINDOW_FULL,
};

static char *event_text(char *at, const struct palette *palette, unsigned int place)
{
	uint32_t event = 1U << place;
	const struct text_word *name = name_tcp_event(place);

	*at++ = ' ';
	if (!(event & (RETRANSMISSIONS | WARNINGS)))
		return text_word(at, name);
	at = text_word(color_set(at, palette, event & WARNINGS ? COLOR_WARNING : COLOR_MARK), name);
	return color_set(at, palette, COLOR_RESET);
}

/* A fast or spurious retransmission is named as such only. */
static char *events_text(char *at, const struct palette *palette, const struct tcp_analysis *analysis)
{
	uint32_t events = analysis->events & ~(uint32_t)TCP_EVENT_RESET;

	if (events & (TCP_EVENT_FAST_RETRANSMISSION | TCP_EVENT_SPURIOUS_RETRANSMISSION))
		events &= ~(uint32_t)TCP_EVENT_RETRANSMISSION;
	for (; events; events &= events - 1) {
		unsigned int place = (unsigned int)__builtin_ctz(events);

		at = event_text(at, palette, place);
		if (1U << place == TCP_EVENT_DUPLICATE_ACK)
			at = text_field(at, " #", analysis->duplicate_number);
	}
	return at;
}

/* Milliseconds, to the microsecond. */
static char *handshake_text(char *at, uint64_t ns)
{
	uint64_t us = ns / 1000;

	at = text_u64(text_string(at, " handshake "), us / 1000);
	*at++ = '.';
	*at++ = (char)('0' + us / 100 % 10);
	return text_string(text_2_digits(at, (uint32_t)(us % 100)), " ms");
}

char *brief_tcp_news(char *at, const struct text_sink *text, const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;

	if (tcp->flags & TCP_FLAG_SYN)
		at = tcp_options_short(at, tcp->options, tcp->options_length);
	if (!packet->analysis)
		return at;
	at = events_text(at, text->palette, packet->analysis);
	return packet->analysis->handshake_ns ? handshake_text(at, packet->analysis->handshake_ns) : at;
}
