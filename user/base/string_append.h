/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STRING_APPEND_H
#define BPFSNIFF_STRING_APPEND_H

/* Append a word to the allocated string *text, which may be NULL, with a separator before it unless it is the first. 0,
 * or -ENOMEM with *text unchanged. */
int string_append(char **text, const char *separator, const char *word);

#endif
