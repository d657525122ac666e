/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SNIFFER_FIND_H
#define BPFSNIFF_SNIFFER_FIND_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether a process, `pid` being its number as text, has the name of this one: another name is another program's. */
bool sniffer_has_this_name(const char *pid);

/* Find the one sniffer that runs, in whatever network namespace, and answers this user. Returns its process id; or 0
 * after one line on standard error, when there is none, or more than one: `option` is then to name one of them. */
pid_t sniffer_find(const char *option);

#endif
