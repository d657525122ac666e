/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/output.h"
#include "base/text.h"
#include "written.h"

enum { PATTERN = 1000 * 1000 }; /* several buffers, many pipes */

static int go[2]; /* a pipe that tells the reader to start */

static char pattern(size_t i)
{
	return (char)((i * 31 >> 3) ^ (i >> 12)); /* no page is like the next */
}

static void append_pattern(struct output *output)
{
	for (size_t i = 0; i < PATTERN; i += 1000) {
		char *at = output_room(output, 1000);

		for (size_t j = 0; j < 1000; j++)
			*at++ = pattern(i + j);
		output_advance(output, at);
	}
}

static void one_write_per_block(void **state)
{
	int fd = memory_file();
	struct output output;
	char *room;

	(void)state;
	assert_int_equal(output_init(&output, fd), 0);
	room = output_room(&output, OUTPUT_ROOM_MAX);
	output_advance(&output, text_string(room, "abc"));
	assert_ptr_equal(output_room(&output, 1), room + 3);
	assert_string_equal(written(fd), "");
	assert_int_equal(output_flush(&output), 0);
	assert_string_equal(written(fd), "abc");
	assert_int_equal(output_flush(&output), 0);
	assert_string_equal(written(fd), "");
	output_release(&output);
	close(fd);
}

static void nothing_is_lost_between_blocks(void **state)
{
	int fd = memory_file();
	struct output output;
	const char *text;

	(void)state;
	assert_int_equal(output_init(&output, fd), 0);
	append_pattern(&output);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), PATTERN);
	text = written(fd);
	for (size_t i = 0; i < PATTERN; i++)
		assert_int_equal(text[i], pattern(i));
	output_release(&output);
	close(fd);
}

/* Wait for three bytes on `go`, then read the whole pipe. Exits with 0 if it was the pattern. */
static void reader(int fd)
{
	char byte;

	for (int i = 0; i < 3; i++)
		if (read(go[0], &byte, 1) != 1)
			_exit(2);
	for (size_t i = 0; i < PATTERN; i++)
		if (read(fd, &byte, 1) != 1 || byte != pattern(i))
			_exit(1);
	_exit(read(fd, &byte, 1) == 0 ? 0 : 3);
}

static void say_go(int signal)
{
	(void)signal;
	/* A full pipe has more than the three bytes. */
	if (write(go[1], "g", 1) < 0 && errno != EAGAIN)
		abort();
}

