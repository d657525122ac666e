/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/landlock.h"

#include <errno.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Missing from <linux/landlock.h> of Linux 6.1. */
enum {
	ACCESS_TRUNCATE = 1 << 14,     /* LANDLOCK_ACCESS_FS_TRUNCATE, version 3 */
	ACCESS_IOCTL_DEVICE = 1 << 15, /* LANDLOCK_ACCESS_FS_IOCTL_DEV, version 5 */
	NET_TCP = 1 << 0 | 1 << 1,     /* LANDLOCK_ACCESS_NET_{BIND,CONNECT}_TCP, version 4 */
	SCOPES = 1 << 0 | 1 << 1,      /* LANDLOCK_SCOPE_{ABSTRACT_UNIX_SOCKET,SIGNAL}, version 6 */
};

/* struct landlock_ruleset_attr of version 6. Older kernels accept it if the fields that they do not know are zero
 * (copy_struct_from_user() in include/linux/uaccess.h). */
struct ruleset {
	uint64_t files, net, scopes;
};

/* What each version of Landlock can deny, from 1; the last row also serves later versions. */
static const struct ruleset known[] = {
	{.files = LANDLOCK_ACCESS_FS_REFER - 1},
	{.files = ACCESS_TRUNCATE - 1},
	{.files = ACCESS_IOCTL_DEVICE - 1},
	{.files = ACCESS_IOCTL_DEVICE - 1, .net = NET_TCP},
	{.files = 2 * ACCESS_IOCTL_DEVICE - 1, .net = NET_TCP},
	{.files = 2 * ACCESS_IOCTL_DEVICE - 1, .net = NET_TCP, .scopes = SCOPES},
};

/* What this kernel can deny; NULL when Landlock is missing or switched off. */
static const struct ruleset *known_here(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	long last = sizeof(known) / sizeof(*known);

	return version < 1 ? NULL : &known[(version < last ? version : last) - 1];
}

static int allow_below(int ruleset, uint64_t access, int directory)
{
	const struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = directory};

	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) ? -errno : 0;
}

/* Deny `denied`, but allow the part `allowed` of it below a directory (-1: nowhere). 0 or -errno. */
static int restrict_self(const struct ruleset *denied, uint64_t allowed, int directory)
{
	long ruleset = syscall(SYS_landlock_create_ruleset, denied, sizeof(*denied), 0);
	int ret = 0;

	if (ruleset < 0)
		return -errno;
	if (directory >= 0)
		ret = allow_below((int)ruleset, allowed & denied->files, directory);
	if (!ret && syscall(SYS_landlock_restrict_self, ruleset, 0))
		ret = -errno;
	close((int)ruleset);
	return ret;
}

int landlock_allow_nothing(void)
{
	return landlock_allow_writing_below(-1);
}

int landlock_allow_writing_below(int directory)
{
	const struct ruleset *all = known_here();

	if (!all)
		return 0;
	return restrict_self(all,
			     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE |
				     LANDLOCK_ACCESS_FS_REMOVE_FILE,
			     directory);
}

int landlock_allow_reading(void)
{
	const struct ruleset *all = known_here();
	struct ruleset changes;

	if (!all)
		return 0;
	changes = (struct ruleset){
		.files = all->files & ~(uint64_t)(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR),
	};
	return restrict_self(&changes, 0, -1);
}
