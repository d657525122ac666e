/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TOP_VIEW_H
#define BPFSNIFF_TOP_VIEW_H

#include "flow/flow_top.h"

/* What the user of a terminal has chosen to see of a table, and what keys do to that. */

enum {
	TOP_WORDS_MAX = 64, /* bytes of a filter, with its end */
	TOP_SHIFT = 8,      /* columns by which a key moves the names */
};

/* Keys that are no characters. */
enum top_press {
	PRESS_ENTER = '\n',
	PRESS_ESCAPE = 27,
	PRESS_UP = 256,
	PRESS_DOWN,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_BACKSPACE,
};

/* What is to be done after a key. */
enum top_deed {
	DEED_DRAW,
	DEED_COLLECT, /* and draw */
	DEED_PAUSE,   /* or go on: `is_paused` has changed */
	DEED_QUIT,
};

struct top_view {
	struct top_choice choice; /* its words are `words` */
	char words[TOP_WORDS_MAX];
	bool types; /* keys go into the words */
	bool is_paused;
	bool shows_help;
	bool knows_processes; /* so that there is something to add up by */
	size_t first;         /* the row at the top */
	size_t shift;         /* columns of the names that are to the left of what is seen */
};

void top_view_init(struct top_view *view, enum top_key key, bool knows_processes);

/* A key was pressed, while `rows` of `shown` rows fit. */
enum top_deed top_view_press(struct top_view *view, int key, size_t rows, size_t shown);

/* Keep the last page full. */
void top_view_bound(struct top_view *view, size_t rows, size_t shown);

#endif
