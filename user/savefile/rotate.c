/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text_builder.h"

/* A file that was opened. A name may lead to another file later, and the number of its inode may come again, but not
 * with the same time of birth. */
struct kept_file {
	char *name; /* NULL: none */
	uint32_t device[2];
	uint16_t type; /* S_IFMT of inode(7) */
	uint64_t inode;
	struct statx_timestamp born; /* zero where the file system does not know */
};

/* The first multiple of the period, in local time, after `now`. */
static int64_t next_deadline(int64_t now, uint32_t seconds)
{
	time_t clock = now;
	struct tm local;

	localtime_r(&clock, &local);
	return ((now + local.tm_gmtoff) / seconds + 1) * seconds - local.tm_gmtoff;
}

/* Split the path: open the directories that are the same for every file, and keep the rest as the pattern. 0 or
 * -errno. */
static int open_directory(struct rotation *rotation, const char *path)
{
	const char *varies = rotation->limits.seconds ? strchrnul(path, '%') : path + strlen(path);
	const char *slash = memrchr(path, '/', varies - path);
	char *directory = slash ? strndup(path, slash - path + 1) : strdup(".");

	rotation->pattern = strdup(slash ? slash + 1 : path);
	if (!directory || !rotation->pattern) {
		free(directory);
		return -ENOMEM;
	}
	rotation->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (rotation->directory < 0)
		return -errno;
	return *rotation->pattern || !slash ? 0 : -EISDIR;
}

int rotation_init(struct rotation *rotation, const char *path, const struct rotation_limits *limits,
		  const struct file_owner *owner, int64_t now)
{
	int ret;

	memset(rotation, 0, sizeof(*rotation));
	rotation->limits = *limits;
	rotation->owner = owner ? *owner : (struct file_owner){.self = geteuid(), .uid = geteuid(), .gid = getegid()};
	rotation->path = path;
	rotation->directory = -1;
	rotation->start = now;
	if (limits->seconds)
		rotation->deadline = next_deadline(now, limits->seconds);
	ret = open_directory(rotation, path);
	if (ret == 0 && limits->keep) {
		rotation->kept = calloc(limits->keep, sizeof(*rotation->kept));
		if (!rotation->kept)
			ret = -ENOMEM;
	}
	if (ret < 0)
		rotation_release(rotation);
	return ret;
}

bool rotation_tick(struct rotation *rotation, int64_t now)
{
	if (rotation->deadline == 0 || now < rotation->deadline)
		return false;
	rotation->deadline = next_deadline(now, rotation->limits.seconds);
	rotation->start = rotation->deadline - rotation->limits.seconds;
	return true;
}

