/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "flow_id.h"
#include "sniff.skel.h"

enum { KEY_BATCH = 4096 }; /* flows asked for in one system call */

struct filter {
	struct sniff_bpf *skeleton;
	int expression_fd; /* below 0: none */
};

static char last_log[512];

/* Keep what libbpf complains about for filter_log(): it is the developer's language, not the user's. */
static int keep_message(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN)
		vsnprintf(last_log, sizeof(last_log), format, args);
	return 0;
}

const char *filter_log(void)
{
	return last_log;
}

static void configure(struct sniff_bpf *skeleton, const struct rules *rules, const struct filter_expression *expression)
{
	memcpy(&skeleton->rodata->settings, &rules->config, sizeof(rules->config));
	skeleton->rodata->settings.has_expression = expression->count > 0;
	memcpy(skeleton->rodata->lists_of_port, rules->lists_of_port, sizeof(rules->lists_of_port));
	if (rules->table.slot_count)
		bpf_map__set_max_entries(skeleton->maps.prefixes, rules->table.slot_count);
	if (rules->config.first)
		bpf_map__set_max_entries(skeleton->maps.flows, rules->flow_table_size);
	if (rules->config.first || rules->config.sample)
		bpf_map__set_max_entries(skeleton->maps.datagrams, DATAGRAMS_MAX);
}

static void set_type(struct sniff_bpf *skeleton, enum bpf_prog_type type)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, skeleton->obj) bpf_program__set_type(program, type);
}

/* The prefix table goes in through memory: a million slots, no system call for each. */
static int fill_prefixes(const struct sniff_bpf *skeleton, const struct prefix_table *table)
{
	size_t size = (size_t)table->slot_count * sizeof(*table->slots);
	void *map;

	if (!size)
		return 0;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(skeleton->maps.prefixes), 0);
	if (map == MAP_FAILED)
		return -errno;
	memcpy(map, table->slots, size);
	munmap(map, size);
	return 0;
}

static int put_program(const struct bpf_map *array, uint32_t slot, int fd)
{
	return bpf_map_update_elem(bpf_map__fd(array), &slot, &fd, BPF_ANY);
}

/* Translate the expression to a program that goes on to `accept` when it holds, and load it. */
static int load_expression(struct filter *filter, const struct filter_expression *expression, enum bpf_prog_type type)
{
	const struct xlate_options options = {
		.base = expression->base,
		.next_fd = bpf_map__fd(filter->skeleton->maps.stages),
		.next_slot = STAGE_ACCEPT,
	};
	struct bpf_insn *insns;
	const char *reason;
	size_t count;
	int ret = xlate(expression->program, expression->count, &options, &insns, &count, &reason);

	if (ret) {
		if (ret == -EINVAL)
			snprintf(last_log, sizeof(last_log), "%s", reason);
		return ret;
	}
	filter->expression_fd = bpf_prog_load(type, "expression", "Dual BSD/GPL", insns, count, NULL);
	free(insns);
	return filter->expression_fd < 0 ? filter->expression_fd : 0;
}

static int connect_stages(const struct filter *filter)
{
	const struct sniff_bpf *skeleton = filter->skeleton;
	int ret = 0;

	if (filter->expression_fd >= 0)
		ret = put_program(skeleton->maps.stages, STAGE_EXPRESSION, filter->expression_fd);
	if (!ret)
		ret = put_program(skeleton->maps.stages, STAGE_ACCEPT, bpf_program__fd(skeleton->progs.accept));
	if (!ret)
		ret = put_program(skeleton->maps.active, 0, bpf_program__fd(skeleton->progs.match));
	return ret;
}

