/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_COMPILER_H
#define BPFSNIFF_EXPRESSION_COMPILER_H

#include <stddef.h>
#include <stdint.h>

struct expression;
struct helper_process;

/*
 * Have a process of its own compile an expression for files, as the user of `user` (as in struct confinement) and
 * without any privilege: which link types a file has is known only when it is being read, and by then names cannot be
 * looked up any more. 0 or -errno.
 */
int expression_compiler_start(const char *text, const char *user, struct helper_process **compiler);

/* expression_compile_file() in that process. */
int expression_compiler_ask(const struct helper_process *compiler, uint16_t link_type, struct expression **expression,
			    char *error, size_t error_size);

#endif
