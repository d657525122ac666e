/* SPDX-License-Identifier: BSD-2-Clause */
#include "stats/status_report.h"

#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/text_builder.h"

/* The longest text of a filter that is shown, in bytes, so that the rest has room. */
enum { FILTER_SHOWN_MAX = 30000 };

static size_t report_text(const struct status_report *report, const char *since, char *text, size_t size)
{
	struct text_builder to = text_builder_begin(text, size);
	char lines[STATS_TEXT_MAX], *filter;

	text_builder_add(&to, "%.*s", (int)stats_text(report->stats, lines), lines);
	text_builder_add(&to, "filter: ");
	filter = text + to.length;
	text_builder_add(&to, "%.*s%s", FILTER_SHOWN_MAX, *report->filter ? report->filter : "(the default)",
			 strlen(report->filter) > FILTER_SHOWN_MAX ? "..." : "");
	for (char *at = filter; (at = strchr(at, '\n'));) /* the filter is one line of this report */
		*at = ' ';
	text_builder_add(&to, "\nsince: %s\ninterfaces: ", since);
	for (size_t i = 0; i < report->interface_count; i++)
		text_builder_add(&to, "%s%s", i ? ", " : "", report->interfaces[i]);
	text_builder_add(&to, "\noutput: %s\nheaders: %s\n", report->output, report->headers);
	return to.length;
}

static size_t report_json(const struct status_report *report, const char *since, char *text, size_t size)
{
	struct json json = json_begin(text, size - 1);

	json = stats_member(json, report->stats);
	json = json_cut_string(json, "filter", report->filter, FILTER_SHOWN_MAX);
	json = json_clean_string(json, "since", since);
	json = json_open(json, "interfaces", "[");
	for (size_t i = 0; i < report->interface_count; i++)
		json = json_string(json, NULL, report->interfaces[i]);
	json = json_close(json, "]");
	json = json_string(json, "output", report->output);
	json = json_end(json_clean_string(json, "headers", report->headers));
	if (!json_fits(json))
		json.at = text;
	*json.at = '\0';
	return (size_t)(json.at - text);
}

size_t status_report(const struct status_report *report, bool json, char *text, size_t size)
{
	time_t seconds = (time_t)report->filter_since;
	char since[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json ? report_json(report, since, text, size) : report_text(report, since, text, size);
}
