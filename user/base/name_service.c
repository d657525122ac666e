/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/name_service.h"

#include <nss.h>
#include <stddef.h>
#include <sys/auxv.h>

/* The kernel tells a program where its dynamic loader is (AT_BASE); a static one has none. */
static int is_static(void)
{
	return getauxval(AT_BASE) == 0;
}

/*
 * A static program must not load what nsswitch.conf(5) names beyond files and DNS: these are plug-ins for the C library
 * of the machine that it runs on, and crash in another.
 */
void name_service_settle(void)
{
	static const struct {
		const char *database, *sources;
	} own[] = {
		{"passwd", "files"},   {"group", "files"},     {"initgroups", "files"},
		{"services", "files"}, {"protocols", "files"}, {"hosts", "files dns"},
	};

	if (!is_static())
		return;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		__nss_configure_lookup(own[i].database, own[i].sources);
}
