/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_WRITER_INTERNAL_H
#define BPFSNIFF_WRITER_INTERNAL_H

#include "savefile/block_writer.h"
#include "savefile/owner_comment.h"
#include "savefile/pcapng_copy.h"
#include "savefile/savefile_write.h"

/*
 * The way of a frame into a file: savefile_write.c is the sink, which opens and rotates files (rotate.c, file_opener.c)
 * and numbers interfaces; a struct file_format (pcap_write.c, pcap_cooked.c or pcapng_write.c) makes bytes of the
 * frame; block_writer.c buffers and writes them. struct writer is what they share.
 */

/* An interface that the file describes. */
struct written_interface {
	char *name; /* NULL: none */
	uint16_t link_type;
	uint32_t snaplen;
	uint64_t delivered;  /* frames */
	bool lacks_ethernet; /* an Ethernet device that shows bare packets, such as a tun device: a cooked header */
};

struct writer {
	struct sink sink;
	const struct file_format *format;
	struct block_writer out;
	struct rotation rotation;
	struct helper_process *opener; /* opens the files after the first; NULL: this process does */
	bool standard_output;
	bool micro; /* pcap with microseconds */
	bool waits; /* nothing has been written: a block to copy may come first */
	struct section_copy copy;
	struct written_interface *interfaces; /* in the order of the file */
	uint32_t interface_count;
	uint32_t *places; /* by interface->id: 1 + the index in `interfaces`; 0: not described yet */
	uint32_t place_count;
	bool has_time;
	int64_t first_ns, last_ns; /* the earliest and the latest frame of the capture */
	size_t comments_length;    /* of the packet that is being written, in bytes */
	uint8_t comments[OWNER_COMMENTS_MAX];
	char *filter, *application;
	savefile_counters_reader *counters;
	void *context;
};

/* How to write one format. All functions return 0 or -errno. */
struct file_format {
	/* Write the beginning of a file, with the known interfaces. */
	int (*start)(struct writer *writer);
	/* Describe one more interface. */
	int (*describe)(struct writer *writer, const struct written_interface *interface);
	/* Write a frame of writer->interfaces[interface]. */
	int (*frame)(struct writer *writer, uint32_t interface, const struct frame *frame);
	/* Write the end of a file. */
	int (*finish)(struct writer *writer);
	/* The latest second that a frame may have, since 1970-01-01 UTC. */
	int64_t second_max;
	/* start() may follow finish() in the same file. */
	bool has_sections;
};

extern const struct file_format pcap_file_format, pcap_cooked_file_format, pcapng_file_format;

/* Write the header of a pcap file. 0 or -errno. */
int pcap_write_file_header(struct writer *writer, uint16_t link_type, uint32_t snaplen);

/* The fraction of a second of a time since 1970, in the unit of the pcap file. */
uint32_t pcap_fraction(const struct writer *writer, int64_t time_ns);

#endif
