/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/same_file.h"
#include "base/signal_wait.h"

_Static_assert((int)OUTPUT_FOREIGN == EUSERS && (int)OUTPUT_NOT_REGULAR == EMEDIUMTYPE &&
		       (int)OUTPUT_RESERVED == EISNAM,
	       "as their comments say");

enum {
	FLAGS = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	AWAIT_MS = 50, /* between two attempts to open a FIFO: the kernel does not tell when its reader comes */
};

static int fail(int fd, int error)
{
	close(fd);
	return -error;
}

bool output_file_is_ours(const struct stat *status, const struct file_owner *owner)
{
	return status->st_uid == owner->self || status->st_uid == owner->uid;
}

/* Give a new file away. Where this is not possible, as on FAT, the capture is worth more than its owner. In a directory
 * with the set-group-ID bit the group stays. */
static void give(int fd, const struct file_owner *owner)
{
	struct stat status;

	if (owner->uid == owner->self || fstat(fd, &status) || status.st_uid != owner->self)
		return;
	if (fchown(fd, owner->uid, status.st_gid == getegid() ? owner->gid : (gid_t)-1))
		return;
}

/* A descriptor of an existing file; or -errno. */
static int check(int fd, const struct file_owner *owner, bool only_regular)
{
	struct stat status;

	if (fstat(fd, &status))
		return fail(fd, errno);
	if (only_regular && !S_ISREG(status.st_mode))
		return fail(fd, OUTPUT_NOT_REGULAR);
	if ((S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) && !output_file_is_ours(&status, owner))
		return fail(fd, OUTPUT_FOREIGN);
	return same_file_among(&status, owner->reserved, owner->reserved_count) ? fail(fd, OUTPUT_RESERVED) : fd;
}

static bool is_standard_output(const struct stat *status)
{
	struct stat output;

	return !fstat(STDOUT_FILENO, &output) && same_file(&output, status);
}

int output_file_empty(int fd)
{
	struct stat status;

	if (fstat(fd, &status))
		return -errno;
	return S_ISREG(status.st_mode) && !is_standard_output(&status) && ftruncate(fd, 0) ? -errno : 0;
}

/* Follow a link to what is there already: /dev/stdout, /dev/fd/63, a device. A file that it leads to could be any. */
static int open_link(int directory, const char *name, const struct file_owner *owner)
{
	struct stat status;
	int fd = openat(directory, name, FLAGS);

	if (fd < 0)
		return errno == ENOENT ? -ELOOP : -errno; /* it leads nowhere */
	if (fstat(fd, &status))
		return fail(fd, errno);
	if (!is_standard_output(&status))
		return S_ISREG(status.st_mode) ? fail(fd, ELOOP) : check(fd, owner, false);
	if (!S_ISREG(status.st_mode))
		return fd;
	close(fd); /* its own position in the file is 0, over what may be there */
	fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

static int open_existing(int directory, const char *name, const struct file_owner *owner, bool only_regular)
{
	int fd = openat(directory, name, FLAGS | O_NOFOLLOW);

	if (fd >= 0)
		return check(fd, owner, only_regular);
	if (errno == ELOOP && !only_regular)
		return open_link(directory, name, owner);
	/* A FIFO without a reader, or a socket */
	return errno == ENXIO && only_regular ? -OUTPUT_NOT_REGULAR : -errno;
}

int output_file_open(int directory, const char *name, const struct file_owner *owner, bool only_regular)
{
	int fd = openat(directory, name, FLAGS | O_NOFOLLOW | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);

	if (fd >= 0)
		give(fd, owner);
	else if (errno != EEXIST)
		fd = -errno;
	else
		fd = open_existing(directory, name, owner, only_regular);
	return fd;
}

int output_file_await(int directory, const char *name, const struct file_owner *owner)
{
	struct stat status;
	int fd;

	if (fstatat(directory, name, &status, 0))
		return -errno;
	if (!S_ISFIFO(status.st_mode))
		return -ENXIO;
	for (;;) {
		fd = open_existing(directory, name, owner, false);
		if (fd != -ENXIO)
			return fd;
		if (signal_wait_ended())
			return -ECANCELED;
		poll(NULL, 0, AWAIT_MS);
	}
}
