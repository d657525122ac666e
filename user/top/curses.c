/* SPDX-License-Identifier: BSD-2-Clause */
#include "top/curses.h"

#ifdef HAVE_NCURSES

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <sys/auxv.h>

/* By the place of a pointer in struct curses. */
static const struct {
	const char *name;
	size_t place;
} functions[] = {
#define CURSES_ROW(name) {#name, offsetof(struct curses, name)},
	CURSES_FUNCTIONS(CURSES_ROW)
#undef CURSES_ROW
};

int curses_open(struct curses *curses, const char **why)
{
	/* The library would bring a second C library, with other streams than this one's. */
	if (!getauxval(AT_BASE)) {
		*why = "a static program cannot use ncurses";
		return -ENOSYS;
	}
	curses->library = dlopen("libncursesw.so.6", RTLD_NOW);
	for (size_t i = 0; curses->library && i < sizeof(functions) / sizeof(*functions); i++) {
		void *found = dlsym(curses->library, functions[i].name);

		*(void **)((char *)curses + functions[i].place) = found;
		if (found)
			continue;
		*why = dlerror();
		return -ENOSYS;
	}
	if (!curses->library)
		*why = dlerror();
	return curses->library ? 0 : -ENOSYS;
}

void curses_close(struct curses *curses)
{
	if (curses->library)
		dlclose(curses->library);
	curses->library = NULL;
}

#endif
