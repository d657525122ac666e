/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_ANNOTATED_H
#define BPFSNIFF_TESTS_ANNOTATED_H

/* Segments of a connection, and what is said of them. */

#include "flow/tcp_annotator.h"

enum {
	ALL_FIELDS = 0x1ff,
};

static const int64_t MS = 1000000; /* in ns */

static const uint8_t client[4] = {10, 9, 0, 1}, server[4] = {10, 9, 0, 2};

/* A segment without payload, between one client and one server. */
static inline struct packet segment(const struct frame *frame, bool from_client, uint16_t flags, uint32_t seq,
				    uint32_t ack)
{
	return (struct packet){
		.frame = frame,
		.ip = {.version = 4,
		       .source = from_client ? client : server,
		       .destination = from_client ? server : client},
		.tcp =
			{
				.present = true,
				.fields = ALL_FIELDS,
				.source_port = from_client ? 40000 : 80,
				.destination_port = from_client ? 80 : 40000,
				.seq = seq,
				.ack = ack,
				.header_length = 20,
				.flags = flags,
				.window = 1000,
			},
		.payload = {.is_known = true},
	};
}

static inline const struct tcp_analysis *annotate(struct tcp_annotator *annotator, struct packet *packet)
{
	annotator->annotator.annotate(&annotator->annotator, packet);
	return packet->analysis;
}

#endif
