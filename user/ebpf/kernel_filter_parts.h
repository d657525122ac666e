/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_PARTS_H
#define BPFSNIFF_KERNEL_FILTER_PARTS_H

/* The programs and maps that user space needs descriptors of: to attach, to swap, to read or to write. */
enum kernel_filter_part {
	KERNEL_FILTER_DISPATCH, /* the program to attach to sockets with SO_ATTACH_BPF */
	KERNEL_FILTER_MATCH,
	KERNEL_FILTER_GATE_NEW,
	KERNEL_FILTER_GATE_OLD,
	KERNEL_FILTER_ACTIVE,
	KERNEL_FILTER_STAGES, /* held open because the kernel empties a program array when its last descriptor goes */
	KERNEL_FILTER_CPUS,
	KERNEL_FILTER_FLOWS,
	KERNEL_FILTER_DATAGRAMS,
	KERNEL_FILTER_CONNECTIONS,
	KERNEL_FILTER_TOLD,
	KERNEL_FILTER_TURN,
	KERNEL_FILTER_NOTED_TURN,
	KERNEL_FILTER_PARTS,
};

#endif
