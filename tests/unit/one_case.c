/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Linked to every unit test: CASE in the environment names the one case that is to run (* and ? as in a shell). */
static __attribute__((constructor)) void choose_case(void)
{
	const char *name = getenv("CASE");

	if (name && *name)
		cmocka_set_test_filter(name);
}
