/* SPDX-License-Identifier: BSD-2-Clause */
#include "status_text.h"

#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "escape.h"
#include "live_state.h"

/* Text that grows; what does not fit is cut. */
struct growing {
	char *text;
	size_t length, size;
};

static void append(struct growing *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(struct growing *to, const char *format, ...)
{
	size_t room = to->size - to->length;
	va_list args;
	int written;

	va_start(args, format);
	written = vsnprintf(to->text + to->length, room, format, args);
	va_end(args);
	to->length += written < 0 ? 0 : (size_t)written < room ? (size_t)written : room - 1;
}

static void append_json_string(struct growing *to, const char *string)
{
	const char *end = string + strlen(string);

	append(to, "\"");
	while (string < end) {
		char escaped[ESCAPE_JSON_MAX + 1];

		*escape_json(escaped, &string, end) = '\0';
		append(to, "%s", escaped);
	}
	append(to, "\"");
}

static const char *output_of(const struct options *options)
{
	static const char *const styles[] = {
		[FORMAT_FULL] = "full style",
		[FORMAT_BRIEF] = "brief style",
		[FORMAT_JSON] = "JSON",
	};

	if (options->write_path && !options->text)
		return options->write_path;
	return styles[options->format];
}

static void append_text(struct growing *to, const struct live *live, const struct stats *stats, const char *since)
{
	char lines[STATS_TEXT_MAX];

	append(to, "%.*s", (int)stats_text(stats, lines), lines);
	append(to, "filter: %s\nsince: %s\ninterfaces: ", *live->filter_text ? live->filter_text : "(the default)",
	       since);
	for (size_t i = 0; i < live->ring_options.count; i++)
		append(to, "%s%s", i ? ", " : "", live->interfaces[i]);
	append(to, "\noutput: %s\n", output_of(live->options));
}

static void append_json(struct growing *to, const struct live *live, const struct stats *stats, const char *since)
{
	char object[STATS_TEXT_MAX];
	size_t length = stats_json(stats, object);

	/* The object of the statistics, without its closing brace and newline. */
	append(to, "%.*s,\"filter\":", (int)length - 2, object);
	append_json_string(to, live->filter_text);
	append(to, ",\"since\":\"%s\",\"interfaces\":[", since);
	for (size_t i = 0; i < live->ring_options.count; i++) {
		append(to, "%s", i ? "," : "");
		append_json_string(to, live->interfaces[i]);
	}
	append(to, "],\"output\":");
	append_json_string(to, output_of(live->options));
	append(to, "}\n");
}

size_t status_text(const struct live *live, const struct stats *stats, bool json, char *text, size_t size)
{
	struct growing to = {.size = size};
	time_t seconds = (time_t)live->filter_since;
	char since[32] = "";
	struct tm tm;

	to.text = text;
	if (gmtime_r(&seconds, &tm))
		strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (json)
		append_json(&to, live, stats, since);
	else
		append_text(&to, live, stats, since);
	return to.length;
}
