/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_SYMBOLS_H
#define BPFSNIFF_KERNEL_SYMBOLS_H

#include <stdint.h>

/* The names of the running kernel's functions. */
struct kernel_symbols;

/* Read /proc/kallsyms. NULL if that fails. */
struct kernel_symbols *kernel_symbols_open(void);

/* The name of the function that a loaded program calls; the kernel has replaced the number of a helper by its distance
 * from __bpf_call_base. NULL if there is none, or if the kernel hides addresses (kptr_restrict in
 * Documentation/admin-guide/sysctl/kernel.rst). `symbols` may be NULL. */
const char *kernel_symbols_called(const struct kernel_symbols *symbols, int32_t distance);

/* Takes NULL. */
void kernel_symbols_close(struct kernel_symbols *symbols);

#endif
