/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/fixbuf.h"

#ifdef HAVE_FIXBUF

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

/* By the place of a pointer in struct fixbuf. */
static const struct {
	const char *name;
	size_t place;
} functions[] = {
#define FIXBUF_ROW(name) {#name, offsetof(struct fixbuf, name)},
	FIXBUF_FUNCTIONS(FIXBUF_ROW)
#undef FIXBUF_ROW
};

int fixbuf_open(struct fixbuf *fixbuf, const char **why)
{
	/* Debian's libfixbuf does not say that it needs glib. */
	if (!dlopen("libglib-2.0.so.0", RTLD_NOW | RTLD_GLOBAL)) {
		*why = dlerror();
		return -ENOSYS;
	}
	fixbuf->library = dlopen("libfixbuf.so.9", RTLD_NOW | RTLD_GLOBAL);
	for (size_t i = 0; fixbuf->library && i < sizeof(functions) / sizeof(*functions); i++) {
		void *found = dlsym(RTLD_DEFAULT, functions[i].name);

		*(void **)((char *)fixbuf + functions[i].place) = found;
		if (found)
			continue;
		*why = dlerror();
		return -ENOSYS;
	}
	if (!fixbuf->library)
		*why = dlerror();
	return fixbuf->library ? 0 : -ENOSYS;
}

#endif
