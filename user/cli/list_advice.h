/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_LIST_ADVICE_H
#define BPFSNIFF_LIST_ADVICE_H

#include <stddef.h>

/* What is wrong with an item of a list of addresses, protocols, ports, TCP flags or
 * TCP events, and what to write: a clause that
 * follows the item in quotes. Belongs to `buffer` or is constant. */
const char *list_advice_host(const char *item, char *buffer, size_t size);
const char *list_advice_protocol(const char *item, char *buffer, size_t size);
const char *list_advice_port(const char *item, char *buffer, size_t size);
const char *list_advice_flags(const char *item, char *buffer, size_t size);
const char *list_advice_event(const char *item, char *buffer, size_t size);

#endif
