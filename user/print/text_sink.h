/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_SINK_H
#define BPFSNIFF_TEXT_SINK_H

#include "base/output.h"
#include "packet/sink.h"
#include "print/color.h"
#include "print/columns.h"
#include "print/style.h"
#include "print/timestamp.h"

/* What the sinks that write text have in common. */
struct text_sink {
	struct sink sink; /* first, so that one pointer is both */
	struct style style;
	const struct palette *palette;
	struct timestamp timestamp;
	struct output output;
	bool begun;             /* a packet has been printed */
	struct columns columns; /* of the brief style */
};

/* A sink that writes to fd what `packet` formats. NULL with errno set on failure. */
struct sink *text_sink_open(int fd, const struct style *style,
			    int (*packet)(struct sink *sink, const struct packet *packet));

#endif
