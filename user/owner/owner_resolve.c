/* SPDX-License-Identifier: BSD-2-Clause */
#include "owner/owner_resolve.h"

#include <bpf/bpf.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/time_units.h"
#include "owner_alone.h"

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

/* More than one process may have the socket open. */
static void say_shared(const struct owner_socket *socket, struct end_owner *end, struct end_strings *strings)
{
	end->how = OWNER_SEVERAL;
	end->why = "the process that had the socket open has ended, forked, or passed descriptors on";
	if (socket->holders < 2)
		return;
	snprintf(strings->why, sizeof(strings->why), "%u processes have the socket open", socket->holders);
	end->why = strings->why;
}

/* Name the process that has a socket open which nobody has used. False: none is known to. */
static bool name_holder(struct owner *owner, uint64_t cookie, struct owner_socket *socket,
			const struct owner_question *question, struct end_owner *end, struct end_strings *strings)
{
	struct owner_process_key who;

	if (!owner_holder(owner, cookie, socket, &who))
		say_shared(socket, end, strings);
	owner_describe(owner, &who, question->time, end, strings);
	return end->pid != 0;
}

/* Whether a packet has been received, or will be, by no other process than that of a stint. What has come over a
 * connection before that has received, is its: none takes turns there. Else it must be the only one that has the socket
 * open, and none of those that have received since may be another. */
static bool receives_alone(struct owner *owner, uint64_t cookie, struct owner_socket *socket,
			   const struct owner_stint *receiver, const struct owner_question *question)
{
	bool has_taken = question->key.protocol == IPPROTO_TCP && receiver->taken >= question->time;
	struct owner_process_key who;

	/* The filter cannot tell; it learns from the list, which this may make (bpf/choice_sockets.h). */
	if (has_taken && !process_choice_is_made(&owner->choice))
		return true;
	if (!owner_holder(owner, cookie, socket, &who) || !same_process(&who, &receiver->who))
		return has_taken;
	for (size_t i = 0; i < OWNER_STINTS && !has_taken; i++)
		if (socket->stints[i].taken >= question->time && !same_process(&socket->stints[i].who, &who))
			return false;
	return true;
}

/* Name the process that listens, whose connection nobody has accepted yet. False: none is known to. */
static bool name_listener(struct owner *owner, uint64_t cookie, const struct owner_question *question,
			  struct end_owner *end, struct end_strings *strings)
{
	struct owner_socket listener;

	if (!cookie || bpf_map_lookup_elem(owner->sockets_fd, &cookie, &listener))
		return false;
	if (end->how != OWNER_SENDER)
		end->how = OWNER_BOUND;
	return name_holder(owner, cookie, &listener, question, end, strings);
}

/* Name the process that uses a socket. False: none is known to. */
static bool name_user(struct owner *owner, uint64_t cookie, struct owner_socket *socket,
		      const struct owner_question *question, struct end_owner *end, struct end_strings *strings)
{
	struct owner_stint user;
	uint32_t first, stint;
	/* Where only connecting and closing is seen, another may have used what this one closes. */
	bool is_unused = !socket->stint_count ||
			 (owner->lacks_users && socket->stint_count == 1 && socket->stints[0].since > question->time);

	if (is_unused && socket->acceptor.pid) {
		if (end->how != OWNER_SENDER)
			end->how = OWNER_ACCEPTED;
		owner_describe(owner, &socket->acceptor, question->time, end, strings);
		return true;
	}
	if (!socket->stint_count && !socket->creator.pid && !socket->listed)
		return name_listener(owner, socket->listener, question, end, strings);
	if (!socket->stint_count)
		return name_holder(owner, cookie, socket, question, end, strings);
	first = socket->stint_count > OWNER_STINTS ? socket->stint_count - OWNER_STINTS : 0;
	stint = choose_stint(socket, question, first);
	user = socket->stints[stint % OWNER_STINTS];
	if (first && socket->stints[first % OWNER_STINTS].since > question->time) {
		end->how = OWNER_SEVERAL;
		end->why = "several processes have used the socket in turn since";
	} else if (is_between(socket, stint, question)) {
		end->how = OWNER_SEVERAL;
		snprintf(strings->why, sizeof(strings->why), "between its use by process %u and by process %u",
			 socket->stints[stint % OWNER_STINTS].who.pid,
			 socket->stints[(stint + 1) % OWNER_STINTS].who.pid);
		end->why = strings->why;
	} else if (question->receives && !receives_alone(owner, cookie, socket, &user, question)) {
		say_shared(socket, end, strings);
	}
	owner_describe(owner, &user.who, question->time, end, strings);
	return true;
}

static bool is_datagram_to(const struct owner_question *question)
{
	return question->receives && question->key.protocol == IPPROTO_UDP;
}

/* What the flow was tied to when the packet passed. NULL: nothing that counts. A datagram is tied to its socket only
 * when that gets it. */
static const struct owner_tied *tied_then(const struct owner_flow *flow, const struct owner_question *question)
{
	bool just_after = flow->now.since > question->time &&
			  flow->now.since - question->time < (question->begins ? ANSWER_NS : LATE_NS);

	if (flow->now.since <= question->time || (is_datagram_to(question) && just_after))
		return &flow->now;
	if (flow->before.since && !(question->begins && just_after))
		return &flow->before;
	return just_after ? &flow->now : NULL;
}

/* Whether the socket of a tie was still open when the packet passed. */
static bool was_open(const struct owner *owner, const struct owner_tied *tied, const struct owner_question *question)
{
	struct owner_socket socket;

	return tied->since && tied->cookie && !bpf_map_lookup_elem(owner->sockets_fd, &tied->cookie, &socket) &&
	       (!socket.closed || socket.closed > question->time);
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
	if (!name_user(owner, tied->cookie, &socket, question, end, strings))
		return FOUND_SOCKET;
	if (tied->since > question->time && is_datagram_to(question) && was_open(owner, &flow.before, question)) {
		end->how = OWNER_SEVERAL;
		end->why = "another socket has taken over the conversation just then";
	}
	return FOUND_OWNER;
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
