/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/capture_setup.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/interface_query.h"
#include "ebpf/kernel_probe.h"
#include "filter/expression.h"
#include "sandbox/capabilities.h"

static bool listens_everywhere(const struct options *options)
{
	for (size_t i = 0; i < options->interface_count; i++)
		if (!strcmp(options->interfaces[i], "any"))
			return true;
	return options->interface_count == 0;
}

void kernel_side_init(struct kernel_side *side)
{
	memset(side, 0, sizeof(*side));
	memset(side->fds, -1, sizeof(side->fds));
}

/* A name, or as in tcpdump the number that -D shows. The index, with the name that it goes by; 0: there is none. */
static unsigned int find_interface(const char *word, char name[IF_NAMESIZE])
{
	unsigned int index = if_nametoindex(word);

	if (!index && word[strspn(word, "0123456789")] == '\0') {
		unsigned long number = strtoul(word, NULL, 10);

		index = number <= UINT_MAX ? (unsigned int)number : 0;
	}
	return index && if_indextoname(index, name) ? index : 0;
}

/* An interface may have several names. */
static bool is_chosen(const struct kernel_side *side, unsigned int ifindex)
{
	for (size_t i = 0; i < side->count; i++)
		if (side->ifindexes[i] == ifindex)
			return true;
	return false;
}

/* Standard output may be a pipe to someone who looks at it. */
static bool writes_only_a_file(const struct options *options)
{
	return options->write_path && strcmp(options->write_path, "-") != 0 && !options->text;
}

int kernel_side_choose_interfaces(struct kernel_side *side, const struct options *options)
{
	side->promiscuous = !options->no_promiscuous;
	side->buffer_size = options->buffer_size;
	side->patient = writes_only_a_file(options);
	if (listens_everywhere(options)) {
		snprintf(side->names[side->count++], IF_NAMESIZE, "any");
		return 0;
	}
	if (options->interface_count > KERNEL_SIDE_SOCKETS) {
		log_line("%zu interfaces are too many to name, %d at most: -i any is every one",
			 options->interface_count, KERNEL_SIDE_SOCKETS);
		return -E2BIG;
	}
	for (size_t i = 0; i < options->interface_count; i++) {
		unsigned int ifindex = find_interface(options->interfaces[i], side->names[side->count]);

		if (!ifindex) {
			log_line("there is no interface '%s': bpfsniff -D lists those that there are",
				 options->interfaces[i]);
			return -ENODEV;
		}
		if (!is_chosen(side, ifindex))
			side->ifindexes[side->count++] = ifindex;
	}
	return 0;
}

/* The name of one of the interfaces, "any" for every one. */
static const char *name_of(const struct kernel_side *side, size_t index, char name[IF_NAMESIZE])
{
	if (!side->ifindexes[index] || !if_indextoname(side->ifindexes[index], name))
		snprintf(name, IF_NAMESIZE, "%s", side->ifindexes[index] ? "?" : "any");
	return name;
}

/* Interfaces that are down send no frames: tunnel devices often stand about like that. */
static bool names_have_one_link_type(const struct if_nameindex *interfaces, char names[2][IF_NAMESIZE])
{
	const struct if_nameindex *first = NULL;

	for (const struct if_nameindex *other = interfaces; other->if_index; other++) {
		if (!interface_is_up(other->if_name))
			continue;
		first = first ? first : other;
		if (interface_link_type(other->if_name) == interface_link_type(first->if_name))
			continue;
		snprintf(names[0], IF_NAMESIZE, "%s", first->if_name);
		snprintf(names[1], IF_NAMESIZE, "%s", other->if_name);
		return false;
	}
	return true;
}

bool kernel_side_has_one_link_type(const struct kernel_side *side, char names[2][IF_NAMESIZE])
{
	struct if_nameindex *interfaces = side->ifindexes[0] ? NULL : if_nameindex();
	bool one = true;

	if (interfaces) {
		one = names_have_one_link_type(interfaces, names);
		if_freenameindex(interfaces);
	}
	for (size_t i = 1; side->ifindexes[0] && one && i < side->count; i++)
		one = interface_link_type(name_of(side, i, names[1])) ==
		      interface_link_type(name_of(side, 0, names[0]));
	return one;
}

/* The link type that all interfaces share; LINK_UNKNOWN when they differ, or are every one. */
static uint16_t common_link_type(const struct kernel_side *side)
{
	uint16_t common = LINK_UNKNOWN;

	for (size_t i = 0; i < side->count; i++) {
		char name[IF_NAMESIZE];
		uint16_t link_type = interface_link_type(name_of(side, i, name));

		if (i && link_type != common)
			return LINK_UNKNOWN;
		common = link_type;
	}
	return common;
}

