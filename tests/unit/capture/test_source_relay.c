/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "capture/source_relay.h"

/* A source of frames numbered from `next` to just before `end`. */
struct numbers {
	struct source source;
	uint64_t next, end;
	int error; /* returned in place of a frame */
};

static struct source_relay relay;
static struct numbers older, newer;
static int changes;
static uint64_t missed;

static int next_number(struct source *source, struct frame *frame)
{
	struct numbers *numbers = (struct numbers *)source;

	if (numbers->error)
		return numbers->error;
	if (numbers->next == numbers->end)
		return 0;
	*frame = (struct frame){.number = numbers->next++};
	return 1;
}

static void note_change(void *context, uint64_t missing)
{
	assert_ptr_equal(context, &relay);
	changes++;
	missed = missing;
}

static void arrive(struct numbers *numbers, uint64_t first, uint64_t last)
{
	*numbers = (struct numbers){.source = {.next = next_number}, .next = first, .end = last + 1};
}

static int start(void **state)
{
	(void)state;
	arrive(&older, 1, 0);
	arrive(&newer, 101, 100);
	source_relay_init(&relay, &older.source);
	relay.handed_over = note_change;
	relay.context = &relay;
	changes = 0;
	missed = 0;
	return 0;
}

static int ask(struct frame *frame)
{
	return relay.source.next(&relay.source, frame);
}

static void assert_frames(uint64_t first, uint64_t last)
{
	struct frame frame;

	for (uint64_t number = first; number <= last; number++) {
		assert_int_equal(ask(&frame), 1);
		assert_int_equal(frame.number, number);
	}
}

static void assert_no_frame(void)
{
	struct frame frame;

	assert_int_equal(ask(&frame), 0);
}

static void without_a_change(void **state)
{
	(void)state;
	assert_no_frame();
	arrive(&older, 1, 3);
	assert_frames(1, 3);
	assert_no_frame();
	older.error = -EIO;
	assert_int_equal(ask(&(struct frame){0}), -EIO);
	assert_int_equal(changes, 0);
}

static void one_after_the_other(void **state)
{
	(void)state;
	arrive(&older, 1, 5);
	arrive(&newer, 101, 103);
	assert_frames(1, 2);
	source_relay_change(&relay, &newer.source, 3);
	assert_frames(3, 5);
	assert_int_equal(changes, 0);
	assert_frames(101, 101);
	assert_int_equal(changes, 1);
	assert_int_equal(missed, 0);
	assert_frames(102, 103);
	assert_no_frame();
	assert_int_equal(changes, 1);
}

static void nothing_left(void **state)
{
	(void)state;
	arrive(&newer, 101, 102);
	source_relay_change(&relay, &newer.source, 0);
	assert_int_equal(changes, 0);
	assert_frames(101, 102);
	assert_int_equal(changes, 1);
	assert_int_equal(missed, 0);
}

/* The change is reported even before the newer source has a frame. */
static void a_change_without_a_frame(void **state)
{
	(void)state;
	arrive(&older, 1, 1);
	source_relay_change(&relay, &newer.source, 1);
	assert_frames(1, 1);
	assert_no_frame();
	assert_int_equal(changes, 1);
}

/* The relay waits for frames that the kernel has accepted but not yet delivered. */
static void the_last_block_takes_its_time(void **state)
{
	(void)state;
	arrive(&newer, 101, 101);
	arrive(&older, 1, 1);
	source_relay_change(&relay, &newer.source, 2);
	assert_frames(1, 1);
	assert_no_frame();
	assert_no_frame();
	assert_int_equal(changes, 0);
	arrive(&older, 2, 2);
	assert_frames(2, 2);
	assert_frames(101, 101);
	assert_int_equal(changes, 1);
	assert_int_equal(missed, 0);
}

static void an_error_while_the_older_is_read(void **state)
{
	(void)state;
	arrive(&newer, 101, 101);
	source_relay_change(&relay, &newer.source, 1);
	older.error = -ENODATA;
	assert_int_equal(ask(&(struct frame){0}), -ENODATA);
	assert_int_equal(changes, 0);
}

/* A frame that never comes does not hold up the newer source for ever. */
static void missing_frames(void **state)
{
	struct frame frame;
	int ret;

	(void)state;
	arrive(&older, 1, 3);
	arrive(&newer, 101, 101);
	source_relay_change(&relay, &newer.source, 5);
	assert_frames(1, 3);
	do
		ret = ask(&frame);
	while (!ret);
	assert_int_equal(ret, 1);
	assert_int_equal(frame.number, 101);
	assert_int_equal(changes, 1);
	assert_int_equal(missed, 2);
}

static void many_changes(void **state)
{
	struct numbers *now = &older, *then = &newer;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		struct numbers *other = now;

		arrive(now, i * 10 + 1, i * 10 + i % 4);
		source_relay_change(&relay, &then->source, i % 4);
		assert_frames(i * 10 + 1, i * 10 + i % 4);
		arrive(then, 1, 0);
		assert_no_frame();
		assert_int_equal(changes, i + 1);
		assert_int_equal(missed, 0);
		now = then;
		then = other;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_a_change, start),
		cmocka_unit_test_setup(one_after_the_other, start),
		cmocka_unit_test_setup(nothing_left, start),
		cmocka_unit_test_setup(a_change_without_a_frame, start),
		cmocka_unit_test_setup(the_last_block_takes_its_time, start),
		cmocka_unit_test_setup(an_error_while_the_older_is_read, start),
		cmocka_unit_test_setup(missing_frames, start),
		cmocka_unit_test_setup(many_changes, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
