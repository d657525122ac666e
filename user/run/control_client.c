/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/control_client.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/capture_setup.h"
#include "capture/netns.h"
#include "control/control_message.h"
#include "run/option_parts.h"
#include "sandbox/capabilities.h"

enum {
	ANSWER_SECONDS =
		30, /* to wait for an answer: a sniffer whose output is blocked does not answer until it continues */
	ATTEMPTS = 1000, /* while other clients change the filter too, or output of the last change is still pending */
	ATTEMPT_NS = 10000000,
};

/* An abstract name belongs to whoever took it first: the kernel says who listens (unix(7), SO_PEERCRED). */
static int is_sniffer(int fd, pid_t pid)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) && peer.pid == pid;
}

/* Limit how long connect(2) and the wait for an answer may take. */
static int limit_patience(int fd)
{
	const struct timeval patience = {.tv_sec = ANSWER_SECONDS};

	return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) ||
			       setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience))
		       ? -errno
		       : 0;
}

static int try_to_connect(pid_t pid)
{
	struct sockaddr_un address;
	socklen_t length = control_address(pid, &address);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), ret;

	if (fd < 0)
		return -errno;
	ret = limit_patience(fd);
	if (!ret && connect(fd, (struct sockaddr *)&address, length))
		ret = errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (!ret && !is_sniffer(fd, pid))
		ret = -ECONNREFUSED;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

/* Abstract names belong to a network namespace, and the sniffer may live in another one. */
static int connect_to(pid_t pid)
{
	int fd = try_to_connect(pid), previous = -1;
	char number[16];

	snprintf(number, sizeof(number), "%d", (int)pid);
	if (fd == -ECONNREFUSED)
		previous = netns_enter(number);
	if (previous >= 0) {
		fd = try_to_connect(pid);
		netns_leave(previous);
	}
	if (fd == -ECONNREFUSED)
		log_line("process %d is no sniffer: 'pgrep bpfsniff' lists those that run", (int)pid);
	else if (fd < 0)
		log_line("process %d is no sniffer that can be asked: %s", (int)pid, strerror(-fd));
	return fd;
}

/* Send one request and receive its reply, whose status is left to the caller. 0, or -errno after one line on standard
 * error. */
static int ask(int fd, pid_t pid, struct control_message *message, const struct message_fds *fds,
	       struct control_message *reply, struct message_fds *reply_fds)
{
	int ret = control_send(fd, message, fds);

	if (!ret)
		ret = control_receive(fd, reply, reply_fds);
	if (ret == -ENODATA || ret == -ECONNRESET || ret == -EPIPE)
		log_line("sniffer %d does not answer you: it answers root and the user who started it", (int)pid);
	else if (ret)
		log_line("sniffer %d does not answer: %s", (int)pid, strerror(ret == -EAGAIN ? ETIMEDOUT : -ret));
	return ret;
}

int control_client_status(const struct options *options)
{
	static struct control_message message, reply;
	int fd = connect_to(options->status_pid), ret;
	struct message_fds fds;

	if (fd < 0)
		return EXIT_FAILURE;
	message.kind = options->format == FORMAT_JSON ? CONTROL_STATUS_JSON : CONTROL_STATUS;
	ret = ask(fd, options->status_pid, &message, NULL, &reply, &fds);
	close(fd);
	if (ret)
		return EXIT_FAILURE;
	control_close_fds(&fds);
	fwrite(reply.text, 1, reply.text_length, stdout);
	return EXIT_SUCCESS;
}

