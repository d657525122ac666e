/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ebpf/kernel_filter_internal.h"
#include "flow_id.h"
#include "per_cpu.h"

/* The counters of a loaded filter, and its part in a swap. */

enum {
	KEY_BATCH = 4096, /* flows read by one system call */
	READS = 100,      /* attempts to read the counters between two frames */
};

int kernel_filter_put_program(int array, uint32_t slot, int program)
{
	return bpf_map_update_elem(array, &slot, &program, BPF_ANY);
}

static void add_counters(const struct counters *counters, struct kernel_filter_counts *counts)
{
	for (int i = 0; i < VERDICT_COUNT; i++)
		counts->verdict[i] += counters->verdict[i];
	/* The two are not read at one instant: a frame may have come out in between. */
	if (counters->into_expression > counters->out_of_expression)
		counts->verdict[VERDICT_EXPRESSION] += counters->into_expression - counters->out_of_expression;
	counts->flows_added += counters->flows_added;
	counts->connections_added += counters->connections_added;
	counts->accepted_bytes += counters->accepted_bytes;
	counts->unplaced_packets += counters->unplaced_packets;
	counts->unplaced_bytes += counters->unplaced_bytes;
	counts->seen += counters->seen;
}

/* Whether no frame was being judged while the counters were copied. */
static bool is_settled(const struct kernel_filter_counts *counts)
{
	uint64_t judged = 0;

	for (int i = 0; i < VERDICT_COUNT; i++)
		judged += counts->verdict[i];
	return counts->seen == judged;
}

static int read_once(const struct kernel_filter *filter, struct per_cpu *values, struct kernel_filter_counts *counts)
{
	uint32_t zero = 0;
	int ret = bpf_map_lookup_elem(filter->parts[KERNEL_FILTER_CPUS], &zero, values);

	*counts = (struct kernel_filter_counts){0};
	for (int i = 0; !ret && i < filter->cpus; i++)
		add_counters(&values[i].counters, counts);
	return ret;
}

int kernel_filter_read(const struct kernel_filter *filter, struct kernel_filter_counts *counts)
{
	struct per_cpu *values = calloc((size_t)filter->cpus, sizeof(*values));
	int ret = -ENOMEM;

	*counts = (struct kernel_filter_counts){0};
	for (int i = 0; values && i < READS; i++) {
		ret = read_once(filter, values, counts);
		if (ret || is_settled(counts))
			break;
	}
	free(values);
	return ret;
}

bool kernel_filter_has_tcp_events(const struct kernel_filter *filter)
{
	return filter->has_tcp_events;
}

int kernel_filter_told(const struct kernel_filter *filter, const struct tcp_told_key *key, struct tcp_told *told)
{
	return bpf_map_lookup_elem(filter->parts[KERNEL_FILTER_TOLD], key, told);
}

int kernel_filter_connection(const struct kernel_filter *filter, const struct flow_id *id,
			     struct tcp_connection *connection)
{
	return bpf_map_lookup_elem(filter->parts[KERNEL_FILTER_CONNECTIONS], id, connection);
}

uint64_t kernel_filter_flow_count(const struct kernel_filter *filter, enum kernel_filter_part table)
{
	const bool of_first = table == KERNEL_FILTER_FLOWS;
	struct flow_id *keys = calloc(KEY_BATCH, sizeof(*keys));
	void *values = calloc(KEY_BATCH, of_first ? sizeof(uint64_t) : sizeof(struct tcp_connection));
	uint64_t flows = 0;
	uint32_t batch = 0;
	bool first = true;

	while (keys && values) {
		uint32_t count = KEY_BATCH;
		int ret = bpf_map_lookup_batch(filter->parts[table], first ? NULL : &batch, &batch, keys, values,
					       &count, NULL);

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

/* Note on every CPU that the next frame is the filter's, as long as no newer filter notes anything else. */
static int note_turn(const struct kernel_filter *filter)
{
	uint64_t *noted = calloc((size_t)filter->cpus, sizeof(*noted)); /* per-CPU values are padded to 8 bytes */
	uint32_t zero = 0;
	int ret;

	if (!noted)
		return -ENOMEM;
	for (int i = 0; i < filter->cpus; i++)
		memcpy(&noted[i], &filter->generation, sizeof(filter->generation));
	ret = bpf_map_update_elem(filter->parts[KERNEL_FILTER_NOTED_TURN], &zero, noted, BPF_ANY);
	free(noted);
	return ret;
}

int kernel_filter_step_aside(const struct kernel_filter *older)
{
	int ret = note_turn(older);

	return ret ? ret
		   : kernel_filter_put_program(older->parts[KERNEL_FILTER_ACTIVE], ACTIVE_ENTRY,
					       older->parts[KERNEL_FILTER_GATE_OLD]);
}

int kernel_filter_take_turn(const struct kernel_filter *newer)
{
	uint32_t zero = 0;

	return bpf_map_update_elem(newer->parts[KERNEL_FILTER_TURN], &zero, &newer->generation, BPF_ANY);
}

/* A CPU that no frame has come to since the turn changed has noted nothing yet, and nobody will note it any more. */
int kernel_filter_settle(const struct kernel_filter *filter)
{
	int ret = note_turn(filter);

	return ret ? ret
		   : kernel_filter_put_program(filter->parts[KERNEL_FILTER_ACTIVE], ACTIVE_ENTRY,
					       filter->parts[KERNEL_FILTER_MATCH]);
}

int kernel_filter_stop(const struct kernel_filter *filter)
{
	uint32_t entry = ACTIVE_ENTRY;

	return bpf_map_delete_elem(filter->parts[KERNEL_FILTER_ACTIVE], &entry);
}
