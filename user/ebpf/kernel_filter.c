/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ebpf/in_place.h"
#include "ebpf/kernel_filter_internal.h"
#include "ebpf/open_jumps.h"
#include "filter_needs.h"
#include "flow_id.h"
#include "sniff.skel.h"

/* The caller's struct while kernel_filter_open() runs: libbpf gives its print callback no context. */
static _Thread_local struct kernel_filter_error *listener;

/* Keep the last warning. libbpf speaks to developers, so nothing of it is printed here. */
static int keep_message(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level != LIBBPF_WARN || !listener)
		return 0;
	vsnprintf(listener->log, sizeof(listener->log), format, args);
	listener->log[strcspn(listener->log, "\n")] = '\0'; /* the verifier's log follows */
	return 0;
}

/* Places of flows, the one of none included. Those beyond the table are for flows that begin in a period, until user
 * space has others leave. */
static uint32_t flow_slots(uint32_t flows)
{
	enum { SPARE = 65536 };
	const uint32_t few = flows < SPARE ? flows : SPARE;

	return flows + (few > flows / 16 ? few : flows / 16) + 1;
}

/* Flows take less room than connections, of which only those that go on matter. */
static uint32_t flow_connections(uint32_t flows)
{
	enum { MOST = 131073 }; /* those of 65,536 flows each have one */

	return flow_slots(flows) < MOST ? flow_slots(flows) : MOST;
}

static uint32_t segments_told(const struct filter_spec *spec)
{
	if (spec->told_room < TCP_TOLD_MIN)
		return TCP_TOLD_MIN;
	return spec->told_room < TCP_TOLD_MAX ? spec->told_room : TCP_TOLD_MAX;
}

static void size_prefixes(struct sniff_bpf *skeleton, const struct prefix_table *table)
{
	if (table->bloom)
		bpf_map__set_max_entries(skeleton->maps.bs_bloom, table->layout.bloom_mask + 1);
	if (table->buckets)
		bpf_map__set_max_entries(skeleton->maps.bs_ipv4, table->layout.bucket_count);
	if (table->slots)
		bpf_map__set_max_entries(skeleton->maps.bs_prefixes, table->layout.slot_mask + 1);
}

static void configure(struct sniff_bpf *skeleton, const struct filter_spec *spec,
		      const struct kernel_filter_expression *expression, uint32_t generation)
{
	memcpy(&skeleton->rodata->settings, &spec->config, sizeof(spec->config));
	skeleton->rodata->settings.has_expression = expression->count > 0 || spec->config.asks_owner;
	skeleton->rodata->generation = generation;
	memcpy(skeleton->rodata->lists_of_port, spec->lists_of_port, sizeof(spec->lists_of_port));
	skeleton->rodata->settings.needs_transport = (__u8)filter_needs_transport(&spec->config);
	skeleton->rodata->settings.keeps_dissection = (__u8)filter_keeps_dissection(&spec->config);
	size_prefixes(skeleton, &spec->table);
	if (spec->config.first)
		bpf_map__set_max_entries(skeleton->maps.bs_flows, spec->flow_table_size);
	if (spec->config.tcp_events) {
		bpf_map__set_max_entries(skeleton->maps.bs_connections, spec->flow_table_size);
		bpf_map__set_max_entries(skeleton->maps.bs_told, segments_told(spec));
	}
	if (spec->config.counts_flows) {
		bpf_map__set_max_entries(skeleton->maps.bs_flow_slots, flow_slots(spec->flow_table_size));
		bpf_map__set_max_entries(skeleton->maps.bs_flow_links, flow_slots(spec->flow_table_size));
		bpf_map__set_max_entries(skeleton->maps.bs_flow_connections, flow_connections(spec->flow_table_size));
	}
	if (filter_needs_ports(&spec->config))
		bpf_map__set_max_entries(skeleton->maps.bs_datagrams, DATAGRAMS_MAX);
}

/* Load one of the programs that judge. in_place is NULL for one that calls a helper. The marks are filled in before
 * libbpf appends functions and maps: the number of instructions stays the same. */
