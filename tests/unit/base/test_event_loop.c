/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/event_loop.h"

/* What the handlers have been called with, in order: a letter a call. */
static char calls[64];

static struct event_loop loop;

struct pipe_end {
	char letter;
	int remove; /* a descriptor to forget when called, -1: none */
	int add;    /* one to wait for from then on, -1: none */
};

static void note(char letter)
{
	size_t length = strlen(calls);

	assert_in_range(length, 0, sizeof(calls) - 2);
	calls[length] = letter;
	calls[length + 1] = '\0';
}

static void on_readable(void *context, int fd, short events)
{
	static struct pipe_end added = {'x', -1, -1};
	const struct pipe_end *end = context;

	(void)fd;
	assert_true(events & (POLLIN | POLLERR | POLLHUP));
	note(end->letter);
	if (end->remove >= 0)
		event_loop_remove(&loop, end->remove);
	if (end->add >= 0)
		assert_int_equal(event_loop_add(&loop, end->add, POLLIN, on_readable, &added), 0);
}

static void on_timer(void *context, int fd, short events)
{
	(void)fd;
	(void)events;
	note(*(const char *)context);
}

static void on_signal(void *context, int number)
{
	(void)context;
	note(number == SIGUSR1 ? '1' : '2');
}

static int setup(void **state)
{
	(void)state;
	*calls = '\0';
	event_loop_init(&loop);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	event_loop_release(&loop);
	return 0;
}

static void open_pipe(int ends[2], bool readable)
{
	assert_int_equal(pipe(ends), 0);
	if (readable)
		assert_int_equal(write(ends[1], "", 1), 1);
}

