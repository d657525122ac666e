/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TOP_H
#define BPFSNIFF_FLOW_TOP_H

#include <stddef.h>

#include "base/output.h"
#include "flow/flow_table.h"

/* The flows of a table by size, each for itself or those added up that have something in common. */

enum top_key {
	TOP_FLOW,
	TOP_HOST, /* what each address has sent and received */
	TOP_PORT, /* what went to and from the port of the side that was called, by protocol */
};

struct top_row {
	const struct flow_record *flow; /* TOP_FLOW: in the table */
	uint8_t address[16];            /* TOP_HOST */
	uint16_t port;                  /* TOP_PORT, and the protocol */
	uint8_t protocol;
	uint8_t version; /* TOP_HOST: of IP */
	uint32_t flows;
	/* Sent and received by the host; to and from the port; from the source and from the destination of the flow. */
	uint64_t packets[2], bytes[2];
	uint64_t recent; /* bytes of the current period */
};

struct top {
	struct top_row *rows;
	const void **order; /* to the rows, the largest first; `shown` of them, since rows with one key are one */
	size_t shown;
	size_t count, size;
	enum top_key key;
	int error; /* -ENOMEM: not all rows are there */
	const struct flow_table *table;
};

/* Collect the rows of a table, the largest first: by bytes of the period if `by_rate`, else by all bytes. 0 or -ENOMEM.
 * The rows can be collected again and again. */
int top_collect(struct top *top, const struct flow_table *table, enum top_key key, bool by_rate);

/* How a table is written. */
struct top_layout {
	double seconds;       /* of the period, for rates; 0: there are none */
	unsigned int rows;    /* of the table with its title, at most; 0: all */
	unsigned int columns; /* at which lines are cut; 0: not */
	bool erases;          /* what a terminal has behind each line */
};

/* Write the rows as a table. */
void top_write_text(const struct top *top, struct output *output, const struct top_layout *layout);

/* Write them as an array of JSON objects, in one line. */
void top_write_json(const struct top *top, struct output *output);

/* Takes a zeroed struct too. */
void top_release(struct top *top);

#endif
