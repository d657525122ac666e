/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>
#include <zstd.h>

#include "input.h"

/*
 * Keep the working memory of zlib and libzstd from one input to the next, but not its contents (by the linker's
 * --wrap). Allocating and freeing it for every input would take most of the time.
 */

enum {
	GZIP_MEMORY = 1 << 16, /* state, window and their alignment: inflateInit2_() and updatewindow() of inflate.c */
	WINDOW_LOG_MAX = 18,   /* larger windows test nothing new */
};

int __real_inflateInit2_(z_stream *stream, int bits, const char *version, int size);
int __wrap_inflateInit2_(z_stream *stream, int bits, const char *version, int size);
ZSTD_DStream *__real_ZSTD_createDStream(void);
ZSTD_DStream *__wrap_ZSTD_createDStream(void);
size_t __wrap_ZSTD_freeDStream(ZSTD_DStream *stream);

static uint64_t gzip_memory[GZIP_MEMORY / sizeof(uint64_t)];
static size_t gzip_used; /* words */

static void *gzip_allocate(void *context, unsigned int items, unsigned int size)
{
	size_t words = ((size_t)items * size + sizeof(uint64_t) - 1) / sizeof(uint64_t);
	void *memory = &gzip_memory[gzip_used];

	(void)context;
	gzip_used += words;
	must(gzip_used <= sizeof(gzip_memory) / sizeof(uint64_t));
	return memory;
}

static void gzip_free(void *context, void *memory)
{
	(void)context;
	(void)memory;
}

int __wrap_inflateInit2_(z_stream *stream, int bits, const char *version, int size)
{
	gzip_used = 0;
	stream->zalloc = gzip_allocate;
	stream->zfree = gzip_free;
	return __real_inflateInit2_(stream, bits, version, size);
}

ZSTD_DStream *__wrap_ZSTD_createDStream(void)
{
	static ZSTD_DStream *kept;

	if (!kept)
		kept = __real_ZSTD_createDStream();
	must(kept);
	must(!ZSTD_isError(ZSTD_DCtx_reset(kept, ZSTD_reset_session_and_parameters)));
	must(!ZSTD_isError(ZSTD_DCtx_setParameter(kept, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)));
	return kept;
}

size_t __wrap_ZSTD_freeDStream(ZSTD_DStream *stream)
{
	must(stream);
	return 0;
}