static void close_pipe(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* Nothing to wait for, and nothing ready, is a time-out; what is ready is handled, in the order of adding. */
static void readable(void **state)
{
	struct pipe_end first = {'a', -1, -1}, second = {'b', -1, -1};
	int one[2], two[2];

	(void)state;
	assert_int_equal(event_loop_wait(&loop, 0), 0);
	open_pipe(one, false);
	open_pipe(two, true);
	event_loop_add(&loop, one[0], POLLIN, on_readable, &first);
	event_loop_add(&loop, two[0], POLLIN, on_readable, &second);
	assert_int_equal(event_loop_wait(&loop, -1), 1);
	assert_string_equal(calls, "b");
	assert_int_equal(write(one[1], "", 1), 1);
	assert_int_equal(event_loop_wait(&loop, -1), 2);
	assert_string_equal(calls, "bab");
	close_pipe(one);
	close_pipe(two);
}

/* POLLHUP comes unasked: this is how the end of a reader is noticed. */
static void hung_up(void **state)
{
	struct pipe_end end = {'h', -1, -1};
	int ends[2];

	(void)state;
	open_pipe(ends, false);
	event_loop_add(&loop, ends[1], 0, on_readable, &end);
	assert_int_equal(event_loop_wait(&loop, 0), 0);
	close(ends[0]);
	assert_int_equal(event_loop_wait(&loop, -1), 1);
	assert_string_equal(calls, "h");
	close(ends[1]);
}

/* Without a handler it only ends the wait. */
static void wakes(void **state)
{
	int ends[2];

	(void)state;
	open_pipe(ends, true);
	event_loop_add(&loop, ends[0], POLLIN, NULL, NULL);
	assert_int_equal(event_loop_wait(&loop, -1), 1);
	assert_string_equal(calls, "");
	close_pipe(ends);
}

/* A handler may forget itself or what is still to be handled in this round, and add what is handled in the next. */
static void changed_by_handlers(void **state)
{
	int ends[4][2];
	struct pipe_end itself = {'a', -1, -1}, next = {'b', -1, -1}, forgotten = {'c', -1, -1};

	(void)state;
	for (int i = 0; i < 4; i++)
		open_pipe(ends[i], true);
	itself.remove = ends[0][0];
	next.remove = ends[2][0];
	next.add = ends[3][0];
	event_loop_add(&loop, ends[0][0], POLLIN, on_readable, &itself);
	event_loop_add(&loop, ends[1][0], POLLIN, on_readable, &next);
	event_loop_add(&loop, ends[2][0], POLLIN, on_readable, &forgotten);
	assert_int_equal(event_loop_wait(&loop, -1), 3);
	assert_string_equal(calls, "ab");
	next.add = -1;
	event_loop_remove(&loop, 12345); /* never added */
	event_loop_remove(&loop, ends[3][0]);
	assert_int_equal(event_loop_wait(&loop, -1), 1);
	assert_string_equal(calls, "abb");
	for (int i = 0; i < 4; i++)
		close_pipe(ends[i]);
}

/* More descriptors than there is room for at first. */
static void many(void **state)
{
	static struct pipe_end end = {'m', -1, -1};
	int ends[40][2];

	(void)state;
	for (int i = 0; i < 40; i++) {
		open_pipe(ends[i], i % 2);
		assert_int_equal(event_loop_add(&loop, ends[i][0], POLLIN, on_readable, &end), 0);
	}
	assert_int_equal(event_loop_wait(&loop, -1), 20);
	assert_int_equal(strlen(calls), 20);
	for (int i = 0; i < 40; i++)
		close_pipe(ends[i]);
}

/* One that repeats comes again, one that does not comes once. */
static void timers(void **state)
{
	(void)state;
	assert_int_equal(event_loop_add_timer(&loop, 1000000, true, on_timer, "r"), 0);
	assert_int_equal(event_loop_add_timer(&loop, 500000, false, on_timer, "o"), 0);
	while (strlen(calls) < 4)
		assert_in_range(event_loop_wait(&loop, -1), 1, 2);
	assert_ptr_equal(strchr(calls, 'o'), strrchr(calls, 'o'));
	assert_non_null(strchr(calls, 'o'));
}

/* A timer that has ended leaves nothing behind, however many there are in the life of a loop. */
static void ended_timers(void **state)
{
	int before = dup(STDERR_FILENO), after;

	(void)state;
	close(before);
	for (int i = 0; i < 40; i++) {
		calls[0] = '\0';
		assert_int_equal(event_loop_add_timer(&loop, 1, false, on_timer, "o"), 0);
		assert_int_equal(event_loop_wait(&loop, -1), 1);
		assert_string_equal(calls, "o");
	}
	after = dup(STDERR_FILENO);
	close(after);
	assert_int_equal(after, before);
}

/* They are blocked from the call on, and each is handled that was sent before the wait. */
static void signals(void **state)
{
	static const int numbers[] = {SIGUSR1, SIGUSR2};

	(void)state;
	assert_int_equal(event_loop_add_signals(&loop, numbers, 2, on_signal, NULL), 0);
	raise(SIGUSR1);
	raise(SIGUSR2);
	assert_int_equal(event_loop_wait(&loop, -1), 1);
	assert_string_equal(calls, "12");
	assert_int_equal(event_loop_wait(&loop, 0), 0);
}

/* Timers and signals are the loop's own and closed with it; a loop that is zero can be released too. */
static void released(void **state)
{
	static const int numbers[] = {SIGUSR1};
	struct event_loop nothing = {0};
	int before = dup(STDERR_FILENO), after;

	(void)state;
	close(before);
	for (int i = 0; i < 10; i++) {
		event_loop_add_timer(&loop, 1, false, on_timer, "t");
		event_loop_add_signals(&loop, numbers, 1, on_signal, NULL);
		event_loop_release(&loop);
	}
	event_loop_release(&nothing);
	after = dup(STDERR_FILENO);
	close(after);
	assert_int_equal(after, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(readable, setup, teardown),
		cmocka_unit_test_setup_teardown(hung_up, setup, teardown),
		cmocka_unit_test_setup_teardown(wakes, setup, teardown),
		cmocka_unit_test_setup_teardown(changed_by_handlers, setup, teardown),
		cmocka_unit_test_setup_teardown(many, setup, teardown),
		cmocka_unit_test_setup_teardown(timers, setup, teardown),
		cmocka_unit_test_setup_teardown(ended_timers, setup, teardown),
		cmocka_unit_test_setup_teardown(signals, setup, teardown),
		cmocka_unit_test_setup_teardown(released, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
