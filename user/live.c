/* SPDX-License-Identifier: BSD-2-Clause */
#include "live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filter.h"
#include "log.h"
#include "netns.h"
#include "output_sinks.h"
#include "pipeline.h"
#include "privileges.h"
#include "ring.h"
#include "stats.h"

struct live {
	const struct options *options;
	struct filter *filter;
	struct source *ring;
	struct pipeline pipeline;
};

static bool listens_everywhere(const struct options *options)
{
	for (size_t i = 0; i < options->interface_count; i++)
		if (!strcmp(options->interfaces[i], "any"))
			return true;
	return options->interface_count == 0;
}

static int open_filter(struct live *live)
{
	const struct filter_expression none = {0};
	int ret = filter_open(&live->options->rules, &none, BPF_PROG_TYPE_SOCKET_FILTER, &live->filter);

	if (!ret)
		return 0;
	if (ret == -EPERM && privileges_explain_missing(live->options->netns != NULL))
		return ret;
	log_line("the kernel does not take the filter: %s (%s)", strerror(-ret), filter_log());
	return ret;
}

static void explain_ring_failure(const struct live *live, const struct ring_failure *failure, int error)
{
	const char *name = failure->name ? failure->name : "any";

	if (error == -EPERM && privileges_explain_missing(live->options->netns != NULL))
		return;
	switch (failure->step) {
	case RING_INTERFACE:
		log_line("there is no interface '%s': bpfsniff -D lists those that there are", name);
		break;
	case RING_BUFFER:
		log_line("no capture ring of %llu KiB for '%s': %s; try a smaller one with -B",
			 (unsigned long long)live->options->buffer_size / 1024, name, strerror(-error));
		break;
	case RING_PROMISCUOUS:
		log_line("interface '%s' does not go into promiscuous mode: %s; leave it out with -p", name,
			 strerror(-error));
		break;
	case RING_FILTER:
		log_line("the filter cannot be attached to a socket: %s", strerror(-error));
		break;
	case RING_SOCKET:
	case RING_BIND:
		log_line("cannot listen on '%s': %s", name, strerror(-error));
		break;
	}
}

static int open_ring(struct live *live)
{
	const struct options *options = live->options;
	const struct ring_options ring = {
		.names = options->interfaces,
		.count = listens_everywhere(options) ? 0 : options->interface_count,
		.promiscuous = !options->no_promiscuous,
		.snaplen = options->snaplen,
		.buffer_size = options->buffer_size,
		.filter_fd = filter_fd(live->filter),
	};
	struct ring_failure failure;
	int previous = -1, ret;

	if (options->netns) {
		previous = netns_enter(options->netns);
		if (previous == -EPERM && privileges_explain_missing(true))
			return previous;
		if (previous < 0) {
			log_line("cannot enter the network namespace '%s': %s", options->netns, strerror(-previous));
			return previous;
		}
	}
	ret = ring_open(&ring, &live->ring, &failure);
	netns_leave(previous);
	if (ret)
		explain_ring_failure(live, &failure, ret);
	return ret;
}

/* Scripts wait for this line. */
static void say_listening(const struct options *options)
{
	char names[768] = "any";

	if (!listens_everywhere(options)) {
		*names = '\0';
		for (size_t i = 0; i < options->interface_count; i++)
			snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i ? ", " : "",
				 options->interfaces[i]);
	}
	log_line("listening on %s (snaplen %u, ring %llu KiB)", names, options->snaplen,
		 (unsigned long long)options->buffer_size / 1024);
}

static void print_stats(const struct options *options, const struct stats *stats)
{
	char text[STATS_TEXT_MAX];
	size_t length = options->format == FORMAT_JSON ? stats_json(stats, text) : stats_text(stats, text);

	/* One write, so that the lines stay together. */
	fwrite(text, 1, length, stderr);
}

static int read_stats(const struct live *live, uint64_t delivered, struct stats *stats)
{
	int ret = filter_verdicts(live->filter, stats->verdict);

	stats->delivered = delivered;
	stats->lost = ring_lost(live->ring);
	return ret;
}

static void report(void *context, uint64_t delivered)
{
	const struct live *live = context;
	struct stats stats;

	if (read_stats(live, delivered, &stats))
		return;
	stats_settle(&stats);
	print_stats(live->options, &stats);
}

/* Cut the sockets off, deliver what the kernel has accepted till then, and report. */
static int finish(struct live *live, enum pipeline_end end)
{
	struct pipeline *pipeline = &live->pipeline;
	bool complete = end == PIPELINE_SIGNAL || end == PIPELINE_DURATION;
	struct stats stats;
	int64_t missing;

	filter_stop(live->filter);
	ring_stop(live->ring);
	if (read_stats(live, pipeline->delivered, &stats)) {
		log_line("the kernel does not tell the statistics");
		return EXIT_FAILURE;
	}
	if (complete) {
		end = pipeline_drain(pipeline, stats.verdict[VERDICT_ACCEPTED] - stats.lost);
		stats.delivered = pipeline->delivered;
	}
	missing = stats_settle(&stats);
	if (complete && missing && end == PIPELINE_SOURCE)
		log_line("%lld frames that the kernel accepted did not come: this is a bug", (long long)missing);
	print_stats(live->options, &stats);
	return end == PIPELINE_SOURCE_ERROR || end == PIPELINE_SINK_ERROR ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void explain_end(const struct pipeline *pipeline, enum pipeline_end end)
{
	if (end == PIPELINE_SINK_ERROR)
		log_line("cannot write the output: %s", strerror(-pipeline->error));
	else if (end == PIPELINE_SOURCE_ERROR)
		log_line("cannot read from the ring: %s", strerror(-pipeline->error));
}

static int open_pipeline(struct live *live)
{
	const struct options *options = live->options;
	struct pipeline *pipeline = &live->pipeline;
	int ret = pipeline_open(pipeline);

	if (ret)
		return ret;
	pipeline->limit = options->count;
	pipeline->duration_ns = options->duration_ns;
	pipeline->stats_ns = options->stats_ns;
	pipeline->flush_each = options->line_buffered;
	pipeline->report = report;
	pipeline->context = live;
	return output_sinks_open(options, pipeline);
}

int live_run(const struct options *options)
{
	static struct live live;
	enum pipeline_end end;
	int status = EXIT_FAILURE;

	live.options = options;
	if (open_pipeline(&live) || open_filter(&live) || open_ring(&live))
		goto out;
	live.pipeline.source = live.ring;
	live.pipeline.fd_count = ring_fds(live.ring, live.pipeline.fds, PIPELINE_FDS);
	say_listening(options);
	end = pipeline_run(&live.pipeline);
	explain_end(&live.pipeline, end);
	status = finish(&live, end);
out:
	output_sinks_close(&live.pipeline);
	pipeline_close(&live.pipeline);
	ring_close(live.ring);
	filter_close(live.filter);
	return status;
}
