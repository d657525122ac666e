/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time_units.h"
#include "run/live_internal.h"
#include "run/open_sinks.h"
#include "sandbox/confine.h"

static const uint64_t LOSSES_NS = 10 * (uint64_t)NSEC_PER_SEC; /* between two looks at lost frames */

/* Scripts wait for this line. */
static void say_listening(const struct live *live)
{
	const struct options *options = live->options;
	char names[CAPTURE_SOCKETS * (IF_NAMESIZE + 2)], *end = names;

	if (*options->own_session)
		log_line("leaving out this SSH session (%s); --own-session keeps it", options->own_session);
	if (options->for_wireshark) /* it takes every line for an error */
		return;
	if (options->hides_named)
		log_line(HIDES_NAMED);
	for (size_t i = 0; i < live->ring_options.count; i++)
		end += sprintf(end, "%s%s", i ? ", " : "", live->interfaces[i]);
	log_line("listening on %s (pid %d, snaplen %u, ring %llu KiB%s)", names, (int)live->pid, options->snaplen,
		 (unsigned long long)options->buffer_size / 1024,
		 options->opened_protocols ? "; --protocol=all, " OPENED_PROTOCOLS : "");
}

/* The kernel counts lost frames in 32 bits and forgets them when they are read: they are read long before they can
 * wrap, which takes a minute at 70 million a second. */
static void read_losses(void *context, int fd, short events)
{
	const struct live *live = context;

	(void)fd;
	(void)events;
	ring_lost(live->ring);
}

/* Returns the exit status. */
static int run(struct live *live)
{
	const struct confinement confinement = {
		.role = flow_report_reads_keys(&live->flows) ? ROLE_TOP : ROLE_LIVE,
		.user = live->options->user,
		.directory = -1,
	};
	enum pipeline_end end;

	/* Nothing from the network has been parsed before this point. */
	if (confine_or_explain(&confinement))
		return EXIT_FAILURE;
	source_relay_init(&live->relay, live->ring);
	live->pipeline.source = &live->relay.source;
	if (live_watch_ring(live, live->ring) ||
	    event_loop_add_timer(&live->pipeline.loop, LOSSES_NS, true, read_losses, live))
		return EXIT_FAILURE;
	say_listening(live);
	if (flow_report_reads_keys(&live->flows) && flow_report_resize(&live->flows))
		return EXIT_FAILURE;
	command_start(&live->command);
	stats_rates_start(&live->rates);
	end = pipeline_run(&live->pipeline);
	return live_finish(live, live_drain(live, end));
}

static void close_descriptor(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void close_all(struct live *live, struct capture_setup *setup)
{
	control_close(live->control);
	open_sinks_close(&live->pipeline);
	pipeline_release(&live->pipeline);
	ring_close(live->older_ring);
	ring_close(live->ring);
	ring_spares_close(live->spares);
	command_leave(&live->command);
	owner_close(live->owner);
	kernel_filter_close(live->older_filter);
	kernel_filter_close(live->filter);
	capture_setup_release(setup);
	interface_watch_release(&live->watch);
	interface_table_release(&live->log.interfaces);
	offline_filter_release(&live->offline);
	tcp_report_close(&live->tcp);
	flow_report_close(&live->flows);
	metrics_report_close(&live->metrics);
	kernel_flows_close(live->kernel_flows);
	free(live->filter_text);
	close_descriptor(live->netns_fd);
	close_descriptor(live->link_events_fd);
}

int live_run(const struct options *options)
{
	static struct live live = {.command.fd = -1, .netns_fd = -1, .link_events_fd = -1};
	static struct capture_setup setup;
	bool goes_on;
	int status;

	live.options = options;
	live.pid = getpid();
	capture_setup_init(&setup);
	status = live_open(&live, &setup, &goes_on);
	if (goes_on)
		status = run(&live);
	close_all(&live, &setup);
	return status;
}
