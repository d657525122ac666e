/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PROGRAM_REACH_H
#define BPFSNIFF_PROGRAM_REACH_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A field of a frame whose value is known. */
struct known_field {
	uint32_t offset; /* from the start of the frame */
	uint16_t size;   /* BPF_B, BPF_H or BPF_W */
	uint32_t value;  /* host byte order */
};

/* Whether a classic BPF program may accept a frame with these fields. It is followed on every path that they leave
 * open, so `true` is a maybe and `false` is certain; also `true` for a loop, and without memory. */
bool program_may_accept(const struct sock_filter *program, size_t count, const struct known_field *fields,
			size_t field_count);

#endif
