/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/live_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "capture/link_events.h"
#include "capture/netns.h"
#include "ebpf/dump_filter.h"
#include "run/open_sinks.h"
#include "sandbox/capabilities.h"

/* What capture_setup_open() returns, as an exit status. */
static int exit_status(int error)
{
	return !error ? EXIT_SUCCESS : error == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
}

/* Complain before the capture starts, not when the first frame of another link type arrives. */
static bool fits_file(const struct live *live, const struct capture_setup *setup)
{
	const char *path = live->options->write_path;
	char names[2][IF_NAMESIZE];

	if (!path || !savefile_write_is_classic(path) || capture_setup_has_one_link_type(setup, names))
		return true;
	log_line("cannot write '%s': a pcap file has one link type, but '%s' has a different one than '%s'; listen on "
		 "one of them with -i, or write pcapng",
		 path, names[1], names[0]);
	return false;
}

/* Only loopback devices are listened on, and loopback traffic is left out. Of one among others, that is only said. */
static bool hears_nothing(const struct live *live, const struct capture_setup *setup)
{
	const struct options *options = live->options;
	const char *name = NULL;
	size_t count = capture_setup_count_loopback(setup, &name);

	if (!count || options->spec.config.loopback != LOOPBACK_DROP || options->explain || options->dump_filter)
		return false;
	if (count == setup->count)
		log_line("no packet can match on '%s': loopback traffic is left out; add --loopback", name);
	else
		log_line("'%s' will show nothing, because loopback traffic is left out: add --loopback", name);
	return count == setup->count;
}

/* With --owner, --process and their like. What is not of a chosen process is no news to the other annotators. The
 * programs must be there before the first packet is. 0 or -errno. */
static int open_owner(struct live *live)
{
	const struct options *options = live->options;
	int ret = options->owner && !options->dump_filter ? owner_open(&live->who, &live->owner) : 0;

	if (live->owner)
		pipeline_annotate_first(&live->pipeline, owner_annotator(live->owner));
	return ret;
}

/* Everything that belongs to a network namespace is opened inside it; sockets stay where they were made. Returns the
 * exit status. */
static int open_capture(struct live *live, struct capture_setup *setup)
{
	struct capture_options capture = option_capture_part(live->options);
	const struct options *options = live->options;
	int maps[OWNER_MAPS];
	int previous = -1, status = EXIT_FAILURE;

	if (options->netns) {
		previous = netns_enter(options->netns);
		if (previous < 0) {
			netns_explain(options->netns, previous);
			return EXIT_FAILURE;
		}
	}
	live->netns_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	live->link_events_fd = link_events_open();
	if (!capture_setup_choose_interfaces(setup, &capture) && fits_file(live, setup) && !open_owner(live)) {
		if (live->owner) {
			owner_maps(live->owner, maps);
			capture.owner_maps = maps;
		}
		status = hears_nothing(live, setup) ? EXIT_USAGE : exit_status(capture_setup_open(setup, &capture));
	}
	netns_leave(previous);
	return status;
}

/* With --explain the kernel accepts every frame, and this process judges it. */
static int judge_offline(struct live *live)
{
	const struct options *options = live->options;
	int ret = offline_filter_init(&live->offline, &options->spec, options->expression);

	if (!ret)
		ret = offline_filter_hire_compiler(&live->offline, options->user);
	if (ret)
		log_line("cannot explain the filter: %s", strerror(-ret));
	explainer_init(&live->explainer, &live->offline);
	live->pipeline.annotators[live->pipeline.annotator_count++] = &live->explainer.annotator;
	live->pipeline.offline = &live->offline;
	live->pipeline.shows_rejected = true;
	live->pipeline.snaplen = options->snaplen;
	return ret;
}

static int open_pipeline(struct live *live)
{
	const struct options *options = live->options;
	struct pipeline *pipeline = &live->pipeline;

	pipeline_init(pipeline);
	pipeline->limits = option_limits(options);
	live_set_up_reports(live);
	if (options->explain && judge_offline(live))
		return -ENOMEM;
	live->tcp.filter = &live->filter;
	live->tcp.older = &live->older_filter;
	return tcp_report_open(&live->tcp, options, pipeline);
}

static int note_filter(struct live *live)
{
	const struct options *options = live->options;

	live->filter_text = strdup(options->filter_text ? options->filter_text : "");
	live->filter_since = (int64_t)time(NULL);
	live->first = options->spec.config.first;
	live->flow_table_size = options->spec.flow_table_size;
	return live->filter_text ? 0 : -ENOMEM;
}