static int choose_match(struct kernel_filter *filter, bool has_hosts, const struct in_place *in_place)
{
	const struct sniff_bpf *skeleton = filter->skeleton;
	struct bpf_program *const programs[2][2] = {
		{skeleton->progs.match, skeleton->progs.match_hosts},
		{skeleton->progs.match_in_place, skeleton->progs.hosts_in_place},
	};
	struct bpf_program *chosen = programs[in_place != NULL][has_hosts];
	size_t count = bpf_program__insn_cnt(chosen);
	struct bpf_insn *insns;
	int ret;

	for (int i = 0; i < 4; i++)
		bpf_program__set_autoload(programs[i / 2][i % 2], programs[i / 2][i % 2] == chosen);
	filter->match = chosen;
	filter->reads_in_place = in_place;
	if (!in_place)
		return 0;
	insns = malloc(count * sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(chosen), count * sizeof(*insns));
	in_place_fill(in_place, insns, count);
	ret = bpf_program__set_insns(chosen, insns, count);
	free(insns);
	return ret;
}

/* A filter that does not need a map has made it without room. */
static int map_to_inherit(int fd, uint32_t entries)
{
	struct bpf_map_info info = {0};
	__u32 length = sizeof(info);

	return fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &length) && info.max_entries == entries ? fd : -1;
}

static int inherit(struct sniff_bpf *skeleton, const struct filter_spec *spec,
		   const struct kernel_filter_inheritance *inheritance)
{
	const bool needs_ports = filter_needs_ports(&spec->config);
	const struct {
		struct bpf_map *map;
		int fd;
	} maps[] = {
		{skeleton->maps.bs_turn, inheritance->turn_fd},
		{skeleton->maps.bs_noted_turn, inheritance->noted_turn_fd},
		{skeleton->maps.bs_flows, inheritance->flows_fd},
		{skeleton->maps.bs_datagrams,
		 needs_ports ? map_to_inherit(inheritance->datagrams_fd, DATAGRAMS_MAX) : -1},
		{skeleton->maps.bs_told,
		 spec->config.tcp_events ? map_to_inherit(inheritance->told_fd, segments_told(spec)) : -1},
		{skeleton->maps.bs_connections,
		 spec->config.tcp_events ? map_to_inherit(inheritance->connections_fd, spec->flow_table_size) : -1},
		{skeleton->maps.bs_flow_slots, spec->config.counts_flows ? inheritance->flow_slots_fd : -1},
		{skeleton->maps.bs_flow_links, spec->config.counts_flows ? inheritance->flow_links_fd : -1},
		{skeleton->maps.bs_flow_connections, spec->config.counts_flows ? inheritance->flow_connections_fd : -1},
	};

	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		int ret = maps[i].fd < 0 ? 0 : bpf_map__reuse_fd(maps[i].map, maps[i].fd);

		if (ret)
			return ret;
	}
	return 0;
}

static void collect_parts(struct kernel_filter *filter)
{
	const struct sniff_bpf *skeleton = filter->skeleton;
	const int parts[KERNEL_FILTER_PARTS] = {
		[KERNEL_FILTER_DISPATCH] = bpf_program__fd(skeleton->progs.dispatch),
		[KERNEL_FILTER_MATCH] = bpf_program__fd(filter->match),
		[KERNEL_FILTER_GATE_NEW] = bpf_program__fd(skeleton->progs.gate_new),
		[KERNEL_FILTER_GATE_OLD] = bpf_program__fd(skeleton->progs.gate_old),
		[KERNEL_FILTER_ACTIVE] = bpf_map__fd(skeleton->maps.bs_active),
		[KERNEL_FILTER_STAGES] = bpf_map__fd(skeleton->maps.bs_stages),
		[KERNEL_FILTER_CPUS] = bpf_map__fd(skeleton->maps.bs_cpus),
		[KERNEL_FILTER_FLOWS] = bpf_map__fd(skeleton->maps.bs_flows),
		[KERNEL_FILTER_DATAGRAMS] = bpf_map__fd(skeleton->maps.bs_datagrams),
		[KERNEL_FILTER_CONNECTIONS] = bpf_map__fd(skeleton->maps.bs_connections),
		[KERNEL_FILTER_TOLD] = bpf_map__fd(skeleton->maps.bs_told),
		[KERNEL_FILTER_TURN] = bpf_map__fd(skeleton->maps.bs_turn),
		[KERNEL_FILTER_NOTED_TURN] = bpf_map__fd(skeleton->maps.bs_noted_turn),
	};

	memcpy(filter->parts, parts, sizeof(parts));
}

