/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_ALONE_H
#define BPFSNIFF_OWNER_ALONE_H

#include "compiler.h"
#include "owner_abi.h"

/*
 * Whether a process is the only one that has a socket open. The kernel tells of no descriptor that a process gets: a
 * child inherits them, and others are passed over a Unix socket (SCM_RIGHTS). So it is the only one as long as it has
 * done neither since it was known to be.
 */

ALWAYS_INLINE int same_process(const struct owner_process_key *a, const struct owner_process_key *b)
{
	return a->pid == b->pid && a->start == b->start;
}

/* The process that has used a socket last; `stint_count` is not 0. */
ALWAYS_INLINE const struct owner_stint *newest_stint(const struct owner_socket *socket)
{
	return &socket->stints[(socket->stint_count - 1) & (OWNER_STINTS - 1)];
}

/* Who was the only one, and since when: the one found by the iterator, the creator, or, of a connection, who accepted
 * it. If that was not seen, it was who has used it first, unless that process may have been born to the acceptor. pid
 * 0: nobody is known. */
ALWAYS_INLINE struct owner_process_key first_holder(const struct owner_socket *socket, __u64 *since)
{
	const struct owner_process_key nobody = {0};

	*since = socket->listed ? socket->listed : socket->created;
	if (socket->listed)
		return socket->holder;
	if (socket->creator.pid)
		return socket->creator;
	if (socket->acceptor.pid)
		return socket->acceptor;
	if (!socket->stint_count || socket->stint_count > OWNER_STINTS || socket->stints[0].who.start >= *since)
		return nobody;
	return socket->stints[0].who;
}

/* Whether a socket has been used since by another process. Of older stints than are kept it may have been. */
ALWAYS_INLINE int others_have_used(const struct owner_socket *socket, const struct owner_process_key *who, __u64 since)
{
	__u32 oldest = socket->stint_count & (OWNER_STINTS - 1);

	if (socket->stint_count > OWNER_STINTS && socket->stints[oldest].since > since)
		return 1;
	for (__u32 i = 0; i < OWNER_STINTS; i++)
		if (socket->stints[i].who.pid && socket->stints[i].last > since &&
		    !same_process(&socket->stints[i].who, who))
			return 1;
	return 0;
}

/* Whether a process may have given a socket to another one since. By its end it has not, if it has closed the socket by
 * that, as the last one (ow_release() notes it as a user). */
ALWAYS_INLINE int may_have_given(const struct owner_process *process, const struct owner_process_key *who,
				 const struct owner_socket *socket, __u64 since)
{
	if (process->gave >= since)
		return 1;
	if (!process->exited || process->exited < since)
		return 0;
	return !socket->closed || !socket->stint_count ||
	       (socket->closed > process->exited && !same_process(&newest_stint(socket)->who, who));
}

#endif
