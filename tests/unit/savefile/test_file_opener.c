/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that opens the files of a rotation: what it opens and deletes, its privileges, and when it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "confined.h"
#include "sandbox/helper_process.h"
#include "savefile/file_opener.h"

static char directory[] = "/tmp/test_file_opener.XXXXXX";

struct files {
	struct rotation rotation;
	struct helper_process *opener;
};

/* Open the first file here, and start the process that opens the rest. */
static void start(struct files *files, const char *name, const struct rotation_limits *limits, int64_t now)
{
	char path[128];
	int fd;

	*files = (struct files){0};
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	assert_int_equal(rotation_init(&files->rotation, path, limits, NULL, now), 0);
	fd = rotation_next_file(&files->rotation);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(file_opener_start(&files->rotation, &files->opener), 0);
}

static void stop(struct files *files)
{
	pid_t pid = files->opener->pid;

	helper_process_stop(files->opener);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	rotation_release(&files->rotation);
}

/* Have the next file opened, and write to it. */
static void next(struct files *files)
{
	int fd = file_opener_next(files->opener, &files->rotation);

	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(write(fd, "packets", 7), 7);
	assert_int_equal(ftruncate(fd, 4), 0);
	close(fd);
}

static int is_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Compare the names and sizes of all files, sorted, and delete them. */
static void expect_files(const char *expected)
{
	char names[512] = "", path[512];
	struct dirent **entries;
	int count = scandir(directory, &entries, is_name, alphasort);

	assert_true(count >= 0);
	for (int i = 0; i < count; i++) {
		struct stat status;

		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_uid, getuid());
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s:%d ", entries[i]->d_name,
			 (int)status.st_size);
		assert_int_equal(unlink(path), 0);
		free(entries[i]);
	}
	free(entries);
	assert_string_equal(names, expected);
}

static void a_ring_of_files(void **state)
{
	const struct rotation_limits limits = {.bytes = 1, .keep = 3};
	struct files files;

	(void)state;
	start(&files, "a.pcap", &limits, 0);
	next(&files);
	next(&files);
	next(&files);
	next(&files);
	stop(&files);
	expect_files("a-0.pcap:4 a-1.pcap:4 a-2.pcap:4 ");
}

/* The client has the clock, and says which period begins. */
static void periods(void **state)
{
	const struct rotation_limits limits = {.seconds = 10, .keep = 2};
	struct files files;

	(void)state;
	start(&files, "%s", &limits, 1000);
	assert_true(rotation_tick(&files.rotation, 1010));
	next(&files);
	assert_true(rotation_tick(&files.rotation, 1029));
	next(&files);
	stop(&files);
	expect_files("1010:4 1020:4 ");
}

static void errors_come_back(void **state)
{
	const struct rotation_limits limits = {.bytes = 1};
	struct files files;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/a-1.pcap", directory);
	assert_int_equal(mkdir(path, 0777), 0);
	start(&files, "a.pcap", &limits, 0);
	assert_int_equal(file_opener_next(files.opener, &files.rotation), -EISDIR);
	assert_int_equal(rmdir(path), 0);
	stop(&files);
	expect_files("a-0.pcap:0 ");
}

static void a_dead_opener(void **state)
{
	const struct rotation_limits limits = {.bytes = 1};
	struct files files;

	(void)state;
	start(&files, "a.pcap", &limits, 0);
	kill_child(files.opener->pid);
	assert_int_equal(file_opener_next(files.opener, &files.rotation), -EPIPE);
	stop(&files);
	expect_files("a-0.pcap:0 ");
}

/* ^C is meant for the sniffer, which has files to finish, but a terminal sends it to all processes. */
static void signals(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	const struct rotation_limits limits = {.bytes = 1};
	struct files files;

	(void)state;
	start(&files, "a.pcap", &limits, 0);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		assert_int_equal(kill(files.opener->pid, numbers[i]), 0);
		next(&files);
	}
	stop(&files);
	expect_files("a-0.pcap:0 a-1.pcap:4 a-2.pcap:4 a-3.pcap:4 a-4.pcap:4 ");
}

