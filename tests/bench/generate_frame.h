/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_GENERATE_FRAME_H
#define BPFSNIFF_GENERATE_FRAME_H

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A frame that generate.c sends. */
struct generated_frame {
	struct ethhdr ethernet;
	struct iphdr ip;
	struct tcphdr tcp; /* for protocol 6; for others, the first bytes of the datagram */
	uint8_t payload[];
} __attribute__((packed));

/* The Internet checksum (RFC 1071) of bytes, added to a sum; in network byte order. */
static inline uint16_t generated_checksum(uint64_t sum, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		sum += i & 1 ? at[i] : (uint64_t)at[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* The sum of the pseudo header (RFC 9293, 3.1). */
static inline uint64_t generated_pseudo_sum(struct iphdr ip, size_t length)
{
	uint32_t source = ntohl(ip.saddr), destination = ntohl(ip.daddr);

	return (uint64_t)(source >> 16) + (source & 0xffff) + (destination >> 16) + (destination & 0xffff) +
	       ip.protocol + length;
}

static inline void generate_frame(struct generated_frame *frame, uint64_t flow, size_t size, uint8_t protocol)
{
	const size_t total = size - sizeof(frame->ethernet), transport = total - sizeof(frame->ip);

	frame->ethernet = (struct ethhdr){
		.h_dest = {2, 0, 0, 0, 0, 2},
		.h_source = {2, 0, 0, 0, 0, 1},
		.h_proto = htons(ETH_P_IP),
	};
	frame->ip = (struct iphdr){
		.version = 4,
		.ihl = sizeof(frame->ip) / 4,
		.tot_len = htons((uint16_t)total),
		.ttl = 64,
		.protocol = protocol,
		.saddr = htonl(10U << 24 | 9U << 16 | (uint32_t)(flow & 0xffff)),
		.daddr = htonl(10U << 24 | 10U << 16 | 1),
	};
	frame->ip.check = generated_checksum(0, &frame->ip, sizeof(frame->ip));
	for (size_t i = 0; i < size - sizeof(*frame); i++)
		frame->payload[i] = (uint8_t)('a' + i % 26);
	if (protocol != IPPROTO_TCP)
		return;
	frame->tcp = (struct tcphdr){
		.source = htons((uint16_t)(1024 + (flow >> 16))),
		.dest = htons(443),
		.seq = htonl((uint32_t)flow + 1),
		.ack_seq = htonl(1),
		.doff = sizeof(frame->tcp) / 4,
		.psh = 1,
		.ack = 1,
		.window = htons(512),
	};
	frame->tcp.check = generated_checksum(generated_pseudo_sum(frame->ip, transport), &frame->tcp, transport);
}

/* Generate a frame for each flow in consecutive memory, which the caller frees. NULL with errno set on failure. */
static inline uint8_t *generate_frames(uint64_t flows, size_t size, uint8_t protocol)
{
	uint8_t *frames;

	if (size < sizeof(struct generated_frame) || size > ETH_FRAME_LEN || !flows) {
		errno = EINVAL;
		return NULL;
	}
	frames = calloc(flows, size);
	for (uint64_t flow = 0; frames && flow < flows; flow++)
		generate_frame((struct generated_frame *)(frames + flow * size), flow, size, protocol);
	return frames;
}

#endif
