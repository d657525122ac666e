/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_CHOICE_SOCKETS_H
#define BPFSNIFF_CHOICE_SOCKETS_H

#include "choice_kept.h"

/* Whether the processes that may use a socket are wanted, by what is known while a packet passes. */

enum found {
	FOUND_NOTHING,
	FOUND_OPEN,     /* a wanted process, or perhaps one */
	FOUND_UNWANTED, /* others, and nobody else */
};

ALWAYS_INLINE const struct owner_wanted *wanted_now(void)
{
	__u32 first = 0;

	return bpf_map_lookup_elem(&ow_wanted, &first);
}

ALWAYS_INLINE int has_uid(const struct owner_wanted *wanted, __u32 uid)
{
	for (__u32 i = 0; i < OWNER_CHOICE_MAX; i++)
		if (i < wanted->uid_count && wanted->uids[i] == uid)
			return 1;
	return 0;
}

/* A group that is not there was made after the choice. */
ALWAYS_INLINE int may_have_cgroup(__u64 cgroup)
{
	const __u32 *is_wanted = bpf_map_lookup_elem(&ow_wanted_cgroups, &cgroup);

	return !is_wanted || *is_wanted;
}

/* Whether a process may be wanted; pid 0 is none. The names that it had before count, too: it may have used the socket
 * then. */
__noinline int may_be_wanted(struct kept *kept, __u64 start, __u32 pid)
{
	struct owner_process_key who = {.start = start, .pid = pid};
	const struct owner_wanted *wanted = wanted_now();
	const struct owner_process *process;
	const struct owner_family *family;

	if (!pid || !wanted)
		return 0;
	if (!kept)
		return 1;
	follow(kept, epoch_of_process(start, pid));
	if (wanted->has_processes) {
		family = bpf_map_lookup_elem(&ow_family, &who);
		if (!family || family->generation != wanted->generation ||
		    !(family->now | family->before | family->earliest))
			return 0;
	}
	if (!wanted->uid_count && !wanted->has_cgroup)
		return 1;
	process = bpf_map_lookup_elem(&ow_processes, &who);
	if (!process)
		return 1;
	return (!wanted->uid_count || has_uid(wanted, process->uid)) &&
	       (!wanted->has_cgroup || may_have_cgroup(process->cgroup));
}

/* Whether one of those that are known to have had the socket may be wanted; *newest is known not to be. */
ALWAYS_INLINE int other_may_be_wanted(struct kept *kept, const struct owner_socket *socket,
				      const struct owner_process_key *newest)
{
	if (!same_process(&socket->creator, newest) && may_be_wanted(kept, socket->creator.start, socket->creator.pid))
		return 1;
	if (!same_process(&socket->acceptor, newest) &&
	    may_be_wanted(kept, socket->acceptor.start, socket->acceptor.pid))
		return 1;
	if (!same_process(&socket->holder, newest) && may_be_wanted(kept, socket->holder.start, socket->holder.pid))
		return 1;
	if (socket->stint_count > OWNER_STINTS) /* older users have been forgotten */
		return 1;
	for (__u32 i = 0; i < OWNER_STINTS; i++)
		if (!same_process(&socket->stints[i].who, newest) &&
		    may_be_wanted(kept, socket->stints[i].who.start, socket->stints[i].who.pid))
			return 1;
	return 0;
}

/* Since a time, a process may have given the socket to another. */
ALWAYS_INLINE int has_given(const struct owner_socket *socket, const struct owner_process_key *who, __u64 since)
{
	const struct owner_process *process = bpf_map_lookup_elem(&ow_processes, who);

	return !process || may_have_given(process, who, socket, since);
}

/* What comes to a socket is for any process that has it open, even if only one has used it. */
ALWAYS_INLINE int another_may_receive(const struct owner_socket *socket, const struct owner_process_key *who)
{
	__u64 since;
	struct owner_process_key first = first_holder(socket, &since);

	return !same_process(&first, who) || others_have_used(socket, who, since) || has_given(socket, who, since);
}

/* The one who uses a socket, as far as that is known, and since when. pid 0: nobody. */
ALWAYS_INLINE __u64 newest_user(const struct owner_socket *socket, struct owner_process_key *who)
{
	if (socket->stint_count) {
		*who = newest_stint(socket)->who;
		return newest_stint(socket)->last;
	}
	if (socket->acceptor.pid) {
		*who = socket->acceptor;
		return socket->created;
	}
	*who = socket->listed ? socket->holder : socket->creator;
	return socket->listed ? socket->listed : socket->created;
}

/* A packet has left since, while another process was running. */
ALWAYS_INLINE int another_may_send(const struct owner_socket *socket, const struct owner_process_key *who, __u64 since)
{
	return socket->hint_pid && socket->hint_pid != who->pid && socket->hint_since > since;
}

__noinline int judge_socket(struct kept *kept, const struct owner_socket *socket, __u32 sends)
{
	struct owner_process_key who;
	__u64 since;

	if (!kept || !socket)
		return FOUND_OPEN;
	since = newest_user(socket, &who);
	if (!who.pid)
		return FOUND_NOTHING;
	if (may_be_wanted(kept, who.start, who.pid) || socket->holders > 1 || other_may_be_wanted(kept, socket, &who))
		return FOUND_OPEN;
	if (sends ? another_may_send(socket, &who, since) || has_given(socket, &who, since)
		  : another_may_receive(socket, &who))
		return FOUND_OPEN;
	return FOUND_UNWANTED;
}

/* A connection that nobody has accepted is its listener's. Datagrams to a socket that has been closed are for the next
 * one on the port. */
__noinline int find_socket(struct kept *kept, __u64 cookie, __u32 sends, __u32 is_datagram)
{
	const struct owner_socket *socket;
	int found;

	if (!kept)
		return FOUND_OPEN;
	follow(kept, epoch_of_socket(cookie));
	socket = bpf_map_lookup_elem(&ow_sockets, &cookie);
	if (!socket)
		return FOUND_OPEN;
	if (!sends && is_datagram && socket->closed)
		return FOUND_NOTHING;
	found = judge_socket(kept, socket, sends);
	if (found != FOUND_NOTHING)
		return found;
	cookie = socket->listener;
	follow(kept, epoch_of_socket(cookie));
	socket = bpf_map_lookup_elem(&ow_sockets, &cookie);
	found = socket ? judge_socket(kept, socket, 0) : FOUND_OPEN;
	return found == FOUND_NOTHING ? FOUND_OPEN : found;
}

/* Those who are bound to a port. Sets *is_taken if one of them takes all that comes there. */
__noinline int find_holders(struct kept *kept, const struct owner_port_key *key, int *is_taken)
{
	const struct owner_port *port;
	enum found found = FOUND_NOTHING;
	struct owner_port_key own;

	if (!kept || !key || !is_taken)
		return FOUND_OPEN;
	own = *key;
	port = bpf_map_lookup_elem(&ow_ports, &own);
	if (!port)
		return FOUND_NOTHING;
	if (port->others)
		return FOUND_OPEN;
	for (__u32 i = 0; i < OWNER_HOLDERS; i++) {
		enum found holder =
			port->cookie[i] ? (enum found)find_socket(kept, port->cookie[i], 0, 1) : FOUND_NOTHING;

		if (holder == FOUND_OPEN)
			return FOUND_OPEN;
		if (holder == FOUND_NOTHING)
			continue;
		found = FOUND_UNWANTED;
		if (!(port->partial & 1u << i))
			*is_taken = 1;
	}
	return found;
}

#endif
