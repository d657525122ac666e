/* SPDX-License-Identifier: BSD-2-Clause */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/display_filter_internal.h"

static const char *next_quoted(const char *at, char word[DISPLAY_WORD_MAX])
{
	size_t length = strcspn(at + 1, "\"");

	snprintf(word, DISPLAY_WORD_MAX, "%.*s", (int)(length < DISPLAY_WORD_MAX ? length : DISPLAY_WORD_MAX - 1),
		 at + 1);
	return at + 1 + length + (at[1 + length] == '"');
}

const char *display_word_next(const char *at, char word[DISPLAY_WORD_MAX])
{
	static const char inside[] = "._:/-";
	size_t length = 0;

	at += strspn(at, " \t");
	if (*at == '"')
		return next_quoted(at, word);
	while (isalnum((unsigned char)at[length]) || (at[length] && strchr(inside, at[length])))
		length++;
	if (!length && *at)
		length = strspn(at, "=!<>~&|");
	if (!length && *at)
		length = 1; /* a bracket, or what no filter has */
	snprintf(word, DISPLAY_WORD_MAX, "%.*s", (int)(length < DISPLAY_WORD_MAX ? length : DISPLAY_WORD_MAX - 1), at);
	return at + length;
}

bool display_word_operator(const char *word, const char **meaning)
{
	static const char *const operators[][2] = {
		{"==", "=="}, {"=", "=="},  {"!=", "!="},       {">=", ">="},      {"<=", "<="}, {">", ">"},
		{"<", "<"},   {"eq", "=="}, {"ne", "!="},       {"ge", ">="},      {"le", "<="}, {"gt", ">"},
		{"lt", "<"},  {"~", NULL},  {"contains", NULL}, {"matches", NULL},
	};

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		if (strcmp(word, operators[i][0]) != 0)
			continue;
		*meaning = operators[i][1];
		return true;
	}
	return false;
}

const char *display_word_joint(const char *word)
{
	static const char *const joints[][2] = {{"&&", "and"}, {"||", "or"}, {"!", "not"}};

	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++)
		if (!strcmp(word, joints[i][0]))
			return joints[i][1];
	return word;
}

bool display_word_is_field(const char *word)
{
	return (isalpha((unsigned char)*word) || *word == '_') && strchr(word, '.') && !strchr(word, ':') &&
	       !strchr(word, '/');
}

const char *display_word_flag(const char *at, bool *set)
{
	char operator[DISPLAY_WORD_MAX], value[DISPLAY_WORD_MAX];
	const char *end = display_word_next(display_word_next(at, operator), value), *meaning;
	bool no = !strcmp(value, "0") || !strcasecmp(value, "false");
	bool yes = !strcmp(value, "1") || !strcasecmp(value, "true");

	*set = true;
	if (!display_word_operator(operator, & meaning))
		return at;
	if (!meaning || (!no && !yes) || (strcmp(meaning, "==") != 0 && strcmp(meaning, "!=") != 0))
		return NULL;
	*set = yes == !strcmp(meaning, "==");
	return end;
}
