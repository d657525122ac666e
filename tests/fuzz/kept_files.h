/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FUZZ_KEPT_FILES_H
#define BPFSNIFF_FUZZ_KEPT_FILES_H

#include <stddef.h>

/* From now on every file opened with fopen(3) has this content. The bytes stay the caller's. */
void kept_files_hold(const void *bytes, size_t length);

#endif
