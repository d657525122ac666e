/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/filter_swap.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/ring.h"

/* Wait until every frame that is now in the taps has left them: MEMBARRIER_CMD_GLOBAL is synchronize_rcu()
 * (kernel/sched/membarrier.c). */
static int wait_for_frames_in_taps(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) ? -errno : 0;
}

/*
 * Twice the taps have to be empty: once the older filter obeys the notes, every CPU has to come past the newer one, and
 * once the newer one has its turn, no frame may be left that is noted as the older one's. The sockets of the older ring
 * stay bound, as unbinding would take a grace period each: its filter finds no frame noted as its own any more.
 */
int filter_swap(const struct kernel_filter *older, const struct kernel_filter *newer, struct source *newer_ring)
{
	int ret = kernel_filter_step_aside(older);

	if (!ret)
		ret = ring_attach(newer_ring, kernel_filter_part(newer, KERNEL_FILTER_DISPATCH));
	if (!ret)
		ret = wait_for_frames_in_taps();
	if (!ret)
		ret = kernel_filter_take_turn(newer);
	if (ret) {
		kernel_filter_settle(older);
		return ret;
	}
	(void)wait_for_frames_in_taps();
	(void)kernel_filter_settle(newer); /* one look-up less per frame */
	return 0;
}
