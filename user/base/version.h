/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_VERSION_H
#define BPFSNIFF_VERSION_H

#define BPFSNIFF_VERSION "0.1.0"

#endif
