/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OWNER_RESOLVE_H
#define BPFSNIFF_OWNER_RESOLVE_H

#include "owner/owner_internal.h"

/* Who was at one end of a conversation when a packet passed? */
struct owner_question {
	struct owner_flow_key key; /* this end is the local one */
	uint64_t time;             /* of CLOCK_MONOTONIC */
	bool receives;             /* the packet is for this end, rather than from it */
	bool begins;               /* the packet is the first one of a TCP connection */
};

/* Fill in a zeroed end; its strings stay in *strings. */
void owner_resolve(struct owner *owner, const struct owner_question *question, struct end_owner *end,
		   struct end_strings *strings);

/* Who was it according to the sockets that are bound to the port? Returns whether there was one. */
bool owner_resolve_port(struct owner *owner, const struct owner_question *question, struct end_owner *end,
			struct end_strings *strings);

/* Find the only process that has a socket open; *socket may be read anew. False: there may be others. *who is then the
 * likeliest, the last user; its pid is 0 if none is known. */
bool owner_holder(struct owner *owner, uint64_t cookie, struct owner_socket *socket, struct owner_process_key *who);

/* Fill in what is known of a process, and was so at a time of CLOCK_MONOTONIC. */
void owner_describe(const struct owner *owner, const struct owner_process_key *who, uint64_t time,
		    struct end_owner *end, struct end_strings *strings);

#endif
