/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_IN_PLACE_MARKS_H
#define BPFSNIFF_IN_PLACE_MARKS_H

/*
 * Numbers in the instructions of bpf/in_place.h, in place of which user space writes those of the running kernel before
 * it loads a program. No other instruction of that kind has one of them.
 */
enum in_place_mark {
	/* offsets of 16-bit, 32-bit and 64-bit loads: of a member of struct sk_buff */
	IN_PLACE_NETWORK_HEADER = 0x7f01,
	IN_PLACE_TAIL = 0x7f02,
	IN_PLACE_HEAD = 0x7f03,
	/* numbers of helpers: of a kernel function */
	IN_PLACE_CAST_TO_KERN_CTX = 0x7f000001,
	IN_PLACE_RDONLY_CAST = 0x7f000002,
	/* constants: of a type */
	IN_PLACE_TYPE = 0x7f000003,
};

/* Bytes that are read behind a pointer of that type, at most: 64-bit words. */
enum { IN_PLACE_MOST = 56 };

#endif
