/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_flows.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <unistd.h>

#include "ebpf/kernel_filter_internal.h"
#include "sniff.skel.h"

enum {
	BATCH = 8192, /* flows read by one system call */
	/* Above, the kernel allocates what each flow needs when it comes, since a table of that size is rarely full. */
	PREALLOCATED_MAX = 131072,
};

struct kernel_flows {
	int slot;      /* the map of maps that the programs look into */
	int halves[2]; /* one is in the slot, the other is empty */
	int current;
	struct flow_id *ids;
	struct flow_totals *parts;
};

uint32_t kernel_flows_map_flags(uint32_t flows)
{
	return flows > PREALLOCATED_MAX ? BPF_F_NO_PREALLOC : 0;
}

static int create_half(uint32_t flows)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = kernel_flows_map_flags(flows));

	return bpf_map_create(BPF_MAP_TYPE_HASH, "bs_flow_totals", sizeof(struct flow_id), sizeof(struct flow_totals),
			      flows, &options);
}

static int put_in_slot(const struct kernel_flows *flows, int half)
{
	const uint32_t zero = 0;

	return bpf_map_update_elem(flows->slot, &zero, &flows->halves[half], BPF_ANY);
}

static int fill(struct kernel_flows *flows, const struct kernel_filter *filter, uint32_t count)
{
	flows->slot = fcntl(bpf_map__fd(filter->skeleton->maps.bs_totals), F_DUPFD_CLOEXEC, 0);
	if (flows->slot < 0)
		return -errno;
	for (int half = 0; half < 2; half++) {
		flows->halves[half] = create_half(count);
		if (flows->halves[half] < 0)
			return flows->halves[half];
	}
	flows->ids = calloc(BATCH, sizeof(*flows->ids));
	flows->parts = calloc(BATCH, sizeof(*flows->parts));
	return flows->ids && flows->parts ? put_in_slot(flows, flows->current) : -ENOMEM;
}

int kernel_flows_open(const struct kernel_filter *filter, uint32_t flows, struct kernel_flows **result)
{
	struct kernel_flows *opened = calloc(1, sizeof(*opened));
	int ret;

	if (!opened)
		return -ENOMEM;
	*opened = (struct kernel_flows){.slot = -1, .halves = {-1, -1}};
	ret = fill(opened, filter, flows);
	if (ret)
		kernel_flows_close(opened);
	else
		*result = opened;
	return ret;
}

int kernel_flows_fd(const struct kernel_flows *flows)
{
	return flows->slot;
}

/* Visit the flows of a map that no program works with, and empty it. */
static int drain(const struct kernel_flows *flows, int map, kernel_flows_visitor *visit, void *context)
{
	uint32_t place, count;
	void *from = NULL;
	int ret = 0;

	while (!ret) {
		count = BATCH;
		ret = bpf_map_lookup_and_delete_batch(map, from, &place, flows->ids, flows->parts, &count, NULL);
		if (ret && ret != -ENOENT) /* that was the last batch */
			return ret;
		for (uint32_t i = 0; i < count; i++)
			visit(context, &flows->ids[i], &flows->parts[i]);
		from = &place;
	}
	return 0;
}

int kernel_flows_read(struct kernel_flows *flows, kernel_flows_visitor *visit, void *context)
{
	const int full = flows->current;
	int ret = put_in_slot(flows, !full);

	if (ret)
		return ret;
	flows->current = !full;
	return drain(flows, flows->halves[full], visit, context);
}

void kernel_flows_close(struct kernel_flows *flows)
{
	if (!flows)
		return;
	for (int half = 0; half < 2; half++)
		if (flows->halves[half] >= 0)
			close(flows->halves[half]);
	if (flows->slot >= 0)
		close(flows->slot);
	free(flows->ids);
	free(flows->parts);
	free(flows);
}
