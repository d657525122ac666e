/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_CHOICE_KEPT_H
#define BPFSNIFF_CHOICE_KEPT_H

#include "owner_epochs.h"
#include "stage_maps.h"

/* The verdicts on the last packets, kept until what they follow from changes (bpf/owner_epochs.h). */

enum {
	KEPT = 400,   /* the entry of a per-CPU map may have 32 KiB (PCPU_MIN_UNIT_SIZE) */
	FOLLOWS = 14, /* from so many epochs, at most */
};

/* What a verdict depends on beside the maps. */
struct packet_id {
	__u64 source[2], destination[2];
	__u64 rest; /* ports, protocol, enum packet_way; 0: no verdict is kept */
};

enum packet_way { WAY_LEAVES = 1, WAY_LOOPBACK = 2, WAY_SET = 4 };

struct kept {
	struct packet_id id;
	__u64 sum; /* of the epochs, which only grow; if it may pass, of jiffies too */
	__u16 epochs[FOLLOWS];
	__u16 epoch_count; /* may be more */
	__u16 may_pass;
};

struct verdicts {
	struct kept kept[KEPT];
};

_Static_assert(sizeof(struct verdicts) <= 32768, "the verdicts fit into the entry of a per-CPU map");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct verdicts);
} bs_verdicts SEC(".maps");

ALWAYS_INLINE struct packet_id packet_id(const struct flow_key *key, __u32 way)
{
	return (struct packet_id){
		.source = {key->source[0], key->source[1]},
		.destination = {key->destination[0], key->destination[1]},
		.rest = (__u64)(way | WAY_SET) << 40 | (__u64)key->protocol << 32 | (__u32)key->source_port << 16 |
			key->destination_port,
	};
}

/* The place for the verdict on a packet, whatever it has now. */
ALWAYS_INLINE struct kept *place_of(const struct packet_id *id)
{
	__u64 hash = (id->source[0] ^ id->source[1]) * 0x9e3779b97f4a7c15ull;
	struct verdicts *verdicts;
	__u32 first = 0;

	hash = (hash >> 32 ^ hash ^ id->destination[0] ^ id->destination[1]) * 0xff51afd7ed558ccdull;
	hash = (hash >> 32 ^ hash ^ id->rest) * 0xc4ceb9fe1a85ec53ull;
	verdicts = bpf_map_lookup_elem(&bs_verdicts, &first);
	return verdicts ? &verdicts->kept[(hash >> 32) * KEPT >> 32] : 0;
}

ALWAYS_INLINE __u64 sum_now(const struct kept *kept)
{
	const struct owner_epochs *now = epochs_now();
	__u64 sum = 0;

	if (!now)
		return 0;
	UNROLL
	for (int i = 0; i < FOLLOWS; i++) {
		if (i >= kept->epoch_count)
			break;
		sum += now->of[kept->epochs[i] & (OWNER_EPOCHS - 1)];
	}
	return kept->may_pass ? sum + bpf_jiffies64() : sum;
}

/* What may pass is asked again in the next jiffy: it may have been in doubt only. */
ALWAYS_INLINE int is_kept(const struct kept *kept, const struct packet_id *id)
{
	return kept->id.rest == id->rest && kept->id.source[1] == id->source[1] &&
	       kept->id.destination[1] == id->destination[1] && kept->id.source[0] == id->source[0] &&
	       kept->id.destination[0] == id->destination[0] && kept->sum == sum_now(kept);
}

/* Begin a verdict, before the first look-up. */
ALWAYS_INLINE void kept_begin(struct kept *kept, const struct packet_id *id)
{
	kept->id = *id;
	kept->id.rest = 0;
	kept->sum = 0;
	kept->epoch_count = 0;
}

/* The verdict follows from an epoch. Call this before the look-up. */
ALWAYS_INLINE void follow(struct kept *kept, __u32 epoch)
{
	struct owner_epochs *now = epochs_now();
	__u32 count = kept->epoch_count;

	if (now)
		kept->sum += *count_of(now, epoch);
	if (count < FOLLOWS)
		kept->epochs[count] = (__u16)epoch;
	kept->epoch_count = (__u16)(count + 1);
}

/* Keep it, unless it follows from too much. */
ALWAYS_INLINE void kept_end(struct kept *kept, const struct packet_id *id, int may_pass)
{
	kept->may_pass = (__u16)may_pass;
	if (may_pass)
		kept->sum += bpf_jiffies64();
	if (kept->epoch_count <= FOLLOWS)
		kept->id.rest = id->rest;
}

#endif
