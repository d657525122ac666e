/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SAVEFILE_WRITE_H
#define BPFSNIFF_SAVEFILE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/sink.h"
#include "savefile/rotate.h"

/* Of the whole capture, all interfaces together, since its start. */
struct savefile_counters {
	uint64_t received, accepted, dropped;
};

/* Fill in the numbers, as far as they are known. */
typedef void savefile_counters_reader(void *context, struct savefile_counters *counters);

struct savefile_write_options {
	const char *path;        /* ".pcap" at its end: pcap with nanoseconds, else pcapng; "-": standard output */
	const char *filter;      /* the text of the filter; NULL: none */
	const char *application; /* the program that writes, with its version; NULL: not said */
	struct rotation_rules rotation;
	bool separate_opener; /* all files but the first are opened by a process of its own (file_opener.h) */
	int64_t now;          /* seconds since 1970-01-01 UTC: the time of the first file */
	/* Asked for the numbers of the statistics blocks at the end of each file; NULL: there are none. */
	savefile_counters_reader *counters;
	void *context;
};

/* Whether a file of that name is written as pcap, which has one link type for all frames. */
bool savefile_write_is_classic(const char *path);

/*
 * A sink that writes frames to a file: pcapng (draft-ietf-opsawg-pcapng) or pcap (draft-ietf-opsawg-pcap). The first
 * file is created at once. NULL with errno set on failure; EINVAL: standard output cannot be rotated.
 *
 * packet() and flush() return the first -errno of a write, a rotation, or -EPROTOTYPE for a frame whose link type a
 * pcap file cannot take. At every moment the file holds whole blocks, up to the last flush at least. SIGPIPE is to be
 * ignored by the caller. Frames without a time get 1970-01-01, except in a pcapng Simple Packet Block, which can hold
 * some of them; times before that cannot be written and become it.
 */
struct sink *savefile_write_open(const struct savefile_write_options *options);

/* Describe an interface before its first frame, so that also a file without packets says what was listened on; else
 * the first frame does that. 0, -EPROTOTYPE: a pcap file has only one link type, and this differs; or another -errno.
 */
int savefile_write_interface(struct sink *sink, const struct interface *interface);

#endif
