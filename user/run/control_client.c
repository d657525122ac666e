/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/control_client.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/same_file.h"
#include "capture/capture_setup.h"
#include "capture/netns.h"
#include "control/control_connect.h"
#include "control/control_message.h"
#include "ebpf/kernel_flows.h"
#include "run/option_parts.h"
#include "run/sniffer_find.h"
#include "sandbox/capabilities.h"

enum {
	ANSWER_SECONDS =
		30, /* to wait for an answer: a sniffer whose output is blocked does not answer until it continues */
	ATTEMPTS = 1000, /* while rings are set up, other clients change the filter, or output of the last change is
			    pending */
	ATTEMPT_NS = 10000000,
};

/* A connection to a running sniffer. */
struct sniffer {
	int fd;
	pid_t pid;
	uid_t user; /* who started it */
};

static void explain_end(const struct sniffer *sniffer)
{
	if (control_answers(sniffer->user))
		log_line("sniffer %d closed the connection", (int)sniffer->pid);
	else
		log_line("sniffer %d does not answer you: it answers only root and the user who started it",
			 (int)sniffer->pid);
}

/* Root may read what a user's sniffer says of itself, but brings it nothing: the user may have replaced it. */
static bool may_ask(const struct sniffer *sniffer, bool for_change)
{
	if (control_is_trusted(sniffer->user) || (control_answers(sniffer->user) && !for_change))
		return true;
	if (control_answers(sniffer->user))
		log_line("sniffer %d was started by user %u, so root does not trust it: change its filter as that user",
			 (int)sniffer->pid, (unsigned int)sniffer->user);
	else
		explain_end(sniffer);
	return false;
}

/* Abstract names belong to a network namespace, and the sniffer may live in another one. Whoever may not enter that
 * looks in this one. 0, or -errno after one line on standard error. */
static int connect_to(struct sniffer *sniffer, bool for_change)
{
	char number[16];
	int previous;

	snprintf(number, sizeof(number), "%d", (int)sniffer->pid);
	previous = netns_enter(number);
	sniffer->fd = control_connect(sniffer->pid, ANSWER_SECONDS, &sniffer->user);
	netns_leave(previous);
	if (sniffer->fd >= 0 && may_ask(sniffer, for_change))
		return 0;
	if (sniffer->fd == -ECONNREFUSED && (previous == -EPERM || previous == -EACCES) &&
	    sniffer_has_this_name(number))
		log_line("cannot reach sniffer %d: it is in a network namespace that you may not enter; run this with "
			 "sudo",
			 (int)sniffer->pid);
	else if (sniffer->fd == -ECONNREFUSED)
		log_line("process %d is not a sniffer: list those that run with pgrep bpfsniff", (int)sniffer->pid);
	else if (sniffer->fd < 0)
		log_line("cannot reach a sniffer with process id %d: %s", (int)sniffer->pid, strerror(-sniffer->fd));
	if (sniffer->fd < 0)
		return sniffer->fd;
	close(sniffer->fd);
	return -EPERM;
}

/* Send one request and receive its reply, whose status is left to the caller. 0, or -errno, but not -EAGAIN, after one
 * line on standard error. */
static int ask(const struct sniffer *sniffer, struct control_message *message, const struct message_fds *fds,
	       struct control_message *reply, struct message_fds *reply_fds)
{
	int ret = control_send(sniffer->fd, message, fds);

	if (!ret)
		ret = control_receive(sniffer->fd, reply, reply_fds);
	if (ret == -EAGAIN)
		ret = -ETIMEDOUT;
	if (ret == -ENODATA || ret == -ECONNRESET || ret == -EPIPE)
		explain_end(sniffer);
	else if (ret)
		log_line("sniffer %d does not answer: %s", (int)sniffer->pid, strerror(-ret));
	return ret;
}

/* Say why a sniffer refuses, in its own words. */
static void explain_refusal(const struct sniffer *sniffer, const struct control_message *reply)
{
	if (reply->text_length)
		log_line("%s", reply->text);
	else
		log_line("sniffer %d refuses and does not say why", (int)sniffer->pid);
}

