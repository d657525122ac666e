/* SPDX-License-Identifier: BSD-2-Clause */
#include "top/top_view.h"

#include <string.h>

#include "flow/flow_top_text.h"
#include "top/top_columns.h"

void top_view_init(struct top_view *view, enum top_key key, bool knows_processes)
{
	*view = (struct top_view){
		.choice = {.key = key, .order = TOP_BY_RATE},
		.knows_processes = knows_processes,
	};
	view->choice.words = view->words;
}

void top_view_bound(struct top_view *view, size_t rows, size_t shown)
{
	const size_t last = shown > rows ? shown - rows : 0;

	if (view->first > last)
		view->first = last;
}

/* The keys of a filter that is being typed. */
static enum top_deed type(struct top_view *view, int key)
{
	const size_t length = strlen(view->words);

	view->first = 0;
	if (key == PRESS_ENTER) {
		view->types = false;
	} else if (key == PRESS_ESCAPE) {
		view->types = false;
		*view->words = '\0';
	} else if (key == PRESS_BACKSPACE && length) {
		view->words[length - 1] = '\0';
	} else if (key >= ' ' && key < 127 && length + 1 < sizeof(view->words)) {
		view->words[length] = (char)key;
		view->words[length + 1] = '\0';
	}
	return DEED_COLLECT;
}

/* What is sorted by must be a column of the new key. */
static enum top_deed next_key(struct top_view *view)
{
	const int keys = view->knows_processes ? TOP_PROCESS + 1 : TOP_PROCESS;

	view->choice.key = (enum top_key)(((int)view->choice.key + 1) % keys);
	if (!top_column_find(view->choice.key, view->choice.order))
		view->choice.order = TOP_BY_RATE;
	view->first = 0;
	return DEED_COLLECT;
}

/* Sort by the next column, or the one before. */
static enum top_deed next_order(struct top_view *view, int step)
{
	enum top_order orders[TOP_COLUMNS_MAX];
	int count = 0, at = 0;

	for (const struct top_column *column = top_columns; column->word; column++) {
		if (!top_column_is_for(column, view->choice.key))
			continue;
		if (column->order == view->choice.order)
			at = count;
		orders[count++] = column->order;
	}
	view->choice.order = orders[(at + step + count) % count];
	view->choice.is_reversed = false;
	view->first = 0;
	return DEED_COLLECT;
}

static void move(struct top_view *view, int key, size_t rows)
{
	const size_t step = key == PRESS_PAGE_UP || key == PRESS_PAGE_DOWN ? rows : 1;

	if (key == PRESS_UP || key == PRESS_PAGE_UP)
		view->first -= view->first < step ? view->first : step;
	else if (key == PRESS_DOWN || key == PRESS_PAGE_DOWN)
		view->first += step;
	else if (key == PRESS_HOME)
		view->first = 0;
	else if (key == PRESS_END)
		view->first = SIZE_MAX;
	else if (key == PRESS_RIGHT && view->shift < TOP_NAME_MAX)
		view->shift += TOP_SHIFT;
	else if (key == PRESS_LEFT && view->shift)
		view->shift -= TOP_SHIFT;
}

enum top_deed top_view_press(struct top_view *view, int key, size_t rows, size_t shown)
{
	if (view->shows_help) {
		view->shows_help = false;
		return key == 'q' ? DEED_QUIT : DEED_DRAW;
	}
	if (view->types)
		return type(view, key);
	switch (key) {
	case 'q':
		return DEED_QUIT;
	case 'b':
		return next_key(view);
	case 's':
	case '>':
		return next_order(view, 1);
	case 'S':
	case '<':
		return next_order(view, -1);
	case 'r':
		view->choice.is_reversed = !view->choice.is_reversed;
		return DEED_COLLECT;
	case '/':
		view->types = true;
		return DEED_DRAW;
	case PRESS_ESCAPE:
		*view->words = '\0';
		return DEED_COLLECT;
	case ' ':
		view->is_paused = !view->is_paused;
		return DEED_PAUSE;
	case '?':
	case 'h':
		view->shows_help = true;
		return DEED_DRAW;
	default:
		move(view, key, rows);
		top_view_bound(view, rows, shown);
		return DEED_DRAW;
	}
}
