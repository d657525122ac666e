/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TOP_SCREEN_H
#define BPFSNIFF_TOP_SCREEN_H

#include "flow/flow_top.h"

/* A table of flows that has a terminal for itself: standard input and output. */
struct top_screen;

/* Get ready for the terminal, before files can no longer be read: what it understands is described in some. Nothing is
 * drawn yet. 0, or -errno with *why: -ENOSYS without ncurses, -ENOTTY where the terminal is not known to it. */
int top_screen_open(enum top_key key, bool knows_processes, struct top_screen **screen, const char **why);

/* A period of so many seconds has ended: draw the table of it. 0 or -errno. */
int top_screen_show(struct top_screen *screen, const struct flow_table *table, double seconds);

/* The terminal has another size: draw the same again. 0 or -errno. */
int top_screen_draw(struct top_screen *screen, const struct flow_table *table);

/* Take the keys that were pressed, and draw what they have changed. 1 when that is all, 0 when the user wants to leave
 * or the terminal has gone, or -errno. */
int top_screen_read_keys(struct top_screen *screen, const struct flow_table *table);

/* Give the terminal back as it was. Takes NULL. */
void top_screen_close(struct top_screen *screen);

#endif