static void set_type(struct sniff_bpf *skeleton, enum bpf_prog_type type)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, skeleton->obj) bpf_program__set_type(program, type);
}

/* Fill a whole map, unless values is NULL, through memory: a table may have a million entries, and each would take a
 * system call. */
static int fill(const struct bpf_map *map, const void *values)
{
	size_t size = (size_t)bpf_map__max_entries(map) * bpf_map__value_size(map);
	void *memory;

	if (!values)
		return 0;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return -errno;
	memcpy(memory, values, size);
	munmap(memory, size);
	return 0;
}

static int fill_prefixes(const struct sniff_bpf *skeleton, const struct prefix_table *table)
{
	int ret = fill(skeleton->maps.bs_bloom, table->bloom);

	if (!ret)
		ret = fill(skeleton->maps.bs_ipv4, table->buckets);
	return ret ? ret : fill(skeleton->maps.bs_prefixes, table->slots);
}

/* Load the expression as a program that tail calls `accept` when it matches. */
static int load_expression(struct kernel_filter *filter, const struct kernel_filter_expression *expression,
			   enum bpf_prog_type type, struct kernel_filter_error *error)
{
	const struct cbpf_options options = {
		.base = expression->base,
		.next_fd = filter->parts[KERNEL_FILTER_STAGES],
		.next_slot = STAGE_HOLDS,
	};
	struct bpf_insn *insns;
	const char *reason;
	size_t count;
	int ret = cbpf_to_ebpf(expression->program, expression->count, &options, &insns, &count, &reason);

	if (ret) {
		error->refusal = ret == -EINVAL ? reason : NULL;
		return ret;
	}
	if (open_jumps(insns, count) > OPEN_JUMPS_MAX)
		ret = -E2BIG;
	else
		ret = filter->expression_fd = bpf_prog_load(type, "expression", "Dual BSD/GPL", insns, count, NULL);
	free(insns);
	return ret < 0 ? ret : 0;
}

static int connect_stages(const struct kernel_filter *filter, enum kernel_filter_part entry)
{
	const int *parts = filter->parts, accept = bpf_program__fd(filter->skeleton->progs.accept);
	int ret = kernel_filter_put_program(parts[KERNEL_FILTER_STAGES], STAGE_EXPRESSION,
					    filter->expression_fd >= 0 ? filter->expression_fd : accept);

	for (uint32_t slot = STAGE_HOLDS; !ret && slot < STAGE_COUNT; slot++)
		ret = kernel_filter_put_program(parts[KERNEL_FILTER_STAGES], slot, accept);
	if (!ret)
		ret = kernel_filter_put_program(parts[KERNEL_FILTER_ACTIVE], ACTIVE_MATCH, parts[KERNEL_FILTER_MATCH]);
	if (!ret)
		ret = kernel_filter_put_program(parts[KERNEL_FILTER_ACTIVE], ACTIVE_ENTRY, parts[entry]);
	return ret;
}

/* Whether the kernel compiles programs rather than interpreting them. */
static bool kernel_compiles(enum bpf_prog_type type)
{
	const struct bpf_insn accept_nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(type, "compiled", "Dual BSD/GPL", accept_nothing, 2, NULL);
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);
	bool compiles = fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) || info.jited_prog_len;

	if (fd >= 0)
		close(fd);
	return compiles;
}

/* An interpreted program may have functions or tail calls, not both (fixup_call_args() in kernel/bpf/verifier.c).
 * `match` has functions and a tail call to the expression, which some kernels count even if there is no expression. */
static int explain_failed_load(enum bpf_prog_type type, int ret, struct kernel_filter_error *error)
{
	if (ret != -EINVAL || kernel_compiles(type))
		return ret;
	error->refusal = "it needs the kernel's BPF compiler, which is off; "
			 "switch it on with: sysctl -w net.core.bpf_jit_enable=1";
	return -EOPNOTSUPP;
}

