/* SPDX-License-Identifier: BSD-2-Clause */
#include "top/top_screen.h"

#ifdef HAVE_NCURSES

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "flow/flow_text.h"
#include "top/curses.h"
#include "top/top_columns.h"
#include "top/top_view.h"

enum {
	LINE_BYTES = 1024,
	HEAD_ROWS = 2, /* what is shown, and the titles of the columns */
	FOOT_ROWS = 2, /* keys or a message, and the sums */
	ESCAPE_MS = 25 /* in which the rest of a key that begins with an escape must come */
};

struct top_screen {
	struct curses curses;
	SCREEN *terminal;
	WINDOW *window;
	int rows, columns; /* of the terminal */
	bool is_drawn;     /* the terminal is ours */
	bool has_messages; /* standard error is a terminal, probably this one */
	struct top top;
	struct top_view view;
	double seconds;        /* of the period that is shown */
	struct flow_sums sums; /* that belong to the rows */
};

static const char *const help[] = {
	"  b              add up by flow, host, port (and process, with --owner)",
	"  s S  or  > <   sort by the next column, or the one before",
	"  r              the smallest first, or the largest again",
	"  /              only rows with the words that follow; Enter keeps them, Esc not",
	"  space          pause, and go on; packets are counted all the same",
	"  up down PgUp PgDn Home End    move through the rows",
	"  left right     move through long names",
	"  q              quit",
	"",
	"RATE   bytes a second, in the last period        AGE   since the first packet",
	"STATE  of the TCP connection, else the protocol  RETR  retransmitted segments",
	"RTT    the shortest round-trip time, added up to both ends",
	"SENT, RECVD   bytes from and to the host, port or process",
	"",
	"Any key leads back.",
};

static int prepare(struct top_screen *screen, const char **why)
{
	struct curses *curses = &screen->curses;
	int ret = curses_open(curses, why);

	if (ret)
		return ret;
	setlocale(LC_CTYPE, ""); /* names may have letters of any language */
	/* ncurses would handle it with system calls that a confined process may not make. */
	signal(SIGTSTP, SIG_IGN);
	screen->terminal = curses->newterm(NULL, stdout, stdin);
	screen->window = screen->terminal ? curses->newwin(0, 0, 0, 0) : NULL;
	if (!screen->window) {
		*why = "ncurses does not know this terminal (TERM)";
		return -ENOTTY;
	}
	screen->has_messages = isatty(STDERR_FILENO);
	curses->cbreak();
	curses->noecho();
	curses->set_escdelay(ESCAPE_MS);
	curses->typeahead(-1);
	curses->keypad(screen->window, true);
	curses->nodelay(screen->window, true);
	curses->endwin(); /* until the first drawing */
	return 0;
}

int top_screen_open(enum top_key key, bool knows_processes, struct top_screen **result, const char **why)
{
	struct top_screen *screen = calloc(1, sizeof(*screen));
	int ret;

	if (!screen)
		return -ENOMEM;
	top_view_init(&screen->view, key, knows_processes);
	ret = prepare(screen, why);
	if (ret)
		top_screen_close(screen);
	else
		*result = screen;
	return ret;
}

/* Rows of the table that fit. */
static size_t rows_that_fit(const struct top_screen *screen)
{
	return screen->rows > HEAD_ROWS + FOOT_ROWS ? (size_t)screen->rows - HEAD_ROWS - FOOT_ROWS : 0;
}

/* Write a line, cut at the edge. */
static void put_line(const struct top_screen *screen, int row, int attributes, const char *text)
{
	const struct curses *curses = &screen->curses;

	if (row < 0 || row >= screen->rows)
		return;
	curses->wmove(screen->window, row, 0);
	curses->wattrset(screen->window, attributes);
	curses->waddnstr(screen->window, text, screen->columns);
	curses->wattrset(screen->window, A_NORMAL);
}

