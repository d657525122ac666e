/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "owner/owner_internal.h"

enum { PATH_LENGTH_MAX = 4096 };

/* Where cgroup2 is mounted, according to proc_pid_mountinfo(5); -1: nowhere. */
static int open_mounted(void)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, root[2], path[PATH_LENGTH_MAX];
	size_t size = 0;
	int fd = -1;

	while (mounts && fd < 0 && getline(&line, &size, mounts) > 0) {
		const char *type = strstr(line, " - cgroup2 ");

		if (type && sscanf(line, "%*s %*s %*s %1s %4095s", root, path) == 2 && *root == '/')
			fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	free(line);
	if (mounts)
		fclose(mounts);
	return fd;
}

/* ip-netns(8) hides all that is mounted below /sys. */
static int open_unmounted(void)
{
	int context = (int)syscall(SYS_fsopen, "cgroup2", FSOPEN_CLOEXEC), mount = -1, fd;

	if (context < 0)
		return -1;
	if (!syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	close(context);
	fd = mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount >= 0)
		close(mount);
	return fd;
}

int cgroup_root_open(void)
{
	int fd = open_mounted();

	return fd < 0 ? open_unmounted() : fd;
}

static void add(struct cgroup_names *names, uint64_t id, const char *path)
{
	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 64;
		struct cgroup_name *grown = reallocarray(names->names, room, sizeof(*grown));

		if (!grown)
			return;
		names->names = grown;
		names->room = room;
	}
	names->names[names->count] = (struct cgroup_name){id, strdup(path)};
	names->count += names->names[names->count].path != NULL;
}

/* `path` has the name of the directory below the root, of `length` bytes. The id of a cgroup is its inode number. */
static void walk(struct cgroup_names *names, int directory_fd, char *path, size_t length)
{
	DIR *directory = fdopendir(directory_fd);
	struct stat status;

	if (!directory) {
		close(directory_fd);
		return;
	}
	if (!fstat(directory_fd, &status))
		add(names, status.st_ino, length ? path : "/");
	for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
		size_t more = strlen(entry->d_name) + 1;
		int fd;

		if (entry->d_type != DT_DIR || *entry->d_name == '.' || length + more >= PATH_LENGTH_MAX)
			continue;
		fd = openat(directory_fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0)
			continue;
		path[length] = '/';
		memcpy(path + length + 1, entry->d_name, more);
		walk(names, fd, path, length + more);
		path[length] = '\0';
	}
	closedir(directory);
}

static int by_id(const void *a, const void *b)
{
	const struct cgroup_name *one = a, *other = b;

	return (one->id > other->id) - (one->id < other->id);
}

void cgroup_names_read(struct cgroup_names *names, int root_fd)
{
	int fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[PATH_LENGTH_MAX] = "";

	if (fd < 0)
		return;
	walk(names, fd, path, 0);
	if (names->count)
		qsort(names->names, names->count, sizeof(*names->names), by_id);
}

const char *cgroup_names_find(const struct cgroup_names *names, uint64_t id)
{
	const struct cgroup_name key = {.id = id};
	const struct cgroup_name *found =
		names->count ? bsearch(&key, names->names, names->count, sizeof(key), by_id) : NULL;

	return found ? found->path : NULL;
}

void cgroup_names_release(struct cgroup_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i].path);
	free(names->names);
}