/* Print what a sniffer said, or with escape_terminal() what a user typed, at most as much as a message carries. */
static void print_escaped(const char *text, char *(*escape)(char *at, const char *string, unsigned int max))
{
	static char clean[CONTROL_TEXT_MAX + 1];

	*escape(clean, text, CONTROL_TEXT_MAX) = '\0';
	fputs(clean, stdout);
}

static pid_t chosen(pid_t pid, const char *option)
{
	return pid == PID_ONLY ? sniffer_find(option) : pid;
}

int control_client_status(const struct options *options)
{
	static struct control_message message, reply;
	struct sniffer sniffer = {.pid = chosen(options->status_pid, "status")};
	struct message_fds fds;
	int ret;

	if (!sniffer.pid || connect_to(&sniffer, false))
		return EXIT_FAILURE;
	message.kind = options->format == FORMAT_JSON ? CONTROL_STATUS_JSON : CONTROL_STATUS;
	ret = ask(&sniffer, &message, NULL, &reply, &fds);
	close(sniffer.fd);
	if (ret)
		return EXIT_FAILURE;
	control_close_fds(&fds);
	if (reply.status) {
		explain_refusal(&sniffer, &reply);
		return EXIT_FAILURE;
	}
	if (!control_is_trusted(sniffer.user))
		log_line("sniffer %d was started by user %u: what follows is that user's word", (int)sniffer.pid,
			 (unsigned int)sniffer.user);
	print_escaped(reply.text, escape_lines);
	return EXIT_SUCCESS;
}

static int is_same_file(int fd, const char *path)
{
	struct stat one, other;

	return !fstat(fd, &one) && !stat(path, &other) && same_file(&one, &other);
}

/* An expression is compiled for the interfaces of the sniffer. This process does nothing else afterwards, so it stays
 * in their namespace. */
static int enter_netns(int fd)
{
	int ret;

	if (is_same_file(fd, "/proc/self/ns/net") || !setns(fd, CLONE_NEWNET))
		return 0;
	ret = -errno;
	if (ret != -EPERM || !capabilities_explain_missing(CAPABILITIES_TO_LOAD_ELSEWHERE))
		log_line("cannot enter the sniffer's network namespace: %s", strerror(-ret));
	return ret;
}

/* Take over what the new filter needs to know of the running sniffer. */
static void follow(struct options *options, struct capture_setup *setup, const struct control_message *running,
		   const struct message_fds *given, struct kernel_filter_inheritance *inheritance)
{
	const bool knows_owners = given->count >= CONTROL_PREPARE_FDS + OWNER_MAPS;
	const size_t others = CONTROL_PREPARE_FDS + (knows_owners ? OWNER_MAPS : 0);
	const bool counts_flows = given->count >= others + KERNEL_FLOWS_FDS;
	const int *fds = given->fds;
	struct filter_spec *spec = &options->spec;
	int keeps_flows = spec->config.first && spec->config.first == running->first;

	spec->config.snaplen = running->snaplen;
	spec->config.own_session = running->own_session;
	spec->config.counts_flows = counts_flows;
	spec->config.asks_owner &= knows_owners;
	spec->told_room = running->told_room;
	if (keeps_flows || counts_flows)
		spec->flow_table_size = running->flow_table_size;
	memcpy(setup->ifindexes, running->ifindexes, sizeof(setup->ifindexes));
	setup->count = running->interface_count;
	*inheritance = (struct kernel_filter_inheritance){
		.generation = running->generation,
		.turn_fd = fds[CONTROL_TURN],
		.noted_turn_fd = fds[CONTROL_NOTED_TURN],
		.flows_fd = keeps_flows ? fds[CONTROL_FLOWS] : -1,
		.datagrams_fd = fds[CONTROL_DATAGRAMS],
		.connections_fd = fds[CONTROL_CONNECTIONS],
		.told_fd = fds[CONTROL_TOLD],
		.flow_slots_fd = counts_flows ? fds[others + KERNEL_FLOWS_SLOTS] : -1,
		.flow_links_fd = counts_flows ? fds[others + KERNEL_FLOWS_LINKS] : -1,
		.flow_connections_fd = counts_flows ? fds[others + KERNEL_FLOWS_CONNECTIONS] : -1,
	};
}

