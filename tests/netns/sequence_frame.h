/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SEQUENCE_FRAME_H
#define BPFSNIFF_SEQUENCE_FRAME_H

#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdint.h>

enum { SEQUENCE_STREAMS = 4 };

/* What sequence_send.c sends and sequence_check.c knows again. Its class is the second byte of the source address. */
struct sequence_frame {
	struct ethhdr ethernet;
	struct iphdr ip;
	struct udphdr udp;
	uint32_t stream; /* counted from 0; frames of one stream are sent on one CPU, one after the other */
	uint64_t number; /* in its stream, from 0 */
} __attribute__((packed));

#endif
