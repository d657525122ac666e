/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_NETNS_H
#define BPFSNIFF_NETNS_H

/* Enter a network namespace: a name of ip-netns(8), a path, or the number of a process that lives in it. Returns a
 * descriptor of the one that was left, for netns_leave(), or -errno. Needs CAP_SYS_ADMIN. */
int netns_enter(const char *namespace);

/* Go back, and close the descriptor; below 0: nothing to do. */
void netns_leave(int previous);

#endif
