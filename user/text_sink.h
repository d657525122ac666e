/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TEXT_SINK_H
#define BPFSNIFF_TEXT_SINK_H

#include "color.h"
#include "output.h"
#include "sink.h"
#include "timestamp.h"

/* What the sinks that write text have in common. */
struct text_sink {
	struct sink sink; /* first, so that one pointer is both */
	struct style style;
	const struct palette *palette;
	struct timestamp timestamp;
	struct output output;
};

/* Whether the headers tell how long the payload is: not when the one that had to say it is not all here. */
static inline bool payload_is_known(const struct packet *packet)
{
	if (packet->tcp.present)
		return packet->tcp.captured >= TCP_HEADER;
	if (packet->udp.present)
		return packet->udp.captured >= UDP_HEADER;
	return packet->truncated == LAYER_NONE || packet->payload.length > 0;
}

/* A sink that writes to fd, with `packet` to format for it; NULL with errno set on failure. */
struct sink *text_sink_open(int fd, const struct style *style,
			    int (*packet)(struct sink *sink, const struct packet *packet));

#endif
