/* SPDX-License-Identifier: BSD-2-Clause */
#include "owner/owner_resolve.h"

#include <bpf/bpf.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/time_units.h"

/* A socket that became known so long after a packet still owns it; of a connection, when the peer has answered. */
static const uint64_t LATE_NS = NSEC_PER_SEC / 10, ANSWER_NS = NSEC_PER_SEC;

/* The stint of the one whom the packet belongs to: who received after it came, or wrote before it left. */
static uint32_t choose_stint(const struct owner_socket *socket, const struct owner_question *question, uint32_t first)
{
	uint32_t end = socket->stint_count, i;

	if (question->receives) {
		for (i = first; i < end - 1; i++)
			if (socket->stints[i % OWNER_STINTS].taken >= question->time)
				break;
		return i;
	}
	for (i = end - 1; i > first; i--)
		if (socket->stints[i % OWNER_STINTS].since <= question->time)
			break;
	return i;
}

/* Whether a packet has left between two stints: the kernel sends some of its own accord. */
static bool is_between(const struct owner_socket *socket, uint32_t stint, const struct owner_question *question)
{
	if (question->receives || stint + 1 == socket->stint_count)
		return false;
	return socket->stints[stint % OWNER_STINTS].last < question->time;
}

/* Name the process that has a socket open which nobody has used. False: none is known to. */
static bool name_holder(struct owner *owner, uint64_t cookie, struct owner_socket *socket, struct end_owner *end,
			struct end_strings *strings)
{
	struct owner_process_key who;

	if (!owner_holder(owner, cookie, socket, &who)) {
		end->how = OWNER_SEVERAL;
		if (socket->holders > 1)
			snprintf(strings->why, sizeof(strings->why), "%u processes have the socket open",
				 socket->holders);
		else
			snprintf(strings->why, sizeof(strings->why),
				 "the process that had the socket open has forked or ended");
		end->why = strings->why;
	}
	owner_describe(owner, &who, end, strings);
	return end->pid != 0;
}

/* Name the process that listens, whose connection nobody has accepted yet. False: none is known to. */
static bool name_listener(struct owner *owner, uint64_t cookie, struct end_owner *end, struct end_strings *strings)
{
	struct owner_socket listener;

	if (!cookie || bpf_map_lookup_elem(owner->sockets_fd, &cookie, &listener))
		return false;
	if (end->how != OWNER_SENDER)
		end->how = OWNER_BOUND;
	return name_holder(owner, cookie, &listener, end, strings);
}

/* Name the process that uses a socket. False: none is known to. */
static bool name_user(struct owner *owner, uint64_t cookie, struct owner_socket *socket,
		      const struct owner_question *question, struct end_owner *end, struct end_strings *strings)
{
	uint32_t first, stint;
	/* Where only connecting and closing is seen, another may have used what this one closes. */
	bool is_unused = !socket->stint_count ||
			 (owner->lacks_users && socket->stint_count == 1 && socket->stints[0].since > question->time);

	if (is_unused && socket->acceptor.pid) {
		if (end->how != OWNER_SENDER)
			end->how = OWNER_ACCEPTED;
		owner_describe(owner, &socket->acceptor, end, strings);
		return true;
	}
	if (!socket->stint_count && !socket->creator.pid && !socket->listed)
		return name_listener(owner, socket->listener, end, strings);
	if (!socket->stint_count)
		return name_holder(owner, cookie, socket, end, strings);
	first = socket->stint_count > OWNER_STINTS ? socket->stint_count - OWNER_STINTS : 0;
	stint = choose_stint(socket, question, first);
	if (first && socket->stints[first % OWNER_STINTS].since > question->time) {
		end->how = OWNER_SEVERAL;
		end->why = "several processes have used the socket in turn since";
	} else if (is_between(socket, stint, question)) {
		end->how = OWNER_SEVERAL;
		snprintf(strings->why, sizeof(strings->why), "between its use by process %u and by process %u",
			 socket->stints[stint % OWNER_STINTS].who.pid,
			 socket->stints[(stint + 1) % OWNER_STINTS].who.pid);
		end->why = strings->why;
	}
	owner_describe(owner, &socket->stints[stint % OWNER_STINTS].who, end, strings);
	return true;
}

/* What the flow was tied to when the packet passed. NULL: nothing that counts. */
static const struct owner_tied *tied_then(const struct owner_flow *flow, const struct owner_question *question)
{
	bool just_after = flow->now.since > question->time &&
			  flow->now.since - question->time < (question->begins ? ANSWER_NS : LATE_NS);

	if (flow->now.since <= question->time)
		return &flow->now;
	if (flow->before.since && !(question->begins && just_after))
		return &flow->before;
	return just_after ? &flow->now : NULL;
}

/* What came of looking up the flow. */
enum found {
	FOUND_NOTHING,
	FOUND_SOCKET, /* but not who uses it */
	FOUND_OWNER,
};

static enum found resolve_flow(struct owner *owner, const struct owner_question *question, struct end_owner *end,
			       struct end_strings *strings)
{
	struct owner_flow flow;
	const struct owner_tied *tied;
	struct owner_socket socket;

	if (bpf_map_lookup_elem(owner->flows_fd, &question->key, &flow))
		return FOUND_NOTHING;
	tied = tied_then(&flow, question);
	if (!tied)
		return FOUND_NOTHING;
	if (!tied->cookie) {
		end->how = OWNER_KERNEL;
		return FOUND_OWNER;
	}
	if (bpf_map_lookup_elem(owner->sockets_fd, &tied->cookie, &socket))
		return FOUND_SOCKET;
	/* Datagrams to a socket that has been closed are for the next one on the port. */
	if (question->receives && question->key.protocol != IPPROTO_TCP && socket.closed &&
	    socket.closed < question->time)
		return FOUND_NOTHING;
	end->how = tied->tie == OWNER_TIE_SENDER  ? OWNER_SENDER
		   : tied->since > question->time ? OWNER_FLOW
						  : OWNER_EXACT;
	return name_user(owner, tied->cookie, &socket, question, end, strings) ? FOUND_OWNER : FOUND_SOCKET;
}

/* Counting takes a while. */
static bool has_forgotten(struct owner *owner, uint64_t now)
{
	if (now - owner->evicted_at > NSEC_PER_SEC) {
		owner->evicted = owner_evicted(owner);
		owner->evicted_at = now;
	}
	return owner->evicted > 0;
}

static const char *reason(struct owner *owner, const struct owner_question *question)
{
	if (has_forgotten(owner, question->time))
		return "not known, or forgotten: the table of flows was full";
	if (!local_addresses_have(&owner->local, question->key.local))
		return "no socket of this machine is known there";
	return question->receives ? "no socket is known that takes it" : "no socket is known that sent it";
}

void owner_resolve(struct owner *owner, const struct owner_question *question, struct end_owner *end,
		   struct end_strings *strings)
{
	enum found found = resolve_flow(owner, question, end, strings);

	if (found == FOUND_OWNER)
		return;
	memset(end, 0, sizeof(*end));
	/* Before a connection is accepted, it belongs to whoever listens. */
	if ((question->receives || found == FOUND_SOCKET) && owner_resolve_port(owner, question, end, strings))
		return;
	memset(end, 0, sizeof(*end));
	end->why = reason(owner, question);
}
