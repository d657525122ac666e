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

int filter_swap(const struct kernel_filter *older, struct source *older_ring, const struct kernel_filter *newer,
		struct source *newer_ring)
{
	struct ring_failure failure;
	int ret = kernel_filter_step_aside(older);

	if (!ret)
		ret = ring_start(newer_ring, &failure);
	if (!ret)
		ret = wait_for_frames_in_taps();
	if (!ret)
		ret = kernel_filter_take_turn(newer);
	if (ret) {
		ring_stop(newer_ring);
		kernel_filter_settle(older);
		return ret;
	}
	if (ring_stop(older_ring)) /* only if it failed: emptying a program array costs a grace period */
		kernel_filter_stop(older);
	kernel_filter_settle(newer); /* one look-up less per frame */
	return 0;
}
