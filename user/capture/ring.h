/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_H
#define BPFSNIFF_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/interface_table.h"
#include "packet/frame.h"

/* How to open sockets. */
struct ring_options {
	const unsigned int *ifindexes; /* 0: every interface, also those that appear later */
	size_t count;
	bool promiscuous;     /* not for ifindex 0 */
	uint64_t buffer_size; /* bytes, of each socket's ring */
	bool patient;         /* nobody waits for frames, so they may be delivered late and in large blocks */
};

/* A step of opening or starting a socket. */
enum ring_step {
	RING_SOCKET,
	RING_BUFFER,
	RING_PROMISCUOUS,
	RING_FILTER,
	RING_BIND,
};

/* The step that failed. */
struct ring_failure {
	enum ring_step step;
	size_t index; /* of the interface in ring_options */
};

/* Sockets that are being opened. */
struct ring_sockets;

/*
 * Begin to open a packet(7) socket for each interface, with a TPACKET_V3 ring
 * (Documentation/networking/packet_mmap.rst), bound to no interface yet. For each ring the kernel waits 10 ms until no
 * CPU can have a frame for the socket (synchronize_net() in packet_set_ring(), net/packet/af_packet.c), so the work is
 * done in threads. The options must live until ring_sockets_finish() or ring_sockets_abandon(). NULL without memory.
 */
struct ring_sockets *ring_sockets_begin(const struct ring_options *options);

/* Wait for the sockets and attach the BPF socket filter. 0 with fds[] filled in, and spares[] with as many sockets
 * without a ring, which the caller then owns; or -errno with *failure set. Frees `sockets` either way. */
int ring_sockets_finish(struct ring_sockets *sockets, int filter_fd, int fds[], int spares[],
			struct ring_failure *failure);

/* Wait for the sockets, close them and free `sockets`. */
void ring_sockets_abandon(struct ring_sockets *sockets);

/* What outlives a ring that is replaced by another. */
struct ring_session {
	struct interface_table interfaces;
	uint64_t delivered; /* frames given out */
	uint32_t snaplen;   /* bytes */
};

/* Open a source of the frames that arrive at sockets with rings. Frames that are there at the same time are ordered by
 * time. On success the source owns the descriptors. The session stays the caller's. 0 or -errno. */
int ring_open(const int fds[], const struct ring_options *options, struct ring_session *session,
	      struct source **source);

/* As ring_open(), of rings that are mapped already; the source owns the maps too. */
int ring_open_mapped(const int fds[], void *const maps[], const struct ring_options *options,
		     struct ring_session *session, struct source **source);

/* Bind the sockets to their interfaces. They already have their filter, so nothing unfiltered comes in. 0, or -errno
 * with *failure set. */
int ring_start(struct source *source, struct ring_failure *failure);

/* Attach a BPF socket filter to the sockets, in the place of the one that they have. 0 or -errno. */
int ring_attach(struct source *source, int filter_fd);

/* Get the descriptors to poll for POLLIN. Fills in at most `max` and returns how many there are. */
size_t ring_fds(const struct source *source, int fds[], size_t max);

/* Frames so far that passed the filter but found no room. Reading PACKET_STATISTICS clears it, so nothing else may. */
uint64_t ring_lost(struct source *source);

/* Unbind the sockets from their interfaces. When this returns 0, no frame is on its way into a ring. 0 or -errno. */
int ring_stop(struct source *source);

/* Stop reading one of the sockets, for good. Returns its descriptor, which is the caller's from now on, as is *map. */
int ring_give_up(struct source *source, size_t index, void **map);

/* Takes NULL. */
void ring_close(struct source *source);

#endif
