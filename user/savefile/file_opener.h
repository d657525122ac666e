/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILE_OPENER_H
#define BPFSNIFF_FILE_OPENER_H

#include <stdint.h>

#include "savefile/rotate.h"

struct helper_process;

/*
 * Start a helper process that from now on opens every file of a rotation, and deletes those beyond limits.keep. It
 * stays the user that this process is now but for the files that it creates, has no capability but CAP_DAC_OVERRIDE (if
 * this process has it), and can write only below the rotation's directory. It chooses the names itself, so its client
 * can do no more than start a new file. 0 or -errno. To be ended with helper_process_stop().
 */
int file_opener_start(const struct rotation *rotation, struct helper_process **opener);

/* rotation_next_file() in the helper process, for the period that begins at rotation->start; here it only gets
 * its name. A descriptor or -errno;
 * -ECANCELED when the process does not answer and a signal asks to end (signal_wait.h). */
int file_opener_next(const struct helper_process *opener, struct rotation *rotation);

#endif
