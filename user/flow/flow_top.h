/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TOP_H
#define BPFSNIFF_FLOW_TOP_H

#include <stddef.h>

#include "base/output.h"
#include "base/sort.h"
#include "flow/flow_table.h"

/* The flows of a table by size, each for itself or those added up that have something in common. */

enum top_key {
	TOP_FLOW,
	TOP_HOST,    /* what each address has sent and received */
	TOP_PORT,    /* what went to and from the port of the side that was called, by protocol */
	TOP_PROCESS, /* what each process has sent and received */
};

/* What rows are sorted by; those of the same size keep an order of their own, so that they do not jump. */
enum top_order {
	TOP_BY_RATE, /* bytes of the last whole period */
	TOP_BY_BYTES,
	TOP_BY_PACKETS,
	/* of flows only */
	TOP_BY_AGE,
	TOP_BY_STATE,
	TOP_BY_RETRANSMISSIONS,
	TOP_BY_RTT,
	/* of those that are added up only */
	TOP_BY_SENT,
	TOP_BY_RECEIVED,
	TOP_BY_FLOWS,
	/* of all */
	TOP_BY_NAME,
};

struct top_row {
	const struct flow_record *flow;  /* TOP_FLOW: in the table */
	const struct end_owner *process; /* TOP_PROCESS; NULL: not known */
	uint8_t address[16];             /* TOP_HOST */
	uint16_t port;                   /* TOP_PORT, and the protocol */
	uint8_t protocol;
	uint8_t version; /* TOP_HOST: of IP */
	uint32_t flows;
	/* Sent and received by the host or process; to and from the port; from the source and from the destination of
	 * the flow. */
	uint64_t packets[2], bytes[2];
	uint64_t recent; /* bytes of the last whole period */
};

struct top_choice {
	enum top_key key;
	enum top_order order; /* the largest first */
	bool is_reversed;
	const char *words; /* rows that have all of them in their text, whatever the case; NULL or "": all rows */
};

struct top {
	struct sort_item *items; /* `shown` of them: flow_record with TOP_FLOW, else top_row */
	size_t size, shown;
	size_t total; /* with those that do not have the words */
	struct top_row *rows;
	size_t row_count, row_size;
	struct flow_record *frozen; /* NULL: collect from the table */
	size_t frozen_count;
	struct top_choice choice;
	uint32_t period; /* of the table, and its time */
	uint64_t now;
	int error; /* -ENOMEM: not all rows are there */
};

/* Collect the rows of a table. 0 or -ENOMEM. The rows can be collected again and again. Those of flows are good until
 * the table changes. */
int top_collect(struct top *top, const struct flow_table *table, const struct top_choice *choice);

/* A row, counted from the first one that is shown. */
struct top_row top_row(const struct top *top, size_t place);

/* Have top_collect() take the flows from a copy of the table as it is now, or from the table again. 0 or -ENOMEM. */
int top_freeze(struct top *top, const struct flow_table *table);
void top_thaw(struct top *top);

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
