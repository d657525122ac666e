/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_SYMBOLS_H
#define BPFSNIFF_KERNEL_SYMBOLS_H

#include <stdint.h>

/* The names of the running kernel's functions. */
struct kernel_symbols;

/* NULL when there is no memory or no /proc/kallsyms. */
struct kernel_symbols *kernel_symbols_open(void);

/* The function that a loaded program calls: `distance` is its from __bpf_call_base, where the kernel keeps the number
 * of a helper. NULL when the kernel does not tell (kptr_restrict in Documentation/admin-guide/sysctl/kernel.rst). Takes
 * a NULL too. */
const char *kernel_symbols_called(const struct kernel_symbols *symbols, int32_t distance);

void kernel_symbols_close(struct kernel_symbols *symbols);

#endif
