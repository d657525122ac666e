/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPEN_SINKS_H
#define BPFSNIFF_OPEN_SINKS_H

#include "cli/options.h"
#include "run/pipeline.h"
#include "savefile/savefile_write.h"

/* Give the pipeline the sinks that the options ask for. `counters`, called with the context of the pipeline, tells the
 * numbers that a capture file ends with. 0; -ECANCELED when a signal ended the wait for the reader of a FIFO; or
 * another -errno after one line on standard error. */
int open_sinks(const struct options *options, savefile_counters_reader *counters, struct pipeline *pipeline);

/* Whose files are written: root's are for the user of -Z, as in tcpdump, or for the one who called sudo. */
struct file_owner open_sinks_owner(const struct options *options);

/* Have what a capture file (see savefile_read.h) describes beside packets copied to the file that is written. */
void open_sinks_copy_blocks(struct source *reader, const struct pipeline *pipeline);

/* One line on standard error about the -errno that a sink gave, and about the packet that it has refused. */
void open_sinks_explain(const struct options *options, const struct pipeline *pipeline, int error);

void open_sinks_close(struct pipeline *pipeline);

#endif
