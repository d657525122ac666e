/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_IDENTIFY_H
#define BPFSNIFF_FLOW_IDENTIFY_H

#include "compiler.h"
#include "flow_id.h"
#include "flow_key.h"

/* A flow is what goes between two endpoints, in both directions. */

/* Any order will do, as long as both directions get the same. */
ALWAYS_INLINE int flow_is_swapped(const struct flow_key *key)
{
	if (key->source[0] != key->destination[0])
		return key->source[0] > key->destination[0];
	if (key->source[1] != key->destination[1])
		return key->source[1] > key->destination[1];
	return key->source_port > key->destination_port;
}

/*
 * Exchanges by arithmetic: a pointer to one end or the other would be "pointer arithmetic prohibited" to the verifier
 * for a loader without CAP_PERFMON.
 */
ALWAYS_INLINE void flow_identify(const struct flow_key *key, struct flow_id *id)
{
	const __u64 swap = flow_is_swapped(key) ? ~0ull : 0;
	const __u64 first = (key->source[0] ^ key->destination[0]) & swap;
	const __u64 second = (key->source[1] ^ key->destination[1]) & swap;
	const __u16 port = (__u16)((key->source_port ^ key->destination_port) & swap);

	*id = (struct flow_id){
		.low = {key->source[0] ^ first, key->source[1] ^ second},
		.high = {key->destination[0] ^ first, key->destination[1] ^ second},
		.low_port = key->source_port ^ port,
		.high_port = key->destination_port ^ port,
		.protocol = key->protocol,
		.version = key->version,
	};
}

/* Each word goes through the finalizer of MurmurHash3. */
ALWAYS_INLINE __u32 flow_hash(const struct flow_id *id, __u64 seed)
{
	const __u64 words[] = {
		id->low[0],
		id->low[1],
		id->high[0],
		id->high[1],
		(__u64)id->low_port << 32 | (__u64)id->high_port << 16 | id->protocol,
	};
	__u64 hash = seed;

	UNROLL
	for (int i = 0; i < 5; i++) {
		hash ^= words[i];
		hash ^= hash >> 33;
		hash *= 0xff51afd7ed558ccdull;
		hash ^= hash >> 33;
		hash *= 0xc4ceb9fe1a85ec53ull;
	}
	return (__u32)(hash >> 32);
}

#endif
