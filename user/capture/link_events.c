/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/link_events.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	ROOM = 1 << 20,           /* bytes of messages that may wait; what the kernel allows of it */
	MESSAGES_MAX = 32 * 1024, /* bytes of one answer */
	READS_MAX = 256,          /* at a time: frames wait too */
};

int link_events_open(void)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE), room = ROOM, ret;

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (!bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/* The name in a message; NULL: it has none. */
static const char *name_in(struct nlmsghdr *message)
{
	int left = (int)IFLA_PAYLOAD(message);

	for (struct rtattr *attribute = IFLA_RTA((struct ifinfomsg *)NLMSG_DATA(message)); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left)) {
		const char *name = RTA_DATA(attribute);

		if (attribute->rta_type == IFLA_IFNAME && memchr(name, '\0', RTA_PAYLOAD(attribute)))
			return name;
	}
	return NULL;
}

/* Bridges send messages of the same kinds about their ports, which tell nothing of the devices. */
static void take(struct interface_table *table, struct nlmsghdr *message, int64_t now_ns)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);
	const char *name;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof(*link)) || link->ifi_family != AF_UNSPEC)
		return;
	if (message->nlmsg_type == RTM_DELLINK)
		interface_table_note_gone(table, (uint32_t)link->ifi_index, now_ns);
	if (message->nlmsg_type != RTM_NEWLINK)
		return;
	name = name_in(message);
	if (name)
		interface_table_note(table, (uint32_t)link->ifi_index, link->ifi_type, name, now_ns);
}

void link_events_read(int fd, struct interface_table *table)
{
	const int64_t now_ns = clock_real_ns();
	struct sockaddr_nl sender = {0};
	union {
		struct nlmsghdr first;
		char bytes[MESSAGES_MAX];
	} messages;

	for (int i = 0; i < READS_MAX; i++) {
		socklen_t size = sizeof(sender);
		ssize_t length =
			recvfrom(fd, &messages, sizeof(messages), MSG_TRUNC, (struct sockaddr *)&sender, &size);

		if ((length < 0 && errno == ENOBUFS) || length > (ssize_t)sizeof(messages)) {
			interface_table_doubt(table, now_ns);
			continue;
		}
		if (length < 0)
			return;
		if (sender.nl_pid != 0) /* not from the kernel */
			continue;
		for (struct nlmsghdr *message = &messages.first; NLMSG_OK(message, length);
		     message = NLMSG_NEXT(message, length))
			take(table, message, now_ns);
	}
}
