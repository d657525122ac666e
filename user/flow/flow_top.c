/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow_owner.h"
#include "flow/flow_top_text.h"

/* Make room for one more; 0 or -ENOMEM. */
static int make_room(void **items, size_t *size, size_t count, size_t bytes)
{
	size_t grown = *size ? 2 * *size : 256;
	void *room;

	if (count < *size)
		return 0;
	room = reallocarray(*items, grown, bytes);
	if (!room)
		return -ENOMEM;
	*items = room;
	*size = grown;
	return 0;
}

/* Room for another row, all zeros; NULL without memory. */
static struct top_row *new_row(struct top *top)
{
	void *rows = top->rows;

	if (make_room(&rows, &top->row_size, top->row_count, sizeof(*top->rows))) {
		top->error = -ENOMEM;
		return NULL;
	}
	top->rows = rows;
	memset(&top->rows[top->row_count], 0, sizeof(*top->rows));
	return &top->rows[top->row_count++];
}

static void add_item(struct top *top, const void *item)
{
	void *items = top->items;

	if (make_room(&items, &top->size, top->shown, sizeof(*top->items))) {
		top->error = -ENOMEM;
		return;
	}
	top->items = items;
	top->items[top->shown++] = (struct sort_item){.item = item};
}

static void set_amounts(struct top_row *row, const struct flow_side *first, const struct flow_side *second)
{
	row->flows = 1;
	row->packets[0] = first->packets;
	row->packets[1] = second->packets;
	row->bytes[0] = first->bytes;
	row->bytes[1] = second->bytes;
}

/* What one end has sent and received, or both of them where they are one. NULL without memory. */
static struct top_row *add_end(struct top *top, const struct flow_record *record, bool high, bool is_one)
{
	const struct flow_side *sides = record->totals.sides;
	struct top_row *row = new_row(top);

	if (!row)
		return NULL;
	set_amounts(row, &sides[high], &sides[!high]);
	if (is_one) {
		row->packets[0] = row->packets[1] = flow_packets_sum(&record->totals);
		row->bytes[0] = row->bytes[1] = flow_bytes_sum(&record->totals);
	}
	row->recent = flow_recent_bytes(record, top->period);
	return row;
}

/* A host that talks to itself is one row, which has sent and received all of it. */
static void add_hosts(struct top *top, const struct flow_record *record)
{
	const bool is_one = !memcmp(record->id.low, record->id.high, sizeof(record->id.low));

	for (int high = 0; high <= !is_one; high++) {
		struct top_row *row = add_end(top, record, high, is_one);

		if (!row)
			return;
		memcpy(row->address, high ? record->id.high : record->id.low, sizeof(row->address));
		row->version = record->id.version;
	}
}

/* The process at an end; NULL: not known. */
static const struct end_owner *process_at(const struct flow_record *record, bool high)
{
	return record->owner && record->owner->ends[high].pid ? &record->owner->ends[high] : NULL;
}

/* What no process is known of is one row, which its source has sent. */
static void add_processes(struct top *top, const struct flow_record *record)
{
	const struct end_owner *low = process_at(record, false), *high = process_at(record, true);
	const bool is_one = low && high && low->pid == high->pid;
	struct top_row *row;

	if (!low && !high)
		add_end(top, record, flow_source_is_high(&record->totals), false);
	if (low) {
		row = add_end(top, record, false, is_one);
		if (row)
			row->process = low;
	}
	if (high && !is_one) {
		row = add_end(top, record, true, false);
		if (row)
			row->process = high;
	}
}

static struct top_row row_of_flow(const struct top *top, const struct flow_record *record)
{
	const bool high = flow_source_is_high(&record->totals);
	struct top_row row = {
		.flow = record, .protocol = record->id.protocol, .recent = flow_recent_bytes(record, top->period)};

	set_amounts(&row, &record->totals.sides[high], &record->totals.sides[!high]);
	return row;
}

static void add_port(struct top *top, const struct flow_record *record)
{
	const bool high = flow_source_is_high(&record->totals);
	struct top_row *row = new_row(top);

	if (!row)
		return;
	*row = row_of_flow(top, record);
	row->flow = NULL;
	if (flow_has_ports(&record->id))
		row->port = flow_endpoint(&record->id, !high).port;
}

static void add_flow(void *context, const struct flow_record *record)
{
	struct top *top = context;

	switch (top->choice.key) {
	case TOP_HOST:
		add_hosts(top, record);
		break;
	case TOP_PORT:
		add_port(top, record);
		break;
	case TOP_PROCESS:
		add_processes(top, record);
		break;
	case TOP_FLOW:
	default:
		add_item(top, record);
	}
}

static uint32_t pid_of(const struct top_row *row)
{
	return row->process ? row->process->pid : 0;
}

static int by_key(const void *left, const void *right)
{
	const struct top_row *one = left, *other = right;
	const int order = memcmp(one->address, other->address, sizeof(one->address));

	if (order)
		return order;
	if (pid_of(one) != pid_of(other))
		return pid_of(one) < pid_of(other) ? -1 : 1;
	if (one->version != other->version)
		return one->version - other->version;
	return one->protocol != other->protocol ? one->protocol - other->protocol : one->port - other->port;
}

static int by_id(const void *left, const void *right)
{
	const struct flow_record *one = left, *other = right;

	return memcmp(&one->id, &other->id, sizeof(one->id));
}

/* Many flows rest, and have the same rate. */
static int by_bytes(const void *left, const void *right)
{
	const uint64_t one = flow_bytes_sum(&((const struct flow_record *)left)->totals);
	const uint64_t other = flow_bytes_sum(&((const struct flow_record *)right)->totals);

	return one != other ? (one > other ? -1 : 1) : by_id(left, right);
}