/* A file without packets says of what they would have been. 0 or -errno. */
static int describe_interfaces(struct live *live, const struct capture_setup *setup)
{
	struct sink *file = live->options->write_path ? live->pipeline.sinks[0] : NULL;
	int any_socket = -1, ret = 0;

	ring_fds(live->ring, &any_socket, 1);
	for (size_t i = 0; file && !ret && i < setup->count && setup->ifindexes[i]; i++) {
		const struct interface_key key = {
			.index = setup->ifindexes[i],
			.hardware_type = setup->hardware_types[i],
			.link_type = setup->link_types[i],
		};

		ret = savefile_write_interface(file,
					       interface_table_get(&live->log.interfaces, any_socket, &key, INT64_MIN));
	}
	if (ret)
		open_sinks_explain(live->options, &live->pipeline, ret);
	return ret;
}

static int open_ring(struct live *live, struct capture_setup *setup)
{
	struct ring_failure failure = {.step = RING_BUFFER};
	int ret;

	live->log.interfaces.snaplen = live->options->snaplen;
	live->log.snaplen = live->options->explain ? SNAPLEN_MAX : live->options->snaplen;
	live->ring_options = capture_setup_ring_options(setup);
	live->interfaces = setup->names;
	live->spares = ring_spares_open(&live->ring_options, setup->spare_fds);
	if (live->spares)
		memset(setup->spare_fds, -1, sizeof(setup->spare_fds)); /* the spares' now */
	ret = live->spares ? ring_open(setup->fds, &live->ring_options, &live->log, &live->ring) : -ENOMEM;
	if (!ret) {
		memset(setup->fds, -1, sizeof(setup->fds)); /* the ring's now */
		ret = ring_start(live->ring, &failure);
	}
	if (ret)
		capture_setup_explain(setup, &failure, ret);
	return ret;
}

/* Returns the exit status. */
static int dump(const struct live *live, const struct capture_setup *setup)
{
	const char *reason; /* an expression that the kernel has taken has none */
	int ret = live->options->dump_filter > 1 ? dump_filter(live->filter)
						 : dump_expression(setup->expression, &reason);

	if (ret)
		log_line("cannot read the filter from the kernel: %s", strerror(-ret));
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void serve(void *context, int fd, short events)
{
	const struct live *live = context;

	(void)fd;
	(void)events;
	control_serve(live->control);
}

/* A sniffer without a control socket still sniffs. */
static void open_control(struct live *live)
{
	int ret = control_open(&live_control_handlers, live, &live->control);

	if (!ret)
		ret = event_loop_add(&live->pipeline.loop, control_fd(live->control), POLLIN, serve, live);
	if (ret)
		log_line("--set-filter and --status will not reach this sniffer: %s", strerror(-ret));
}

int live_open(struct live *live, struct capture_setup *setup, bool *goes_on)
{
	const struct options *options = live->options;
	int ret, status;

	*goes_on = false;
	if (capabilities_explain_missing(options->netns ? CAPABILITIES_TO_SNIFF_ELSEWHERE : CAPABILITIES_TO_SNIFF) ||
	    (options->owner && capabilities_explain_missing(CAPABILITIES_TO_KNOW_OWNERS)) || open_pipeline(live) ||
	    note_filter(live))
		return EXIT_FAILURE;
	status = live_prepare_command(live);
	if (!status)
		status = open_capture(live, setup);
	if (status)
		return status;
	live->filter = setup->filter;
	setup->filter = NULL;
	if (options->dump_filter)
		return dump(live, setup);
	/* Until here a signal ends the program (early_end.h), which has nothing to finish. Truncate output files only
	 * after the filter has compiled. */
	ret = pipeline_take_signals(&live->pipeline);
	if (!ret)
		ret = open_sinks(options, live_count_for_file, &live->pipeline);
	if (!ret)
		ret = live_flows_open(live);
	if (!ret)
		ret = live_metrics_open(live);
	if (ret == -ECANCELED)
		return EXIT_SUCCESS;
	if (ret || open_ring(live, setup) || describe_interfaces(live, setup) || live_watch_interfaces(live))
		return EXIT_FAILURE;
	open_control(live);
	*goes_on = true;
	return EXIT_SUCCESS;
}
