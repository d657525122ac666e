/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STRING_APPEND_H
#define BPFSNIFF_STRING_APPEND_H

/* Append a word to an allocated text, behind a separator unless it is the first; *text NULL: there is none yet. 0 or
 * -ENOMEM. */
int string_append(char **text, const char *separator, const char *word);

#endif
