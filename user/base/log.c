/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/log.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/terminal.h"

enum { HELD_MAX = 16384 }; /* bytes */

static bool shows; /* log_show() has left a text on the last line */

static struct {
	bool holds;
	size_t length;
	char text[HELD_MAX + 1];
	char last[HELD_MAX + 1];
} held;

/* The older half of what is kept makes room for more. */
static void hold(const char *text, size_t length)
{
	if (length > HELD_MAX / 2) {
		text += length - HELD_MAX / 2;
		length = HELD_MAX / 2;
	}
	if (held.length + length > HELD_MAX) {
		memmove(held.text, held.text + held.length - HELD_MAX / 2, HELD_MAX / 2);
		held.length = HELD_MAX / 2;
	}
	memcpy(held.text + held.length, text, length);
	held.length += length;
	held.text[held.length] = '\0';
}

void log_hold(void)
{
	held.holds = true;
}

void log_release(void)
{
	held.holds = false;
	fwrite(held.text, 1, held.length, stderr);
	held.length = 0;
}

const char *log_held(void)
{
	size_t end = held.length, begin;

	if (!end)
		return NULL;
	end -= held.text[end - 1] == '\n';
	for (begin = end; begin && held.text[begin - 1] != '\n';)
		begin--;
	*(char *)mempcpy(held.last, held.text + begin, end - begin) = '\0';
	return held.last;
}

void log_text(const char *text, size_t length)
{
	if (held.holds)
		hold(text, length);
	else
		fwrite(text, 1, length, stderr);
}

void log_show(const char *text)
{
	const unsigned int columns = text && !held.holds ? terminal_columns(STDERR_FILENO) : 0;

	if (held.holds)
		return;
	/* In the last column the cursor would stand on what it erases: to the end of the line (ECMA-48, EL). */
	if (text || shows)
		fprintf(stderr, "\r%.*s\033[K", columns ? (int)columns - 1 : INT_MAX, text ? text : "");
	shows = text;
}

void log_line(const char *format, ...)
{
	static const char mark[] = "bpfsniff: ", erase[] = "\r\033[K";
	char *line, *whole, *at;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&line, format, args);
	va_end(args);
	if (length < 0)
		line = NULL;
	whole = line ? malloc(sizeof(erase) + sizeof(mark) + (size_t)length + 1) : NULL;
	if (!whole) {
		fputs("bpfsniff: out of memory for a message\n", stderr);
	} else {
		at = stpcpy(stpcpy(whole, shows ? erase : ""), mark);
		at = escape_terminal(at, line, (unsigned int)length); /* it may quote what a user typed */
		*at++ = '\n';
		/* One call is one write(2), since standard error is unbuffered: lines of two processes must not mix. */
		log_text(whole, (size_t)(at - whole));
		shows = false;
	}
	free(whole);
	free(line);
}
