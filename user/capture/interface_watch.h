/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_WATCH_H
#define BPFSNIFF_INTERFACE_WATCH_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Interfaces that go down, and those that do not come back. A packet socket tells the first, once, as an error, and
 * listens again by itself when the interface is up (packet_notifier() in net/packet/af_packet.c); of the second, which
 * begins like it, it tells nothing: as long as an interface is down, a timer has it looked for.
 */

enum interface_state { INTERFACE_LISTENED, INTERFACE_LOST, INTERFACE_SAID_DOWN, INTERFACE_GONE };

struct interface_watch {
	const char (*names)[IF_NAMESIZE];
	const unsigned int *ifindexes; /* 0: every one, which neither goes down nor away */
	enum interface_state *states;
	size_t count;
	int timer_fd; /* readable when interface_watch_look() is due */
};

/* Watch `count` interfaces; the names stay the caller's. 0 or -errno. */
int interface_watch_init(struct interface_watch *watch, const char names[][IF_NAMESIZE], const unsigned int ifindexes[],
			 size_t count);

/* Take the error from the socket of an interface. */
void interface_watch_error(struct interface_watch *watch, size_t index, int fd);

/* Look what has become of those that are down, and say what is new, by way of any socket in their network namespace.
 * False when all are gone. */
bool interface_watch_look(struct interface_watch *watch, int fd);

void interface_watch_release(struct interface_watch *watch);

#endif
