/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PACKET_SOCKET_H
#define BPFSNIFF_PACKET_SOCKET_H

#include "capture/ring.h"

/* The steps in the life of one packet(7) socket. Each returns 0 or -errno; those that wait until no CPU can have a
 * frame for the socket (synchronize_net() in net/packet/af_packet.c) take some 10 ms. */

/* Open a socket that receives nothing: its protocol is 0. Its descriptor is at least RING_FD_MIN. Returns it; only this
 * takes CAP_NET_RAW. */
int packet_socket_open(void);

/* Give the socket a TPACKET_V3 ring (Documentation/networking/packet_mmap.rst), or take it away, which works only while
 * nobody has it mapped. Both wait. */
int packet_socket_make_ring(int fd, const struct ring_options *options);
int packet_socket_drop_ring(int fd);

/* Map the ring into memory, or unmap it. NULL with errno set. Of a large ring it takes some milliseconds. */
void *packet_socket_map(int fd, const struct ring_options *options);
void packet_socket_unmap(void *map, const struct ring_options *options);

/* Attach a BPF program, or one that rejects every frame. */
int packet_socket_attach(int fd, int filter_fd);
int packet_socket_reject_all(int fd);

/* Receive the frames of an interface (0: of every one), or no more of them. The second waits, and so does the first
 * after it. */
int packet_socket_bind(int fd, unsigned int ifindex);
int packet_socket_unbind(int fd, unsigned int ifindex);

#endif
