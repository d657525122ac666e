/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_SET_H
#define BPFSNIFF_EXPRESSION_SET_H

#include <stddef.h>
#include <stdint.h>

struct expression;
struct helper_process;

/* One expression, compiled for each link type that appears in a file. Zero it and set `text` to begin with. */
struct expression_set {
	const char *text;                      /* the expression, which stays the caller's */
	const struct helper_process *compiler; /* see expression_compiler.h; NULL: compile in this process */
	struct {
		uint16_t link_type;
		struct expression *expression;
	} * compiled;
	size_t count;
	char error[256]; /* libpcap's message when it cannot be compiled for a link type */
};

/* Get the expression for a link type, which stays the set's; compile it first if need be. 0, -ENOMEM, or -EINVAL with
 * set->error if it cannot be compiled for the link type. */
int expression_set_get(struct expression_set *set, uint16_t link_type, const struct expression **expression);

/* Takes a zeroed set too. */
void expression_set_release(struct expression_set *set);

#endif
