/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/decompress.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

struct gzip {
	z_stream stream;
	bool between; /* between members */
};

static void *gzip_open(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (gzip && inflateInit2(&gzip->stream, MAX_WBITS + 16) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

static int gzip_run(void *state, const uint8_t **in, const uint8_t *in_end, uint8_t **out, const uint8_t *out_end)
{
	struct gzip *gzip = state;
	z_stream *stream = &gzip->stream;
	int ret;

	if (gzip->between && *in == in_end)
		return 0;
	stream->next_in = (uint8_t *)*in;
	stream->avail_in = in_end - *in;
	stream->next_out = *out;
	stream->avail_out = out_end - *out;
	ret = inflate(stream, Z_NO_FLUSH);
	*in = stream->next_in;
	*out = stream->next_out;
	gzip->between = ret == Z_STREAM_END;
	if (ret == Z_STREAM_END)
		return inflateReset(stream) == Z_OK ? 0 : -EBADMSG;
	if (ret == Z_MEM_ERROR)
		return -ENOMEM;
	return ret == Z_OK || ret == Z_BUF_ERROR ? 1 : -EBADMSG;
}

static void gzip_close(void *state)
{
	struct gzip *gzip = state;

	if (gzip)
		inflateEnd(&gzip->stream);
	free(gzip);
}

struct zstd {
	ZSTD_DStream *stream;
	bool between; /* between frames */
};

static void *zstd_open(void)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));

	if (!zstd)
		return NULL;
	zstd->stream = ZSTD_createDStream();
	if (!zstd->stream) {
		free(zstd);
		return NULL;
	}
	return zstd;
}

static int zstd_run(void *state, const uint8_t **in, const uint8_t *in_end, uint8_t **out, const uint8_t *out_end)
{
	struct zstd *zstd = state;
	ZSTD_inBuffer input = {.src = *in, .size = in_end - *in};
	ZSTD_outBuffer output = {.dst = *out, .size = out_end - *out};
	size_t ret;

	if (zstd->between && *in == in_end)
		return 0;
	ret = ZSTD_decompressStream(zstd->stream, &output, &input);
	*in += input.pos;
	*out += output.pos;
	if (ZSTD_isError(ret))
		return -EBADMSG;
	zstd->between = ret == 0;
	return zstd->between ? 0 : 1;
}

static void zstd_close(void *state)
{
	struct zstd *zstd = state;

	if (zstd)
		ZSTD_freeDStream(zstd->stream);
	free(zstd);
}

static const struct decompressor decompressors[] = {
	{
		.magic = {0x1f, 0x8b}, /* RFC 1952 */
		.magic_length = 2,
		.damaged = "the gzip data is damaged",
		.cut = "the gzip data ends early",
		.open = gzip_open,
		.run = gzip_run,
		.close = gzip_close,
	},
	{
		.magic = {0x28, 0xb5, 0x2f, 0xfd}, /* RFC 8878 */
		.magic_length = 4,
		.damaged = "the zstd data is damaged",
		.cut = "the zstd data ends early",
		.open = zstd_open,
		.run = zstd_run,
		.close = zstd_close,
	},
};

const struct decompressor *decompressor_find(const uint8_t *start, size_t length)
{
	for (size_t i = 0; i < sizeof(decompressors) / sizeof(decompressors[0]); i++) {
		const struct decompressor *format = &decompressors[i];

		if (length >= format->magic_length && memcmp(start, format->magic, format->magic_length) == 0)
			return format;
	}
	return NULL;
}
