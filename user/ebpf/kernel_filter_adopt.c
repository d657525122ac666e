/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ebpf/kernel_filter_internal.h"
#include "flow_id.h"
#include "per_cpu.h"

/* What each map has to be; the other parts are programs. */
static const struct {
	enum bpf_map_type type;
	uint32_t key_size, value_size;
} maps[KERNEL_FILTER_PARTS] = {
	[KERNEL_FILTER_ACTIVE] = {BPF_MAP_TYPE_PROG_ARRAY, sizeof(uint32_t), sizeof(uint32_t)},
	[KERNEL_FILTER_STAGES] = {BPF_MAP_TYPE_PROG_ARRAY, sizeof(uint32_t), sizeof(uint32_t)},
	[KERNEL_FILTER_CPUS] = {BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(uint32_t), sizeof(struct per_cpu)},
	[KERNEL_FILTER_FLOWS] = {BPF_MAP_TYPE_LRU_HASH, sizeof(struct flow_id), sizeof(uint64_t)},
	[KERNEL_FILTER_DATAGRAMS] = {BPF_MAP_TYPE_LRU_HASH, sizeof(struct datagram_id), sizeof(struct datagram_ports)},
	[KERNEL_FILTER_CONNECTIONS] = {BPF_MAP_TYPE_LRU_HASH, sizeof(struct flow_id), sizeof(struct tcp_connection)},
	[KERNEL_FILTER_TOLD] = {BPF_MAP_TYPE_LRU_HASH, sizeof(struct tcp_told_key), sizeof(struct tcp_told)},
	[KERNEL_FILTER_TURN] = {BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint32_t)},
	[KERNEL_FILTER_NOTED_TURN] = {BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(uint32_t), sizeof(uint32_t)},
};

/* 0 or -errno; -EINVAL for a descriptor that has nothing to do with BPF. */
static int get_map_info(int fd, struct bpf_map_info *info)
{
	uint32_t size = sizeof(*info);

	*info = (struct bpf_map_info){0};
	return bpf_obj_get_info_by_fd(fd, info, &size);
}

/* 0 or -errno. */
static int get_program_info(int fd, struct bpf_prog_info *info)
{
	uint32_t size = sizeof(*info);

	*info = (struct bpf_prog_info){0};
	return bpf_obj_get_info_by_fd(fd, info, &size);
}

static int check_program(int fd)
{
	struct bpf_prog_info info;
	int ret = get_program_info(fd, &info);

	return ret || info.type == BPF_PROG_TYPE_SOCKET_FILTER ? ret : -EINVAL;
}

static int check_map(int fd, enum kernel_filter_part part)
{
	struct bpf_map_info info;
	int ret = get_map_info(fd, &info);

	if (ret)
		return ret;
	return info.type == maps[part].type && info.key_size == maps[part].key_size &&
			       info.value_size == maps[part].value_size
		       ? 0
		       : -EINVAL;
}

static int check_same(int fd, int other)
{
	struct bpf_map_info info, other_info;
	int ret = get_map_info(fd, &info);

	if (!ret)
		ret = get_map_info(other, &other_info);
	return ret || info.id == other_info.id ? ret : -EINVAL;
}

bool kernel_filter_shares(const struct kernel_filter *older, const struct kernel_filter *newer,
			  enum kernel_filter_part map)
{
	return !check_same(older->parts[map], newer->parts[map]);
}

static int check(const int parts[KERNEL_FILTER_PARTS], const struct kernel_filter *older)
{
	int ret = 0;

	for (int i = 0; !ret && i < KERNEL_FILTER_PARTS; i++)
		ret = maps[i].type ? check_map(parts[i], (enum kernel_filter_part)i) : check_program(parts[i]);
	if (!ret)
		ret = check_same(parts[KERNEL_FILTER_TURN], older->parts[KERNEL_FILTER_TURN]);
	if (!ret)
		ret = check_same(parts[KERNEL_FILTER_NOTED_TURN], older->parts[KERNEL_FILTER_NOTED_TURN]);
	return ret;
}

int kernel_filter_adopt(const int parts[KERNEL_FILTER_PARTS], const struct kernel_filter *older,
			struct kernel_filter **result)
{
	int ret = check(parts, older);
	struct kernel_filter *filter;
	struct bpf_prog_info match;
	struct bpf_map_info told;

	if (!ret)
		ret = get_map_info(parts[KERNEL_FILTER_TOLD], &told);
	if (!ret)
		ret = get_program_info(parts[KERNEL_FILTER_MATCH], &match);
	if (ret)
		return ret;
	filter = calloc(1, sizeof(*filter));
	if (!filter)
		return -ENOMEM;
	filter->is_adopted = true;
	filter->expression_fd = -1;
	filter->generation = older->generation + 1;
	filter->cpus = older->cpus;
	filter->reads_in_place = strstr(match.name, "in_place"); /* as the programs of bpf/sniff.bpf.c are called */
	filter->has_tcp_events = told.max_entries >= TCP_TOLD_MIN;
	memcpy(filter->parts, parts, sizeof(filter->parts));
	*result = filter;
	return 0;
}
