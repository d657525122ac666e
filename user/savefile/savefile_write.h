/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SAVEFILE_WRITE_H
#define BPFSNIFF_SAVEFILE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/sink.h"
#include "savefile/output_file.h"
#include "savefile/rotate.h"

/* Frames of the whole capture, all interfaces together, since its start. */
struct savefile_counters {
	uint64_t received, accepted, dropped;
};

/* Fill in the numbers, as far as they are known. */
typedef void savefile_counters_reader(void *context, struct savefile_counters *counters);

struct savefile_write_options {
	const char *path;        /* ending in ".pcap": pcap with nanoseconds, else pcapng; "-": standard output */
	const char *filter;      /* the text of the filter; NULL: none */
	const char *application; /* name and version of the writing program; NULL: left out */
	bool micro;        /* pcap with microseconds in place of nanoseconds, as tcpdump writes it; pcapng has none */
	bool many_devices; /* live, and of any link type: a pcap file gets cooked headers in place of theirs */
	struct rotation_limits rotation;
	const struct file_owner *owner; /* of the files; NULL: whom this process creates them for */
	bool waits;           /* begin the file with the first packet or block: there may be none, but an error */
	bool separate_opener; /* a helper process opens every file but the first (file_opener.h) */
	int64_t now;          /* seconds since 1970-01-01 UTC: the time of the first file */
	/* Called at the end of each file, for its statistics blocks; NULL: there are no counters. */
	savefile_counters_reader *counters;
	void *context;
};

/* Whether a file of that name is written as pcap, which has one link type for all frames. */
bool savefile_write_is_classic(const char *path);

/*
 * Open a sink that writes frames to a file: pcapng (draft-ietf-opsawg-pcapng) or pcap (draft-ietf-opsawg-pcap). The
 * first file is created at once; where that is a FIFO, this waits for its reader. NULL with errno set on failure;
 * EINVAL: standard output cannot be rotated; ECANCELED: SIGINT, SIGTERM or SIGHUP came before the reader of a FIFO.
 *
 * packet() and flush() return the first -errno of a write or a rotation, or -EPROTOTYPE for a frame whose link type a
 * pcap file cannot take, or -EOVERFLOW for one whose time the format cannot say: before 1970, and in pcap after
 * 2106-02-07. At every moment the file holds whole blocks, at least up to the last flush. The caller ignores
 * SIGPIPE. A frame without a time gets 1970-01-01, unless it fits a pcapng Simple Packet Block, which has no time.
 */
struct sink *savefile_write_open(const struct savefile_write_options *options);

/* Why a file could not be opened or written, as a sentence: strerror(3) with the errors of output_file.h. `error` is
 * positive. */
const char *savefile_write_error(int error);

/* Copy a block of another pcapng file that is no packet, in its place between the packets; the first one is that of a
 * section. A pcap file leaves it out. 0 or -errno, which is also returned for the next packet. */
int savefile_write_block(struct sink *sink, const struct file_block *block);

/* Describe an interface before its first frame, so that a file without packets also says what was listened on. Without
 * this call the first frame does it. 0; -EPROTOTYPE: a pcap file already has another link type; or another -errno. */
int savefile_write_interface(struct sink *sink, const struct interface *interface);

#endif
