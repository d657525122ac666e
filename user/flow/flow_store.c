/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "flow_slots.h"

static struct flow_record *flow_slot(void *state, uint32_t place)
{
	const struct flow_store *store = state;

	return place < store->memory.slot_count ? &store->memory.slots[place] : NULL;
}

static struct flow_link *flow_link(void *state, uint32_t index)
{
	const struct flow_store *store = state;

	return index < store->memory.link_count ? &store->memory.links[index] : NULL;
}

static struct flow_desk *desk_of(const struct flow_store *store)
{
	return (struct flow_desk *)store->memory.slots;
}

static int allocate(struct flow_memory *memory, uint32_t flows)
{
	*memory = (struct flow_memory){
		.slots = calloc((size_t)flows + 1, sizeof(*memory->slots)),
		.links = calloc((size_t)flows + 1, sizeof(*memory->links)),
		.slot_count = flows + 1,
		.link_count = flows + 1,
	};
	return memory->slots && memory->links ? 0 : -ENOMEM;
}

/* The largest power of two that is no larger. */
static uint32_t power_of_two(uint32_t number)
{
	return 1U << (31 - __builtin_clz(number));
}

/* Programs may take any place at once; this process takes those first that have been used, so that few flows take few
 * pages. */
static void stock(struct flow_store *store)
{
	for (uint32_t place = 1; store->is_shared && place < store->memory.slot_count; place++)
		flow_store_give(store, place);
}

int flow_store_open(struct flow_store *store, const struct flow_memory *shared, uint32_t flows, uint64_t idle_ns)
{
	int ret = 0;

	*store = (struct flow_store){.is_shared = shared};
	if (shared)
		store->memory = *shared;
	else
		ret = allocate(&store->memory, flows);
	if (ret)
		return ret;
	*desk_of(store) = (struct flow_desk){
		.idle_ns = idle_ns,
		.head_mask = power_of_two(store->memory.link_count) - 1,
		.link_count = store->memory.link_count,
		.connection_count = store->memory.connection_count,
	};
	if (getrandom(&desk_of(store)->seed, sizeof(desk_of(store)->seed), 0) < 0)
		return -errno;
	stock(store);
	return 0;
}

uint32_t flow_store_find(struct flow_store *store, const struct flow_packet *packet, bool *continues)
{
	const struct flow_desk *desk = desk_of(store);
	const struct flow_link *link = flow_link(store, flow_hash_of(desk, &packet->id));
	struct flow_record *record;
	uint32_t place = link ? flow_find(store, (uint32_t)link->head, &packet->id, &record) : 0;

	*continues = place && flow_continues(&record->totals, packet, desk->idle_ns);
	return place;
}

uint32_t flow_store_begin(struct flow_store *store, const struct flow_packet *packet)
{
	struct flow_desk *desk = desk_of(store);

	return flow_enter(store, desk, flow_hash_of(desk, &packet->id), packet);
}

uint64_t flow_store_taken(const struct flow_store *store)
{
	return __atomic_load_n(&desk_of(store)->taken, __ATOMIC_ACQUIRE);
}

uint32_t flow_store_taken_place(const struct flow_store *store, uint64_t number)
{
	const uint32_t place = store->memory.links[number % store->memory.link_count].free;

	return place < store->memory.slot_count ? place : 0;
}

/* Only new flows get in front of this one meanwhile. */
void flow_store_unlink(struct flow_store *store, uint32_t place)
{
	struct flow_link *links = store->memory.links;
	const uint32_t next = links[place].next;
	__u64 *head = &links[flow_hash_of(desk_of(store), &store->memory.slots[place].id)].head, expected = place;
	uint32_t at;

	if (__atomic_compare_exchange_n(head, &expected, next, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return;
	at = (uint32_t)expected;
	for (uint32_t i = 0; i < store->memory.slot_count && at && at < store->memory.slot_count; i++) {
		if (links[at].next == place) {
			__atomic_store_n(&links[at].next, next, __ATOMIC_RELEASE);
			return;
		}
		at = links[at].next;
	}
}

void flow_store_give(struct flow_store *store, uint32_t place)
{
	struct flow_desk *desk = desk_of(store);

	memset(&store->memory.slots[place], 0, sizeof(*store->memory.slots));
	store->memory.links[desk->given % desk->link_count].free = place;
	__atomic_store_n(&desk->given, desk->given + 1, __ATOMIC_RELEASE);
}

void flow_store_set_clock(struct flow_store *store, uint64_t offset)
{
	__atomic_store_n(&desk_of(store)->clock_offset, offset, __ATOMIC_RELAXED);
}

void flow_store_release(struct flow_store *store)
{
	if (!store->is_shared) {
		free(store->memory.slots);
		free(store->memory.links);
	}
	*store = (struct flow_store){0};
}