/* Hand the filter over. 0 or -errno; after -EBUSY this may be tried again, after -EAGAIN it has to be loaded anew. */
static int install(const struct sniffer *sniffer, const struct options *options, const struct control_message *running,
		   const struct capture_setup *setup)
{
	static struct control_message message, reply;
	struct message_fds fds = {.count = KERNEL_FILTER_PARTS}, reply_fds;
	int ret;

	message.kind = CONTROL_INSTALL;
	message.generation = running->generation;
	message.first = options->spec.config.first;
	message.flow_table_size = options->spec.flow_table_size;
	message.who = options->spec.who;
	control_set_text(&message, options->filter_text ? options->filter_text : "");
	for (int i = 0; i < KERNEL_FILTER_PARTS; i++)
		fds.fds[i] = kernel_filter_part(setup->filter, (enum kernel_filter_part)i);
	ret = ask(sniffer, &message, &fds, &reply, &reply_fds);
	if (ret)
		return ret;
	control_close_fds(&reply_fds);
	if (reply.status && reply.status != -EAGAIN && reply.status != -EBUSY)
		explain_refusal(sniffer, &reply);
	return reply.status;
}

/* Take one of the attempts that are left, after a pause. */
static bool may_try_again(int *attempts)
{
	const struct timespec pause = {.tv_nsec = ATTEMPT_NS};

	if (*attempts <= 0)
		return false;
	--*attempts;
	nanosleep(&pause, NULL);
	return true;
}

/* Whether a sniffer has sent what a new filter inherits; else one line says what it did. */
static bool is_prepared(const struct sniffer *sniffer, const struct control_message *running,
			const struct message_fds *fds)
{
	if (running->status)
		explain_refusal(sniffer, running);
	else if (fds->count < CONTROL_PREPARE_FDS)
		log_line("sniffer %d does not hand over the maps of its filter", (int)sniffer->pid);
	return !running->status && fds->count >= CONTROL_PREPARE_FDS;
}

/* 0; EXIT_FAILURE or EXIT_USAGE after one line on standard error; or -errno when the filter has to be loaded anew, or
 * no attempts are left. */
static int load_and_install(const struct sniffer *sniffer, struct options *options, int *attempts)
{
	static struct control_message message, running;
	static struct capture_setup setup;
	struct capture_options capture = option_capture_part(options);
	struct kernel_filter_inheritance inheritance;
	int status = EXIT_FAILURE, ret;
	struct message_fds fds;

	message.kind = CONTROL_PREPARE;
	if (ask(sniffer, &message, NULL, &running, &fds))
		return EXIT_FAILURE;
	capture_setup_init(&setup);
	if (!is_prepared(sniffer, &running, &fds) || enter_netns(fds.fds[CONTROL_NETNS]))
		goto out;
	follow(options, &setup, &running, &fds, &inheritance);
	capture.owner_maps = &fds.fds[CONTROL_PREPARE_FDS];
	ret = capture_setup_load(&setup, &capture, &inheritance);
	status = ret == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
	if (ret)
		goto out;
	do
		ret = install(sniffer, options, &running, &setup);
	while (ret == -EBUSY && may_try_again(attempts));
	status = ret == -EAGAIN || ret == -EBUSY ? ret : ret ? EXIT_FAILURE : EXIT_SUCCESS;
out:
	capture_setup_release(&setup);
	control_close_fds(&fds);
	return status;
}

int control_client_set_filter(struct options *options)
{
	struct sniffer sniffer = {.pid = chosen(options->set_filter_pid, "set-filter")};
	int attempts = ATTEMPTS, status;

	if (!sniffer.pid || capabilities_explain_missing(CAPABILITIES_TO_LOAD) || connect_to(&sniffer, true))
		return EXIT_FAILURE;
	do
		status = load_and_install(&sniffer, options, &attempts);
	while (status < 0 && may_try_again(&attempts));
	close(sniffer.fd);
	if (status < 0) {
		log_line("sniffer %d is too busy: %s", (int)sniffer.pid, strerror(-status));
		return EXIT_FAILURE;
	}
	if (status == EXIT_SUCCESS) {
		printf("filter of %d changed to: ", (int)sniffer.pid);
		print_escaped(options->filter_text ? options->filter_text : "(the default)", escape_terminal);
		puts(options->opened_protocols ? ", " OPENED_PROTOCOLS : "");
		if (options->hides_named)
			log_line(HIDES_NAMED);
	}
	return status;
}