/* As tcpdump does on the one interface; on several of different kinds, as on "any". */
static int compile_expression(struct kernel_side *side, const char *text, struct kernel_filter_expression *compiled)
{
	uint16_t link_type = common_link_type(side);
	bool cooked = link_type == LINK_UNKNOWN;
	char name[IF_NAMESIZE], error[256];
	int ret;

	*compiled = (struct kernel_filter_expression){.base = cooked ? kernel_cooked_base() : CBPF_LINK};
	if (!text)
		return 0;
	ret = expression_compile_live(text, cooked ? NULL : name_of(side, 0, name), link_type, &side->expression, error,
				      sizeof(error));
	if (ret) {
		log_line("expression '%s': %s", text, ret == -EINVAL ? error : strerror(-ret));
		return EXIT_USAGE;
	}
	compiled->program = expression_program(side->expression, &compiled->count);
	return 0;
}

/* Returns what to exit with. */
static int explain_filter(const char *expression, int error)
{
	if (kernel_filter_refusal() && expression) {
		log_line("expression '%s': %s", expression, kernel_filter_refusal());
		return error == -EOPNOTSUPP ? EXIT_FAILURE : EXIT_USAGE;
	}
	if (error == -EPERM && privileges_explain_missing(false))
		return EXIT_FAILURE;
	if (kernel_filter_refusal())
		log_line("the kernel does not take the filter: %s", kernel_filter_refusal());
	else if (*kernel_filter_log())
		log_line("the kernel does not take the filter: %s (%s)", strerror(-error), kernel_filter_log());
	else
		log_line("the kernel does not take the filter: %s", strerror(-error));
	return EXIT_FAILURE;
}

void kernel_side_explain(const struct kernel_side *side, const struct ring_failure *failure, int error)
{
	char buffer[IF_NAMESIZE];
	const char *name = name_of(side, failure->index, buffer);

	if (error == -EPERM && privileges_explain_missing(false))
		return;
	switch (failure->step) {
	case RING_BUFFER:
		log_line("no capture ring of %llu KiB for '%s': %s; try a smaller one with -B",
			 (unsigned long long)side->buffer_size / 1024, name, strerror(-error));
		break;
	case RING_PROMISCUOUS:
		log_line("interface '%s' does not go into promiscuous mode: %s; leave it out with -p", name,
			 strerror(-error));
		break;
	case RING_FILTER:
		log_line("the filter cannot be attached to a socket: %s", strerror(-error));
		break;
	case RING_SOCKET:
	case RING_BIND:
		log_line("cannot listen on '%s': %s", name, strerror(-error));
		break;
	}
}

struct ring_options kernel_side_ring_options(const struct kernel_side *side)
{
	return (struct ring_options){
		.ifindexes = side->ifindexes,
		.count = side->count,
		.promiscuous = side->promiscuous,
		.buffer_size = side->buffer_size,
		.patient = side->patient,
	};
}

/* To explain what becomes of each frame, user space has to see all of them, and whole. */
static int load_open_filter(struct kernel_side *side, const struct kernel_filter_inheritance *inheritance)
{
	const struct kernel_filter_expression none = {.count = 0};
	struct filter_spec *spec = malloc(sizeof(*spec));
	int ret;

	if (!spec)
		return -ENOMEM;
	filter_spec_init_open(spec);
	spec->config.snaplen = SNAPLEN_MAX;
	ret = kernel_filter_open(spec, &none, BPF_PROG_TYPE_SOCKET_FILTER, inheritance, &side->filter);
	free(spec);
	return ret;
}

/* 0 or -errno. */
static int load_filter(struct kernel_side *side, const struct options *options,
		       const struct kernel_filter_expression *expression,
		       const struct kernel_filter_inheritance *inheritance)
{
	if (options->explain)
		return load_open_filter(side, inheritance);
	return kernel_filter_open(&options->spec, expression, BPF_PROG_TYPE_SOCKET_FILTER, inheritance, &side->filter);
}

/* Give the sockets their filter. Returns what to exit with. */
static int finish_sockets(struct kernel_side *side, struct ring_sockets *sockets)
{
	struct ring_failure failure;
	int ret = ring_sockets_finish(sockets, kernel_filter_part(side->filter, PART_DISPATCH), side->fds, &failure);

	if (!ret)
		return 0;
	kernel_side_explain(side, &failure, ret);
	return EXIT_FAILURE;
}

/* The sockets and the filter take the kernel about as long, so they are made at the same time. */
int kernel_side_open(struct kernel_side *side, const struct options *options,
		     const struct kernel_filter_inheritance *inheritance)
{
	const struct ring_options ring = kernel_side_ring_options(side);
	struct kernel_filter_expression expression;
	struct ring_sockets *sockets;
	int ret;

	ret = compile_expression(side, options->expression, &expression);
	if (ret)
		return ret;
	sockets = ring_sockets_begin(&ring);
	if (!sockets) {
		kernel_side_explain(side, &(struct ring_failure){.step = RING_BUFFER}, -ENOMEM);
		return EXIT_FAILURE;
	}
	ret = load_filter(side, options, &expression, inheritance);
	if (!ret)
		return finish_sockets(side, sockets);
	ring_sockets_abandon(sockets);
	return explain_filter(options->expression, ret);
}

void kernel_side_close(struct kernel_side *side)
{
	for (size_t i = 0; i < side->count; i++)
		if (side->fds[i] >= 0)
			close(side->fds[i]);
	kernel_filter_close(side->filter);
	expression_close(side->expression);
}
