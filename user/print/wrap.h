/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_WRAP_H
#define BPFSNIFF_WRAP_H

enum { WRAP_COLUMNS = 100 };

/* The bytes that text of so many bytes and lines may have once it is wrapped: two lines that follow each other share
 * more than WRAP_COLUMNS columns, and each gains a newline and at most 10 blanks. */
#define WRAPPED_MAX(bytes, lines) ((bytes) + (bytes) / 4 + 20 * (lines))

/*
 * Wrap the lines of more than WRAP_COLUMNS columns between `text` and `end`, preferably before the arrow of a title,
 * then where a field or an item of a list begins, then at a blank. What is moved to a line of its own is indented more
 * than the line that it belongs to. Escape sequences take no columns. Returns the new end.
 */
char *wrap_lines(char *text, char *end);

#endif
