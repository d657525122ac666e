/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>

#include "../device.h"
#include "addresses.h"
#include "ebpf/kernel_filter.h"
#include "measure.h"
#include "owner.skel.h"
#include "packets.skel.h"

/* What a choice of processes costs the filter per packet, in ns. The maps are those that bpf/owner.bpf.c fills, with
 * one wanted and one unwanted server in them. */

enum { SNAPLEN = 262144, CLIENT_PORT = 40000, UNWANTED_PORT = 443, WANTED_PORT = 444, ACK = 0x10, SYN = 2 };

/* IPv4, TCP: 10.9.0.1:40000 > 10.9.0.2. */
#define FRAME(port, flags)                                                                                             \
	{                                                                                                              \
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10, 9, 0, 1, 10, 9, \
			0, 2, 0x9c, 0x40, (port) >> 8, (port)&255, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, \
			0, 0, 0                                                                                        \
	}

static const uint8_t to_unwanted[] = FRAME(UNWANTED_PORT, ACK), to_wanted[] = FRAME(WANTED_PORT, ACK),
		     begins[] = FRAME(UNWANTED_PORT, SYN);

static struct variant {
	const char *name;
	const uint8_t *packet;
	bool is_empty, needs_ports, chooses, rejects;

	struct kernel_filter *filter;
	struct run run;
	struct series series;
} variants[] = {
	{.name = "empty", .packet = to_unwanted, .is_empty = true},
	{.name = "default", .packet = to_unwanted},
	{.name = "--port=443,444", .packet = to_unwanted, .needs_ports = true},
	{.name = "--process, unwanted", .packet = to_unwanted, .chooses = true, .rejects = true},
	{.name = "--process, wanted", .packet = to_wanted, .chooses = true},
	{.name = "--process, unwanted, a SYN", .packet = begins, .chooses = true, .rejects = true},
};

enum { VARIANTS = sizeof(variants) / sizeof(*variants), EMPTY = 0 };

static void put(const struct bpf_map *map, const void *key, const void *value)
{
	check(bpf_map_update_elem(bpf_map__fd(map), key, value, BPF_ANY), bpf_map__name(map));
}

static uint64_t netns_cookie(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(uint64_t);
	uint64_t cookie = 0;

	check(fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size), "SO_NETNS_COOKIE");
	close(fd);
	return cookie;
}

static uint64_t mapped(const char *address)
{
	return (uint64_t)htonl(0xffff) | (uint64_t)inet_addr(address) << 32;
}

/* A server that another process started, that has one connection, and has been found to be the only one that has it
 * open. */
static void add_server(const struct owner_bpf *owner, uint64_t cookie, uint16_t port, bool is_wanted)
{
	struct owner_process_key server = {.start = cookie, .pid = (uint32_t)cookie},
				 parent = {.start = 100 + cookie, .pid = 100 + (uint32_t)cookie};
	struct owner_flow_key key = {.netns = netns_cookie(),
				     .local = {0, mapped("10.9.0.2")},
				     .remote = {0, mapped("10.9.0.1")},
				     .local_port = port,
				     .remote_port = CLIENT_PORT,
				     .protocol = IPPROTO_TCP};
	struct owner_flow flow = {.now = {.cookie = cookie, .since = 1, .tie = OWNER_TIE_SOCKET}};
	struct owner_port_key at = {.netns = key.netns, .port = port, .protocol = IPPROTO_TCP};
	struct owner_port holder = {.cookie = {cookie}};
	struct owner_socket owned = {
		.created = 1, .creator = parent, .listed = 3, .holder = server, .holders = 1, .stint_count = 1};
	struct owner_process process = {.uid = 1};
	struct owner_family family = {.generation = 1, .now = OWNER_CHOSEN_ITSELF};

	owned.stints[0] = (struct owner_stint){.who = server, .since = 2, .last = 2};
	put(owner->maps.ow_flows, &key, &flow);
	put(owner->maps.ow_ports, &at, &holder);
	put(owner->maps.ow_sockets, &cookie, &owned);
	put(owner->maps.ow_processes, &server, &process);
	put(owner->maps.ow_processes, &parent, &process);
	if (is_wanted)
		put(owner->maps.ow_family, &server, &family);
}

