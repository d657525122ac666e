/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_BOTH_WAYS_H
#define BPFSNIFF_BOTH_WAYS_H

#include <cap-ng.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "ebpf/kernel_filter.h"

/* A filter reads headers in place, or by a helper if it is loaded without CAP_PERFMON or on Linux 6.1. Included by the
 * tests, after cmocka.h. */

/* From now on load filters of one kind. CAP_SYS_ADMIN includes CAP_PERFMON (perfmon_capable() in
 * include/linux/capability.h). */
static inline void ways_choose(bool by_helper)
{
	capng_get_caps_process();
	capng_updatev(by_helper ? CAPNG_DROP : CAPNG_ADD, CAPNG_EFFECTIVE, CAP_PERFMON, CAP_SYS_ADMIN, -1);
	assert_int_equal(capng_apply(CAPNG_SELECT_CAPS), 0);
}

static inline void ways_check(const struct kernel_filter *filter, bool by_helper)
{
	int major = 0, minor = 0;
	struct utsname name;

	assert_int_equal(uname(&name), 0);
	assert_int_equal(sscanf(name.release, "%d.%d", &major, &minor), 2);
	assert_int_equal(kernel_filter_reads_in_place(filter), !by_helper && (major > 6 || (major == 6 && minor >= 2)));
}

#endif
