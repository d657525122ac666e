/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_SINKS_H
#define BPFSNIFF_TEXT_SINKS_H

#include "packet/sink.h"
#include "print/style.h"

/* Open a sink that writes to fd, which stays the caller's. NULL with errno set on failure. */
struct sink *out_full_open(int fd, const struct style *style);
struct sink *out_brief_open(int fd, const struct style *style);
struct sink *out_json_open(int fd);

#endif
