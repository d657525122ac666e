/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/full_analysis.h"

#include "base/text.h"
#include "base/time_units.h"
#include "packet/tcp_event_names.h"

enum { NSEC_PER_MSEC = NSEC_PER_SEC / 1000 };

/* Milliseconds to the nanosecond. */
static char *milliseconds(char *at, const char *label, uint64_t ns)
{
	at = text_string(text_u64(text_string(at, label), ns / NSEC_PER_MSEC), ".");
	at = text_9_digits(at, (uint32_t)(ns % NSEC_PER_MSEC) * 1000) - 3;
	return text_string(at, " ms");
}

static char *event_names(char *at, const struct palette *palette, uint32_t events)
{
	const char *separator = " ";

	at = color_set(at, palette, COLOR_MARK);
	for (; events; events &= events - 1) {
		const struct text_word *name = name_tcp_event((unsigned int)__builtin_ctz(events));

		at = text_word(text_string(at, separator), name);
		separator = ", ";
	}
	return color_set(at, palette, COLOR_RESET);
}

char *full_analysis(char *at, const struct palette *palette, const struct tcp_analysis *analysis)
{
	const uint32_t events = analysis->events & ~(uint32_t)TCP_EVENT_RESET; /* the flags say that */

	if (!events && !analysis->rtt_ns && !analysis->handshake_ns)
		return at;
	at = text_string(at, "\n        analysis");
	if (events)
		at = event_names(at, palette, events);
	if (analysis->duplicate_number)
		at = text_field(at, " #", analysis->duplicate_number);
	if (analysis->rtt_ns)
		at = milliseconds(at, events ? "  rtt " : " rtt ", analysis->rtt_ns);
	if (analysis->handshake_ns)
		at = milliseconds(at, events || analysis->rtt_ns ? "  handshake " : " handshake ",
				  analysis->handshake_ns);
	return at;
}