/* A process that does not answer, as where a file server hangs, is waited for until a signal asks to end. */
static void a_silent_opener(void **state)
{
	const struct rotation_limits limits = {.bytes = 1};
	struct timespec start_time, end_time;
	struct files files;
	sigset_t set, old;
	siginfo_t info;
	pid_t pid;
	int ret;

	(void)state;
	start(&files, "a.pcap", &limits, 0);
	pid = files.opener->pid;
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WSTOPPED), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	assert_int_equal(sigprocmask(SIG_BLOCK, &set, &old), 0);
	assert_int_equal(raise(SIGINT), 0);
	clock_gettime(CLOCK_MONOTONIC, &start_time);
	ret = file_opener_next(files.opener, &files.rotation);
	helper_process_stop(files.opener);
	clock_gettime(CLOCK_MONOTONIC, &end_time);
	assert_int_equal(ret, -ECANCELED);
	assert_true(end_time.tv_sec - start_time.tv_sec < 5);
	assert_int_equal(kill(pid, SIGKILL), 0); /* it was left behind */
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED), 0);
	assert_int_equal(sigwaitinfo(&set, &info), SIGINT);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	rotation_release(&files.rotation);
	expect_files("a-0.pcap:0 ");
}

/* A FIFO under the next name, with or without a reader, does not hold up the opener. */
static void nothing_but_files(void **state)
{
	const struct rotation_limits limits = {.bytes = 1};
	struct files files;
	char path[2][128];
	int reader;

	(void)state;
	for (int i = 0; i < 2; i++) {
		snprintf(path[i], sizeof(path[i]), "%s/a-%d.pcap", directory, i + 1);
		assert_int_equal(mkfifo(path[i], 0600), 0);
	}
	reader = open(path[1], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader >= 0);
	start(&files, "a.pcap", &limits, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(file_opener_next(files.opener, &files.rotation), -OUTPUT_NOT_REGULAR);
		assert_int_equal(unlink(path[i]), 0);
	}
	next(&files);
	close(reader);
	stop(&files);
	expect_files("a-0.pcap:0 a-3.pcap:4 ");
}

/* The files that root's process opens belong to the user they are for, also where that user may not make any. */
static void files_for_another_user(void **state)
{
	const struct file_owner owner = {.uid = 4242, .gid = 4343};
	const struct rotation_limits limits = {.bytes = 1, .keep = 2};
	struct files files = {0};
	struct stat status;
	char path[128];
	int fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	snprintf(path, sizeof(path), "%s/a", directory);
	assert_int_equal(rotation_init(&files.rotation, path, &limits, &owner, 0), 0);
	fd = rotation_next_file(&files.rotation);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_uid, 4242);
	close(fd);
	assert_int_equal(file_opener_start(&files.rotation, &files.opener), 0);
	for (int i = 0; i < 3; i++) {
		fd = file_opener_next(files.opener, &files.rotation);
		assert_true(fd >= 0);
		assert_int_equal(fstat(fd, &status), 0);
		assert_int_equal(status.st_uid, 4242);
		assert_int_equal(status.st_gid, 4343);
		assert_int_equal(status.st_mode, S_IFREG | 0600);
		close(fd);
	}
	stop(&files);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/a-%d", directory, i);
		assert_int_equal(unlink(path), 0);
	}
	expect_files("");
}

/* The value of a line of /proc/PID/status. */
static void status_of(pid_t pid, const char *name, char value[128])
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	assert_non_null(file);
	*value = '\0';
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			snprintf(value, 128, "%.*s", (int)strcspn(line + strlen(name) + 2, "\n"),
				 line + strlen(name) + 2);
	fclose(file);
}

static void expect_status(pid_t pid, const char *name, const char *expected)
{
	char value[128];

	status_of(pid, name, value);
	assert_string_equal(value, expected);
}

static void privileges(void **state)
{
	const struct rotation_limits limits = {.bytes = 1};
	char uid[128], kept[32];
	struct files files;
	pid_t pid;

	(void)state;
	start(&files, "a.pcap", &limits, 0);
	pid = files.opener->pid;
	status_of(getpid(), "Uid", uid);
	snprintf(kept, sizeof(kept), "%016x", geteuid() == 0 ? 1 << CAP_DAC_OVERRIDE : 0);
	expect_status(pid, "Uid", uid);
	expect_status(pid, "CapEff", kept);
	expect_status(pid, "CapPrm", kept);
	expect_status(pid, "CapInh", "0000000000000000");
	expect_status(pid, "CapAmb", "0000000000000000");
	if (geteuid() == 0)
		expect_status(pid, "CapBnd", "0000000000000000");
	expect_status(pid, "NoNewPrivs", "1");
	expect_status(pid, "Seccomp", "2");
	stop(&files);
	expect_files("a-0.pcap:0 ");
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(directory) && chmod(directory, 0700) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_of_files),
		cmocka_unit_test(periods),
		cmocka_unit_test(errors_come_back),
		cmocka_unit_test(a_dead_opener),
		cmocka_unit_test(a_silent_opener),
		cmocka_unit_test(nothing_but_files),
		cmocka_unit_test(files_for_another_user),
		cmocka_unit_test(privileges),
		cmocka_unit_test(signals),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
