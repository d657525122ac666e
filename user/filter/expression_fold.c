/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_fold.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "filter/expression_tree.h"

enum {
	SHORT = 64, /* primitives: these libpcap compiles in hundredths of a second */
	PART = 16,  /* primitives that are compiled together */
};

/* Places of the program that are not known yet; ACCEPT and REJECT are instructions of their own at each jump there. */
enum { ACCEPT, REJECT, FIRST_PLACE };

struct folder {
	part_compiler *compile;
	void *context;
	struct sock_filter *program; /* a jump to a place has the place in k, and the code JUMP_TO_PLACE */
	size_t count, size;
	size_t *places; /* where each is */
	uint32_t place_count, place_size;
};

enum { JUMP_TO_PLACE = UINT16_MAX };

static int append(struct folder *folder, struct sock_filter insn)
{
	if (folder->count == folder->size) {
		size_t size = 2 * folder->size + 1024;
		struct sock_filter *larger = reallocarray(folder->program, size, sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		folder->program = larger;
		folder->size = size;
	}
	folder->program[folder->count++] = insn;
	return 0;
}

static int add_place(struct folder *folder, uint32_t *place)
{
	if (folder->place_count == folder->place_size) {
		uint32_t size = 2 * folder->place_size + 64;
		size_t *larger = reallocarray(folder->places, size, sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		folder->places = larger;
		folder->place_size = size;
	}
	*place = folder->place_count++;
	return 0;
}

/* Go where the part's verdict leads. */
static int append_verdict(struct folder *folder, const struct sock_filter *verdict, uint32_t yes, uint32_t no)
{
	uint32_t place = verdict->k ? yes : no;

	if (place == ACCEPT || place == REJECT)
		return append(folder, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, place == ACCEPT ? 262144 : 0));
	return append(folder, (struct sock_filter)BPF_STMT(JUMP_TO_PLACE, place));
}

static int append_part(struct folder *folder, const char *text, uint32_t yes, uint32_t no)
{
	struct sock_filter *part;
	size_t count;
	int ret = folder->compile(folder->context, text, &part, &count);

	if (ret)
		return ret;
	for (size_t i = 0; !ret && i < count; i++)
		ret = part[i].code == (BPF_RET | BPF_K) ? append_verdict(folder, &part[i], yes, no)
							: append(folder, part[i]);
	free(part);
	return ret;
}

/* The text of the next primitives of a list, at most PART, as one expression. *last is the last of them. */
static char *part_text(const struct node *first, const char *between, const struct node **last)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fputs(first->text, stream);
	*last = first;
	for (int i = 1; i < PART && (*last)->next && (*last)->next->kind == NODE_PRIMITIVE; i++) {
		*last = (*last)->next;
		fprintf(stream, " %s %s", between, (*last)->text);
	}
	if (!fclose(stream))
		return text;
	free(text);
	return NULL;
}

static int append_node(struct folder *folder, const struct node *node, uint32_t yes, uint32_t no);

/* The next part of a list, whose last node is *last. */
static int append_next(struct folder *folder, const char *between, const struct node **last, uint32_t yes, uint32_t no)
{
	const struct node *node = *last;
	char *text;
	int ret;

	if (node->kind != NODE_PRIMITIVE)
		return append_node(folder, node, yes, no);
	text = part_text(node, between, last);
	ret = text ? append_part(folder, text, yes, no) : -ENOMEM;
	free(text);
	return ret;
}

/* Whether a part of a list is its last is known only when its text is made: every part has a place behind it. */
static int append_list(struct folder *folder, const struct node *list, uint32_t yes, uint32_t no)
{
	const bool any = list->kind == NODE_OR;
	const struct sock_filter end = BPF_STMT(0, !any);

	for (const struct node *node = list->first; node; node = node->next) {
		uint32_t next;
		int ret = add_place(folder, &next);

		if (!ret)
			ret = append_next(folder, any ? "or" : "and", &node, any ? yes : next, any ? next : no);
		if (ret)
			return ret;
		folder->places[next] = folder->count;
	}
	return append_verdict(folder, &end, yes, no);
}

static int append_node(struct folder *folder, const struct node *node, uint32_t yes, uint32_t no)
{
	switch (node->kind) {
	case NODE_PRIMITIVE:
		return append_part(folder, node->text, yes, no);
	case NODE_NOT:
		return append_node(folder, node->first, no, yes);
	case NODE_AND:
	case NODE_OR:
	default:
		return append_list(folder, node, yes, no);
	}
}

/* All places lie behind the jumps to them. */
static void connect(const struct folder *folder)
{
	for (size_t pc = 0; pc < folder->count; pc++) {
		struct sock_filter *insn = &folder->program[pc];

		if (insn->code == (uint16_t)JUMP_TO_PLACE)
			*insn = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA,
							     (uint32_t)(folder->places[insn->k] - pc - 1));
	}
}

static int fold(struct folder *folder, const struct node *tree)
{
	uint32_t place;
	int ret = 0;

	for (int i = 0; !ret && i < FIRST_PLACE; i++)
		ret = add_place(folder, &place);
	if (!ret)
		ret = append_node(folder, tree, ACCEPT, REJECT);
	if (!ret)
		connect(folder);
	free(folder->places);
	return ret;
}

int expression_fold(const char *text, part_compiler *compile, void *context, struct sock_filter **program,
		    size_t *count)
{
	struct folder folder = {.compile = compile, .context = context};
	struct node *tree, *all;
	size_t primitives;
	int ret = expression_tree_open(text, &tree, &all, &primitives);

	if (!ret)
		ret = primitives > SHORT ? fold(&folder, tree) : -ENOTSUP;
	expression_tree_close(all);
	if (ret) {
		free(folder.program);
		return ret;
	}
	*program = folder.program;
	*count = folder.count;
	return 0;
}
