/* SPDX-License-Identifier: BSD-2-Clause */
/* The files that packets are written to: whose they are, who may read them, and what is never written over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "savefile/output_file.h"

enum { STRANGER = 4242 };

static char directory[] = "/tmp/test_output_file.XXXXXX";
static int directory_fd;
static struct file_owner own;

/* Make a file with something in it. */
static void make(const char *name, mode_t mode)
{
	int fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "before", 6), 6);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* Close a descriptor. 0, or the -errno that was given in its place. */
static int result(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

static struct stat status_of(const char *name)
{
	struct stat status;

	assert_int_equal(fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW), 0);
	return status;
}

static void take(const char *name)
{
	assert_int_equal(unlinkat(directory_fd, name, 0), 0);
}

/* Nobody else may read a new file, whatever the umask; an existing one keeps its mode, and its bytes until it is
 * emptied. */
static void modes(void **state)
{
	static const mode_t masks[] = {0, 022, 077, 0200};
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++) {
		mode_t before = umask(masks[i]);

		assert_int_equal(result(output_file_open(directory_fd, "new", &own, i % 2)), 0);
		umask(before);
		assert_int_equal(status_of("new").st_mode, S_IFREG | (0600 & ~masks[i]));
		take("new");
	}
	make("old", 0640);
	fd = output_file_open(directory_fd, "old", &own, true);
	assert_true(fd >= 0);
	assert_int_equal(status_of("old").st_mode, S_IFREG | 0640);
	assert_int_equal(status_of("old").st_size, 6);
	assert_int_equal(output_file_empty(fd), 0);
	assert_int_equal(status_of("old").st_size, 0);
	close(fd);
	take("old");
}

/* A link leads to no file, whether that exists or not. */
static void links(void **state)
{
	static const char *const targets[] = {"target", "nothing", "loop"};

	(void)state;
	make("target", 0600);
	assert_int_equal(symlinkat("loop", directory_fd, "loop"), 0);
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		assert_int_equal(symlinkat(targets[i], directory_fd, "link"), 0);
		assert_int_equal(output_file_open(directory_fd, "link", &own, true), -ELOOP);
		assert_int_equal(output_file_open(directory_fd, "link", &own, false), -ELOOP);
		take("link");
	}
	assert_int_equal(status_of("target").st_size, 6);
	assert_int_equal(faccessat(directory_fd, "nothing", F_OK, 0), -1);
	take("target");
	take("loop");
}

/* A device or a pipe may be written through a link, as /dev/fd/63 is one; standard output too, wherever it leads. */
static void links_to_what_is_open(void **state)
{
	int output = dup(STDOUT_FILENO), file = openat(directory_fd, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int pipe_fds[2], fd;
	char path[32];

	(void)state;
	assert_int_equal(result(output_file_open(AT_FDCWD, "/dev/null", &own, false)), 0);
	assert_int_equal(pipe(pipe_fds), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", pipe_fds[1]);
	assert_int_equal(result(output_file_open(AT_FDCWD, path, &own, false)), 0);
	assert_int_equal(output_file_open(AT_FDCWD, path, &own, true), -ELOOP);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", file);
	assert_int_equal(output_file_open(AT_FDCWD, path, &own, false), -ELOOP);
	fflush(stdout);
	assert_int_equal(write(file, "head", 4), 4);
	assert_int_equal(dup2(file, STDOUT_FILENO), STDOUT_FILENO);
	fd = output_file_open(AT_FDCWD, "/dev/stdout", &own, false);
	assert_int_equal(output_file_empty(fd), 0);
	assert_int_equal(dup2(output, STDOUT_FILENO), STDOUT_FILENO);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "tail", 4), 4);
	assert_int_equal(status_of("file").st_size, 8);
	close(fd);
	close(file);
	close(output);
	take("file");
}

static void owners(void **state)
{
	const struct file_owner other = {.uid = STRANGER, .gid = STRANGER + 1};
	struct stat status;

	(void)state;
	if (geteuid() != 0)
		skip();
	/* What root makes is given away, and may be written again. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(result(output_file_open(directory_fd, "file", &other, true)), 0);
		status = status_of("file");
		assert_int_equal(status.st_uid, STRANGER);
		assert_int_equal(status.st_gid, STRANGER + 1);
		assert_int_equal(status.st_mode, S_IFREG | 0600);
	}
	take("file");
	/* A third user's file is left alone, and so is a FIFO. */
	make("file", 0666);
	assert_int_equal(fchownat(directory_fd, "file", STRANGER + 7, 0, 0), 0);
	assert_int_equal(output_file_open(directory_fd, "file", &other, true), -OUTPUT_FOREIGN);
	assert_int_equal(output_file_open(directory_fd, "file", &own, false), -OUTPUT_FOREIGN);
	assert_int_equal(status_of("file").st_size, 6);
	take("file");
	/* Root's own file stays root's. */
	make("file", 0600);
	assert_int_equal(result(output_file_open(directory_fd, "file", &other, true)), 0);
	assert_int_equal(status_of("file").st_uid, 0);
	take("file");
}

static void *read_later(void *argument)
{
	const struct timespec later = {.tv_nsec = 200000000};
	int fd;

	(void)argument;
	nanosleep(&later, NULL);
	fd = openat(directory_fd, "fifo", O_RDONLY | O_CLOEXEC);
	return fd >= 0 && !close(fd) ? argument : NULL;
}

/* A FIFO is opened when its reader comes, and a signal ends the wait. */
static void fifos(void **state)
{
	struct timespec before, after;
	pthread_t reader;
	sigset_t set, old;
	void *done;

	(void)state;
	assert_int_equal(mkfifoat(directory_fd, "fifo", 0600), 0);
	assert_int_equal(output_file_open(directory_fd, "fifo", &own, false), -ENXIO);
	assert_int_equal(output_file_open(directory_fd, "fifo", &own, true), -OUTPUT_NOT_REGULAR);
	assert_int_equal(pthread_create(&reader, NULL, read_later, &done), 0);
	assert_int_equal(result(output_file_await(directory_fd, "fifo", &own)), 0);
	assert_int_equal(pthread_join(reader, &done), 0);
	assert_non_null(done);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, &old), 0);
	assert_int_equal(raise(SIGTERM), 0);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(output_file_await(directory_fd, "fifo", &own), -ECANCELED);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec <= 1);
	assert_int_equal(sigwaitinfo(&set, NULL), SIGTERM);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	take("fifo");
	make("file", 0600);
	assert_int_equal(output_file_await(directory_fd, "file", &own), -ENXIO);
	take("file");
}

static int set_up(void **state)
{
	(void)state;
	own = (struct file_owner){.self = geteuid(), .uid = geteuid(), .gid = getegid()};
	if (!mkdtemp(directory))
		return -1;
	directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return directory_fd >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	close(directory_fd);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes),  cmocka_unit_test(links), cmocka_unit_test(links_to_what_is_open),
		cmocka_unit_test(owners), cmocka_unit_test(fifos),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
