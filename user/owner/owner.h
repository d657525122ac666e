/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OWNER_OWNER_H
#define BPFSNIFF_OWNER_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "filter/process_choice.h"
#include "flow_id.h"
#include "owner_abi.h"
#include "packet/annotator.h"
#include "packet/packet_owner.h"

/* Which processes a packet comes from and goes to, as programs in the kernel learn it from sockets. */
struct owner;

/*
 * Load and attach the programs, and list the sockets that are open already. Call it in the network namespace of the
 * packets, before the first of them can come and before privileges are given up: it needs CAP_BPF, CAP_PERFMON and
 * CAP_NET_ADMIN; nothing after it does. 0 with one line on standard error for what this kernel lacks; or -errno after
 * one line.
 */
int owner_open(const struct process_choice *choice, struct owner **result);

/* Sets packet->owner, and packet->is_unwanted where neither end is chosen. It stays the owner's. */
struct annotator *owner_annotator(struct owner *owner);

/* Choose anew, from the next packet on; it needs no privilege. The filter of that generation may choose in the kernel,
 * any other no longer. 0 or -errno. */
int owner_choose(struct owner *owner, const struct process_choice *choice, uint32_t filter);

/* Descriptors of the maps by which a filter chooses, which stay the owner's. */
void owner_maps(const struct owner *owner, int fds[OWNER_MAPS]);

/* A flow whose processes are asked for. */
struct flow_question {
	const struct flow_id *id;
	bool source_is_high;
	uint32_t tcp_flags; /* that one of its packets had */
	uint64_t time;      /* of its last packet, of CLOCK_MONOTONIC */
};

/* The processes at its ends then. The answer is good until the next one, or the next packet that is annotated. */
const struct packet_owner *owner_of_flow(struct owner *owner, const struct flow_question *flow);

/* Whether one of its ends is chosen; without a choice each is. */
bool owner_chooses_flow(struct owner *owner, const struct flow_question *flow);

/* Flows that were forgotten because the table was full. */
uint64_t owner_evicted(const struct owner *owner);

/* Takes NULL. */
void owner_close(struct owner *owner);

#endif
