/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/process_choice.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "filter/list_values.h"

enum { PID_LIMIT = 4194304 }; /* PID_MAX_LIMIT of the kernel */

static bool starts_like_number(const char *item)
{
	return *item >= '0' && *item <= '9' && !item[strspn(item, "0123456789")];
}

int process_choice_add_process(struct process_choice *choice, const char *item)
{
	struct owner_choice *processes = &choice->processes;
	struct owner_chosen chosen = {0};
	unsigned long number;

	if (!*item)
		return -EINVAL;
	if (processes->count == OWNER_CHOICE_MAX)
		return -E2BIG;
	if (starts_like_number(item)) {
		if (list_number_parse(item, PID_LIMIT, &number) || !number)
			return -EINVAL;
		chosen.pid = (uint32_t)number;
	} else {
		memcpy(chosen.name.text, item, strnlen(item, OWNER_COMMAND_MAX - 1));
	}
	processes->items[processes->count++] = chosen;
	return 0;
}

int process_choice_add_uid(struct process_choice *choice, const char *item)
{
	const struct passwd *user;
	unsigned long number;

	if (choice->uid_count == OWNER_CHOICE_MAX)
		return -E2BIG;
	if (list_number_parse(item, UINT32_MAX - 1, &number)) {
		user = getpwnam(item);
		if (!user)
			return -EINVAL;
		number = user->pw_uid;
	}
	choice->uids[choice->uid_count++] = (uint32_t)number;
	return 0;
}

/* Where systemd mounts cgroup2, alone or beside the first version. */
static const char *below_root(const char *path)
{
	static const char *const roots[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};

	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		size_t length = strlen(roots[i]);

		if (!strncmp(path, roots[i], length) && (path[length] == '/' || !path[length]))
			return path[length] ? path + length : "/";
	}
	return path;
}

int process_choice_set_cgroup(struct process_choice *choice, const char *path)
{
	size_t length;

	path = below_root(path);
	length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (*path != '/' || length >= sizeof(choice->cgroup))
		return -EINVAL;
	memcpy(choice->cgroup, path, length);
	choice->cgroup[length] = '\0';
	return 0;
}

bool process_choice_is_valid(const struct process_choice *choice)
{
	return choice->processes.count <= OWNER_CHOICE_MAX && choice->uid_count <= OWNER_CHOICE_MAX &&
	       strnlen(choice->cgroup, sizeof(choice->cgroup)) < sizeof(choice->cgroup);
}

bool process_choice_is_made(const struct process_choice *choice)
{
	return choice->processes.count || choice->uid_count || *choice->cgroup;
}

bool process_choice_has_cgroup(const struct process_choice *choice, const char *path)
{
	size_t length = strlen(choice->cgroup);

	if (!length)
		return true;
	if (!path)
		return false;
	return length == 1 || (!strncmp(path, choice->cgroup, length) && (path[length] == '/' || !path[length]));
}

bool process_choice_has_uid(const struct process_choice *choice, uint32_t uid)
{
	for (uint32_t i = 0; i < choice->uid_count; i++)
		if (choice->uids[i] == uid)
			return true;
	return !choice->uid_count;
}
