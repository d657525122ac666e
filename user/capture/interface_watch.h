/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_WATCH_H
#define BPFSNIFF_INTERFACE_WATCH_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Watch for interfaces that go down or disappear. A packet socket reports going down once, as an error, and listens
 * again by itself when the interface is up (packet_notifier() in net/packet/af_packet.c). A removed interface first
 * goes down too, and then its socket reports nothing more; so while an interface is down, a timer makes the caller
 * look.
 */

enum interface_state { INTERFACE_LISTENED, INTERFACE_LOST, INTERFACE_SAID_DOWN, INTERFACE_GONE };

struct interface_watch {
	char (*names)[IF_NAMESIZE];
	const unsigned int *ifindexes; /* 0: every interface, which never goes down */
	enum interface_state *states;
	size_t count;
	int timer_fd; /* readable when interface_watch_look() is due */
};

/* Watch `count` interfaces; names and ifindexes stay the caller's. 0 or -errno. */
int interface_watch_init(struct interface_watch *watch, char names[][IF_NAMESIZE], const unsigned int ifindexes[],
			 size_t count);

/* One may have got another name: learn it. `fd` is any socket in their network namespace. */
void interface_watch_learn_names(const struct interface_watch *watch, int fd);

/* Take the pending error (SO_ERROR) from `fd`, the socket of an interface. */
void interface_watch_error(struct interface_watch *watch, size_t index, int fd);

/* Look at the interfaces that are down and log what is new; `fd` is any socket in their network namespace. False if all
 * are gone. */
bool interface_watch_look(struct interface_watch *watch, int fd);

/* Takes a zeroed watch too. */
void interface_watch_release(struct interface_watch *watch);

#endif