static int is_same_file(int fd, const char *path)
{
	struct stat one, other;

	return !fstat(fd, &one) && !stat(path, &other) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* The new sockets must live in the sniffer's namespace. This process does nothing else afterwards, so it stays there.
 */
static int enter_netns(int fd)
{
	if (is_same_file(fd, "/proc/self/ns/net") || !setns(fd, CLONE_NEWNET))
		return 0;
	if (!capabilities_explain_missing(true))
		log_line("cannot enter the sniffer's network namespace: %s", strerror(errno));
	return -errno;
}

/* Take over what the new filter needs to know of the running sniffer. */
static void follow(struct options *options, struct capture_setup *setup, const struct control_message *running,
		   const int fds[], struct kernel_filter_inheritance *inheritance)
{
	struct filter_spec *spec = &options->spec;
	int keeps_flows = spec->config.first && spec->config.first == running->first;

	spec->config.snaplen = running->snaplen;
	spec->config.own_session = running->own_session;
	if (keeps_flows)
		spec->flow_table_size = running->flow_table_size;
	memcpy(setup->ifindexes, running->ifindexes, sizeof(setup->ifindexes));
	setup->count = running->interface_count;
	setup->promiscuous = running->promiscuous;
	setup->buffer_size = running->buffer_size;
	setup->patient = running->patient;
	*inheritance = (struct kernel_filter_inheritance){
		.generation = running->generation,
		.turn_fd = fds[CONTROL_TURN],
		.noted_turn_fd = fds[CONTROL_NOTED_TURN],
		.flows_fd = keeps_flows ? fds[CONTROL_FLOWS] : -1,
		.datagrams_fd = keeps_flows ? fds[CONTROL_DATAGRAMS] : -1,
	};
}

/* Hand everything over. 0 or -errno; -EAGAIN and -EBUSY mean "try again". */
static int install(int fd, const struct options *options, const struct control_message *running,
		   const struct capture_setup *setup)
{
	static struct control_message message, reply;
	struct message_fds fds = {.count = KERNEL_FILTER_PARTS + setup->count}, reply_fds;
	int ret;

	message.kind = CONTROL_INSTALL;
	message.generation = running->generation;
	message.first = options->spec.config.first;
	message.flow_table_size = options->spec.flow_table_size;
	control_set_text(&message, options->filter_text ? options->filter_text : "");
	for (int i = 0; i < KERNEL_FILTER_PARTS; i++)
		fds.fds[i] = kernel_filter_part(setup->filter, (enum kernel_filter_part)i);
	memcpy(fds.fds + KERNEL_FILTER_PARTS, setup->fds, setup->count * sizeof(*setup->fds));
	ret = ask(fd, options->set_filter_pid, &message, &fds, &reply, &reply_fds);
	if (ret)
		return ret;
	control_close_fds(&reply_fds);
	if (reply.status && reply.status != -EAGAIN && reply.status != -EBUSY)
		log_line("%s", reply.text);
	return reply.status;
}

/* 0; EXIT_FAILURE or EXIT_USAGE after one line on standard error; or -errno when the caller should try again. */
static int attempt(int fd, struct options *options)
{
	static struct control_message message, running;
	static struct capture_setup setup;
	const struct capture_options capture = option_capture_part(options);
	struct kernel_filter_inheritance inheritance;
	int status = EXIT_FAILURE, ret;
	struct message_fds fds;

	message.kind = CONTROL_PREPARE;
	if (ask(fd, options->set_filter_pid, &message, NULL, &running, &fds))
		return EXIT_FAILURE;
	capture_setup_init(&setup);
	if (fds.count != CONTROL_PREPARE_FDS || enter_netns(fds.fds[CONTROL_NETNS]))
		goto out;
	follow(options, &setup, &running, fds.fds, &inheritance);
	ret = capture_setup_open(&setup, &capture, &inheritance);
	status = ret == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
	if (ret)
		goto out;
	ret = install(fd, options, &running, &setup);
	status = ret == -EAGAIN || ret == -EBUSY ? ret : ret ? EXIT_FAILURE : EXIT_SUCCESS;
out:
	capture_setup_release(&setup);
	control_close_fds(&fds);
	return status;
}

int control_client_set_filter(struct options *options)
{
	const struct timespec pause = {.tv_nsec = ATTEMPT_NS};
	int fd, status = -EAGAIN;

	if (capabilities_explain_missing(false))
		return EXIT_FAILURE;
	fd = connect_to(options->set_filter_pid);
	if (fd < 0)
		return EXIT_FAILURE;
	for (int i = 0; status < 0 && i < ATTEMPTS; i++) {
		if (i)
			nanosleep(&pause, NULL);
		status = attempt(fd, options);
	}
	close(fd);
	if (status < 0) {
		log_line("sniffer %d is too busy: %s", (int)options->set_filter_pid, strerror(-status));
		return EXIT_FAILURE;
	}
	if (status == EXIT_SUCCESS)
		printf("filter of %d changed to: %s\n", (int)options->set_filter_pid,
		       options->filter_text ? options->filter_text : "(the default)");
	return status;
}