static void put_head(const struct top_screen *screen)
{
	static const char *const names[] = {
		[TOP_FLOW] = "flows", [TOP_HOST] = "hosts", [TOP_PORT] = "ports", [TOP_PROCESS] = "processes"};
	const struct top_choice *choice = &screen->top.choice;
	const struct top_column *column = top_column_find(choice->key, choice->order);
	char text[LINE_BYTES];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	text_builder_add(&line, "bpfsniff  %s by %s%s: %zu", names[choice->key], column ? column->word : "",
			 choice->is_reversed ? ", reversed" : "", screen->top.total);
	if (*screen->view.words)
		text_builder_add(&line, ", with \"%s\": %zu", screen->view.words, screen->top.shown);
	if (screen->view.first)
		text_builder_add(&line, ", from row %zu", screen->view.first + 1);
	if (screen->view.is_paused)
		text_builder_add(&line, "  PAUSED");
	put_line(screen, 0, A_BOLD, text);
}

/* The title that is sorted by stands out. */
static void put_titles(const struct top_screen *screen)
{
	const struct curses *curses = &screen->curses;
	const struct top_choice *choice = &screen->top.choice;

	put_line(screen, 1, A_NORMAL, "");
	for (size_t i = 0; i < TOP_COLUMNS && screen->rows > 1; i++) {
		const struct top_column *column = &top_columns[i];
		char text[LINE_BYTES];
		struct text_builder line = text_builder_begin(text, sizeof(text));

		if (!top_column_is_for(column, choice->key))
			continue;
		text_builder_add(&line, "%*s", column->width, top_column_title(column, choice->key));
		curses->wattrset(screen->window, column->order == choice->order ? A_REVERSE : A_UNDERLINE);
		curses->waddnstr(screen->window, text, screen->columns);
		curses->wattrset(screen->window, A_NORMAL);
		curses->waddnstr(screen->window, " ", 1);
	}
}

static void put_row(const struct top_screen *screen, int at, const struct top_row *row)
{
	char text[LINE_BYTES];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	for (size_t i = 0; i < TOP_COLUMNS; i++) {
		const struct top_column *column = &top_columns[i];
		const size_t begin = line.length;

		if (!top_column_is_for(column, screen->top.choice.key))
			continue;
		top_column_append(&line, &screen->top, row, column, screen->seconds);
		if (column->width) {
			text_builder_add(&line, " ");
		} else if (screen->view.shift) {
			const size_t length = line.length - begin,
				     shift = screen->view.shift < length ? screen->view.shift : length;

			memmove(text + begin, text + begin + shift, length - shift + 1);
			line.length -= shift;
		}
	}
	put_line(screen, at, A_NORMAL, text);
}

static void put_foot(const struct top_screen *screen)
{
	const char *held = log_held();
	char text[LINE_BYTES];
	struct text_builder line = text_builder_begin(text, sizeof(text));

	if (screen->view.types)
		text_builder_add(&line, "/%s_   (Enter, Esc)", screen->view.words);
	else if (held)
		text_builder_add(&line, "%s", held);
	else
		text_builder_add(&line, "q quit  b add up  s sort  r reverse  / filter  space pause  ? help");
	put_line(screen, screen->rows - 2, A_REVERSE, text);
	flow_text_sums(text, sizeof(text), &screen->sums);
	put_line(screen, screen->rows - 1, A_NORMAL, text);
}

/* Follow the terminal, which may have another size each time. */
static void fit(struct top_screen *screen)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize){.ws_row = 24, .ws_col = 80};
	if (size.ws_row == screen->rows && size.ws_col == screen->columns)
		return;
	screen->rows = size.ws_row;
	screen->columns = size.ws_col;
	screen->curses.resizeterm(screen->rows, screen->columns);
}

static void put_body(const struct top_screen *screen, size_t rows)
{
	const size_t first = screen->view.first, lines = sizeof(help) / sizeof(*help);

	for (size_t i = 0; screen->view.shows_help && i < rows && i < lines; i++)
		put_line(screen, HEAD_ROWS + (int)i, A_NORMAL, help[i]);
	for (size_t i = 0; !screen->view.shows_help && i < rows && first + i < screen->top.shown; i++) {
		const struct top_row row = top_row(&screen->top, first + i);

		put_row(screen, HEAD_ROWS + (int)i, &row);
	}
}

