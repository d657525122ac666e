/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CURSES_H
#define BPFSNIFF_CURSES_H

/* ncurses, opened when a terminal is to be drawn on: who draws on none need not have it, nor load it. HAVE_NCURSES: the
 * build has found its header. */
#ifdef HAVE_NCURSES
#define NCURSES_NOMACROS
#include <ncurses.h>

#define CURSES_FUNCTIONS(X) \
	X(newterm)          \
	X(delscreen)        \
	X(endwin)           \
	X(cbreak)           \
	X(noecho)           \
	X(curs_set)         \
	X(set_escdelay)     \
	X(typeahead)        \
	X(resizeterm)       \
	X(newwin)           \
	X(delwin)           \
	X(keypad)           \
	X(nodelay)          \
	X(werase)           \
	X(wmove)            \
	X(waddnstr)         \
	X(wattrset)         \
	X(wrefresh)         \
	X(wgetch)

struct curses {
	void *library;
#define CURSES_POINTER(name) typeof(name) *name;
	CURSES_FUNCTIONS(CURSES_POINTER)
#undef CURSES_POINTER
};

/* 0, or -ENOSYS with *why: what dlopen(3) says. */
int curses_open(struct curses *curses, const char **why);

/* Takes a zeroed struct too. */
void curses_close(struct curses *curses);

#endif
#endif
