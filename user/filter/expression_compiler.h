/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_COMPILER_H
#define BPFSNIFF_EXPRESSION_COMPILER_H

#include <stddef.h>
#include <stdint.h>

struct expression;
struct helper_process;

/*
 * Start a process that compiles an expression for files, without any privilege and as the user `user` (as in struct
 * confinement). The link types of a file are known only while it is read, and by then this process is confined and
 * cannot look up names. `text` must outlive the call only. 0 or -errno.
 */
int expression_compiler_start(const char *text, const char *user, struct helper_process **compiler);

/* Run expression_compile_file() in that process. Returns what it returns; -EINTR when SIGINT, SIGTERM or
 * SIGHUP, which must be blocked, came meanwhile, after which the process is of no more use; or another -errno if it is
 * gone. */
int expression_compiler_ask(const struct helper_process *compiler, uint16_t link_type, struct expression **expression,
			    char *error, size_t error_size);

#endif
