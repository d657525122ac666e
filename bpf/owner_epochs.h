/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_EPOCHS_H
#define BPFSNIFF_OWNER_EPOCHS_H

#include "owner_shared_maps.h"

/*
 * The filter keeps its verdict on a flow (bpf/choice_kept.h) until what it has looked up changes. Everything that it
 * looks up belongs to an epoch, a counter, which is read before the look-up and raised after each change that may
 * make an unwanted packet a wanted one:
 *
 *	a flow: the socket that it is tied to (tie_flow(), place_old())
 *	a port: its holders (hold_port())
 *	a socket: a new user (note_use()), a sender that may be another (note_hint()), who has it open (note_holder()),
 *		who has accepted it (accepted()), its end (ow_release())
 *	a process: that it may have given its sockets to others, and exit, even if it is not in ow_processes (any more);
 *		whatever enters there, and its user and group (note_process(), note_holder()); another name, in
 *		ow_family (family_rename())
 *
 * A change the other way raises nothing: the filter asks again soon, and the reader takes back what is too much. An
 * eviction changes nothing of what was true. A socket's creator and its listener are noted before a packet can belong
 *to the socket. A new choice comes with a new filter, which has kept nothing yet.
 *
 * Several share an epoch, which costs a look-up more now and then.
 *
 * What is changed is stored before its epoch is raised, and an epoch is read before what it counts is looked up. That
 * others see both in this order is the machine's doing: x86 reorders neither stores with stores nor loads with loads
 * (total store order). On a machine that does, the addition would have to return the old value (BPF_FETCH, which orders
 * all before it and behind it), and follow() would have to read with an acquiring load; the instruction set of these
 * programs (-mcpu=v2) has neither. A verdict is only kept wrong if a packet is judged within the time in which the
 * stores and loads pass each other, some tens of nanoseconds, and then until the next change.
 */
enum { EPOCH_NONE }; /* is never raised */

ALWAYS_INLINE struct owner_epochs *epochs_now(void)
{
	__u32 first = 0;

	return bpf_map_lookup_elem(&ow_epochs, &first);
}

ALWAYS_INLINE __u32 epoch_of_number(__u64 number)
{
	return 1 + (__u32)((number * 0x9e3779b97f4a7c15ull >> 32) * (OWNER_EPOCHS - 1) >> 32);
}

/* The same for both directions. */
ALWAYS_INLINE __u32 epoch_of_flow(const struct owner_flow_key *key)
{
	return epoch_of_number(key->local[0] + key->remote[0] + key->local[1] + key->remote[1] + key->local_port +
			       key->remote_port);
}

ALWAYS_INLINE __u32 epoch_of_port(__u32 port, __u32 protocol)
{
	return epoch_of_number((__u64)protocol << 32 | port);
}

ALWAYS_INLINE __u32 epoch_of_socket(__u64 cookie)
{
	return epoch_of_number(~cookie);
}

ALWAYS_INLINE __u32 epoch_of_process(__u64 start, __u32 pid)
{
	return epoch_of_number(start ^ (__u64)pid << 40);
}

/* Where an epoch is counted. The compiler would leave out the mask, which the verifier needs. */
ALWAYS_INLINE __u64 *count_of(struct owner_epochs *epochs, __u32 epoch)
{
	barrier_var(epoch);
	return &epochs->of[epoch & (OWNER_EPOCHS - 1)];
}

ALWAYS_INLINE void raise_epoch(__u32 epoch)
{
	struct owner_epochs *epochs = epochs_now();

	if (epochs)
		__sync_fetch_and_add(count_of(epochs, epoch), 1);
}

ALWAYS_INLINE void raise_process(const struct owner_process_key *who)
{
	raise_epoch(epoch_of_process(who->start, who->pid));
}

#endif
