/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_ROTATE_H
#define BPFSNIFF_ROTATE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* When to start a new file; zero means never, or any number of files. */
struct rotation_rules {
	uint64_t bytes;   /* in one file */
	uint32_t seconds; /* by the clock: whole multiples of this in local time */
	uint32_t keep;    /* files; the oldest is deleted or written over */
};

/*
 * The names of the files of one capture, as tcpdump gives them. With rules.seconds the path is expanded by strftime(3),
 * local time; a file that would get the name of the one before it has a number appended, from 1. With both rules.bytes
 * and rules.keep every name has a number, from 0, of as many digits as the last, and numbers start again after that.
 */
struct rotation {
	struct rotation_rules rules;
	int directory; /* files are opened relative to it */
	char *pattern;
	int64_t start;    /* of this period; seconds since 1970-01-01 UTC */
	int64_t deadline; /* when the next begins; 0: never */
	char base[PATH_MAX];
	uint32_t number; /* of the file among those of its base */
	char **kept;     /* the last rules.keep names, in a circle */
	uint64_t opened; /* files */
};

/* Take note of the path and open its directory, up to the first strftime conversion. `now` is in seconds since
 * 1970-01-01 UTC. 0 or -errno. */
int rotation_init(struct rotation *rotation, const char *path, const struct rotation_rules *rules, int64_t now);

/* Whether a new period has begun; if so, the next file belongs to it. */
bool rotation_tick(struct rotation *rotation, int64_t now);

/* Create (or empty) the next file, mode 0666 under the umask, and delete the one that is then too many. A descriptor
 * or -errno. */
int rotation_next_file(struct rotation *rotation);

/* Free. Takes a zeroed struct too. */
void rotation_release(struct rotation *rotation);

#endif