int filter_open(const struct rules *rules, const struct filter_expression *expression, enum bpf_prog_type type,
		struct filter **result)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	int ret;

	if (!filter)
		return -ENOMEM;
	filter->expression_fd = -1;
	*last_log = '\0';
	libbpf_set_print(keep_message);
	filter->skeleton = sniff_bpf__open();
	if (!filter->skeleton) {
		ret = -errno;
		goto fail;
	}
	configure(filter->skeleton, rules, expression);
	set_type(filter->skeleton, type);
	ret = sniff_bpf__load(filter->skeleton);
	if (ret)
		goto fail;
	ret = fill_prefixes(filter->skeleton, &rules->table);
	if (ret)
		goto fail;
	if (expression->count)
		ret = load_expression(filter, expression, type);
	if (!ret)
		ret = connect_stages(filter);
	if (ret)
		goto fail;
	*result = filter;
	return 0;
fail:
	filter_close(filter);
	return ret;
}

int filter_fd(const struct filter *filter)
{
	return bpf_program__fd(filter->skeleton->progs.root);
}

size_t filter_programs(const struct filter *filter, int fds[], const char *names[], size_t max)
{
	const struct {
		const char *name;
		int fd;
	} programs[] = {
		{"root", bpf_program__fd(filter->skeleton->progs.root)},
		{"match", bpf_program__fd(filter->skeleton->progs.match)},
		{"expression", filter->expression_fd},
		{"accept", filter->expression_fd < 0 ? -1 : bpf_program__fd(filter->skeleton->progs.accept)},
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs) && count < max; i++) {
		if (programs[i].fd < 0)
			continue;
		fds[count] = programs[i].fd;
		names[count++] = programs[i].name;
	}
	return count;
}

static void add_counters(const struct counters *counters, struct filter_counts *counts)
{
	for (int i = 0; i < VERDICT_COUNT; i++)
		counts->verdict[i] += counters->verdict[i];
	/* Not read in one step: a frame may have come out since. */
	if (counters->into_expression > counters->out_of_expression)
		counts->verdict[VERDICT_EXPRESSION] += counters->into_expression - counters->out_of_expression;
	counts->flows_added += counters->flows_added;
}

static int read_counters(const struct filter *filter, struct filter_counts *counts)
{
	const struct bpf_map *map = filter->skeleton->maps.cpus;
	size_t size = (bpf_map__value_size(map) + 7) & ~(size_t)7;
	int cpus = libbpf_num_possible_cpus(), ret;
	uint32_t zero = 0;
	char *values;

	if (cpus < 0)
		return cpus;
	values = calloc((size_t)cpus, size);
	if (!values)
		return -ENOMEM;
	ret = bpf_map_lookup_elem(bpf_map__fd(map), &zero, values);
	for (int i = 0; !ret && i < cpus; i++) /* the counters come first in struct cpu */
		add_counters((const struct counters *)(values + (size_t)i * size), counts);
	free(values);
	return ret;
}

/* How many flows the table has now. */
static uint64_t count_flows(int fd)
{
	struct flow_id *keys = calloc(KEY_BATCH, sizeof(*keys));
	uint64_t *values = calloc(KEY_BATCH, sizeof(*values)), flows = 0;
	uint32_t batch = 0;
	bool first = true;

	while (keys && values) {
		uint32_t count = KEY_BATCH;
		int ret = bpf_map_lookup_batch(fd, first ? NULL : &batch, &batch, keys, values, &count, NULL);

		if (ret && ret != -ENOENT)
			break;
		flows += count;
		first = false;
		if (ret)
			break;
	}
	free(keys);
	free(values);
	return flows;
}

int filter_read(const struct filter *filter, struct filter_counts *counts)
{
	int ret;

	*counts = (struct filter_counts){0};
	ret = read_counters(filter, counts);
	if (ret || !counts->flows_added)
		return ret;
	counts->flows_evicted = counts->flows_added - count_flows(bpf_map__fd(filter->skeleton->maps.flows));
	return 0;
}

int filter_stop(struct filter *filter)
{
	uint32_t zero = 0;

	return bpf_map_delete_elem(bpf_map__fd(filter->skeleton->maps.active), &zero);
}

void filter_close(struct filter *filter)
{
	if (!filter)
		return;
	if (filter->expression_fd >= 0)
		close(filter->expression_fd);
	sniff_bpf__destroy(filter->skeleton);
	free(filter);
}
