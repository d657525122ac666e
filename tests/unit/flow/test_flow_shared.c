/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table that others count in meanwhile, as programs in the kernel do: whatever they add while flows end or have to
 * go, no packet is lost or counted twice. Threads stand for the CPUs, and a lock for what the kernel's programs run
 * under.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/flow_table.h"
#include "flow_slots.h"

enum {
	SLOTS = 97,
	FLOWS = 48,
	IDS = 150,
	PACKETS = 100000,
	CPUS = 2,
	BYTES = 100,
	PACE = 200 /* packets between two looks at the table */
};

static const uint64_t SECOND = 1000000000;

static struct flow_memory memory;
static pthread_rwlock_t running = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;
static uint64_t clock_ns, unplaced, told, told_packets, told_bytes, cpus_running, collected;

/* Have another thread go on in the midst of a step, now and then. */
static void pause_sometimes(void)
{
	static _Thread_local unsigned int seed = 1;

	if (rand_r(&seed) % 32 == 0)
		sched_yield();
}

static struct flow_record *flow_slot(void *state, uint32_t place)
{
	(void)state;
	pause_sometimes();
	return place < memory.slot_count ? &memory.slots[place] : NULL;
}

static struct flow_link *flow_link(void *state, uint32_t index)
{
	(void)state;
	pause_sometimes();
	return index < memory.link_count ? &memory.links[index] : NULL;
}

/* As add_to_flow() of bpf/flow_totals_maps.h. */
static void count(const struct flow_packet *packet)
{
	struct flow_desk *desk = (struct flow_desk *)memory.slots;
	const uint32_t hash = flow_hash_of(desk, &packet->id);
	const uint64_t head = *(volatile __u64 *)&memory.links[hash].head;
	struct flow_record *record;
	uint32_t place = flow_find(NULL, (uint32_t)head, &packet->id, &record);

	if (!place || !flow_continues(&record->totals, packet, desk->idle_ns))
		place = flow_enter(NULL, desk, hash, packet);
	if (place)
		flow_add(&flow_slot(NULL, place)->totals, packet);
	else
		__atomic_add_fetch(&unplaced, 1, __ATOMIC_RELAXED);
}

/* A packet comes each millisecond. */
static uint64_t sent(void)
{
	return (__atomic_load_n(&clock_ns, __ATOMIC_RELAXED) - SECOND) / (SECOND / 1000);
}

/* Some end with a RST and begin again. */
static void *run_cpu(void *context)
{
	unsigned int seed = (unsigned int)(uintptr_t)context;

	for (int i = 0; i < PACKETS; i++) {
		const struct flow_packet packet = {
			.id = {.low = {0, 1},
			       .high = {0, 2},
			       .low_port = (uint16_t)(rand_r(&seed) % IDS),
			       .protocol = 6},
			.time = __atomic_add_fetch(&clock_ns, SECOND / 1000, __ATOMIC_RELAXED),
			.bytes = BYTES,
			.tcp_flags = rand_r(&seed) % 50  ? TCP_ACK
				     : rand_r(&seed) % 2 ? TCP_RST
							 : TCP_SYN,
			.from_high = rand_r(&seed) % 2,
		};

		while (sent() / PACE > __atomic_load_n(&collected, __ATOMIC_RELAXED))
			sched_yield();
		pthread_rwlock_rdlock(&running);
		count(&packet);
		pthread_rwlock_unlock(&running);
	}
	__atomic_sub_fetch(&cpus_running, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void wait_for_cpus(void *context)
{
	(void)context;
	pthread_rwlock_wrlock(&running);
	pthread_rwlock_unlock(&running);
}

static void tell(void *context, const struct flow_record *record)
{
	(void)context;
	told += record->end != FLOW_ACTIVE;
	told_packets += flow_packets_sum(&record->totals);
	told_bytes += flow_bytes_sum(&record->totals);
}

static bool is_even(void *context, const struct flow_record *record)
{
	(void)context;
	return record->id.low_port % 2 == 0;
}

static struct flow_sums run(struct flow_table_kernel *kernel)
{
	const struct flow_table_options options = {
		.flows = FLOWS,
		.idle_ns = SECOND,
		.active_ns = 3 * SECOND,
		.linger_ns = SECOND / 5,
		.tell = tell,
		.kernel = kernel,
	};
	const struct flow_desk *desk;
	struct flow_table *table;
	struct flow_sums sums;
	pthread_t cpus[CPUS];

	memory = (struct flow_memory){
		.slots = calloc(SLOTS, sizeof(*memory.slots)),
		.links = calloc(SLOTS, sizeof(*memory.links)),
		.slot_count = SLOTS,
		.link_count = SLOTS,
	};
	clock_ns = SECOND;
	unplaced = told = told_packets = told_bytes = collected = 0;
	kernel->memory = memory;
	desk = (const struct flow_desk *)memory.slots;
	table = flow_table_open(&options);
	assert_non_null(table);
	cpus_running = CPUS;
	for (uintptr_t i = 0; i < CPUS; i++)
		assert_int_equal(0, pthread_create(&cpus[i], NULL, run_cpu, (void *)(i + 1)));
	while (__atomic_load_n(&cpus_running, __ATOMIC_ACQUIRE)) {
		if (sent() / PACE < collected) {
			sched_yield();
			continue;
		}
		flow_table_collect(table, __atomic_load_n(&clock_ns, __ATOMIC_RELAXED));
		__atomic_add_fetch(&collected, 1, __ATOMIC_RELAXED);
	}
	for (int i = 0; i < CPUS; i++)
		pthread_join(cpus[i], NULL);
	flow_table_collect(table, clock_ns);
	flow_table_add_evicted(table, unplaced, unplaced * BYTES);
	flow_table_stop(table);
	flow_table_sums(table, &sums);
	flow_table_close(table);
	assert_int_equal(SLOTS - 1, desk->given - desk->taken); /* every place is free again */
	free(memory.slots);
	free(memory.links);
	return sums;
}

static void test_nothing_is_lost(void **state)
{
	struct flow_table_kernel kernel = {.wait = wait_for_cpus};
	const struct flow_sums sums = run(&kernel);

	(void)state;
	assert_int_equal(CPUS * PACKETS, sums.packets + sums.evicted_packets);
	assert_int_equal((uint64_t)CPUS * PACKETS * BYTES, sums.bytes + sums.evicted_bytes);
	/* What was told is all that is not evicted. */
	assert_int_equal(sums.packets, told_packets);
	assert_int_equal(sums.bytes, told_bytes);
	assert_true(sums.evicted > unplaced + FLOWS && told > FLOWS);
}

static void test_unwanted_flows_are_taken_back(void **state)
{
	struct flow_table_kernel kernel = {.wait = wait_for_cpus, .wants = is_even};
	const struct flow_sums sums = run(&kernel);

	(void)state;
	assert_int_equal(CPUS * PACKETS, sums.packets + sums.evicted_packets + sums.unwanted_packets);
	assert_int_equal((uint64_t)CPUS * PACKETS * BYTES, sums.bytes + sums.evicted_bytes + sums.unwanted_bytes);
	assert_int_equal(sums.packets, told_packets);
	assert_true(sums.unwanted_packets > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_lost),
		cmocka_unit_test(test_unwanted_flows_are_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
