/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/file_publisher.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/signal_wait.h"
#include "sandbox/helper_process.h"

struct file_publisher {
	struct helper_process *process;
};

/* What the process works with. */
struct place {
	int directory;
	char name[NAME_MAX + 1];
	char draft[NAME_MAX + 32]; /* the name of the file that is not whole yet */
	char text[PUBLISHED_MAX];
};

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			text += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

/* node_exporter, which is to read it, is another user. */
static int write_draft(const struct place *place, size_t length)
{
	int fd = openat(place->directory, place->draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	int ret;

	if (fd < 0)
		return -errno;
	ret = write_all(fd, place->text, length);
	close(fd);
	return ret;
}

/* A draft that was left behind by a process with the same number is in the way. */
static int publish(const struct place *place, size_t length)
{
	int ret = write_draft(place, length);

	if (ret == -EEXIST && !unlinkat(place->directory, place->draft, 0))
		ret = write_draft(place, length);
	if (!ret && renameat(place->directory, place->draft, place->directory, place->name))
		ret = -errno;
	if (ret)
		unlinkat(place->directory, place->draft, 0);
	return ret;
}

static void serve(int fd, void *context)
{
	struct place *place = context;
	uint32_t length;

	while (!helper_process_receive(fd, &length, sizeof(length)) && length <= sizeof(place->text) &&
	       !helper_process_receive(fd, place->text, length)) {
		const int32_t ret = publish(place, length);

		if (helper_process_send(fd, &ret, sizeof(ret)))
			return;
	}
}

/* What rename(2) would replace: nothing, or a regular file of one of the two users, as output_file_open() has it. */
static int may_replace(const struct place *place, const struct file_owner *owner)
{
	struct stat status;

	if (fstatat(place->directory, place->name, &status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (S_ISLNK(status.st_mode))
		return -ELOOP;
	if (!S_ISREG(status.st_mode))
		return -OUTPUT_NOT_REGULAR;
	return output_file_is_ours(&status, owner) ? 0 : -OUTPUT_FOREIGN;
}

/* Take the path apart, and open its directory. 0 or -errno. */
static int find_place(const char *path, const struct file_owner *owner, struct place *place)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *directory;

	if (!*name || strlen(name) > NAME_MAX - 24)
		return *name ? -ENAMETOOLONG : -EISDIR;
	snprintf(place->name, sizeof(place->name), "%s", name);
	snprintf(place->draft, sizeof(place->draft), ".%s.%d", name, (int)getpid());
	directory = slash ? strndup(path, (size_t)(slash + 1 - path)) : strdup(".");
	if (!directory)
		return -ENOMEM;
	place->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (place->directory < 0)
		return -errno;
	return may_replace(place, owner);
}

static int start(const struct place *place, const struct file_owner *owner, struct file_publisher *publisher)
{
	const struct confinement confinement = {
		.role = ROLE_PUBLISHER,
		.directory = place->directory,
		.creates_for = owner->uid != owner->self,
		.file_uid = owner->uid,
		.file_gid = owner->gid,
	};

	return helper_process_start(serve, (void *)place, &confinement, &publisher->process);
}

int file_publisher_start(const char *path, const struct file_owner *owner, struct file_publisher **result)
{
	struct place *place = calloc(1, sizeof(*place));
	struct file_publisher *publisher = calloc(1, sizeof(*publisher));
	int ret = -ENOMEM;

	if (place)
		place->directory = -1;
	if (place && publisher)
		ret = find_place(path, owner, place);
	if (!ret)
		ret = start(place, owner, publisher);
	if (place && place->directory >= 0)
		close(place->directory);
	free(place);
	if (ret)
		free(publisher);
	else
		*result = publisher;
	return ret;
}

int file_publisher_write(const struct file_publisher *publisher, const char *text, size_t length)
{
	const int fd = publisher->process->fd;
	const uint32_t size = (uint32_t)length;
	int32_t status = -EIO;
	int ret = helper_process_send(fd, &size, sizeof(size));

	if (!ret)
		ret = helper_process_send(fd, text, length);
	if (!ret)
		ret = signal_wait_events(fd, POLLIN);
	if (!ret)
		ret = helper_process_receive(fd, &status, sizeof(status));
	return ret ? ret : status;
}

void file_publisher_stop(struct file_publisher *publisher)
{
	if (!publisher)
		return;
	helper_process_stop(publisher->process);
	free(publisher);
}
