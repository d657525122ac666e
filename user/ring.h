/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_H
#define BPFSNIFF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "interface_table.h"

/* How sockets are to be opened. */
struct ring_options {
	const unsigned int *ifindexes; /* 0: every interface, also those that appear later */
	size_t count;
	bool promiscuous;     /* not for ifindex 0 */
	uint64_t buffer_size; /* bytes, of each socket's ring */
	bool patient;         /* nobody waits for the frames: they may come late, many at once */
	int filter_fd;        /* a BPF socket filter */
};

/* What could not be done. */
enum ring_step {
	RING_SOCKET,
	RING_BUFFER,
	RING_FILTER,
	RING_PROMISCUOUS,
	RING_BIND,
};

struct ring_failure {
	enum ring_step step;
	size_t index; /* of the interface */
};

/*
 * Open a packet(7) socket for each interface, with a TPACKET_V3 ring (Documentation/networking/packet_mmap.rst) and the
 * filter, but on no interface yet. 0 and fds[] filled in, or -errno with *failure set.
 */
int ring_sockets_open(const struct ring_options *options, int fds[], struct ring_failure *failure);

/* What goes on when one ring takes the place of another. */
struct ring_log {
	struct interface_table interfaces;
	uint64_t delivered; /* frames given out */
	uint32_t snaplen;
};

/* The descriptors of a ring are not below this, so that a filter of system calls (seccomp(2)) can tell them: a packet
 * socket that is written to sends frames. */
enum { RING_FD_MIN = 512 };

/* A source of the frames that come to sockets made by ring_sockets_open(), also in another process. Those of several
 * sockets are merged by their time as far as they are there. Takes over the descriptors when it succeeds. 0 or -errno.
 */
int ring_open(const int fds[], const struct ring_options *options, struct ring_log *log, struct source **source);

/* Put the sockets on their interfaces. They have their filter, so nothing unfiltered comes in. 0, or -errno with
 * *failure set. */
int ring_start(struct source *source, struct ring_failure *failure);

/* The descriptors to poll for POLLIN; returns how many there are and fills in at most `max`. */
size_t ring_fds(const struct source *source, int fds[], size_t max);

/* Frames that passed the filter and found no room, so far. PACKET_STATISTICS is cleared by reading: only this reads it.
 */
uint64_t ring_lost(struct source *source);

/* Take the sockets off their interfaces: when this returns, no frame is on its way into a ring. 0 or -errno. */
int ring_stop(struct source *source);

void ring_close(struct source *source);

#endif
