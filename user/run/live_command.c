/* SPDX-License-Identifier: BSD-2-Clause */
/* The command whose packets are shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/time_units.h"
#include "capture/netns.h"
#include "run/live_internal.h"

static const uint64_t LINGER_NS = NSEC_PER_SEC / 10; /* after the command */

static void on_command_over(void *context, int fd, short events)
{
	struct live *live = context;

	(void)fd;
	(void)events;
	pipeline_stop(&live->pipeline, PIPELINE_DURATION);
}

/* The command and its children have ended. What the kernel still sends for their sockets follows soon. */
static void on_command_end(void *context, int fd, short events)
{
	struct live *live = context;
	struct event_loop *loop = &live->pipeline.loop;

	(void)events;
	live->command_ended = true;
	event_loop_remove(loop, fd);
	if (event_loop_add_timer(loop, LINGER_NS, false, on_command_over, live))
		pipeline_stop(&live->pipeline, PIPELINE_DURATION);
}

static bool is_standard_output(const char *path)
{
	return path && !strcmp(path, "-");
}

/* In the network namespace whose packets are shown. 0 or -errno. */
static int prepare(const struct options *options, struct command *command)
{
	const bool writes_data = options->format == FORMAT_JSON || is_standard_output(options->write_path) ||
				 is_standard_output(options->flows.log_path);
	int previous = options->netns ? netns_enter(options->netns) : -1;
	int ret;

	if (options->netns && previous < 0) {
		netns_explain(options->netns, previous);
		return previous;
	}
	ret = command_prepare(options->command, writes_data, command);
	netns_leave(previous);
	if (ret)
		log_line("cannot start a process for '%s': %s", *options->command, strerror(-ret));
	return ret;
}

int live_prepare_command(struct live *live)
{
	char number[16];
	int ret;

	live->who = live->options->spec.who;
	if (!live->options->command)
		return EXIT_SUCCESS;
	if (!command_find(*live->options->command))
		return COMMAND_NOT_RUN;
	ret = prepare(live->options, &live->command);
	if (!ret)
		ret = event_loop_add(&live->pipeline.loop, live->command.fd, POLLIN, on_command_end, live);
	snprintf(number, sizeof(number), "%d", (int)live->command.keeper);
	return ret || process_choice_add_process(&live->who, number) ? EXIT_FAILURE : EXIT_SUCCESS;
}
