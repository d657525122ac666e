/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/flow_limits.h"

#include <stdlib.h>

/* Makes uthash leave out an entry that it has no memory for. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* uthash keeps its elements in the order in which they were added. An element that is used is added again, so the least
 * recently used is the first. */
struct flow_entry {
	struct flow_id id;
	uint64_t packets;
	UT_hash_handle hh;
};

struct connection_entry {
	struct flow_id id;
	struct tcp_connection connection;
	UT_hash_handle hh;
};

struct datagram_entry {
	struct datagram_id id;
	struct datagram_ports ports;
	UT_hash_handle hh;
};

struct flow_limits {
	struct flow_entry *flows;
	struct datagram_entry *datagrams;
	struct connection_entry *connections;
	uint32_t room;
	uint64_t evicted, evicted_connections;
};

struct flow_limits *flow_limits_open(uint32_t flows)
{
	struct flow_limits *table = calloc(1, sizeof(*table));

	if (table)
		table->room = flows;
	return table;
}

/* Take the entry of a flow out of the table. A flow without one gets a new entry or, if the table is full, that of the
 * least recently used flow. NULL without memory. */
static struct flow_entry *take_flow(struct flow_limits *table, const struct flow_id *id)
{
	struct flow_entry *entry;

	HASH_FIND(hh, table->flows, id, sizeof(*id), entry);
	if (entry) {
		HASH_DEL(table->flows, entry);
		return entry;
	}
	if (HASH_COUNT(table->flows) >= table->room) {
		entry = table->flows;
		HASH_DEL(table->flows, entry);
		table->evicted++;
	} else {
		entry = malloc(sizeof(*entry));
	}
	if (entry)
		*entry = (struct flow_entry){.id = *id};
	return entry;
}

uint64_t flow_limits_count(struct flow_limits *table, const struct flow_id *id)
{
	struct flow_entry *entry = take_flow(table, id);
	uint64_t packets;

	if (!entry)
		return 1;
	packets = ++entry->packets;
	HASH_ADD(hh, table->flows, id, sizeof(entry->id), entry);
	return packets;
}

struct tcp_connection *flow_limits_connection(struct flow_limits *table, const struct flow_id *id)
{
	struct connection_entry *entry;

	HASH_FIND(hh, table->connections, id, sizeof(*id), entry);
	if (entry) {
		HASH_DEL(table->connections, entry);
	} else if (HASH_COUNT(table->connections) >= table->room) {
		entry = table->connections;
		HASH_DEL(table->connections, entry);
		table->evicted_connections++;
		*entry = (struct connection_entry){.id = *id};
	} else {
		entry = calloc(1, sizeof(*entry));
	}
	if (!entry)
		return NULL;
	entry->id = *id;
	HASH_ADD(hh, table->connections, id, sizeof(entry->id), entry);
	return &entry->connection;
}

void flow_limits_remember(struct flow_limits *table, const struct datagram_id *id, const struct datagram_ports *ports)
{
	struct datagram_entry *entry;

	HASH_FIND(hh, table->datagrams, id, sizeof(*id), entry);
	if (entry) {
		HASH_DEL(table->datagrams, entry);
	} else if (HASH_COUNT(table->datagrams) >= DATAGRAMS_MAX) {
		entry = table->datagrams;
		HASH_DEL(table->datagrams, entry);
	} else {
		entry = malloc(sizeof(*entry));
	}
	if (!entry)
		return;
	*entry = (struct datagram_entry){.id = *id, .ports = *ports};
	HASH_ADD(hh, table->datagrams, id, sizeof(entry->id), entry);
}

const struct datagram_ports *flow_limits_recall(struct flow_limits *table, const struct datagram_id *id)
{
	struct datagram_entry *entry;

	HASH_FIND(hh, table->datagrams, id, sizeof(*id), entry);
	return entry ? &entry->ports : NULL;
}

uint64_t flow_limits_evicted(const struct flow_limits *table)
{
	return table->evicted;
}

uint64_t flow_limits_evicted_connections(const struct flow_limits *table)
{
	return table->evicted_connections;
}

void flow_limits_close(struct flow_limits *table)
{
	struct flow_entry *flow, *next_flow;
	struct datagram_entry *datagram, *next_datagram;
	struct connection_entry *connection, *next_connection;

	if (!table)
		return;
	connection = table->connections;
	HASH_CLEAR(hh, table->connections);
	for (; connection; connection = next_connection) {
		next_connection = connection->hh.next;
		free(connection);
	}
	flow = table->flows;
	datagram = table->datagrams;
	HASH_CLEAR(hh, table->flows); /* frees the table but not the entries */
	HASH_CLEAR(hh, table->datagrams);
	for (; flow; flow = next_flow) {
		next_flow = flow->hh.next;
		free(flow);
	}
	for (; datagram; datagram = next_datagram) {
		next_datagram = datagram->hh.next;
		free(datagram);
	}
	free(table);
}