static void draw(struct top_screen *screen)
{
	const struct curses *curses = &screen->curses;
	size_t rows;

	if (!screen->is_drawn) {
		if (screen->has_messages)
			log_hold();
		curses->curs_set(0);
		screen->is_drawn = true;
	}
	fit(screen);
	rows = rows_that_fit(screen);
	top_view_bound(&screen->view, rows, screen->top.shown);
	curses->werase(screen->window);
	put_head(screen);
	if (!screen->view.shows_help)
		put_titles(screen);
	put_body(screen, rows);
	put_foot(screen);
	curses->wrefresh(screen->window);
}

int top_screen_draw(struct top_screen *screen, const struct flow_table *table)
{
	int ret = top_collect(&screen->top, table, &screen->view.choice);

	if (ret)
		return ret;
	if (!screen->view.is_paused)
		flow_table_sums(table, &screen->sums);
	draw(screen);
	return 0;
}

int top_screen_show(struct top_screen *screen, const struct flow_table *table, double seconds)
{
	if (screen->view.is_paused)
		return 0;
	screen->seconds = seconds;
	return top_screen_draw(screen, table);
}

static int key_of(int code)
{
	switch (code) {
	case KEY_UP:
		return PRESS_UP;
	case KEY_DOWN:
		return PRESS_DOWN;
	case KEY_PPAGE:
		return PRESS_PAGE_UP;
	case KEY_NPAGE:
		return PRESS_PAGE_DOWN;
	case KEY_HOME:
		return PRESS_HOME;
	case KEY_END:
		return PRESS_END;
	case KEY_LEFT:
		return PRESS_LEFT;
	case KEY_RIGHT:
		return PRESS_RIGHT;
	case KEY_BACKSPACE:
	case 8:
	case 127:
		return PRESS_BACKSPACE;
	case KEY_ENTER:
	case '\r':
		return PRESS_ENTER;
	default:
		return code < 256 ? code : 0;
	}
}

/* While it is paused, the rows come from a copy. */
static void pause_or_go_on(struct top_screen *screen, const struct flow_table *table)
{
	if (!screen->view.is_paused)
		top_thaw(&screen->top);
	else if (top_freeze(&screen->top, table))
		screen->view.is_paused = false; /* without memory for a copy */
}

int top_screen_read_keys(struct top_screen *screen, const struct flow_table *table)
{
	int code = screen->curses.wgetch(screen->window);

	if (code == ERR) /* something was there to be read: the end of a terminal that has gone */
		return 0;
	for (; code != ERR; code = screen->curses.wgetch(screen->window)) {
		const enum top_deed deed =
			top_view_press(&screen->view, key_of(code), rows_that_fit(screen), screen->top.shown);

		if (deed == DEED_QUIT)
			return 0;
		if (deed == DEED_PAUSE)
			pause_or_go_on(screen, table);
	}
	return top_screen_draw(screen, table) ?: 1;
}

void top_screen_close(struct top_screen *screen)
{
	struct curses *curses;

	if (!screen)
		return;
	curses = &screen->curses;
	if (screen->is_drawn)
		curses->endwin();
	log_release();
	if (screen->window)
		curses->delwin(screen->window);
	if (screen->terminal)
		curses->delscreen(screen->terminal);
	curses_close(curses);
	top_release(&screen->top);
	free(screen);
}

#else

#include <errno.h>

int top_screen_open(enum top_key key, bool knows_processes, struct top_screen **screen, const char **why)
{
	(void)key;
	(void)knows_processes;
	*screen = NULL;
	*why = "this bpfsniff was built without ncurses";
	return -ENOSYS;
}

int top_screen_show(struct top_screen *screen, const struct flow_table *table, double seconds)
{
	(void)screen;
	(void)table;
	(void)seconds;
	return 0;
}

int top_screen_draw(struct top_screen *screen, const struct flow_table *table)
{
	return top_screen_show(screen, table, 0);
}

int top_screen_read_keys(struct top_screen *screen, const struct flow_table *table)
{
	return top_screen_show(screen, table, 0);
}

void top_screen_close(struct top_screen *screen)
{
	(void)screen;
}

#endif
