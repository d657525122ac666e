/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILE_OPENER_H
#define BPFSNIFF_FILE_OPENER_H

#include <stdint.h>

#include "savefile/rotate.h"

struct helper_process;

/*
 * Have a process of its own open all files of a rotation from now on, and delete those that are too many: it stays the
 * user that this process is now, has no capability but CAP_DAC_OVERRIDE (if it is there), and can write nowhere but in
 * the directory of the files. Names are its own business, so that who asks it can do no more than start a new file. 0
 * or -errno.
 */
int file_opener_start(const struct rotation *rotation, struct helper_process **opener);

/* rotation_next_file() in that process, for the period that begins at rotation->start. A descriptor or -errno. */
int file_opener_next(const struct helper_process *opener, const struct rotation *rotation);

#endif
