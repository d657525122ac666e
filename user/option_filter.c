/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "option_keys.h"

/* The end of adding a list to the rules. */
static error_t list_added(int key, int ret, const struct rules_error *error, const char *what)
{
	char word[64];

	if (ret == 0)
		return 0;
	if (ret == -ENOMEM) {
		log_line("--%s: no memory for the list", option_name(key));
		return ENOMEM;
	}
	snprintf(word, sizeof(word), "%.*s", (int)error->length, error->word);
	return option_refuse(key, word, what);
}

static error_t add_hosts(struct parsing *parsing, int key, enum list list, const char *text)
{
	struct rules_error error;
	int ret = rules_add_hosts(&parsing->options->rules, list, text, &error);

	return list_added(key, ret, &error,
			  "is not an address or prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32");
}

static error_t add_ports(struct parsing *parsing, int key, enum list list, const char *text)
{
	struct rules_error error;
	int ret = rules_add_ports(&parsing->options->rules, list, text, &error);

	return list_added(key, ret, &error, "is not a port, a range or a service name, such as 53, 8000-8100 or https");
}

static error_t add_protocols(struct parsing *parsing, int key, const char *text)
{
	struct rules_error error;
	int ret = rules_add_protocols(&parsing->options->rules, text, &error);

	return list_added(key, ret, &error, "is not an IP protocol, such as tcp, icmp6 or 132; all keeps every frame");
}

static error_t set_direction(struct options *options, int key, const char *word)
{
	if (!strcmp(word, "in"))
		options->rules.config.directions = DIRECTION_BIT_IN;
	else if (!strcmp(word, "out"))
		options->rules.config.directions = DIRECTION_BIT_OUT;
	else if (!strcmp(word, "inout"))
		options->rules.config.directions = DIRECTION_BIT_IN | DIRECTION_BIT_OUT;
	else
		return option_refuse(key, word, "is not a direction: write in, out or inout");
	return 0;
}

error_t option_filter(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;

	switch (key) {
	case KEY_LOOPBACK:
		options->rules.config.keep_loopback = true;
		return 0;
	case KEY_PROTOCOL:
		return add_protocols(parsing, key, word);
	case KEY_HOST:
		return add_hosts(parsing, key, LIST_EITHER, word);
	case KEY_SRC:
		return add_hosts(parsing, key, LIST_SOURCE, word);
	case KEY_DST:
		return add_hosts(parsing, key, LIST_DESTINATION, word);
	case KEY_NOT_HOST:
		return add_hosts(parsing, key, LIST_NOT, word);
	case KEY_PORT:
		return add_ports(parsing, key, LIST_EITHER, word);
	case KEY_SRC_PORT:
		return add_ports(parsing, key, LIST_SOURCE, word);
	case KEY_DST_PORT:
		return add_ports(parsing, key, LIST_DESTINATION, word);
	case KEY_NOT_PORT:
		return add_ports(parsing, key, LIST_NOT, word);
	case 'Q':
		return set_direction(options, key, word);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}
