/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_FOLD_H
#define BPFSNIFF_EXPRESSION_FOLD_H

#include <linux/filter.h>
#include <stddef.h>

/* Compile a part of an expression; *program is allocated. 0 or -errno. */
typedef int part_compiler(void *context, const char *part, struct sock_filter **program, size_t *count);

/*
 * libpcap takes time that grows with the square of an expression's length, so compile a long one in parts, and connect
 * their programs. Only what consists of protocols, and of numeric addresses, networks, ports and protocols, with `and`,
 * `or`, `not` and parentheses, is known to mean the same in parts. 0 with an allocated program; -ENOTSUP when the
 * expression is short or may not be divided; or another -errno.
 */
int expression_fold(const char *text, part_compiler *compile, void *context, struct sock_filter **program,
		    size_t *count);

#endif
