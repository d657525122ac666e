/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_NETNS_H
#define BPFSNIFF_NETNS_H

/* Enter a network namespace, given by a name of ip-netns(8), a path, or the id of a process in it. Returns a descriptor
 * of the previous namespace for netns_leave(), or -errno. Needs CAP_SYS_ADMIN. */
int netns_enter(const char *namespace);

/* Print a line on why a namespace could not be entered, `error` being what netns_enter() returned. */
void netns_explain(const char *namespace, int error);

/* Go back to the previous namespace and close its descriptor; a negative one means there is nothing to do. */
void netns_leave(int previous);

#endif
