/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"

/* Room for another row, all zeros; NULL without memory. */
static struct top_row *new_row(struct top *top)
{
	if (top->count == top->size) {
		size_t size = top->size ? 2 * top->size : 256;
		struct top_row *rows = reallocarray(top->rows, size, sizeof(*rows));

		if (!rows) {
			top->error = -ENOMEM;
			return NULL;
		}
		top->rows = rows;
		top->size = size;
	}
	memset(&top->rows[top->count], 0, sizeof(*top->rows));
	return &top->rows[top->count++];
}

static void set_amounts(struct top_row *row, const struct flow_side *first, const struct flow_side *second)
{
	row->flows = 1;
	row->packets[0] = first->packets;
	row->packets[1] = second->packets;
	row->bytes[0] = first->bytes;
	row->bytes[1] = second->bytes;
}

/* A host that talks to itself is one row, which has sent and received all of it. */
static void add_hosts(struct top *top, const struct flow_record *record, uint64_t recent)
{
	const struct flow_side *sides = record->totals.sides;
	const bool is_one = !memcmp(record->id.low, record->id.high, sizeof(record->id.low));

	for (int high = 0; high <= !is_one; high++) {
		struct top_row *row = new_row(top);

		if (!row)
			return;
		memcpy(row->address, high ? record->id.high : record->id.low, sizeof(row->address));
		row->version = record->id.version;
		set_amounts(row, &sides[high], &sides[!high]);
		if (is_one) {
			row->packets[0] = row->packets[1] = flow_packets_sum(&record->totals);
			row->bytes[0] = row->bytes[1] = flow_bytes_sum(&record->totals);
		}
		row->recent = recent;
	}
}

static void add_flow(void *context, const struct flow_record *record)
{
	struct top *top = context;
	const bool high = flow_source_is_high(&record->totals);
	const uint64_t recent = flow_table_recent(top->table, record);
	struct top_row *row;

	if (top->key == TOP_HOST) {
		add_hosts(top, record, recent);
		return;
	}
	row = new_row(top);
	if (!row)
		return;
	set_amounts(row, &record->totals.sides[high], &record->totals.sides[!high]);
	row->recent = recent;
	row->protocol = record->id.protocol;
	if (top->key == TOP_PORT && flow_has_ports(&record->id))
		row->port = flow_endpoint(&record->id, !high).port;
	if (top->key == TOP_FLOW)
		row->flow = record;
}

static int by_key(const void *left, const void *right)
{
	const struct top_row *one = left, *other = right;
	const int order = memcmp(one->address, other->address, sizeof(one->address));

	if (order)
		return order;
	if (one->version != other->version)
		return one->version - other->version;
	return one->protocol != other->protocol ? one->protocol - other->protocol : one->port - other->port;
}

static int compare(uint64_t one, uint64_t other)
{
	return one < other ? 1 : one > other ? -1 : 0;
}

/* Rows of the same size keep an order of their own, so that they do not jump. */
static int by_bytes(const void *left, const void *right)
{
	const struct top_row *one = left, *other = right;
	const int order = compare(one->bytes[0] + one->bytes[1], other->bytes[0] + other->bytes[1]);

	if (order)
		return order;
	return one->flow && other->flow ? memcmp(&one->flow->id, &other->flow->id, sizeof(one->flow->id))
					: by_key(left, right);
}

static int by_recent(const void *left, const void *right)
{
	const int order = compare(((const struct top_row *)left)->recent, ((const struct top_row *)right)->recent);

	return order ? order : by_bytes(left, right);
}

/* Add each row to the one before it that has the same key. */
static void merge(struct top *top)
{
	size_t count = 0;

	for (size_t i = 0; i < top->shown; i++) {
		struct top_row *from = (struct top_row *)top->order[i];
		struct top_row *to = (struct top_row *)top->order[count ? count - 1 : 0];

		if (!count || by_key(from, to)) {
			top->order[count++] = from;
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

int top_collect(struct top *top, const struct flow_table *table, enum top_key key, bool by_rate)
{
	const void **order;

	top->count = top->shown = 0;
	top->error = 0;
	top->key = key;
	top->table = table;
	flow_table_each(table, add_flow, top);
	order = reallocarray(top->order, 2 * top->count + 1, sizeof(*order));
	if (!order)
		return -ENOMEM;
	top->order = order;
	top->shown = top->count;
	for (size_t i = 0; i < top->count; i++)
		order[i] = &top->rows[i];
	if (key != TOP_FLOW) {
		sort_pointers(order, order + top->count, top->shown, by_key);
		merge(top);
	}
	sort_pointers(order, order + top->count, top->shown, by_rate ? by_recent : by_bytes);
	return top->error;
}

void top_release(struct top *top)
{
	free(top->rows);
	free(top->order);
	*top = (struct top){0};
}
