/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_REPLAY_FILES_H
#define BPFSNIFF_REPLAY_FILES_H

#include <stddef.h>

#include "base/event_loop.h"
#include "packet/frame.h"

/* Capture files as one source: one after the other. All are opened at the start, since the process is confined while it
 * reads them. */
struct replay_files {
	struct source source; /* first, so that one pointer is both */
	const char *const *paths;
	int *fds;
	size_t count, current;
	struct source *reader; /* of the current file */
	struct event_loop *loop;
	void (*finished)(void *context, const struct replay_files *files);
	void *context;
};

/* Open the files; `finished` is called when one has been read to its end and another follows. The descriptors wait in
 * `loop` in turn. 0, or -errno after one line on standard error. */
int replay_files_open(struct replay_files *files, const char *const *paths, size_t count, struct event_loop *loop);

/* Takes a zeroed struct too. */
void replay_files_close(struct replay_files *files);

#endif
