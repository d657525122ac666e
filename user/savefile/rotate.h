/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_ROTATE_H
#define BPFSNIFF_ROTATE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "savefile/output_file.h"

/* When to start a new file and how many to keep; 0: no limit. */
struct rotation_limits {
	uint64_t bytes;   /* in one file */
	uint32_t seconds; /* by the clock: a new file at each whole multiple of this in local time */
	uint32_t keep;    /* files; the oldest is deleted or overwritten */
};

/*
 * The names of the files of one capture. A number stands before the extension: trace-0.pcapng. With limits.seconds the
 * path is expanded by strftime(3) in local time, and a name equal to the previous one gets a number, from 1. With
 * limits.bytes alone every name has a number, from 0; with limits.keep too, it is padded to the width of the last,
 * after which it starts again at 0.
 */
struct rotation {
	struct rotation_limits limits;
	struct file_owner owner; /* of the files */
	int directory;           /* files are opened relative to it */
	char *pattern;
	const char *path; /* as it was given */
	int64_t start;    /* of this period; seconds since 1970-01-01 UTC */
	int64_t deadline; /* when the next begins; 0: never */
	char base[PATH_MAX];
	char name[PATH_MAX]; /* of the current file, below the directory; what was wrong with opening it concerns it */
	uint32_t number;     /* of the file among those with the same base */
	struct kept_file *kept; /* the last limits.keep files, as a ring */
	uint64_t opened;        /* files */
};

/* Open the directory of a path, which must stay, up to the first strftime conversion. New files belong to `owner`
 * (NULL: whom this process creates them for). `now` is in seconds since 1970-01-01 UTC. 0 or -errno. */
int rotation_init(struct rotation *rotation, const char *path, const struct rotation_limits *limits,
		  const struct file_owner *owner, int64_t now);

/* Whether a file of such a rotation may have that name; both are names in one directory, and the pattern is what
 * rotation_init() gets. */
bool rotation_may_name(const struct rotation_limits *limits, const char *pattern, const char *name);

/* Whether a new period has begun at `now` (seconds since 1970-01-01 UTC); if so, the next file belongs to it. */
bool rotation_tick(struct rotation *rotation, int64_t now);

/* Open the next file, as output_file_open() does, and delete the one beyond limits.keep if this rotation has made it
 * and it is still the one with that name. With limits.bytes or limits.seconds only regular files are opened; without,
 * this waits for the reader of a FIFO, as output_file_await() does. A descriptor or -errno. */
int rotation_next_file(struct rotation *rotation);

/* Choose the name of the next file, for the process that opens it by rotation_next_file(). 0 or -ENAMETOOLONG. */
int rotation_next_name(struct rotation *rotation);

/* Store the path of the current file, as the given path begins. */
void rotation_current_path(const struct rotation *rotation, char path[PATH_MAX]);

/* Free the names and close the directory. Takes a zeroed struct too. */
void rotation_release(struct rotation *rotation);

#endif
