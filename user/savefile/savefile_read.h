/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SAVEFILE_READ_H
#define BPFSNIFF_SAVEFILE_READ_H

#include "packet/frame.h"

/*
 * A source of the frames in a capture file: pcap or pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), as it
 * is or packed with gzip or zstd, from anything that can be read, in constant memory. fd stays the caller's; nothing is
 * read before the first next(). name is what error texts call the file. NULL with errno set on failure.
 *
 * next(): 0 means that a pipe has nothing more at the moment: poll fd for POLLIN and ask again. Frames before damage
 * are delivered; then -EBADMSG, or the -errno of read(2), now and at every later call, and savefile_read_error() says
 * why. Comments and interface names are bytes as the file has them, not fit for a terminal.
 */
struct source *savefile_read_open(int fd, const char *name);

/* One sentence about what ended the reading, with the offset in the unpacked file; "" when nothing is wrong. Belongs
 * to the source. */
const char *savefile_read_error(const struct source *source);

/* Free, with the interfaces that frames pointed to. */
void savefile_read_close(struct source *source);

#endif
