/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/name_service.h"
#include "capture/interface_list.h"
#include "capture/netns.h"
#include "cli/extcap.h"
#include "cli/option_settle.h"
#include "cli/options.h"
#include "cli/ssh_session.h"
#include "run/control_client.h"
#include "run/early_end.h"
#include "run/live.h"
#include "run/replay.h"
#include "sandbox/capabilities.h"

static int list_interfaces(const struct options *options)
{
	int previous = options->netns ? netns_enter(options->netns) : -1;
	int ret;

	if (options->netns && previous < 0) {
		if (!capabilities_explain_missing(CAPABILITIES_TO_SNIFF_ELSEWHERE))
			netns_explain(options->netns, previous);
		return EXIT_FAILURE;
	}
	ret = interface_list_print();
	netns_leave(previous);
	if (ret)
		log_line("cannot list the interfaces: %s", strerror(-ret));
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Buffered output may fail to reach its file only now. Whoever has closed the pipe has read enough. */
static int close_stdout(int status)
{
	if (fclose(stdout) == 0 || errno == EPIPE)
		return status;
	log_line("cannot write to standard output: %s", strerror(errno));
	return EXIT_FAILURE;
}

/* Whether the output may go through an SSH session. Wireshark's pipe goes to a program on this machine. */
static bool may_feed_session(const struct options *options)
{
	return options->feeds_process || options->feeds_terminal || (options->feeds_named && !options->for_wireshark);
}

static int run(struct options *options)
{
	int status;

	if (options->list_interfaces)
		return list_interfaces(options);
	if (!options->set_filter_pid && !options->status_pid)
		early_end_prepare(options);
	status = options_settle(options);
	if (status)
		return status;
	if (options->set_filter_pid)
		return control_client_set_filter(options);
	if (options->status_pid)
		return control_client_status(options);
	if (options->read_count)
		return replay_run(options);
	if (may_feed_session(options) && !options->keep_own_session)
		ssh_session_find(&options->spec.config.own_session, options->own_session);
	return live_run(options);
}

/* A file that is opened must not get the number of a standard descriptor that is closed, and then the output: fill the
 * gap with a descriptor that cannot be used for it. */
static void hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* A shell without job control has its background jobs ignore SIGINT. Here both end the program, also while it starts.
 */
static void heed_signals(void)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &ends, NULL);
}

int main(int argc, char **argv)
{
	static struct options options;
	bool for_wireshark = extcap_is_meant(argv);
	int status = 0;

	hold_standard_descriptors();
	heed_signals();
	name_service_restrict();
	if (for_wireshark)
		status = extcap_answer(&argc, &argv);
	if (status == 0)
		status = options_parse(argc, argv, &options);
	options.for_wireshark = for_wireshark;
	if (status < 0)
		status = EXIT_SUCCESS;
	else if (status == 0)
		status = run(&options);
	options_release(&options);
	return close_stdout(status);
}
