/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TOP_COLUMNS_H
#define BPFSNIFF_TOP_COLUMNS_H

#include "flow/flow_top_text.h"

/* The columns of a table on a terminal: narrow, so that both ends of a flow fit beside them into 80 columns. */

enum { TOP_COLUMNS_MAX = 16 };

struct top_column {
	const char *title; /* NULL: of the name, which comes last; see top_column_title() */
	const char *word;  /* for what is sorted by it */
	int width;         /* below 0: to the left; 0: as wide as there is room */
	enum top_order order;
	bool of_flows, of_sums; /* in which tables it is */
};

/* From the left; one without a word ends them. */
extern const struct top_column top_columns[];

bool top_column_is_for(const struct top_column *column, enum top_key key);

/* The column of a table that is sorted so; NULL: it has none. */
const struct top_column *top_column_find(enum top_key key, enum top_order order);

const char *top_column_title(const struct top_column *column, enum top_key key);

/* Append the cell of a row, as wide as the column. `seconds`: of a period. */
void top_column_append(struct text_builder *line, const struct top *top, const struct top_row *row,
		       const struct top_column *column, double seconds);

#endif
