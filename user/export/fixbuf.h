/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FIXBUF_H
#define BPFSNIFF_FIXBUF_H

/* libfixbuf, opened when it is needed: who exports nothing need not have it, nor load glib. HAVE_FIXBUF: the build has
 * found its header. */
#ifdef HAVE_FIXBUF
#include <fixbuf/public.h>

#define FIXBUF_FUNCTIONS(X)          \
	X(fbInfoModelAlloc)          \
	X(fbInfoModelFree)           \
	X(fbTemplateAlloc)           \
	X(fbTemplateAppendSpecArray) \
	X(fbSessionAlloc)            \
	X(fbSessionSetDomain)        \
	X(fbSessionAddTemplate)      \
	X(fbSessionExportTemplates)  \
	X(fbExporterAllocBuffer)     \
	X(fbExporterGetMsgLen)       \
	X(fBufAllocForExport)        \
	X(fBufSetAutomaticMode)      \
	X(fBufSetInternalTemplate)   \
	X(fBufSetExportTemplate)     \
	X(fBufAppend)                \
	X(fBufEmit)                  \
	X(fBufFree)                  \
	X(g_clear_error)

struct fixbuf {
	void *library;
#define FIXBUF_POINTER(name) typeof(name) *name;
	FIXBUF_FUNCTIONS(FIXBUF_POINTER)
#undef FIXBUF_POINTER
};

/* 0, or -ENOSYS with *why: what dlopen(3) says. */
int fixbuf_open(struct fixbuf *fixbuf, const char **why);

#endif
#endif
