/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OUTPUT_FILE_H
#define BPFSNIFF_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Whose files may be written, and to whom new ones are given. */
struct file_owner {
	uid_t self; /* whom this process creates files for */
	uid_t uid;  /* whom new files are to belong to; the same as `self`: nothing is given away */
	gid_t gid;
	const struct stat *reserved; /* files that are never written, whatever name leads to them */
	size_t reserved_count;
};

/* Whether an existing file belongs to one of the two users. */
bool output_file_is_ours(const struct stat *status, const struct file_owner *owner);

/* What open(2) never returns. strerror(3) does not fit them; savefile_write_error() has their sentences. */
enum {
	OUTPUT_FOREIGN = 87,      /* EUSERS: the file belongs to another user */
	OUTPUT_NOT_REGULAR = 124, /* EMEDIUMTYPE: it is not a regular file */
	OUTPUT_RESERVED = 120,    /* EISNAM: it is one that this run reads */
};

/*
 * Open `name` below a directory for writing; output_file_empty() empties it. A new file has the mode 0600 at most (the
 * umask may only take away). An existing regular file or FIFO must belong to one of the two users; its mode stays. A
 * symbolic link is never followed to a regular file, unless that is standard output (/dev/stdout). `only_regular`:
 * anything else that exists is refused. Opening never blocks, and writing to a pipe gives EAGAIN when it is full. A
 * FIFO that nobody reads: -ENXIO. Else a descriptor or another -errno, among them -ELOOP, -OUTPUT_FOREIGN,
 * -OUTPUT_NOT_REGULAR and -OUTPUT_RESERVED.
 */
int output_file_open(int directory, const char *name, const struct file_owner *owner, bool only_regular);

/* Remove what a regular file held before, just before the first write to it: nothing is lost if it never comes to that.
 * Standard output stays as it is. 0 or -errno. */
int output_file_empty(int fd);

/* Wait until somebody reads the FIFO that output_file_open() found unread, and open it. As there, or -ECANCELED when
 * SIGINT, SIGTERM or SIGHUP, which are blocked, came first. What is no FIFO: -ENXIO at once. */
int output_file_await(int directory, const char *name, const struct file_owner *owner);

#endif
