/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_IN_PLACE_H
#define BPFSNIFF_BPF_IN_PLACE_H

#include "vmlinux.h"

#include "compiler.h"
#include "in_place_marks.h"

/*
 * The bytes of a frame where they are, without a call: the kernel's own struct sk_buff says where, and the verifier
 * lets bpf_rdonly_cast() make a pointer of any number, behind which a load that faults reads zero. What depends on the
 * running kernel is left open in the instructions, and user space fills it in (user/ebpf/in_place.c).
 */

static void *(*const cast_to_kern_ctx)(void *context) = (void *)IN_PLACE_CAST_TO_KERN_CTX;
static const void *(*const rdonly_cast)(__u64 address, __u32 type) = (void *)IN_PLACE_RDONLY_CAST;

#define OPEN_FIELD(bits, skb, offset)                                                                    \
	({                                                                                               \
		__u64 field_;                                                                            \
		asm("%0 = *(u" #bits " *)(%1 + %[open])" : "=r"(field_) : "r"(skb), [open] "i"(offset)); \
		field_;                                                                                  \
	})

/* Where the network header begins, and how many bytes of the linear part there are from there on. */
struct in_place {
	__u64 start;
	__u64 length;
};

/* What skb_network_header() and skb_tail_pointer() (<linux/skbuff.h>) say, of which the helper takes its limits too. */
ALWAYS_INLINE struct in_place in_place_of(struct __sk_buff *context)
{
	const void *skb = cast_to_kern_ctx(context);
	__u64 network = OPEN_FIELD(16, skb, IN_PLACE_NETWORK_HEADER), tail = OPEN_FIELD(32, skb, IN_PLACE_TAIL);

	return (struct in_place){
		.start = OPEN_FIELD(64, skb, IN_PLACE_HEAD) + network,
		.length = tail > network ? tail - network : 0,
	};
}

/* Copy bytes in words as long as possible: 0, or -1 when they are not all in the linear part. `to` is aligned to 8. */
ALWAYS_INLINE int in_place_load(const struct in_place *place, __u32 offset, void *to, __u32 length)
{
	const void *from;
	__u32 type;

	if ((__u64)offset + length > place->length)
		return -1;
	asm("%0 = %[open]" : "=r"(type) : [open] "i"(IN_PLACE_TYPE));
	from = rdonly_cast(place->start + offset, type);
	__builtin_memcpy(__builtin_assume_aligned(to, 8), __builtin_assume_aligned(from, 8), length);
	return 0;
}

#endif
