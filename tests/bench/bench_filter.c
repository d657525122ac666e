/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>

#include "../device.h"
#include "addresses.h"
#include "ebpf/kernel_filter.h"
#include "filter/expression.h"
#include "measure.h"
#include "packets.skel.h"
#include "tcp_event.h"

/*
 * What the filter costs per packet beyond an empty program, in ns. For the lists of prefixes every packet has new
 * addresses, for the empty program too.
 */

enum { PREFIXES_MAX = 1000000, SNAPLEN = 262144 };

/* IPv4, TCP: 10.9.0.1:40000 > 10.9.0.2:443, SYN. */
#define ETHERNET(...)               2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, __VA_ARGS__
#define IPV4(version_length, total) version_length, 0, 0, total, 0, 1, 0, 0, 64, 6, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2
#define ADDRESS6(last)              0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last
#define TCP                         0x9c, 0x40, 1, 0xbb, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0

static const uint8_t packet[] = {ETHERNET(8, 0), IPV4(0x45, 40), TCP};

/* The same with a Router Alert (RFC 2113), behind a VLAN tag that is still in the bytes, and in IPv6. */
static const uint8_t with_options[] = {ETHERNET(8, 0), IPV4(0x46, 44), 0x94, 4, 0, 0, TCP};
static const uint8_t tagged[] = {ETHERNET(0x81, 0), 0, 10, 8, 0, IPV4(0x45, 40), TCP};
static const uint8_t packet6[] = {
	ETHERNET(0x86, 0xdd), 0x60, 0, 0, 0, 0, 20, 6, 64, ADDRESS6(1), ADDRESS6(2), TCP,
};

/* With a list of prefixes, no source is in it; the destination is in it for MEMBERS and not for STRANGERS. */
enum kind { FIXED, MEMBERS, STRANGERS };

static struct variant {
	const char *name;
	const char *expression;
	const char *ports;
	const uint8_t *packet; /* NULL: the first above */
	uint32_t length;
	uint32_t prefixes, first, tcp_events;
	enum kind kind;

	struct kernel_filter *filter;
	struct packets_bpf *packets;
	struct run run;
	struct series series;
} variants[] = {
	{.name = "empty"},
	{.name = "default"},
	{.name = "--port=443", .ports = "443"},
	{.name = "--port, 60,000 ports", .ports = "1-60000"},
	{.name = "--port=443, IPv4 options", .ports = "443", .packet = with_options, .length = sizeof(with_options)},
	{.name = "--port=443, VLAN tag", .ports = "443", .packet = tagged, .length = sizeof(tagged)},
	{.name = "--port=443, IPv6", .ports = "443", .packet = packet6, .length = sizeof(packet6)},
	{.name = "--first", .first = UINT32_MAX},
	{.name = "--tcp-event", .tcp_events = TCP_EVENT_WINDOW_FULL}, /* what most segments lack */
	{.name = "tcp port 443", .expression = "tcp port 443"},
	{.name = "net 10.9.0.0/16 and not port 22", .expression = "net 10.9.0.0/16 and not port 22"},
	{.name = "tcp[13] & 2 != 0 and ip[2:2] < 100", .expression = "tcp[13] & 2 != 0 and ip[2:2] < 100"},
	{.name = "empty", .kind = MEMBERS},
	{.name = "1 prefix, members", .prefixes = 1, .kind = MEMBERS},
	{.name = "1,000 prefixes, members", .prefixes = 1000, .kind = MEMBERS},
	{.name = "100,000 prefixes, members", .prefixes = 100000, .kind = MEMBERS},
	{.name = "1,000,000 prefixes, members", .prefixes = 1000000, .kind = MEMBERS},
	{.name = "1 prefix, strangers", .prefixes = 1, .kind = STRANGERS},
	{.name = "1,000 prefixes, strangers", .prefixes = 1000, .kind = STRANGERS},
	{.name = "100,000 prefixes, strangers", .prefixes = 100000, .kind = STRANGERS},
	{.name = "1,000,000 prefixes, strangers", .prefixes = 1000000, .kind = STRANGERS},
};

enum { VARIANTS = sizeof(variants) / sizeof(*variants), EMPTY = 0, EMPTY_VARIED = 12 };

