/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_flows.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ebpf/kernel_filter_internal.h"
#include "sniff.skel.h"

struct kernel_flows {
	struct flow_memory memory;
	int fds[KERNEL_FLOWS_FDS];
	size_t bytes[KERNEL_FLOWS_FDS];
	void *mapped[KERNEL_FLOWS_FDS];
	int barrier; /* a map of maps that no program uses */
	int inner;
};

static int take_map(struct kernel_flows *flows, int which, const struct bpf_map *map)
{
	flows->fds[which] = fcntl(bpf_map__fd(map), F_DUPFD_CLOEXEC, 0);
	return flows->fds[which] < 0 ? -errno : 0;
}

/* Take its memory, too. 0 or -errno. */
static int take_memory(struct kernel_flows *flows, int which, const struct bpf_map *map)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (size_t)bpf_map__max_entries(map) * bpf_map__value_size(map);
	void *memory;

	int ret = take_map(flows, which, map);

	if (ret)
		return ret;
	bytes = (bytes + page - 1) / page * page;
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, flows->fds[which], 0);
	if (memory == MAP_FAILED)
		return -errno;
	flows->mapped[which] = memory;
	flows->bytes[which] = bytes;
	return 0;
}

static int make_barrier(struct kernel_flows *flows)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);

	flows->inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "bs_flow_inner", sizeof(uint32_t), sizeof(uint32_t), 1, NULL);
	if (flows->inner < 0)
		return flows->inner;
	options.inner_map_fd = (uint32_t)flows->inner;
	flows->barrier = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "bs_flow_barrier", sizeof(uint32_t),
					sizeof(uint32_t), 1, &options);
	return flows->barrier < 0 ? flows->barrier : 0;
}

int kernel_flows_open(const struct kernel_filter *filter, struct kernel_flows **result)
{
	const struct sniff_bpf *skeleton = filter->skeleton;
	struct kernel_flows *opened = calloc(1, sizeof(*opened));
	int ret;

	if (!opened)
		return -ENOMEM;
	*opened = (struct kernel_flows){.fds = {-1, -1, -1}, .barrier = -1, .inner = -1};
	ret = take_memory(opened, KERNEL_FLOWS_SLOTS, skeleton->maps.bs_flow_slots);
	if (!ret)
		ret = take_memory(opened, KERNEL_FLOWS_LINKS, skeleton->maps.bs_flow_links);
	if (!ret)
		ret = take_map(opened, KERNEL_FLOWS_CONNECTIONS, skeleton->maps.bs_flow_connections);
	if (!ret)
		ret = make_barrier(opened);
	if (ret) {
		kernel_flows_close(opened);
		return ret;
	}
	opened->memory = (struct flow_memory){
		.slots = opened->mapped[KERNEL_FLOWS_SLOTS],
		.links = opened->mapped[KERNEL_FLOWS_LINKS],
		.slot_count = bpf_map__max_entries(skeleton->maps.bs_flow_slots),
		.link_count = bpf_map__max_entries(skeleton->maps.bs_flow_links),
		.connection_count = bpf_map__max_entries(skeleton->maps.bs_flow_connections),
	};
	*result = opened;
	return 0;
}

const struct flow_memory *kernel_flows_memory(const struct kernel_flows *flows)
{
	return &flows->memory;
}

void kernel_flows_fds(const struct kernel_flows *flows, int fds[KERNEL_FLOWS_FDS])
{
	for (int i = 0; i < KERNEL_FLOWS_FDS; i++)
		fds[i] = flows->fds[i];
}

/* Whoever puts a map into a map of maps returns when no program works with the one before any more
 * (maybe_wait_bpf_programs() in kernel/bpf/syscall.c), whether or not a program uses it. */
void kernel_flows_wait(const struct kernel_flows *flows)
{
	const uint32_t zero = 0;

	bpf_map_update_elem(flows->barrier, &zero, &flows->inner, BPF_ANY);
}

static void close_descriptor(int fd)
{
	if (fd >= 0)
		close(fd);
}

void kernel_flows_close(struct kernel_flows *flows)
{
	if (!flows)
		return;
	for (int i = 0; i < KERNEL_FLOWS_FDS; i++) {
		if (flows->mapped[i])
			munmap(flows->mapped[i], flows->bytes[i]);
		close_descriptor(flows->fds[i]);
	}
	close_descriptor(flows->barrier);
	close_descriptor(flows->inner);
	free(flows);
}
