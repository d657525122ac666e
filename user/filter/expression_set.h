/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_SET_H
#define BPFSNIFF_EXPRESSION_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct expression;
struct helper_process;

/* One expression, compiled for each link type that a file turns out to have. */
struct expression_set {
	const char *text;                      /* NULL: every frame holds */
	const struct helper_process *compiler; /* of expression_compiler.h; NULL: this process compiles */
	struct {
		uint16_t link_type;
		struct expression *expression;
	} * compiled;
	size_t count;
	char error[256]; /* libpcap's words about the link type that it cannot be compiled for */
};

/* The expression for a link type; it stays the set's. 0; -EINVAL with set->error, or -ENOMEM, when it cannot be
 * compiled for that. */
int expression_set_get(struct expression_set *set, uint16_t link_type, const struct expression **expression);

void expression_set_release(struct expression_set *set);

#endif
