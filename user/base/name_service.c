/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/name_service.h"

#include <nss.h>
#include <stddef.h>
#include <sys/auxv.h>

/* The kernel tells a program the address of its dynamic loader, AT_BASE (getauxval(3)); a static program has none. */
static int is_static(void)
{
	return getauxval(AT_BASE) == 0;
}

/*
 * The other sources that nsswitch.conf(5) may name are plug-ins for the C library of the machine; loaded into a static
 * program, which has a C library of its own, they crash it.
 */
void name_service_restrict(void)
{
	static const struct {
		const char *database, *sources;
	} allowed[] = {
		{"passwd", "files"},   {"group", "files"},     {"initgroups", "files"},
		{"services", "files"}, {"protocols", "files"}, {"hosts", "files dns"},
	};

	if (!is_static())
		return;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		__nss_configure_lookup(allowed[i].database, allowed[i].sources);
}
