/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PROCESS_CHOICE_H
#define BPFSNIFF_PROCESS_CHOICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "owner_abi.h"

enum { CHOICE_CGROUP_MAX = OWNER_CGROUP_PATH_MAX };

/* Whose packets to keep: --process, --uid and --cgroup. All that are given must hold for the same end of a packet. */
struct process_choice {
	struct owner_choice processes; /* count 0: any */
	uint32_t uid_count;            /* 0: any */
	uint32_t uids[OWNER_CHOICE_MAX];
	char cgroup[CHOICE_CGROUP_MAX]; /* below the root of cgroup2; "": any */
};

/* Add an item of --process, a number or a name, which may be longer than the kernel keeps it (TASK_COMM_LEN); or of
 * --uid, a number or a name of passwd(5). 0, -EINVAL, or -E2BIG when there are OWNER_CHOICE_MAX already. */
int process_choice_add_process(struct process_choice *choice, const char *item);
int process_choice_add_uid(struct process_choice *choice, const char *item);

/* Set the control group: its path below the root of cgroup2, or below /sys/fs/cgroup. 0; -EINVAL if that is no path,
 * or too long. */
int process_choice_set_cgroup(struct process_choice *choice, const char *path);

/* Whether one that another process has sent is within its bounds. */
bool process_choice_is_valid(const struct process_choice *choice);

/* Whether anything is chosen. */
bool process_choice_is_made(const struct process_choice *choice);

/* Whether a control group is the chosen one, or lies below it. `path` may be NULL: unknown. */
bool process_choice_has_cgroup(const struct process_choice *choice, const char *path);
bool process_choice_has_uid(const struct process_choice *choice, uint32_t uid);

#endif
