/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/text_sink.h"

#include <errno.h>
#include <stdlib.h>

static int text_sink_flush(struct sink *sink)
{
	return output_flush(&((struct text_sink *)sink)->output);
}

static uint64_t text_sink_written(const struct sink *sink)
{
	return ((const struct text_sink *)sink)->output.records;
}

static void text_sink_close(struct sink *sink)
{
	struct text_sink *text = (struct text_sink *)sink;

	if (!text)
		return;
	output_release(&text->output);
	free(text);
}

struct sink *text_sink_open(int fd, const struct style *style,
			    int (*packet)(struct sink *sink, const struct packet *packet))
{
	struct text_sink *text = malloc(sizeof(*text));
	int error;

	if (!text)
		return NULL;
	*text = (struct text_sink){
		.sink =
			{
				.packet = packet,
				.flush = text_sink_flush,
				.written = text_sink_written,
				.close = text_sink_close,
			},
		.style = *style,
		.palette = color_palette(style->color),
	};
	timestamp_init(&text->timestamp, style->time);
	text->timestamp.micro = style->micro;
	error = output_init(&text->output, fd);
	if (error) {
		free(text);
		errno = -error;
		return NULL;
	}
	return &text->sink;
}
