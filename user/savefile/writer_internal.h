/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_WRITER_INTERNAL_H
#define BPFSNIFF_WRITER_INTERNAL_H

#include "savefile/block_writer.h"
#include "savefile/savefile_write.h"

/* What the writers of pcap and of pcapng share; for pcap_write.c and pcapng_write.c only. */

/* An interface in the order in which the file describes them. */
struct written_interface {
	char *name; /* NULL: none */
	uint16_t link_type;
	uint32_t snaplen;
	uint64_t delivered; /* frames */
};

struct writer {
	struct sink sink;
	const struct file_format *format;
	struct block_writer out;
	struct rotation rotation;
	struct helper_process *opener; /* of the files after the first; NULL: this process */
	bool standard_output;
	struct written_interface *interfaces;
	uint32_t interface_count;
	uint32_t *places; /* 1 + the place in `interfaces`, by interface->id; 0: not described yet */
	uint32_t place_count;
	bool has_time;
	int64_t first_ns, last_ns; /* the earliest and the latest frame of the capture */
	char *filter, *application;
	savefile_counters_reader *counters;
	void *context;
};

/* How one format is written. All return 0 or -errno. */
struct file_format {
	/* The beginning of a file, with the interfaces that are known. */
	int (*start)(struct writer *writer);
	/* One more interface. */
	int (*describe)(struct writer *writer, const struct written_interface *interface);
	int (*frame)(struct writer *writer, uint32_t interface, const struct frame *frame);
	/* The end of a file. */
	int (*finish)(struct writer *writer);
	/* What finish() ended can go on with start() in the same file. */
	bool has_sections;
};

extern const struct file_format pcap_file_format, pcapng_file_format;

#endif
