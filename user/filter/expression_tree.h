/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_TREE_H
#define BPFSNIFF_EXPRESSION_TREE_H

#include <stddef.h>

enum node_kind {
	NODE_PRIMITIVE,
	NODE_NOT,
	NODE_AND,
	NODE_OR,
};

/* A part of an expression. */
struct node {
	enum node_kind kind;
	char *text;          /* of a primitive, complete: what it inherits from the one before it is written out */
	struct node *first;  /* what `not`, `and` or `or` applies to */
	struct node *next;   /* the next one of the same `and` or `or` */
	struct node *last;   /* of those that begin with `first` */
	struct node *before; /* the node that was made before this one */
};

/* Parse an expression of the simple kind that expression_fold() describes. 0, with the number of primitives; -ENOTSUP
 * for any other; or -ENOMEM. */
int expression_tree_open(const char *text, struct node **tree, struct node **all, size_t *primitives);

/* Free all nodes. Takes NULL. */
void expression_tree_close(struct node *all);

#endif
