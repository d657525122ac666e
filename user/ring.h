/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_H
#define BPFSNIFF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct ring_options {
	const char *const *names; /* interfaces */
	size_t count;             /* 0: every interface, also those that appear later */
	bool promiscuous;         /* named interfaces only */
	uint32_t snaplen;         /* bytes */
	uint64_t buffer_size;     /* bytes, of each interface's ring */
	int filter_fd;            /* a BPF socket filter */
};

/* What could not be done. */
enum ring_step {
	RING_SOCKET,
	RING_INTERFACE, /* no such interface */
	RING_BUFFER,
	RING_FILTER,
	RING_PROMISCUOUS,
	RING_BIND,
};

struct ring_failure {
	enum ring_step step;
	const char *name; /* the interface; NULL: every one */
};

/*
 * A source of live frames: a packet(7) socket for each interface, each with a TPACKET_V3 ring
 * (Documentation/networking/packet_mmap.rst). The filter is attached before a socket is bound, so nothing unfiltered
 * comes in. Frames of several sockets are merged by their time as far as they are there. 0 or -errno with *failure set.
 */
int ring_open(const struct ring_options *options, struct source **source, struct ring_failure *failure);

/* The descriptors to poll for POLLIN; returns how many there are and fills in at most `max`. */
size_t ring_fds(const struct source *source, int fds[], size_t max);

/* Frames that passed the filter and found no room, so far. PACKET_STATISTICS is cleared by reading: only this reads it.
 */
uint64_t ring_lost(struct source *source);

/* Take the sockets off their interfaces: when this returns, no frame is on its way into a ring. 0 or -errno. */
int ring_stop(struct source *source);

void ring_close(struct source *source);

#endif
