/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FOREIGN_FORMAT_H
#define BPFSNIFF_FOREIGN_FORMAT_H

#include <stddef.h>
#include <stdint.h>

enum { FOREIGN_FORMAT_START = 64 * 1024 }; /* as many bytes of a file suffice for every format */

/* What a file is that is neither pcap nor pcapng, and how to read it all the same: "compressed with xz: xz -dc ...".
 * NULL: not known. The first bytes of the file. */
const char *foreign_format(const uint8_t *start, size_t length);

#endif