/* Expand the pattern to a name without its number. 0 or -ENAMETOOLONG. */
static int expand(const struct rotation *rotation, char base[PATH_MAX])
{
	time_t start = rotation->start;
	struct tm local;

	if (rotation->limits.seconds) {
		localtime_r(&start, &local);
		return strftime(base, PATH_MAX, rotation->pattern, &local) > 0 ? 0 : -ENAMETOOLONG;
	}
	return snprintf(base, PATH_MAX, "%s", rotation->pattern) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int digits(uint32_t number)
{
	int count = 0;

	for (; number > 0; number /= 10)
		count++;
	return count;
}

/* Programs know files by what stands behind the last dot; a name may begin with a dot. */
static size_t length_without_extension(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');

	return dot && dot > name ? (size_t)(dot - path) : strlen(path);
}

int rotation_next_name(struct rotation *rotation)
{
	uint32_t circle = rotation->limits.bytes ? rotation->limits.keep : 0;
	int width = circle ? digits(circle - 1) : 0;
	char base[PATH_MAX], *extension;
	int ret = expand(rotation, base);

	if (ret < 0)
		return ret;
	rotation->number = rotation->opened && strcmp(base, rotation->base) == 0 ? rotation->number + 1 : 0;
	if (circle)
		rotation->number %= circle;
	memcpy(rotation->base, base, strlen(base) + 1);
	extension = base + length_without_extension(base);
	if ((rotation->limits.bytes && !rotation->limits.seconds) || rotation->number > 0)
		ret = snprintf(rotation->name, PATH_MAX, "%.*s-%0*u%s", (int)(extension - base), base, width,
			       rotation->number, extension);
	else
		ret = snprintf(rotation->name, PATH_MAX, "%s", base);
	rotation->opened++;
	return ret < PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* Make a pattern for fnmatch(3), in which each character stands for itself; but what strftime(3) makes of a conversion
 * may be anything. */
static void make_pattern(const char *name, size_t length, bool expands, char *at)
{
	for (size_t i = 0; i < length; i++) {
		if (expands && name[i] == '%' && i + 1 < length) {
			*at++ = '*';
			i++;
		} else {
			*at++ = '\\';
			*at++ = name[i];
		}
	}
	*at = '\0';
}

bool rotation_may_name(const struct rotation_limits *limits, const char *pattern, const char *name)
{
	const size_t length = length_without_extension(pattern);
	char stem[2 * NAME_MAX + 1], extension[2 * NAME_MAX + 1], wanted[sizeof(stem) + sizeof(extension) + 8];

	if ((!limits->bytes && !limits->seconds) || strlen(pattern) > NAME_MAX)
		return false;
	make_pattern(pattern, length, limits->seconds, stem);
	make_pattern(pattern + length, strlen(pattern) - length, limits->seconds, extension);
	snprintf(wanted, sizeof(wanted), "%s-[0-9]*%s", stem, extension);
	if (!fnmatch(wanted, name, 0))
		return true;
	snprintf(wanted, sizeof(wanted), "%s%s", stem, extension);
	return limits->seconds && !fnmatch(wanted, name, 0);
}

void rotation_current_path(const struct rotation *rotation, char path[PATH_MAX])
{
	const size_t length = strlen(rotation->path) - strlen(rotation->pattern);
	struct text_builder builder = text_builder_begin(path, PATH_MAX);

	text_builder_add(&builder, "%.*s%s", (int)length, rotation->path, rotation->name);
}

/* Identify an open file, or with a name the file that it leads to below the directory `fd`. 0 or -errno. */
static int identify(int fd, const char *name, struct kept_file *file)
{
	struct statx status;

	if (statx(fd, name ? name : "", AT_SYMLINK_NOFOLLOW | (name ? 0 : AT_EMPTY_PATH),
		  STATX_TYPE | STATX_INO | STATX_BTIME, &status))
		return -errno;
	file->device[0] = status.stx_dev_major;
	file->device[1] = status.stx_dev_minor;
	file->type = status.stx_mode & S_IFMT;
	file->inode = status.stx_ino;
	file->born = status.stx_mask & STATX_BTIME ? status.stx_btime : (struct statx_timestamp){0};
	return 0;
}

static bool is_same(const struct kept_file *one, const struct kept_file *other)
{
	return one->inode == other->inode && one->type == other->type &&
	       memcmp(one->device, other->device, sizeof(one->device)) == 0 && one->born.tv_sec == other->born.tv_sec &&
	       one->born.tv_nsec == other->born.tv_nsec;
}

/* Delete a file unless another one has taken its name. 0 or -errno. */
static int delete_file(const struct rotation *rotation, const struct kept_file *file)
{
	struct kept_file now = {0};
	int ret = identify(rotation->directory, file->name, &now);

	if (!ret && is_same(&now, file) && unlinkat(rotation->directory, file->name, 0) < 0)
		ret = -errno;
	return ret == -ENOENT ? 0 : ret;
}

/* Whether a file that this rotation has not made has the name: it is written over, but not for this rotation to delete
 * later. */
static bool is_foreign(const struct rotation *rotation, const char *name)
{
	struct kept_file now = {0};

	if (!rotation->limits.keep || identify(rotation->directory, name, &now))
		return false;
	for (uint32_t i = 0; i < rotation->limits.keep; i++)
		if (rotation->kept[i].name && strcmp(rotation->kept[i].name, name) == 0 &&
		    is_same(&rotation->kept[i], &now))
			return false;
	return true;
}

/* Add a newly opened file to the ring of kept ones, and delete the one that it displaces. 0 or -errno. */
static int keep_file(struct rotation *rotation, const char *name, int fd, bool foreign)
{
	uint32_t keep = rotation->limits.keep;
	struct kept_file *place;
	int ret = 0;

	if (keep == 0)
		return 0;
	/* A file whose name comes again has been overwritten, so it is not to be deleted. */
	for (uint32_t i = 0; i < keep; i++) {
		if (rotation->kept[i].name && strcmp(rotation->kept[i].name, name) == 0) {
			free(rotation->kept[i].name);
			rotation->kept[i].name = NULL;
		}
	}
	place = &rotation->kept[(rotation->opened - 1) % keep];
	if (place->name)
		ret = delete_file(rotation, place);
	free(place->name);
	place->name = NULL;
	if (foreign)
		return ret;
	place->name = strdup(name);
	if (!place->name)
		return -ENOMEM;
	return ret ? ret : identify(fd, NULL, place);
}

static int open_file(const struct rotation *rotation, const char *name)
{
	bool rotates = rotation->limits.bytes || rotation->limits.seconds;
	int fd = output_file_open(rotation->directory, name, &rotation->owner, rotates);

	return fd == -ENXIO ? output_file_await(rotation->directory, name, &rotation->owner) : fd;
}

int rotation_next_file(struct rotation *rotation)
{
	int fd, ret = rotation_next_name(rotation);
	bool foreign;

	if (ret < 0)
		return ret;
	foreign = is_foreign(rotation, rotation->name);
	fd = open_file(rotation, rotation->name);
	if (fd < 0)
		return fd;
	ret = keep_file(rotation, rotation->name, fd, foreign);
	if (ret < 0) {
		close(fd);
		return ret;
	}
	return fd;
}

void rotation_release(struct rotation *rotation)
{
	for (uint32_t i = 0; rotation->kept && i < rotation->limits.keep; i++)
		free(rotation->kept[i].name);
	free(rotation->kept);
	if (rotation->pattern && rotation->directory >= 0)
		close(rotation->directory);
	free(rotation->pattern);
	memset(rotation, 0, sizeof(*rotation));
}