/* The maps alone. */
static struct owner_bpf *open_maps(void)
{
	const struct owner_wanted wanted = {.filter = 1, .generation = 1, .has_processes = 1};
	struct owner_bpf *owner = owner_bpf__open();
	struct bpf_program *program;
	uint32_t first = 0;

	check(!owner, "owner");
	bpf_object__for_each_program(program, owner->obj) bpf_program__set_autoload(program, false);
	check(owner_bpf__load(owner), "owner");
	add_server(owner, 1, UNWANTED_PORT, false);
	add_server(owner, 2, WANTED_PORT, true);
	put(owner->maps.ow_wanted, &first, &wanted);
	return owner;
}

static void choose(const struct variant *variant, const struct owner_bpf *owner)
{
	const int maps[OWNER_MAPS] = {
		[OWNER_MAP_FLOWS] = bpf_map__fd(owner->maps.ow_flows),
		[OWNER_MAP_SOCKETS] = bpf_map__fd(owner->maps.ow_sockets),
		[OWNER_MAP_PORTS] = bpf_map__fd(owner->maps.ow_ports),
		[OWNER_MAP_PROCESSES] = bpf_map__fd(owner->maps.ow_processes),
		[OWNER_MAP_FAMILY] = bpf_map__fd(owner->maps.ow_family),
		[OWNER_MAP_WANTED] = bpf_map__fd(owner->maps.ow_wanted),
		[OWNER_MAP_WANTED_CGROUPS] = bpf_map__fd(owner->maps.ow_wanted_cgroups),
		[OWNER_MAP_EPOCHS] = bpf_map__fd(owner->maps.ow_epochs),
	};

	check(kernel_filter_ask_owners(variant->filter, maps), "kernel_filter_ask_owners");
}

static void open_filter(struct variant *variant, const struct owner_bpf *owner)
{
	const struct kernel_filter_expression none = {.base = CBPF_LINK};
	struct kernel_filter_error refused;
	struct filter_spec_error error;
	static struct filter_spec spec;

	filter_spec_init(&spec);
	spec.config.snaplen = SNAPLEN;
	spec.config.asks_owner = variant->chooses;
	if (variant->needs_ports)
		check(filter_spec_add_ports(&spec, LIST_EITHER, "443,444", &error), "ports");
	check(filter_spec_finish(&spec), "filter_spec_finish");
	check(kernel_filter_open(&spec, &none, BPF_PROG_TYPE_SCHED_CLS, NULL, &variant->filter, &refused), refused.log);
	filter_spec_release(&spec);
	if (variant->chooses)
		choose(variant, owner);
	variant->run.fd = kernel_filter_part(variant->filter, KERNEL_FILTER_DISPATCH);
}

int main(void)
{
	int device = device_create("tap0");
	struct packets_bpf *packets = packets_bpf__open_and_load();
	struct owner_bpf *owner;

	check(device < 0 || !packets, "device_create");
	owner = open_maps();
	print_machine();
	for (int i = 0; i < VARIANTS; i++) {
		struct variant *variant = &variants[i];

		if (variant->is_empty)
			variant->run.fd = bpf_program__fd(packets->progs.empty);
		else
			open_filter(variant, owner);
		variant->run.packet = variant->packet;
		variant->run.length = sizeof(to_wanted);
		variant->run.device = (uint32_t)device;
		variant->run.result = variant->rejects || variant->is_empty ? 0 : SNAPLEN;
	}
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < VARIANTS; i++)
			variants[i].series.ns[round] = measure_run(&variants[i].run);
	for (int i = 0; i < VARIANTS; i++) {
		printf("%-28s %+7.1f\n", variants[i].name,
		       median(&variants[i].series, i == EMPTY ? NULL : &variants[EMPTY].series));
		kernel_filter_close(variants[i].filter);
	}
	owner_bpf__destroy(owner);
	packets_bpf__destroy(packets);
	return EXIT_SUCCESS;
}
