/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_KEPT_FILES_H
#define BPFSNIFF_FUZZ_KEPT_FILES_H

#include <stddef.h>

/* What every file that is opened with fopen(3) has in it from now on; none of this machine is read. */
void kept_files_hold(const void *bytes, size_t length);

#endif