/* The pipe is full before the reader starts, and signals keep arriving. */
static void write_to_slow_reader(int pipe_flags)
{
	static const struct itimerval often = {{0, 2000}, {0, 2000}}, never;
	struct sigaction action = {.sa_handler = say_go};
	struct output output;
	int status, ends[2];
	pid_t child;

	assert_int_equal(pipe2(go, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(fcntl(go[0], F_SETFL, 0), 0);
	assert_int_equal(pipe2(ends, pipe_flags), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0);
	child = fork();
	if (!child) {
		close(ends[1]);
		reader(ends[0]);
	}
	close(ends[0]);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_int_equal(output_init(&output, ends[1]), 0);
	append_pattern(&output);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	close(ends[1]);
	output_release(&output);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(go[0]);
	close(go[1]);
}

static void interrupted_and_short_writes(void **state)
{
	(void)state;
	write_to_slow_reader(0);
}

static void pipe_that_does_not_block(void **state)
{
	(void)state;
	write_to_slow_reader(O_NONBLOCK);
}

static void nothing_after_an_error(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC), memory = memory_file();
	struct output output;
	char *room;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(output_init(&output, fd), 0);
	append_pattern(&output);
	assert_int_equal(output.error, -ENOSPC);
	assert_int_equal(dup2(memory, fd), fd);
	room = output_room(&output, OUTPUT_ROOM_MAX);
	output_advance(&output, text_string(room, "abc"));
	assert_int_equal(output_flush(&output), -ENOSPC);
	assert_string_equal(written(memory), "");
	output_release(&output);
	close(fd);
	close(memory);
}

/* The buffer is used to its last byte, and to no byte behind it. */
static void the_last_byte_of_the_buffer(void **state)
{
	int fd = memory_file();
	struct output output;

	(void)state;
	assert_int_equal(output_init(&output, fd), 0);
	memset(output.buffer, 'x', output.size);
	output_advance(&output, output.buffer + output.size - 9);
	assert_ptr_equal(output_room(&output, 9), output.buffer + output.size - 9);
	assert_ptr_equal(output_room(&output, 10), output.buffer);
	assert_int_equal(lseek(fd, 0, SEEK_END), output.size - 9);
	output_release(&output);
	close(fd);
}

/* Records shorter than 16 bytes fill the marks before the buffer. */
static void as_many_records_as_marks(void **state)
{
	enum { MARKS = 256 * 1024 / 16 };
	int fd = memory_file();
	struct output output;

	(void)state;
	assert_int_equal(output_init(&output, fd), 0);
	for (size_t i = 0; i < MARKS; i++) {
		output_advance(&output, text_string(output_room(&output, 1), "x"));
		output_end_record(&output);
	}
	assert_int_equal(output.records, 0);
	assert_int_equal(output.length, MARKS);
	output_advance(&output, text_string(output_room(&output, 1), "x"));
	output_end_record(&output);
	assert_int_equal(output.records, MARKS);
	assert_int_equal(output.length, 0);
	output_release(&output);
	close(fd);
}

static void release_takes_zeroes(void **state)
{
	struct output output = {0};

	(void)state;
	output_release(&output);
	assert_null(output.buffer);
}

/* Records count once the file has their last byte, those in several buffers too. */
static void records_are_counted(void **state)
{
	int fd = memory_file();
	struct output output;

	(void)state;
	assert_int_equal(output_init(&output, fd), 0);
	output_end_record(&output); /* an empty one */
	append_pattern(&output);
	output_end_record(&output);
	assert_int_equal(output.records, 1);
	output_advance(&output, text_string(output_room(&output, 8), "abc"));
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(output.records, 2);
	output_end_record(&output);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(output.records, 3);
	/* More than there are marks for. */
	for (int i = 0; i < 100000; i++) {
		output_advance(&output, text_string(output_room(&output, 1), "x"));
		output_end_record(&output);
	}
	assert_in_range(output.records, 4, 100002);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(output.records, 100003);
	output_release(&output);
	close(fd);
}

/* The file takes 2,500 bytes: two records of a thousand, and nothing of what comes later. */
static void records_that_did_not_fit(void **state)
{
	const struct rlimit limit = {.rlim_cur = 2500, .rlim_max = RLIM_INFINITY};
	const struct rlimit no_limit = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
	char path[] = "/tmp/test_output.XXXXXX";
	int fd = mkstemp(path);
	struct output output;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(output_init(&output, fd), 0);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 5; i++) {
			char *at = output_room(&output, 1000);

			memset(at, 'x', 1000);
			output_advance(&output, at + 1000);
			output_end_record(&output);
		}
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
		assert_int_equal(output_flush(&output), -EFBIG);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &no_limit), 0);
		assert_int_equal(output.records, 2);
	}
	output_release(&output);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_write_per_block),          cmocka_unit_test(nothing_is_lost_between_blocks),
		cmocka_unit_test(interrupted_and_short_writes), cmocka_unit_test(pipe_that_does_not_block),
		cmocka_unit_test(nothing_after_an_error),       cmocka_unit_test(release_takes_zeroes),
		cmocka_unit_test(the_last_byte_of_the_buffer),  cmocka_unit_test(as_many_records_as_marks),
		cmocka_unit_test(records_are_counted),          cmocka_unit_test(records_that_did_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
