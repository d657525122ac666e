/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_TABLE_H
#define BPFSNIFF_TCP_TABLE_H

#include <stdint.h>

#include "flow/unacked.h"
#include "flow_id.h"
#include "tcp_connection.h"

/* What is known of one connection. Of the arrays of two, the first is of the direction from the low endpoint. */
struct tcp_flow {
	struct flow_id id;
	struct tcp_connection connection;
	uint32_t suffered; /* segments with an event that slows the connection down */
	uint32_t used;     /* by the table's clock */
	struct unacked unacked[2];
};

/* A table of connections, with a bound: when it is full, a new one takes the place of one that has been silent for
 * long. Finding one takes the same time in a full table. */
struct tcp_table;

/* Called with a connection, one that loses its place among others. */
typedef void tcp_table_visitor(void *context, struct tcp_flow *flow);

/* Make room for `flows` connections, at least eight. `evict` may be NULL. NULL without memory. */
struct tcp_table *tcp_table_open(uint32_t flows, tcp_table_visitor *evict, void *context);

/* Where the segments of its connections are: four for each of as many connections as there is room for. */
struct unacked_pool *tcp_table_pool(struct tcp_table *table);

/* If no more segments have room, forget those of a connection that has been silent for long; not of the one that was
 * found last. */
void tcp_table_make_room(struct tcp_table *table);

/* The connection, new ones all zero but for their id. Valid until the next call. */
struct tcp_flow *tcp_table_find(struct tcp_table *table, const struct flow_id *id);

/* Call `visit` with each connection. */
void tcp_table_each(const struct tcp_table *table, tcp_table_visitor *visit, void *context);

/* Takes NULL. */
void tcp_table_close(struct tcp_table *table);

#endif
