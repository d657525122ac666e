/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/open_sinks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file_name.h"
#include "base/log.h"
#include "base/output_wait.h"
#include "base/version.h"
#include "capture/capture_setup.h"
#include "print/text_sinks.h"
#include "run/option_parts.h"
#include "sandbox/drop_privileges.h"
#include "savefile/savefile_read.h"

static struct sink *open_text_sink(const struct options *options)
{
	const struct capture_options capture = option_capture_part(options);
	struct style style = options->style;

	style.interfaces =
		!options->read_count && (options->interface_count > 1 || capture_listens_everywhere(&capture));
	switch (options->format) {
	case FORMAT_BRIEF:
		return out_brief_open(STDOUT_FILENO, &style);
	case FORMAT_JSON:
		return out_json_open(STDOUT_FILENO);
	case FORMAT_FULL:
	default:
		return out_full_open(STDOUT_FILENO, &style);
	}
}

static int add_sink(struct pipeline *pipeline, struct sink *sink, const char *path)
{
	int error = errno;
	char name[FILE_NAME_MAX];

	if (!sink) {
		if (error != ECANCELED) /* a user who stops it needs no reason */
			log_line("cannot write to %s: %s", file_name(name, path, "standard output"),
				 savefile_write_error(error));
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
	return add_sink(pipeline, sink, "-");
}

/* A number of sudo(8)'s environment. */
static bool sudo_number(const char *name, unsigned int *number)
{
	const char *value = getenv(name);
	char *end;
	unsigned long long read;

	if (!value || *value < '0' || *value > '9')
		return false;
	read = strtoull(value, &end, 10);
	*number = (unsigned int)read;
	return *end == '\0' && read < UINT32_MAX;
}

struct file_owner open_sinks_owner(const struct options *options)
{
	struct file_owner owner = {
		.self = geteuid(),
		.uid = geteuid(),
		.gid = getegid(),
		.reserved = options->reserved,
		.reserved_count = options->reserved_count,
	};
	struct user user;
	unsigned int uid, gid;

	if (owner.self != 0 || getuid() != 0)
		return owner;
	if (options->user && !user_find(options->user, &user)) {
		owner.uid = user.uid;
		owner.gid = user.gid;
	} else if (!options->user && sudo_number("SUDO_UID", &uid) && sudo_number("SUDO_GID", &gid)) {
		owner.uid = uid;
		owner.gid = gid;
	}
	return owner;
}

static int open_file(const struct options *options, savefile_counters_reader *counters, struct pipeline *pipeline)
{
	const struct file_owner owner = open_sinks_owner(options);
	const struct capture_options capture = option_capture_part(options);
	const struct savefile_write_options file = {
		.path = options->write_path,
		.owner = &owner,
		.filter = options->filter_text,
		.application = "bpfsniff " BPFSNIFF_VERSION,
		.micro = options->writes_micro,
		.many_devices = !options->read_count && capture_listens_everywhere(&capture),
		.rotation = options->rotation,
		.separate_opener = true,
		.waits = options->read_count > 0,
		.now = (int64_t)time(NULL),
		.counters = counters,
		.context = pipeline->context,
	};

	return add_sink(pipeline, savefile_write_open(&file), options->write_path);
}

static void copy_block(void *context, const struct file_block *block)
{
	(void)savefile_write_block(context, block); /* the next packet or the end returns its error */
}

void open_sinks_copy_blocks(struct source *reader, const struct pipeline *pipeline)
{
	savefile_read_on_block(reader, copy_block, pipeline->sinks[0]);
}

int open_sinks(const struct options *options, savefile_counters_reader *counters, struct pipeline *pipeline)
{
	int ret = 0;

	output_wait_prepare();
	if (options->write_path)
		ret = open_file(options, counters, pipeline);
	if (!ret && options->prints)
		ret = open_text(options, pipeline);
	return ret;
}

/* What could not be written, as messages have it: that of the sink that failed, or the log of flows. */
static const char *output_name(const struct options *options, const struct pipeline *pipeline, char name[FILE_NAME_MAX])
{
	const struct sink *failed = pipeline->failed;
	const char *log = options->flows.log_path;
	char path[PATH_MAX];

	if (failed && failed->path)
		failed->path(failed, path);
	else
		snprintf(path, PATH_MAX, "%s", !failed && log ? log : "-");
	return file_name(name, path, "standard output");
}

void open_sinks_explain(const struct options *options, const struct pipeline *pipeline, int error)
{
	char name[FILE_NAME_MAX];

	if (error == -EPROTOTYPE)
		log_line("cannot write more to '%s': a pcap file has one link type, but the next frame has another; "
			 "write pcapng, to a name without .pcap",
			 options->write_path);
	else if (error == -EOVERFLOW && savefile_write_is_classic(options->write_path))
		log_line("cannot write packet %" PRIu64
			 " to '%s': pcap covers only the years 1970 to 2106; write pcapng, to a "
			 "name without .pcap",
			 pipeline->refused, options->write_path);
	else if (error == -EOVERFLOW)
		log_line("cannot write packet %" PRIu64 " to %s: its time is before 1970 or after 2262",
			 pipeline->refused, file_name(name, options->write_path, "standard output"));
	else if (error == -EINTR)
		log_line("the output is incomplete because nobody reads it");
	else
		log_line("cannot write to %s: %s", output_name(options, pipeline, name), savefile_write_error(-error));
}

void open_sinks_close(struct pipeline *pipeline)
{
	while (pipeline->sink_count) {
		struct sink *sink = pipeline->sinks[--pipeline->sink_count];

		sink->close(sink);
	}
}
