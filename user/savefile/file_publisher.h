/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILE_PUBLISHER_H
#define BPFSNIFF_FILE_PUBLISHER_H

#include <stddef.h>

#include "savefile/output_file.h"

enum { PUBLISHED_MAX = 65536 }; /* bytes of a file */

/* A file that is written anew again and again, whole or not at all: whoever opens it finds one state of it. Another
 * process writes it, since this one is about to give up access to files. */
struct file_publisher;

/* `path` is the file, `owner` whose it is to be. 0 or -errno. */
int file_publisher_start(const char *path, const struct file_owner *owner, struct file_publisher **result);

/* Write the file anew, with at most PUBLISHED_MAX bytes. 0 or -errno; -ECANCELED when the process does not answer and a
 * signal asks to end (signal_wait.h). */
int file_publisher_write(const struct file_publisher *publisher, const char *text, size_t length);

/* Takes NULL. The file stays. */
void file_publisher_stop(struct file_publisher *publisher);

#endif
