/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_summary.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/text_builder.h"

const uint32_t tcp_suffering = TCP_EVENT_RETRANSMISSION | TCP_EVENT_OUT_OF_ORDER | TCP_EVENT_LOST_SEGMENT |
			       TCP_EVENT_ACK_LOST_SEGMENT | TCP_EVENT_DUPLICATE_ACK | TCP_EVENT_ZERO_WINDOW |
			       TCP_EVENT_ZERO_WINDOW_PROBE | TCP_EVENT_WINDOW_FULL | TCP_EVENT_RESET;

static bool is_of(const struct tcp_worst *worst, const struct flow_id *id)
{
	return worst->suffered && !memcmp(&worst->id, id, sizeof(*id));
}

void tcp_summary_enter(struct tcp_summary *summary, const struct flow_id *id, uint32_t suffered)
{
	struct tcp_worst *worst = summary->worst;
	int place = 0;

	/* The place that it gives up, or the last one does. */
	while (place < TCP_WORST - 1 && !is_of(&worst[place], id))
		place++;
	if (is_of(&worst[place], id))
		suffered += worst[place].suffered;
	else if (suffered <= worst[place].suffered)
		return;
	for (; place > 0 && worst[place - 1].suffered < suffered; place--)
		worst[place] = worst[place - 1];
	worst[place] = (struct tcp_worst){*id, suffered};
}

enum { MAPPED_PREFIX = 12 }; /* bytes before the IPv4 address (RFC 4291, 2.5.5.2) */

static void append_end(struct text_builder *text, uint8_t version, const uint64_t address[2], uint16_t port)
{
	const uint8_t *bytes = (const uint8_t *)address;
	char words[TEXT_IPV6_MAX + TEXT_OVERRUN];

	if (version == 4)
		*text_ipv4(words, bytes + MAPPED_PREFIX) = '\0';
	else
		*text_ipv6(words, bytes) = '\0';
	text_builder_add(text, strchr(words, ':') ? "[%s]:%u" : "%s:%u", words, port);
}

static void append_events(struct text_builder *text, const struct tcp_summary *summary)
{
	const char *separator = "tcp: ";

	for (unsigned int place = 0; place < TCP_EVENTS; place++) {
		const struct text_word *name = name_tcp_event(place);

		if (!summary->events[place])
			continue;
		text_builder_add(text, "%s%.*s %" PRIu64, separator, name->length, name->text, summary->events[place]);
		separator = ", ";
	}
	if (text->length)
		text_builder_add(text, "\n");
}

static void append_worst(struct text_builder *text, const struct tcp_summary *summary)
{
	for (int i = 0; i < TCP_WORST && summary->worst[i].suffered; i++) {
		const struct tcp_worst *worst = &summary->worst[i];

		text_builder_add(text, i ? "       " : "worst: ");
		append_end(text, worst->id.version, (const uint64_t *)worst->id.low, worst->id.low_port);
		text_builder_add(text, " - ");
		append_end(text, worst->id.version, (const uint64_t *)worst->id.high, worst->id.high_port);
		text_builder_add(text, "  %" PRIu32 " segment%s\n", worst->suffered, worst->suffered > 1 ? "s" : "");
	}
}

size_t tcp_summary_text(const struct tcp_summary *summary, char text[TCP_SUMMARY_TEXT_MAX])
{
	struct text_builder lines = text_builder_begin(text, TCP_SUMMARY_TEXT_MAX);

	append_events(&lines, summary);
	append_worst(&lines, summary);
	return lines.length;
}
