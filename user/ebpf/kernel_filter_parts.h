/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_FILTER_PARTS_H
#define BPFSNIFF_KERNEL_FILTER_PARTS_H

/* Those that others than the kernel need to hold: programs to attach or to step to, and maps to read or write. */
enum kernel_filter_part {
	PART_DISPATCH, /* what is attached to sockets, with SO_ATTACH_BPF */
	PART_MATCH,
	PART_GATE_NEW,
	PART_GATE_OLD,
	PART_ACTIVE,
	PART_STAGES, /* the kernel empties a program array that nobody holds */
	PART_CPUS,
	PART_FLOWS,
	PART_DATAGRAMS,
	PART_TURN,
	PART_NOTED_TURN,
	PARTS,
};

#endif
