/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_tree.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUALIFIERS_MAX = 64, /* bytes */
	DEPTH_MAX = 100,
};

#define BLANKS    " \t\r\n"
#define WORD_ENDS BLANKS "()!&|"

struct parser {
	const char *at;
	struct node *all;
	size_t primitives;
	unsigned int depth;
	char qualifiers[QUALIFIERS_MAX]; /* of the last primitive, which a bare number or address inherits; "": none */
	bool only_numbers;               /* inside `host (...)`, where no qualifier may stand */
	int error;
};

/* The words before an address or number, of those that keep their meaning wherever they stand. */
static bool is_qualifier(const char *word, size_t length)
{
	static const char *const words[] = {"ip",   "ip6", "arp", "rarp", "tcp", "udp",  "sctp",      "icmp",  "icmp6",
					    "igmp", "src", "dst", "host", "net", "port", "portrange", "proto", "ether"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == length && !memcmp(words[i], word, length))
			return true;
	return false;
}

/* The qualifiers that are primitives by themselves. */
static bool is_protocol(const char *word, size_t length)
{
	static const char *const others[] = {"src", "dst", "host", "net", "port", "portrange", "proto", "ether"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strlen(others[i]) == length && !memcmp(others[i], word, length))
			return false;
	return is_qualifier(word, length);
}

/* An address, a network or a number, and no name. */
static bool is_numeric(const char *word, size_t length)
{
	if (strspn(word, "0123456789abcdefABCDEFx.:/-") < length)
		return false;
	return (*word >= '0' && *word <= '9') || memchr(word, ':', length);
}

static struct node *fail(struct parser *parser, int error)
{
	if (!parser->error)
		parser->error = error;
	return NULL;
}

static struct node *add_node(struct parser *parser, enum node_kind kind)
{
	struct node *node = calloc(1, sizeof(*node));

	if (!node)
		return fail(parser, -ENOMEM);
	node->kind = kind;
	node->before = parser->all;
	parser->all = node;
	return node;
}

static void add_child(struct node *parent, struct node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

static size_t word_length(struct parser *parser)
{
	parser->at += strspn(parser->at, BLANKS);
	return strcspn(parser->at, WORD_ENDS);
}

/* Take a word, or its sign, if it is next. */
static bool take(struct parser *parser, const char *word, const char *sign)
{
	size_t length = word_length(parser);

	if (length == strlen(word) && !memcmp(parser->at, word, length))
		parser->at += length;
	else if (*sign && !strncmp(parser->at, sign, strlen(sign)))
		parser->at += strlen(sign);
	else
		return false;
	return true;
}

static struct node *primitive(struct parser *parser, const char *word, size_t length)
{
	struct node *node = add_node(parser, NODE_PRIMITIVE);
	const char *qualifiers = parser->qualifiers;

	if (!node)
		return NULL;
	parser->primitives++;
	if (asprintf(&node->text, "%s%s%.*s", qualifiers, *qualifiers ? " " : "", (int)length, word) >= 0)
		return node;
	node->text = NULL;
	return fail(parser, -ENOMEM);
}

static struct node *operand(struct parser *parser);
static struct node *chain(struct parser *parser);

/* What stands in parentheses; `qualified`: they come after qualifiers. */
static struct node *group(struct parser *parser, bool qualified)
{
	const bool before = parser->only_numbers;
	struct node *node;

	/* Numbers without qualifiers in such a group would have to stand alone; nobody writes that. */
	if (++parser->depth > DEPTH_MAX || (!qualified && !before && is_numeric(parser->at, word_length(parser))))
		return fail(parser, -ENOTSUP);
	parser->only_numbers |= qualified;
	node = chain(parser);
	parser->only_numbers = before;
	*parser->qualifiers = '\0'; /* what follows would inherit from before the parentheses */
	parser->depth--;
	return node && take(parser, ")", ")") ? node : fail(parser, -ENOTSUP);
}

static struct node *negation(struct parser *parser)
{
	struct node *not = add_node(parser, NODE_NOT), *child;

	if (!not || ++parser->depth > DEPTH_MAX)
		return fail(parser, -ENOTSUP);
	child = operand(parser);
	parser->depth--;
	if (!child)
		return NULL;
	add_child(not, child);
	return not ;
}

/* What comes behind this word; NULL: another one is here. */
static const char *behind(const char *at, const char *word)
{
	const size_t length = strlen(word);

	if (strcspn(at, WORD_ENDS) != length || memcmp(at, word, length) != 0)
		return NULL;
	return at + length + strspn(at + length, BLANKS);
}

/* The bytes of `src or dst` and its like, which are one qualifier; 0: none is here. */
static size_t both_directions(const char *at)
{
	static const char *const pairs[][3] = {
		{"src", "or", "dst"}, {"dst", "or", "src"}, {"src", "and", "dst"}, {"dst", "and", "src"}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		const char *end = at;

		for (size_t word = 0; end && word < 3; word++)
			end = behind(end, pairs[i][word]);
		if (end)
			return (size_t)(end - at);
	}
	return 0;
}

/* Read the words that come before an address or a number. How many there are. */
static size_t take_qualifiers(struct parser *parser, const char **last, size_t *last_length)
{
	char *qualifiers = parser->qualifiers;
	size_t count = 0, used = 0;

	for (;; count++) {
		size_t word = word_length(parser), both = both_directions(parser->at);
		size_t length = both ? both : word;

		if ((!both && !is_qualifier(parser->at, word)) || used + length + 2 > QUALIFIERS_MAX)
			return count;
		used += (size_t)sprintf(qualifiers + used, "%s%.*s", count ? " " : "", (int)length, parser->at);
		*last = parser->at;
		*last_length = length;
		parser->at += length;
	}
}

/* What `and`, `or` and `not` apply to. */
static struct node *operand(struct parser *parser)
{
	const char *word = NULL;
	size_t length = 0, count;

	if (take(parser, "not", "!"))
		return negation(parser);
	count = take_qualifiers(parser, &word, &length);
	if (count && parser->only_numbers)
		return fail(parser, -ENOTSUP);
	if (take(parser, "(", "("))
		return group(parser, count > 0);
	if (is_numeric(parser->at, word_length(parser)) && *parser->qualifiers) {
		word = parser->at;
		length = word_length(parser);
		parser->at += length;
		return primitive(parser, word, length);
	}
	*parser->qualifiers = '\0';
	return count == 1 && is_protocol(word, length) ? primitive(parser, word, length) : fail(parser, -ENOTSUP);
}

/* `and` and `or` bind equally, from the left. */
static struct node *chain(struct parser *parser)
{
	struct node *left = operand(parser);

	while (left) {
		enum node_kind kind = take(parser, "or", "||")    ? NODE_OR
				      : take(parser, "and", "&&") ? NODE_AND
								  : NODE_NOT;
		struct node *right, *both = left;

		if (kind == NODE_NOT)
			return left;
		right = operand(parser);
		if (right && left->kind != kind) {
			both = add_node(parser, kind);
			if (both)
				add_child(both, left);
		}
		if (!right || !both)
			return NULL;
		add_child(both, right);
		left = both;
	}
	return NULL;
}

int expression_tree_open(const char *text, struct node **tree, struct node **all, size_t *primitives)
{
	struct parser parser = {.at = text};

	*tree = chain(&parser);
	word_length(&parser);
	if (*tree && *parser.at)
		fail(&parser, -ENOTSUP);
	*all = parser.all;
	*primitives = parser.primitives;
	return parser.error;
}

void expression_tree_close(struct node *all)
{
	while (all) {
		struct node *before = all->before;

		free(all->text);
		free(all);
		all = before;
	}
}
