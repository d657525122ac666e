/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_TYPES_H
#define BPFSNIFF_KERNEL_TYPES_H

#include <stddef.h>
#include <stdint.h>

struct btf_type;

/* The types and functions of the running kernel (Documentation/bpf/btf.rst), read by hand: libbpf takes 30 ms and 10
 * MiB to find four of the 130,000. */
struct kernel_types;

enum { KERNEL_TYPES_WANTED = 4 };

/* What to look for, and where it was found. */
struct kernel_type {
	const char *name;
	uint32_t kind; /* BTF_KIND_STRUCT, BTF_KIND_FUNC */
	uint32_t id;   /* 0: not found */
};

/* Read the types, and find some of them (NULL: none). NULL if the kernel does not tell them, or without memory. */
struct kernel_types *kernel_types_open(struct kernel_type wanted[KERNEL_TYPES_WANTED]);

/* The offset of a member of a structure, also within structures and unions without a name, in bytes; -1 if there is
 * none. */
int kernel_types_member(const struct kernel_types *types, uint32_t id, const char *name);

/* One after the other, in the order of their ids, which are from 1; NULL behind the last. Each is followed by its
 * members, as in the file. *at begins with 0. */
const struct btf_type *kernel_types_next(const struct kernel_types *types, size_t *at);
const char *kernel_types_string(const struct kernel_types *types, uint32_t offset);

/* Takes NULL. */
void kernel_types_close(struct kernel_types *types);

#endif
