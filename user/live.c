/* SPDX-License-Identifier: BSD-2-Clause */
#include "live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expr.h"
#include "filter.h"
#include "interface_table.h"
#include "log.h"
#include "netns.h"
#include "output_sinks.h"
#include "pipeline.h"
#include "privileges.h"
#include "ring.h"
#include "stats_print.h"

struct live {
	const struct options *options;
	struct expression *expression; /* NULL: none */
	struct filter *filter;
	struct source *ring;
	struct pipeline pipeline;
	int status; /* to exit with */
};

static bool listens_everywhere(const struct options *options)
{
	for (size_t i = 0; i < options->interface_count; i++)
		if (!strcmp(options->interfaces[i], "any"))
			return true;
	return options->interface_count == 0;
}

/* The link type that all named interfaces share; LINK_UNKNOWN when they differ. */
static uint16_t common_link_type(const struct options *options)
{
	uint16_t common = interface_link_type(options->interfaces[0]);

	for (size_t i = 1; i < options->interface_count; i++)
		if (interface_link_type(options->interfaces[i]) != common)
			return LINK_UNKNOWN;
	return common;
}

/* As tcpdump does on the one interface; on several of different kinds, as on "any". */
static int compile_expression(struct live *live, struct filter_expression *compiled)
{
	const struct options *options = live->options;
	uint16_t link_type = listens_everywhere(options) ? LINK_UNKNOWN : common_link_type(options);
	const char *interface = link_type == LINK_UNKNOWN ? NULL : options->interfaces[0];
	char error[256];
	int ret;

	*compiled = (struct filter_expression){.base = interface ? XLATE_LINK : XLATE_COOKED};
	if (!options->expression)
		return 0;
	ret = expr_compile_live(options->expression, interface, link_type, &live->expression, error, sizeof(error));
	if (ret) {
		log_line("expression '%s': %s", options->expression, ret == -EINVAL ? error : strerror(-ret));
		return ret;
	}
	compiled->program = expr_program(live->expression, &compiled->count);
	return 0;
}

static int open_filter(struct live *live)
{
	struct filter_expression expression;
	int ret = compile_expression(live, &expression);

	if (ret) {
		live->status = EXIT_USAGE;
		return ret;
	}
	ret = filter_open(&live->options->rules, &expression, BPF_PROG_TYPE_SOCKET_FILTER, &live->filter);
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
	int ret = ring_open(&ring, &live->ring, &failure);

	if (ret)
		explain_ring_failure(live, &failure, ret);
	return ret;
}

/* Everything that belongs to a network namespace is opened inside it; sockets stay where they were made. */
static int open_kernel_side(struct live *live)
{
	const char *netns = live->options->netns;
	int previous = -1, ret;

	if (netns) {
		previous = netns_enter(netns);
		if (previous == -EPERM && privileges_explain_missing(true))
			return previous;
		if (previous < 0) {
			log_line("cannot enter the network namespace '%s': %s", netns, strerror(-previous));
			return previous;
		}
	}
	ret = open_filter(live);
	if (!ret)
		ret = open_ring(live);
	netns_leave(previous);
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

static int read_stats(const struct live *live, uint64_t delivered, struct stats *stats)
{
	struct filter_counts counts;
	int ret = filter_read(live->filter, &counts);

	if (ret)
		return ret;
	memcpy(stats->verdict, counts.verdict, sizeof(stats->verdict));
	stats->delivered = delivered;
	stats->lost = ring_lost(live->ring);
	stats->evicted = counts.flows_evicted;
	return 0;
}

static void report(void *context, uint64_t delivered)
{
	const struct live *live = context;
	struct stats stats;

	if (read_stats(live, delivered, &stats))
		return;
	stats_settle(&stats);
	stats_print(live->options, &stats);
}

static void counters(void *context, struct pcap_counters *result)
{
	const struct live *live = context;
	struct stats stats;

	if (read_stats(live, live->pipeline.delivered, &stats))
		return;
	stats_settle(&stats);
	*result = (struct pcap_counters){
		.received = stats_seen(&stats),
		.accepted = stats.verdict[VERDICT_ACCEPTED],
		.dropped = stats.lost,
	};
}

/* Cut the sockets off, and deliver what the kernel has accepted till then. */
static enum pipeline_end drain(struct live *live, enum pipeline_end end)
{
	struct pipeline *pipeline = &live->pipeline;
	struct stats stats;

	filter_stop(live->filter);
	ring_stop(live->ring);
	if (end != PIPELINE_SIGNAL && end != PIPELINE_DURATION)
		return end;
	if (read_stats(live, pipeline->delivered, &stats))
		return PIPELINE_SOURCE_ERROR;
	return pipeline_drain(pipeline, stats.verdict[VERDICT_ACCEPTED] - stats.lost);
}

/* Returns the exit status. */
static int finish(struct live *live, enum pipeline_end end)
{
	struct pipeline *pipeline = &live->pipeline;
	int error = pipeline_finish(pipeline);
	struct stats stats;
	int64_t missing;

	if (error)
		log_line("cannot write the output: %s", strerror(-error));
	if (read_stats(live, pipeline->delivered, &stats)) {
		log_line("the kernel does not tell the statistics");
		return EXIT_FAILURE;
	}
	missing = stats_settle(&stats);
	if (missing && end == PIPELINE_SOURCE)
		log_line("%lld frames that the kernel accepted did not come: this is a bug", (long long)missing);
	stats_print(live->options, &stats);
	return error || end == PIPELINE_SOURCE_ERROR ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int open_pipeline(struct live *live)
{
	const struct options *options = live->options;
	struct pipeline *pipeline = &live->pipeline;
	int ret = pipeline_open(pipeline);

	if (ret)
		return ret;
	pipeline_configure(pipeline, options);
	pipeline->report = report;
	pipeline->counters = counters;
	pipeline->context = live;
	return output_sinks_open(options, pipeline);
}

int live_run(const struct options *options)
{
	static struct live live = {.status = EXIT_FAILURE};
	enum pipeline_end end;

	live.options = options;
	if (privileges_explain_missing(options->netns != NULL) || open_pipeline(&live) || open_kernel_side(&live))
		goto out;
	live.pipeline.source = live.ring;
	live.pipeline.fd_count = ring_fds(live.ring, live.pipeline.fds, PIPELINE_FDS);
	say_listening(options);
	end = pipeline_run(&live.pipeline);
	live.status = finish(&live, drain(&live, end));
out:
	output_sinks_close(&live.pipeline);
	pipeline_close(&live.pipeline);
	ring_close(live.ring);
	filter_close(live.filter);
	expr_free(live.expression);
	return live.status;
}
