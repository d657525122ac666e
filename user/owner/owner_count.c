/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>

#include "owner/owner_internal.h"

enum { BATCH = 512 };

static uint64_t flows_added(const struct owner *owner)
{
	uint64_t *values = calloc((size_t)owner->cpus, sizeof(*values)), sum = 0;
	uint32_t zero = 0;

	if (values && !bpf_map_lookup_elem(owner->added_fd, &zero, values))
		for (int i = 0; i < owner->cpus; i++)
			sum += values[i];
	free(values);
	return sum;
}

static uint64_t flows_present(const struct owner *owner)
{
	struct owner_flow_key *keys = calloc(BATCH, sizeof(*keys));
	struct owner_flow *values = calloc(BATCH, sizeof(*values));
	uint64_t present = 0;
	uint32_t place = 0;
	bool first = true;
	int ret = 0;

	while (keys && values && !ret) {
		uint32_t count = BATCH;

		ret = bpf_map_lookup_batch(owner->flows_fd, first ? NULL : &place, &place, keys, values, &count, NULL);
		if (!ret || ret == -ENOENT)
			present += count;
		first = false;
	}
	free(keys);
	free(values);
	return present;
}

/* The kernel counts no evictions, and nothing else removes a flow: those that are missing have been evicted. */
uint64_t owner_evicted(const struct owner *owner)
{
	uint64_t present = flows_present(owner), added = flows_added(owner);

	return added > present ? added - present : 0;
}
