/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/option_parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Standard output may be a pipe that someone watches. */
static bool writes_only_a_file(const struct options *options)
{
	return options->write_path && strcmp(options->write_path, "-") != 0 && !options->prints;
}

struct capture_options option_capture_part(const struct options *options)
{
	return (struct capture_options){
		.interfaces = options->interfaces,
		.interface_count = options->interface_count,
		.promiscuous = !options->no_promiscuous,
		.buffer_size = options->buffer_size,
		.patient = writes_only_a_file(options),
		.spec = &options->spec,
		.expression = options->expression,
		.hidden_in = options->hidden_in,
		.keeps_all = options->explain,
	};
}

struct pipeline_limits option_limits(const struct options *options)
{
	return (struct pipeline_limits){
		.packets = options->count,
		.duration_ns = options->duration_ns,
		.stats_ns = options->stats_ns,
		.flush_each = options->line_buffered,
		.output_fd = options->feeds_process ? STDOUT_FILENO : -1,
	};
}

const char *option_output_name(const struct options *options)
{
	static const char *const styles[] = {
		[FORMAT_FULL] = "full style",
		[FORMAT_BRIEF] = "brief style",
		[FORMAT_JSON] = "JSON",
	};

	if (options->write_path && !options->prints)
		return options->write_path;
	if (!options->prints)
		return options->flows.top_ns || !options->flows.log_path ? "flows" : options->flows.log_path;
	return styles[options->format];
}

bool option_reader_left(const struct options *options, int error)
{
	return error == -EPIPE && (options->feeds_process || options->for_wireshark);
}
