/* SPDX-License-Identifier: BSD-2-Clause */
/* Rotation: which files are left, and that every packet is in one of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "savefile/savefile_read.h"
#include "savefile/savefile_write.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static char directory[] = "/tmp/test_pcap_rotate.XXXXXX";

static const char *in_directory(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static int is_name(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* Delete all files. Returns their names, sorted, each followed by a blank. */
static const char *take_files(void)
{
	static char names[4096];
	struct dirent **entries;
	size_t length = 0;
	int count = scandir(directory, &entries, is_name, alphasort);

	assert_true(count >= 0);
	names[0] = 0;
	for (int i = 0; i < count; i++) {
		length += snprintf(names + length, sizeof(names) - length, "%s ", entries[i]->d_name);
		unlink(in_directory(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return names;
}

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* 2023-11-14 22:13:20 UTC */
enum { NOW = 1700000000 };

static void test_names(void **state)
{
	static const struct {
		const char *path;
		struct rotation_limits limits;
		int files; /* with a limit of bytes: how many are opened; otherwise: ticks, and 1 */
		int step;  /* seconds between ticks */
		const char *left;
	} cases[] = {
		{"x.pcap", {0}, 1, 0, "x.pcap "},
		{"100%s", {0}, 1, 0, "100%s "},
		{"x", {.bytes = 1}, 4, 0, "x-0 x-1 x-2 x-3 "},
		{"x.y.pcapng", {.bytes = 1}, 2, 0, "x.y-0.pcapng x.y-1.pcapng "},
		{".x", {.bytes = 1}, 2, 0, ".x-0 .x-1 "},
		{".x.pcap", {.bytes = 1}, 2, 0, ".x-0.pcap .x-1.pcap "},
		{"x.", {.bytes = 1}, 1, 0, "x-0. "},
		{"x", {.bytes = 1, .keep = 1}, 4, 0, "x-0 "},
		{"x", {.bytes = 1, .keep = 10}, 4, 0, "x-0 x-1 x-2 x-3 "},
		{"x", {.bytes = 1, .keep = 11}, 4, 0, "x-00 x-01 x-02 x-03 "},
		{"x", {.bytes = 1, .keep = 3}, 8, 0, "x-0 x-1 x-2 "},
		{"%H%M%S", {.seconds = 60}, 3, 60, "221320 221400 221500 "},
		{"%H%M%S", {.seconds = 3600}, 3, 1800, "221320 230000 "},
		{"%H%M", {.seconds = 60, .keep = 2}, 5, 60, "2216 2217 "},
		{"%H", {.seconds = 1800, .keep = 3}, 7, 1800, "00 00-1 01 "},
		{"x", {.seconds = 60}, 3, 60, "x x-1 x-2 "},
		{"x", {.seconds = 60, .keep = 2}, 4, 60, "x-2 x-3 "},
		{"%H%M", {.seconds = 60, .bytes = 1}, 3, 30, "2213 2213-1 2214 "},
	};

	(void)state;
	set_zone("UTC");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rotation rotation;
		int fd;

		assert_int_equal(rotation_init(&rotation, in_directory(cases[i].path), &cases[i].limits, NULL, NOW), 0);
		for (int n = 0; n < cases[i].files; n++) {
			if (n > 0 && !rotation_tick(&rotation, NOW + n * cases[i].step) && cases[i].limits.bytes == 0)
				continue;
			fd = rotation_next_file(&rotation);
			assert_true(fd >= 0);
			close(fd);
		}
		rotation_release(&rotation);
		assert_string_equal(take_files(), cases[i].left);
	}
}

static void test_deadlines(void **state)
{
	static const struct {
		const char *zone;
		uint32_t seconds;
		int64_t deadline;
	} cases[] = {
		{"UTC", 0, 0},
		{"UTC", 1, NOW + 1},
		{"UTC", 60, NOW + 40},
		{"UTC", 3600, NOW + 2800},
		{"UTC", 86400, NOW + 6400},
		{"XST-5:30", 3600, NOW + 1000},      /* 03:43:20 there */
		{"XST-5:30", 86400, NOW + 73000},    /* the next midnight there */
		{"XST8", 86400, NOW + 6400 + 28800}, /* 14:13:20 there */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct rotation_limits limits = {.seconds = cases[i].seconds};
		struct rotation rotation;
		int64_t deadline = cases[i].deadline;

		set_zone(cases[i].zone);
		assert_int_equal(rotation_init(&rotation, "%s", &limits, NULL, NOW), 0);
		assert_int_equal(rotation.deadline, deadline);
		assert_false(rotation_tick(&rotation, deadline - 1));
		if (deadline) {
			assert_true(rotation_tick(&rotation, deadline));
			assert_false(rotation_tick(&rotation, deadline));
			assert_int_equal(rotation.start, deadline);
			assert_int_equal(rotation.deadline, deadline + limits.seconds);
			/* A clock that jumps skips the periods that are over. */
			assert_true(rotation_tick(&rotation, deadline + 5 * (int64_t)limits.seconds));
			assert_int_equal(rotation.start, deadline + 5 * (int64_t)limits.seconds);
		}
		rotation_release(&rotation);
	}
	set_zone("UTC");
}

/* Read a file whose frames hold consecutive numbers, from `number`. Returns the next number. */
static uint32_t count_frames(const char *name, uint32_t number)
{
	int fd = open(in_directory(name), O_RDONLY | O_CLOEXEC);
	struct source *source = savefile_read_open(fd, name);
	struct frame frame;

	assert_true(fd >= 0);
	while (source->next(source, &frame) == 1) {
		assert_int_equal(frame.captured, sizeof(number));
		assert_memory_equal(frame.bytes, &number, sizeof(number));
		number++;
	}
	assert_string_equal(savefile_read_error(source), "");
	savefile_read_close(source);
	close(fd);
	return number;
}

static const struct interface device = {.name = "eth0", .link_type = LINK_ETHERNET, .snaplen = 262144};

static void write_number(struct sink *sink, uint32_t number)
{
	const struct frame frame = {
		.bytes = (const uint8_t *)&number,
		.captured = sizeof(number),
		.length = sizeof(number),
		.has_time = true,
		.interface = &device,
	};
	struct packet packet = {.frame = &frame};

	assert_int_equal(sink->packet(sink, &packet), 0);
}

/* Nothing is lost where one file ends and the next begins, in either format. */
static void test_nothing_lost(void **state)
{
	const char *names[] = {"x", "x.pcap"}, *forms[] = {"x-%d", "x-%d.pcap"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct savefile_write_options options = {.path = in_directory(names[i]), .rotation.bytes = 1000};
		struct sink *sink = savefile_write_open(&options);
		struct stat status;
		uint32_t number = 0;
		char name[32];

		assert_non_null(sink);
		for (uint32_t n = 0; n < 200; n++)
			write_number(sink, n);
		assert_int_equal(sink->finish(sink), 0);
		sink->close(sink);
		for (int n = 0; number < 200; n++) {
			snprintf(name, sizeof(name), forms[i], n);
			number = count_frames(name, number);
			assert_int_equal(stat(in_directory(name), &status), 0);
			assert_true(status.st_size < 1300 && (status.st_size > 1000 || number == 200));
		}
		take_files();
	}
}

/* The clock rotates without packets, and the new file describes its interfaces. */
static void test_tick(void **state)
{
	struct savefile_write_options options = {
		.path = in_directory("%M%S"),
		.rotation.seconds = 10,
		.now = NOW + 3,
	};
	struct sink *sink = savefile_write_open(&options);

	(void)state;
	assert_non_null(sink);
	assert_int_equal(sink->deadline(sink), NOW + 10);
	write_number(sink, 0);
	assert_int_equal(sink->tick(sink, NOW + 9), 0);
	write_number(sink, 1);
	assert_int_equal(sink->tick(sink, NOW + 10), 0);
	assert_int_equal(sink->tick(sink, NOW + 21), 0);
	assert_int_equal(sink->deadline(sink), NOW + 30);
	write_number(sink, 2);
	assert_int_equal(sink->finish(sink), 0);
	sink->close(sink);
	assert_int_equal(count_frames("1323", 0), 2);
	assert_int_equal(count_frames("1330", 2), 2);
	assert_int_equal(count_frames("1340", 2), 3);
	assert_string_equal(take_files(), "1323 1330 1340 ");
}

/* Files go into the directory that was opened at the start, even after it is renamed; a rotation that fails keeps what
 * was written. */
static void test_directory(void **state)
{
	struct savefile_write_options options = {.path = in_directory("x"), .rotation.bytes = 1};
	char moved[sizeof(directory) + 8];
	struct sink *sink = savefile_write_open(&options);
	const struct frame frame = {.interface = &device};
	const struct packet packet = {.frame = &frame};

	(void)state;
	assert_non_null(sink);
	snprintf(moved, sizeof(moved), "%s.moved", directory);
	assert_int_equal(rename(directory, moved), 0);
	write_number(sink, 0);
	assert_int_equal(rename(moved, directory), 0);
	write_number(sink, 1);
	assert_int_equal(mkdir(in_directory("x-3"), 0700), 0);
	assert_int_equal(sink->packet(sink, &packet), -EISDIR);
	assert_int_equal(sink->packet(sink, &packet), -EISDIR);
	assert_int_equal(sink->finish(sink), -EISDIR);
	sink->close(sink);
	assert_int_equal(rmdir(in_directory("x-3")), 0);
	assert_int_equal(count_frames("x-1", 0), 1);
	assert_int_equal(count_frames("x-2", 1), 2);
	assert_string_equal(take_files(), "x-0 x-1 x-2 ");
}

/* Somebody else has deleted the file whose turn it is: so much the better. */
static void test_deleted_by_others(void **state)
{
	const struct rotation_limits limits = {.seconds = 60, .keep = 2};
	struct rotation rotation;

	(void)state;
	set_zone("UTC");
	assert_int_equal(rotation_init(&rotation, in_directory("%H%M"), &limits, NULL, NOW), 0);
	for (int n = 0; n < 4; n++) {
		int fd;

		if (n > 0)
			assert_true(rotation_tick(&rotation, NOW + n * 60));
		if (n == 2)
			assert_int_equal(unlink(in_directory("2213")), 0);
		fd = rotation_next_file(&rotation);
		assert_true(fd >= 0);
		close(fd);
	}
	rotation_release(&rotation);
	assert_string_equal(take_files(), "2215 2216 ");
}

static void make_file(const char *name, const char *text)
{
	int fd = open(in_directory(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* What was there before is written over where its name comes, and stays. */
static void test_files_of_others_stay(void **state)
{
	const struct rotation_limits limits = {.seconds = 60, .keep = 2};
	struct rotation rotation;

	(void)state;
	set_zone("UTC");
	make_file("2213", "old");
	make_file("2214", "old");
	assert_int_equal(rotation_init(&rotation, in_directory("%H%M"), &limits, NULL, NOW), 0);
	for (int n = 0; n < 5; n++) {
		int fd;

		if (n > 0)
			assert_true(rotation_tick(&rotation, NOW + n * 60));
		fd = rotation_next_file(&rotation);
		assert_true(fd >= 0);
		close(fd);
	}
	rotation_release(&rotation);
	assert_string_equal(take_files(), "2213 2214 2216 2217 ");
}

/* As in tcpdump, the next file begins with the first packet after this one has become larger, not with that which would
 * make it so. 24 bytes of header, and 16 + 4 of each frame. */
static void test_size(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *files;
	} cases[] = {
		{24 + 20 - 1, "x-0.pcap x-1.pcap x-2.pcap "},
		{24 + 20, "x-0.pcap x-1.pcap "},
		{24 + 2 * 20 - 1, "x-0.pcap x-1.pcap "},
		{24 + 2 * 20, "x-0.pcap "},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct savefile_write_options options = {
			.path = in_directory("x.pcap"),
			.rotation.bytes = cases[i].bytes,
		};
		struct sink *sink = savefile_write_open(&options);

		assert_non_null(sink);
		for (uint32_t n = 0; n < 3; n++)
			write_number(sink, n);
		assert_int_equal(sink->finish(sink), 0);
		sink->close(sink);
		assert_string_equal(take_files(), cases[i].files);
	}
}

static bool is_born_as(const struct statx *before, const struct statx *after)
{
	return before->stx_btime.tv_sec == after->stx_btime.tv_sec &&
	       before->stx_btime.tv_nsec == after->stx_btime.tv_nsec;
}

/* Replace a file by another, which may get the same inode number, but not in the same tick of the clock. */
static void replace(const char *name)
{
	struct statx before, after;

	assert_int_equal(statx(AT_FDCWD, in_directory(name), 0, STATX_BTIME, &before), 0);
	do {
		unlink(in_directory(name));
		make_file(name, "x");
		assert_int_equal(statx(AT_FDCWD, in_directory(name), 0, STATX_BTIME, &after), 0);
	} while ((before.stx_mask & STATX_BTIME) && is_born_as(&before, &after));
}

/* A file that has taken the name of one that was written is not deleted in its place; nor is its target. */
static void test_only_own_files_are_deleted(void **state)
{
	const struct rotation_limits limits = {.seconds = 1, .keep = 1};
	struct rotation rotation;
	char target[512];

	(void)state;
	set_zone("UTC");
	make_file("other", "x");
	snprintf(target, sizeof(target), "%s", in_directory("other"));
	assert_int_equal(rotation_init(&rotation, in_directory("%S"), &limits, NULL, NOW), 0);
	for (int i = 0; i < 4; i++) {
		int fd = rotation_next_file(&rotation);

		assert_true(fd >= 0);
		close(fd);
		if (i == 0) {
			replace("20");
		} else if (i == 1) {
			unlink(in_directory("21"));
			assert_int_equal(symlink(target, in_directory("21")), 0);
		}
		assert_true(rotation_tick(&rotation, NOW + i + 1));
	}
	rotation_release(&rotation);
	assert_string_equal(take_files(), "20 21 23 other ");
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_nothing_lost),
		cmocka_unit_test(test_tick),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_deleted_by_others),
		cmocka_unit_test(test_files_of_others_stay),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_only_own_files_are_deleted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
