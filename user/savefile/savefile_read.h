/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SAVEFILE_READ_H
#define BPFSNIFF_SAVEFILE_READ_H

#include "packet/frame.h"

/*
 * Open a source of the frames in a capture file: pcap or pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng),
 * plain or compressed with gzip or zstd, from any readable descriptor, in constant memory. fd stays the caller's;
 * nothing is read before the first next(). `name` is that of the file, - of standard input. NULL with errno set on
 * failure.
 *
 * next(): 0 means that a pipe has nothing more at the moment: poll fd for POLLIN and ask again. Frames before damage
 * are delivered; then next() returns -EBADMSG, or the -errno of read(2), on this and every later call, and
 * savefile_read_error() says why. What is no capture at all is -EBADMSG too. Interface names are bytes as
 * in the file, unsafe for a terminal.
 */
struct source *savefile_read_open(int fd, const char *name);

/* What messages call the file. Belongs to the source. */
const char *savefile_read_name(const struct source *source);

/* Have a handler called for each block of a pcapng file that is no packet, in its place between the frames, before
 * next() returns the frame behind it. */
void savefile_read_on_block(struct source *source, void (*handler)(void *context, const struct file_block *block),
			    void *context);

/* Number the interfaces of the file from `first` on, not from 0: so those of several files stay apart. Call this before
 * the first next(). */
void savefile_read_number_interfaces(struct source *source, uint32_t first);

/* The number that the next interface of the file would get. */
uint32_t savefile_read_next_interface(const struct source *source);

/* One sentence that says why reading ended: where the file is damaged, as an offset in the decompressed file, or what
 * it is if it is no capture; "" when nothing is wrong. Belongs to the source. */
const char *savefile_read_error(const struct source *source);

/* How many frames so far had a time that time_ns cannot say, and in *first the number of the first of them. */
uint64_t savefile_read_beyond(const struct source *source, uint64_t *first);

/* Whether the header of the capture has been read whole. */
bool savefile_read_has_header(const struct source *source);

/* Free the source, and the interfaces that its frames pointed to. Takes NULL. */
void savefile_read_close(struct source *source);

#endif
