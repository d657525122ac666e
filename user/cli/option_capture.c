/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_internal.h"
#include "sandbox/drop_privileges.h"

/* Add a name, the first `length` bytes of a text. 0 or ENOMEM. */
static error_t add_interface(struct options *options, const char *text, size_t length)
{
	const char **names;
	char *name;

	for (size_t i = 0; i < options->interface_count; i++)
		if (strlen(options->interfaces[i]) == length && !strncmp(options->interfaces[i], text, length))
			return 0;
	names = reallocarray(options->interfaces, options->interface_count + 1, sizeof(char *));
	if (!names)
		return ENOMEM;
	options->interfaces = names;
	name = strndup(text, length);
	if (!name)
		return ENOMEM;
	names[options->interface_count++] = name;
	return 0;
}

static error_t add_interfaces(struct options *options, int key, const char *text)
{
	for (const char *name = text;; name++) {
		size_t length = strcspn(name, ",");
		error_t ret = length ? add_interface(options, name, length)
				     : option_refuse(key, text, "has an empty item; put one comma between names");

		name += length;
		if (ret || !*name)
			return ret;
	}
}

/* USER or USER:GROUP. 0, or EINVAL after one line on standard error. */
static error_t set_user(struct options *options, int key, const char *word)
{
	size_t length = strcspn(word, ":");
	struct user user;
	char name[sizeof(user.name)], advice[OPTION_ADVICE_MAX];

	options->user = word;
	if (!user_find(word, &user))
		return 0;
	snprintf(name, sizeof(name), "%.*s:0", (int)length, word);
	if (word[length] && !user_find(name, &user))
		return option_refuse(key, word + length + 1, "is not a group of this system; write a name or a number");
	name[length < sizeof(name) ? length : 0] = '\0';
	snprintf(advice, sizeof(advice), "has no entry in passwd(5), so its group is unknown; write %.64s:GROUP", name);
	if (!word[length] && *name && !name[strspn(name, "0123456789")])
		return option_refuse(key, name, advice);
	return option_refuse(key, name, "is not a user of this system; write a name, a number, or USER:GROUP");
}

error_t option_capture(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;
	uint64_t number = 0;
	error_t ret;

	switch (key) {
	case 'i':
		ret = option_refuse_blanks(parsing, key, word);
		return ret ? ret : add_interfaces(options, key, word);
	case 'D':
		options->list_interfaces = true;
		return 0;
	case KEY_NETNS:
		if (options->netns)
			return option_refuse(key, word, "is a second namespace; a capture can be in only one");
		options->netns = word;
		return 0;
	case 'p':
		options->no_promiscuous = true;
		return 0;
	case 's':
		ret = option_number(key, word, 0, SNAPLEN_MAX, &number);
		options->snaplen = number ? (uint32_t)number : SNAPLEN_MAX; /* 0 as in tcpdump */
		return ret;
	case 'B':
		ret = option_number(key, word, 1, UINT32_MAX / 1024, &number);
		options->buffer_size = number * 1024;
		return ret;
	case 'c':
		return option_number(key, word, 1, UINT64_MAX, &options->count);
	case 'Z':
		return set_user(options, key, word);
	case KEY_DURATION:
		return option_seconds(key, word, &options->duration_ns);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}
