/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_H
#define BPFSNIFF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/interface_table.h"
#include "packet/frame.h"

/* How sockets are to be opened. */
struct ring_options {
	const unsigned int *ifindexes; /* 0: every interface, also those that appear later */
	size_t count;
	bool promiscuous;     /* not for ifindex 0 */
	uint64_t buffer_size; /* bytes, of each socket's ring */
	bool patient;         /* nobody waits for the frames: they may come late, many at once */
};

/* What could not be done. */
enum ring_step {
	RING_SOCKET,
	RING_BUFFER,
	RING_PROMISCUOUS,
	RING_FILTER,
	RING_BIND,
};

struct ring_failure {
	enum ring_step step;
	size_t index; /* of the interface */
};

/* Sockets that are being opened. */
struct ring_sockets;

/*
 * Begin to open a packet(7) socket for each interface, with a TPACKET_V3 ring
 * (Documentation/networking/packet_mmap.rst), on no interface yet. For each ring the kernel waits until no CPU can have
 * a frame for the socket (synchronize_net() in packet_set_ring(), net/packet/af_packet.c), which takes 10 ms: so they
 * wait in threads, and the caller goes on. The options have to stay. NULL: no memory.
 */
struct ring_sockets *ring_sockets_begin(const struct ring_options *options);

/* Wait for them and give them the BPF socket filter. 0 and fds[] filled in, or -errno with *failure set. Either way
 * `sockets` is no more. */
int ring_sockets_finish(struct ring_sockets *sockets, int filter_fd, int fds[], struct ring_failure *failure);

/* Close them instead. */
void ring_sockets_abandon(struct ring_sockets *sockets);

/* What goes on when one ring takes the place of another. */
struct ring_session {
	struct interface_table interfaces;
	uint64_t delivered; /* frames given out */
	uint32_t snaplen;
};

/* A source of the frames that come to sockets made by ring_sockets_finish(), also in another process. Those of several
 * sockets are merged by their time as far as they are there. Takes over the descriptors when it succeeds. 0 or -errno.
 */
int ring_open(const int fds[], const struct ring_options *options, struct ring_session *log, struct source **source);

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