static int load(struct kernel_filter *filter, const struct filter_spec *spec,
		const struct kernel_filter_expression *expression, enum bpf_prog_type type,
		const struct kernel_filter_inheritance *inheritance, const struct in_place *in_place,
		struct kernel_filter_error *error)
{
	struct sniff_bpf *skeleton = sniff_bpf__open();
	int ret;

	if (!skeleton)
		return -errno;
	filter->skeleton = skeleton;
	filter->generation = inheritance ? inheritance->generation + 1 : 0;
	configure(skeleton, spec, expression, filter->generation);
	/* Without CAP_PERFMON, old verifiers (Linux 6.1) look at code that counts flows even where no way leads there.
	 */
	bpf_map__set_autocreate(skeleton->maps.bs_flow_slots, spec->config.counts_flows || !in_place);
	bpf_map__set_autocreate(skeleton->maps.bs_flow_links, spec->config.counts_flows || !in_place);
	bpf_map__set_autocreate(skeleton->maps.bs_flow_connections, spec->config.counts_flows || !in_place);
	set_type(skeleton, type);
	ret = choose_match(filter, spec->config.address_lists, in_place);
	if (!ret && inheritance)
		ret = inherit(skeleton, spec, inheritance);
	if (!ret)
		ret = sniff_bpf__load(skeleton);
	if (ret)
		return explain_failed_load(type, ret, error);
	collect_parts(filter);
	return fill_prefixes(skeleton, &spec->table);
}

static void unload(struct kernel_filter *filter)
{
	if (filter->expression_fd >= 0)
		close(filter->expression_fd);
	filter->expression_fd = -1;
	kernel_choice_close(filter);
	sniff_bpf__destroy(filter->skeleton);
	filter->skeleton = NULL;
}

/* Asked once and early: the answer comes from a file, and a confined process cannot open any. */
static int possible_cpus(void)
{
	enum { MOST = 8192 }; /* NR_CPUS of the largest kernels, for a system without /sys */
	int count = libbpf_num_possible_cpus();

	return count > 0 ? count : MOST;
}

int kernel_filter_open(const struct filter_spec *spec, const struct kernel_filter_expression *expression,
		       enum bpf_prog_type type, const struct kernel_filter_inheritance *inheritance,
		       struct kernel_filter **result, struct kernel_filter_error *error)
{
	struct kernel_filter *filter = calloc(1, sizeof(*filter));
	struct in_place in_place;
	bool reads_in_place;
	int ret;

	*error = (struct kernel_filter_error){0};
	if (!filter)
		return -ENOMEM;
	filter->expression_fd = -1;
	listener = error;
	libbpf_set_print(keep_message);
	filter->cpus = possible_cpus();
	filter->has_tcp_events = spec->config.tcp_events;
	reads_in_place = in_place_find(&in_place, type);
	ret = load(filter, spec, expression, type, inheritance, reads_in_place ? &in_place : NULL, error);
	if (ret && reads_in_place) {
		unload(filter);
		*error = (struct kernel_filter_error){0};
		ret = load(filter, spec, expression, type, inheritance, NULL, error);
	}
	if (!ret && expression->count)
		ret = load_expression(filter, expression, type, error);
	if (!ret)
		ret = connect_stages(filter, inheritance ? KERNEL_FILTER_GATE_NEW : KERNEL_FILTER_MATCH);
	listener = NULL;
	if (ret) {
		kernel_filter_close(filter);
		return ret;
	}
	*result = filter;
	return 0;
}

int kernel_filter_part(const struct kernel_filter *filter, enum kernel_filter_part part)
{
	return filter->parts[part];
}

bool kernel_filter_reads_in_place(const struct kernel_filter *filter)
{
	return filter->reads_in_place;
}

const char *kernel_filter_reading(const struct kernel_filter *filter)
{
	return filter->reads_in_place ? "read in place" : "copied by a helper";
}

uint32_t kernel_filter_generation(const struct kernel_filter *filter)
{
	return filter->generation;
}

void kernel_filter_close(struct kernel_filter *filter)
{
	if (!filter)
		return;
	for (int i = 0; filter->is_adopted && i < KERNEL_FILTER_PARTS; i++)
		close(filter->parts[i]);
	unload(filter);
	free(filter);
}