static void add_prefixes(struct filter_spec *spec, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct prefix prefix = {
			.address = {0, ADDRESS_MAPPED(nth_address(i))},
			.bits = 128,
			.lists = LIST_EITHER,
		};

		check(prefix_list_add(&spec->prefixes, &prefix), "prefix_list_add");
	}
	if (count)
		spec->config.address_lists = LIST_EITHER;
}

static void open_filter(struct variant *variant)
{
	struct kernel_filter_expression compiled = {.base = CBPF_LINK};
	struct expression *expression = NULL;
	struct kernel_filter_error refused;
	struct filter_spec_error error;
	static struct filter_spec spec;
	char words[256];

	filter_spec_init(&spec);
	spec.config.snaplen = SNAPLEN;
	spec.config.first = variant->first;
	spec.config.tcp_events = variant->tcp_events;
	if (variant->ports)
		check(filter_spec_add_ports(&spec, LIST_EITHER, variant->ports, &error), variant->ports);
	add_prefixes(&spec, variant->prefixes);
	check(filter_spec_finish(&spec), "filter_spec_finish");
	if (variant->expression) {
		check(expression_compile_file(variant->expression, LINK_ETHERNET, &expression, words, sizeof(words)),
		      words);
		compiled.program = expression_program(expression, &compiled.count);
	}
	check(kernel_filter_open(&spec, &compiled, BPF_PROG_TYPE_SCHED_CLS, NULL, &variant->filter, &refused),
	      refused.log);
	expression_close(expression);
	filter_spec_release(&spec);
	variant->run.fd = kernel_filter_part(variant->filter, KERNEL_FILTER_DISPATCH);
}

/* Run the program that changes addresses before the filter. */
static void vary(struct variant *variant)
{
	const struct draw members = {.count = variant->prefixes};
	const struct draw strangers = {.first = PREFIXES_MAX, .count = ADDRESSES - PREFIXES_MAX};
	struct packets_bpf *packets = packets_bpf__open();
	uint32_t zero = 0;

	check(!packets, "packets");
	packets->bss->sources = strangers;
	packets->bss->destinations = variant->kind == MEMBERS ? members : strangers;
	check(packets_bpf__load(packets), "packets");
	if (variant->filter)
		check(bpf_map_update_elem(bpf_map__fd(packets->maps.next), &zero, &variant->run.fd, BPF_ANY), "next");
	variant->packets = packets;
	variant->run.fd = bpf_program__fd(packets->progs.vary);
}

static void open_variant(struct variant *variant, int device)
{
	if (variant != &variants[EMPTY] && variant != &variants[EMPTY_VARIED])
		open_filter(variant);
	if (variant->kind != FIXED || variant == &variants[EMPTY])
		vary(variant);
	if (variant == &variants[EMPTY])
		variant->run.fd = bpf_program__fd(variant->packets->progs.empty);
	variant->run.packet = variant->packet ? variant->packet : packet;
	variant->run.length = variant->packet ? variant->length : sizeof(packet);
	variant->run.device = (uint32_t)device;
	variant->run.result = variant->filter && variant->kind != STRANGERS && !variant->tcp_events ? SNAPLEN : 0;
}

static void print_variant(const struct variant *variant)
{
	const struct variant *base = &variants[variant->kind == FIXED ? EMPTY : EMPTY_VARIED];

	if (variant == base)
		printf("%-36s %7.1f\n", variant->name, median(&variant->series, NULL));
	else
		printf("%-36s %+7.1f\n", variant->name, median(&variant->series, &base->series));
}

int main(void)
{
	int device = device_create("tap0");

	check(device < 0, "device_create");
	print_machine();
	for (int i = 0; i < VARIANTS; i++)
		open_variant(&variants[i], device);
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < VARIANTS; i++)
			variants[i].series.ns[round] = measure_run(&variants[i].run);
	for (int i = 0; i < VARIANTS; i++)
		print_variant(&variants[i]);
	for (int i = 0; i < VARIANTS; i++) {
		kernel_filter_close(variants[i].filter);
		packets_bpf__destroy(variants[i].packets);
	}
	return EXIT_SUCCESS;
}
