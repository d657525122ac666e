/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_VERSION_H
#define BPFSNIFF_VERSION_H

/* The version of the program; the Makefile and the manual page take it from here. */
#define BPFSNIFF_VERSION "0.1.0"

#endif
