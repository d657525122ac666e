/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/host_names.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/text_builder.h"
#include "cli/option_typed.h"
#include "cli/options.h"

enum {
	NAME_LENGTH_MAX = 253, /* RFC 1035, 2.3.4, without the last dot */
	FOUND_MAX = 1024,      /* bytes of the addresses in a message, which is cut there */
};

bool host_names_is_name(const char *item, size_t length)
{
	bool has_letter = false;

	for (size_t i = 0; i < length; i++) {
		if (!isalnum((unsigned char)item[i]) && !strchr("-._", item[i]))
			return false;
		has_letter |= isalpha((unsigned char)item[i]) != 0;
	}
	return has_letter && length <= NAME_LENGTH_MAX && isalnum((unsigned char)*item);
}

int host_names_add(struct host_names *names, int key, enum list list, const char *name, size_t length)
{
	struct host_name *items = reallocarray(names->items, names->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	names->items = items;
	items[names->count] = (struct host_name){strndup(name, length), key, list};
	if (!items[names->count].name)
		return -ENOMEM;
	names->count++;
	return 0;
}

/* Add an address that was found to the list, and to the text of those that were. 0 or -errno. */
static int take_address(struct filter_spec *spec, enum list list, const struct addrinfo *address,
			struct text_builder *found)
{
	char text[NI_MAXHOST];

	if (getnameinfo(address->ai_addr, address->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST))
		return -EINVAL;
	text[strcspn(text, "%")] = '\0'; /* a zone */
	text_builder_add(found, "%s%s", found->length ? ", " : "", text);
	return filter_spec_add_address(spec, list, text);
}

static int refuse(const struct host_name *name, int error)
{
	const char *why = error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);

	if (error == EAI_NONAME || error == EAI_NODATA || error == EAI_FAIL)
		log_line("%s: unknown host '%s'; write an address, or a name that can be looked up",
			 option_typed(name->key), name->name);
	else
		log_line("%s: cannot look up '%s': %s; write an address", option_typed(name->key), name->name, why);
	return error == EAI_AGAIN || error == EAI_SYSTEM ? EXIT_FAILURE : EXIT_USAGE;
}

static int look_up(const struct host_name *name, struct filter_spec *spec, bool quiet)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses;
	char text[FOUND_MAX];
	struct text_builder found = text_builder_begin(text, sizeof(text));
	int ret = getaddrinfo(name->name, NULL, &hints, &addresses);

	if (ret)
		return refuse(name, ret);
	for (const struct addrinfo *address = addresses; address && !ret; address = address->ai_next)
		ret = take_address(spec, name->list, address, &found);
	freeaddrinfo(addresses);
	if (!ret)
		ret = filter_spec_note_host(spec, name->list, name->name);
	if (ret)
		log_line("%s: out of memory for the addresses of '%s'", option_typed(name->key), name->name);
	else if (!quiet)
		log_line("%s: '%s' is %s", option_typed(name->key), name->name, found.text);
	return ret ? EXIT_FAILURE : 0;
}

int host_names_look_up(const struct host_names *names, struct filter_spec *spec, bool quiet)
{
	int status = 0;

	for (size_t i = 0; i < names->count && !status; i++)
		status = look_up(&names->items[i], spec, quiet);
	return status;
}

void host_names_release(struct host_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].name);
	free(names->items);
}