/* Add each row to the one before it that has the same key. */
static void merge(struct top *top)
{
	size_t count = 0;

	for (size_t i = 0; i < top->shown; i++) {
		struct top_row *from = (struct top_row *)top->items[i].item;
		struct top_row *to = (struct top_row *)top->items[count ? count - 1 : 0].item;

		if (!count || by_key(from, to)) {
			top->items[count++].item = from;
			continue;
		}
		to->flows++;
		to->recent += from->recent;
		for (int way = 0; way < 2; way++) {
			to->packets[way] += from->packets[way];
			to->bytes[way] += from->bytes[way];
		}
	}
	top->shown = count;
}

/* What a row is sorted by. The letters of a word are a number, the first ones the largest, so that `a` is largest. */
static uint64_t value_of(const struct top *top, const struct top_row *row)
{
	const struct flow_record *flow = row->flow;
	const char *state;
	uint64_t word = 0;

	switch (top->choice.order) {
	case TOP_BY_RATE:
		return row->recent;
	case TOP_BY_BYTES:
		return row->bytes[0] + row->bytes[1];
	case TOP_BY_PACKETS:
		return row->packets[0] + row->packets[1];
	case TOP_BY_SENT:
		return row->bytes[0];
	case TOP_BY_RECEIVED:
		return row->bytes[1];
	case TOP_BY_FLOWS:
		return row->flows;
	case TOP_BY_AGE:
		return flow && flow->totals.first ? UINT64_MAX - flow->totals.first : 0;
	case TOP_BY_STATE:
		state = flow ? flow_state_name(flow) : NULL;
		for (size_t i = 0; state && i < sizeof(word) && state[i]; i++)
			word |= (uint64_t)(uint8_t)state[i] << (8 * (sizeof(word) - 1 - i));
		return UINT64_MAX - word;
	case TOP_BY_RETRANSMISSIONS:
		return flow ? flow->totals.sides[0].retransmissions + flow->totals.sides[1].retransmissions : 0;
	case TOP_BY_RTT:
		return flow ? flow_rtt(&flow->totals) : 0;
	case TOP_BY_NAME:
	default:
		return 0;
	}
}

/* Leave out the rows that do not have the words. */
static void keep_matching(struct top *top)
{
	const char *words = top->choice.words;
	size_t kept = 0;

	top->total = top->shown;
	if (!words || !*words)
		return;
	for (size_t i = 0; i < top->shown; i++) {
		const struct top_row row = top_row(top, i);

		if (top_text_has(top, &row, words))
			top->items[kept++] = top->items[i];
	}
	top->shown = kept;
}

static void reverse(struct top *top)
{
	for (size_t i = 0; i < top->shown / 2; i++) {
		const struct sort_item item = top->items[i];

		top->items[i] = top->items[top->shown - 1 - i];
		top->items[top->shown - 1 - i] = item;
	}
}

/* Add the rows up that have one key. */
static int add_up(struct top *top)
{
	struct sort_item *room;

	for (size_t i = 0; i < top->row_count; i++)
		add_item(top, &top->rows[i]);
	room = reallocarray(NULL, top->shown + 1, sizeof(*room));
	if (!room)
		return -ENOMEM;
	sort_items(top->items, room, top->shown, by_key);
	merge(top);
	free(room);
	return 0;
}

static int sort(struct top *top)
{
	struct sort_item *room = reallocarray(NULL, top->shown + 1, sizeof(*room));

	if (!room)
		return -ENOMEM;
	for (size_t i = 0; i < top->shown; i++) {
		const struct top_row row = top_row(top, i);

		top->items[i].value = value_of(top, &row);
	}
	sort_items(top->items, room, top->shown,
		   top->choice.key != TOP_FLOW        ? by_key
		   : top->choice.order == TOP_BY_RATE ? by_bytes
						      : by_id);
	if (top->choice.is_reversed)
		reverse(top);
	free(room);
	return 0;
}

int top_collect(struct top *top, const struct flow_table *table, const struct top_choice *choice)
{
	int ret = 0;

	top->row_count = top->shown = top->total = 0;
	top->error = 0;
	top->choice = *choice;
	if (!top->frozen) {
		top->period = flow_table_period(table);
		top->now = flow_table_now(table);
		flow_table_each(table, add_flow, top);
	}
	for (size_t i = 0; i < top->frozen_count; i++)
		add_flow(top, &top->frozen[i]);
	if (choice->key != TOP_FLOW)
		ret = add_up(top);
	if (ret)
		return ret;
	keep_matching(top);
	ret = sort(top);
	return ret ? ret : top->error;
}

struct top_row top_row(const struct top *top, size_t place)
{
	const void *item = top->items[place].item;

	return top->choice.key == TOP_FLOW ? row_of_flow(top, item) : *(const struct top_row *)item;
}

static void freeze_flow(void *context, const struct flow_record *record)
{
	struct top *top = context;
	struct flow_record *copy = &top->frozen[top->frozen_count++];

	*copy = *record;
	flow_owner_hold(copy->owner);
}

int top_freeze(struct top *top, const struct flow_table *table)
{
	top_thaw(top);
	top->period = flow_table_period(table);
	top->now = flow_table_now(table);
	top->frozen = reallocarray(NULL, flow_table_used(table) + 1, sizeof(*top->frozen));
	if (!top->frozen)
		return -ENOMEM;
	flow_table_each(table, freeze_flow, top);
	return 0;
}

void top_thaw(struct top *top)
{
	for (size_t i = 0; i < top->frozen_count; i++)
		flow_owner_release(top->frozen[i].owner);
	free(top->frozen);
	top->frozen = NULL;
	top->frozen_count = 0;
}

void top_release(struct top *top)
{
	top_thaw(top);
	free(top->items);
	free(top->rows);
	*top = (struct top){0};
}
