/* SPDX-License-Identifier: BSD-2-Clause */
#include "output_sinks.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

static struct sink *open_text_sink(const struct options *options)
{
	switch (options->format) {
	case FORMAT_BRIEF:
		return out_brief_open(STDOUT_FILENO, &options->style);
	case FORMAT_JSON:
		return out_json_open(STDOUT_FILENO);
	case FORMAT_FULL:
	default:
		return out_full_open(STDOUT_FILENO, &options->style);
	}
}

int output_sinks_open(const struct options *options, struct pipeline *pipeline)
{
	struct sink *sink = open_text_sink(options);

	if (!sink) {
		log_line("cannot set up the output: %s", strerror(errno));
		return -errno;
	}
	pipeline->sinks[pipeline->sink_count++] = sink;
	return 0;
}

void output_sinks_close(struct pipeline *pipeline)
{
	while (pipeline->sink_count) {
		struct sink *sink = pipeline->sinks[--pipeline->sink_count];

		sink->close(sink);
	}
}
