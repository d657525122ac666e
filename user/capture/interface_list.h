/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_LIST_H
#define BPFSNIFF_INTERFACE_LIST_H

/* Print the interfaces of this network namespace, a line each, with their flags and addresses. 0 or -errno. */
int interface_list_print(void);

#endif
