/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/status_report.h"

#include <string.h>
#include <time.h>

#include "base/escape.h"
#include "base/text_builder.h"

/* The longest text of a filter that is shown, in bytes, so that the rest has room. */
enum { FILTER_SHOWN_MAX = 30000 };

/* Cut it after about `max` bytes. */
static void append_json_string(struct text_builder *to, const char *string, size_t max)
{
	const char *end = string + strlen(string);
	size_t start = to->length;

	text_builder_add(to, "\"");
	while (string < end && to->length - start < max) {
		char escaped[ESCAPE_JSON_MAX + 1];

		*escape_json(escaped, &string, end) = '\0';
		text_builder_add(to, "%s", escaped);
	}
	text_builder_add(to, "%s\"", string < end ? "..." : "");
}

static void append_text(struct text_builder *to, const struct status_report *report, const char *since)
{
	char lines[STATS_TEXT_MAX];

	text_builder_add(to, "%.*s", (int)stats_text(report->stats, lines), lines);
	text_builder_add(to, "filter: %.*s%s\nsince: %s\ninterfaces: ", FILTER_SHOWN_MAX,
			 *report->filter ? report->filter : "(the default)",
			 strlen(report->filter) > FILTER_SHOWN_MAX ? "..." : "", since);
	for (size_t i = 0; i < report->interface_count; i++)
		text_builder_add(to, "%s%s", i ? ", " : "", report->interfaces[i]);
	text_builder_add(to, "\noutput: %s\n", report->output);
}

static void append_json(struct text_builder *to, const struct status_report *report, const char *since)
{
	char object[STATS_TEXT_MAX];
	size_t length = stats_json(report->stats, object);

	/* The object of the statistics, without its closing brace and newline. */
	text_builder_add(to, "%.*s,\"filter\":", (int)length - 2, object);
	append_json_string(to, report->filter, FILTER_SHOWN_MAX);
	text_builder_add(to, ",\"since\":\"%s\",\"interfaces\":[", since);
	for (size_t i = 0; i < report->interface_count; i++) {
		text_builder_add(to, "%s", i ? "," : "");
		append_json_string(to, report->interfaces[i], SIZE_MAX);
	}
	text_builder_add(to, "],\"output\":");
	append_json_string(to, report->output, SIZE_MAX);
	text_builder_add(to, "}\n");
}

size_t status_report(const struct status_report *report, bool json, char *text, size_t size)
{
	struct text_builder to = {.size = size};
	time_t seconds = (time_t)report->filter_since;
	char since[32] = "";
	struct tm tm;

	to.text = text;
	if (gmtime_r(&seconds, &tm))
		strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (json)
		append_json(&to, report, since);
	else
		append_text(&to, report, since);
	return to.length;
}
