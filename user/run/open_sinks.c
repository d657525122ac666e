/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/open_sinks.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/output_wait.h"
#include "base/version.h"
#include "print/text_sinks.h"

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

static int add_sink(struct pipeline *pipeline, struct sink *sink, const char *path)
{
	int error = errno;

	if (!sink) {
		log_line("cannot write to '%s': %s", path, strerror(error));
		return -error;
	}
	pipeline->sinks[pipeline->sink_count++] = sink;
	return 0;
}

static int open_text(const struct options *options, struct pipeline *pipeline)
{
	struct sink *sink = open_text_sink(options);

	if (sink)
		sink->takes_rejected = true;
	return add_sink(pipeline, sink, "standard output");
}

static int open_file(const struct options *options, savefile_counters_reader *counters, struct pipeline *pipeline)
{
	const struct savefile_write_options file = {
		.path = options->write_path,
		.filter = options->filter_text,
		.application = "bpfsniff " BPFSNIFF_VERSION,
		.rotation = options->rotation,
		.separate_opener = true,
		.now = (int64_t)time(NULL),
		.counters = counters,
		.context = pipeline->context,
	};

	return add_sink(pipeline, savefile_write_open(&file), options->write_path);
}

int open_sinks(const struct options *options, savefile_counters_reader *counters, struct pipeline *pipeline)
{
	int ret = 0;

	output_wait_prepare();
	if (options->write_path)
		ret = open_file(options, counters, pipeline);
	if (!ret && (options->text || !options->write_path))
		ret = open_text(options, pipeline);
	return ret;
}

void open_sinks_explain(const struct options *options, int error)
{
	if (error == -EPROTOTYPE)
		log_line("cannot write more to '%s': pcap has one link type for all frames, and this one has another; "
			 "write pcapng, to a name without .pcap",
			 options->write_path);
	else if (error == -EINTR)
		log_line("the output is incomplete: nobody reads it");
	else
		log_line("cannot write the output: %s", strerror(-error));
}

void open_sinks_close(struct pipeline *pipeline)
{
	while (pipeline->sink_count) {
		struct sink *sink = pipeline->sinks[--pipeline->sink_count];

		sink->close(sink);
	}
}
