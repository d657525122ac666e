/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const names[VERDICT_COUNT] = {
	[VERDICT_ACCEPTED] = "accepted",
	[VERDICT_DIRECTION] = "direction",
	[VERDICT_LOOPBACK] = "loopback",
	[VERDICT_NOT_IP] = "not-ip",
	[VERDICT_MALFORMED] = "malformed",
	[VERDICT_PROTOCOL] = "protocol",
	[VERDICT_HOST] = "host",
	[VERDICT_PORT] = "port",
	[VERDICT_TCP_FLAGS] = "tcp-flags",
	[VERDICT_OWN_SESSION] = "own-session",
	[VERDICT_EXPRESSION] = "expression",
	[VERDICT_SAMPLE] = "sample",
	[VERDICT_FLOW_LIMIT] = "flow-limit",
};

/* Text that grows; what does not fit is cut. */
struct line {
	char *text;
	size_t length;
};

static void append(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(struct line *line, const char *format, ...)
{
	size_t room = STATS_TEXT_MAX - line->length;
	va_list args;
	int written;

	va_start(args, format);
	written = vsnprintf(line->text + line->length, room, format, args);
	va_end(args);
	line->length += written < 0 ? 0 : (size_t)written < room ? (size_t)written : room - 1;
}

const char *verdict_name(enum verdict verdict)
{
	return names[verdict];
}

static uint64_t rejected(const struct stats *stats)
{
	uint64_t sum = 0;

	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++)
		sum += stats->verdict[i];
	return sum;
}

uint64_t stats_seen(const struct stats *stats)
{
	return stats->verdict[VERDICT_ACCEPTED] + rejected(stats);
}

int64_t stats_settle(struct stats *stats)
{
	int64_t pending = (int64_t)(stats->verdict[VERDICT_ACCEPTED] - stats->delivered - stats->lost);

	stats->verdict[VERDICT_ACCEPTED] = stats->delivered + stats->lost;
	return pending;
}

static void append_reasons(struct line *line, const struct stats *stats, const char *first)
{
	const char *separator = first;

	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++) {
		if (!stats->verdict[i])
			continue;
		append(line, "%s%s %" PRIu64, separator, names[i], stats->verdict[i]);
		separator = ", ";
	}
}

size_t stats_reasons(const struct stats *stats, char text[STATS_TEXT_MAX])
{
	struct line line = {0};

	line.text = text;
	*text = '\0';
	append_reasons(&line, stats, "");
	return line.length;
}

size_t stats_text(const struct stats *stats, char text[STATS_TEXT_MAX])
{
	uint64_t accepted = stats->verdict[VERDICT_ACCEPTED], out = rejected(stats);
	struct line line = {0};

	line.text = text;
	append(&line, "seen %" PRIu64 " = accepted %" PRIu64 " + rejected %" PRIu64 "\nrejected:", stats_seen(stats),
	       accepted, out);
	append_reasons(&line, stats, " ");
	append(&line, "\naccepted %" PRIu64 " = delivered %" PRIu64 " + lost %" PRIu64 "\n", accepted, stats->delivered,
	       stats->lost);
	if (stats->evicted)
		append(&line,
		       "flows forgotten %" PRIu64 ": their packets count from 1 again; --flows gives more room\n",
		       stats->evicted);
	return line.length;
}

size_t stats_json(const struct stats *stats, char text[STATS_TEXT_MAX])
{
	uint64_t accepted = stats->verdict[VERDICT_ACCEPTED];
	struct line line = {0};

	line.text = text;
	append(&line, "{\"statistics\":{\"seen\":%" PRIu64 ",\"accepted\":%" PRIu64 ",\"rejected\":{",
	       stats_seen(stats), accepted);
	for (int i = VERDICT_ACCEPTED + 1; i < VERDICT_COUNT; i++)
		append(&line, "%s\"%s\":%" PRIu64, i == VERDICT_ACCEPTED + 1 ? "" : ",", names[i], stats->verdict[i]);
	append(&line, "},\"delivered\":%" PRIu64 ",\"lost\":%" PRIu64, stats->delivered, stats->lost);
	if (stats->evicted)
		append(&line, ",\"flows_forgotten\":%" PRIu64, stats->evicted);
	append(&line, "}}\n");
	return line.length;
}
