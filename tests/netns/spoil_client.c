/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded (ld.so(8), LD_PRELOAD) into a command that asks a running sniffer: it spoils the question that SPOIL
 * names, counted from 1.
 *
 *     SPOIL=before:2          the command dies before it asks its second question
 *     SPOIL=after:2           or when it has asked, before the answer
 *     SPOIL=late:2            as after:2, but it stops itself (SIGSTOP) before it asks
 *     SPOIL=hang:2            it asks, and then does nothing any more
 *     SPOIL=file:2:3          its fourth descriptor is replaced by that of an empty file
 *     SPOIL=repeat:2:3:5      by its sixth
 *     SPOIL=map:2:3:2         by that of a new map of this type (enum bpf_map_type), keys and values of 4 bytes
 *     SPOIL=count:2:3         only three descriptors go with it
 *     SPOIL=count:2:30        or thirty, the last ones like the first
 *
 * A question that is to be asked again, since the sniffer was busy, is spoiled again.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/bpf.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control/control_message.h"

enum { FDS_MAX = 253 }; /* SCM_MAX_FD of the kernel */

/* SPOIL, word by word. */
struct order {
	char what[16];
	int question;
	unsigned int one, other;
};

/* The descriptors of a message. */
struct rights {
	size_t count;
	int fds[FDS_MAX];
};

static ssize_t really_send(int fd, const struct msghdr *message, int flags)
{
	ssize_t (*function)(int, const struct msghdr *, int);

	*(void **)&function = dlsym(RTLD_NEXT, "sendmsg");
	return function(fd, message, flags);
}

static int make_map(unsigned int type)
{
	union bpf_attr attributes = {.map_type = type, .key_size = 4, .value_size = 4, .max_entries = 1};

	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
}

static void change(struct rights *rights, const struct order *order)
{
	if (!strcmp(order->what, "file"))
		rights->fds[order->one] = memfd_create("empty", 0);
	else if (!strcmp(order->what, "map"))
		rights->fds[order->one] = make_map(order->other);
	else if (!strcmp(order->what, "repeat"))
		rights->fds[order->one] = rights->fds[order->other];
	else if (!strcmp(order->what, "count"))
		for (; rights->count != order->one; rights->count += rights->count < order->one ? 1 : -1UL)
			rights->fds[rights->count] = rights->fds[0];
}

static ssize_t send_changed(int fd, const struct msghdr *message, int flags, const struct order *order)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} ancillary = {0};
	const struct cmsghdr *sent = CMSG_FIRSTHDR(message);
	struct msghdr changed = *message;
	struct rights rights = {0};

	if (sent) {
		rights.count = (sent->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(rights.fds, CMSG_DATA(sent), rights.count * sizeof(int));
	}
	change(&rights, order);
	ancillary.header = (struct cmsghdr){
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
		.cmsg_len = CMSG_LEN(rights.count * sizeof(int)),
	};
	memcpy(CMSG_DATA(&ancillary.header), rights.fds, rights.count * sizeof(int));
	changed.msg_control = rights.count ? &ancillary : NULL;
	changed.msg_controllen = rights.count ? ancillary.header.cmsg_len : 0;
	return really_send(fd, &changed, flags);
}

/* Wait for the answer, and leave it to be received: whether the question is to be asked again. */
static bool is_busy(int fd)
{
	struct pollfd answer = {.fd = fd, .events = POLLIN};
	struct control_message message = {0};

	return poll(&answer, 1, -1) == 1 && recv(fd, &message, sizeof(message), MSG_PEEK) > 0 &&
	       message.status == -EBUSY;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	static int questions;
	struct order order = {0};
	const char *spoil = getenv("SPOIL");
	ssize_t ret;

	if (!spoil || sscanf(spoil, "%15[a-z]:%d:%u:%u", order.what, &order.question, &order.one, &order.other) < 2 ||
	    order.one > FDS_MAX || order.other >= FDS_MAX || ++questions != order.question)
		return really_send(fd, message, flags);
	if (!strcmp(order.what, "before"))
		raise(SIGKILL);
	if (!strcmp(order.what, "late"))
		raise(SIGSTOP);
	ret = send_changed(fd, message, flags, &order);
	if (!strcmp(order.what, "after") || !strcmp(order.what, "late"))
		raise(SIGKILL);
	if (is_busy(fd)) {
		questions--;
		return ret;
	}
	while (!strcmp(order.what, "hang"))
		pause();
	return ret;
}
