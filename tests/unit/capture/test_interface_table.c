/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "capture/interface_table.h"

static const int64_t SECOND = 1000000000;

/* Nothing is looked up: the kernel knows no device through this. */
enum { NO_SOCKET = -1 };

static struct interface_table table;

static const struct interface *get_kind(uint32_t index, uint16_t hardware_type, uint16_t link_type, int64_t time)
{
	const struct interface_key key = {index, hardware_type, link_type};
	const struct interface *interface = interface_table_get(&table, NO_SOCKET, &key, time);

	assert_int_equal(interface->index, index);
	assert_int_equal(interface->hardware_type, hardware_type);
	assert_int_equal(interface->link_type, link_type);
	return interface;
}

static const struct interface *get(uint32_t index, int64_t time)
{
	return get_kind(index, ARPHRD_ETHER, LINK_ETHERNET, time);
}

static void expect(uint32_t index, int64_t time, uint32_t id, const char *name)
{
	const struct interface *interface = get(index, time);

	assert_int_equal(interface->id, id);
	assert_string_equal(interface->name ? interface->name : "(none)", name);
}

static int release(void **state)
{
	(void)state;
	interface_table_release(&table);
	return 0;
}

/* Ids are dense, in the order of the first frames, and stay. */
static void ids(void **state)
{
	(void)state;
	interface_table_note(&table, 7, ARPHRD_ETHER, "silent0", 1);
	interface_table_note(&table, 5, ARPHRD_ETHER, "eth5", 1);
	interface_table_note(&table, 4, ARPHRD_ETHER, "eth4", 1);
	expect(4, 10, 0, "eth4");
	expect(5, 11, 1, "eth5");
	expect(4, 12, 0, "eth4");
	interface_table_note(&table, 4, ARPHRD_ETHER, "eth4", 13); /* its flags have changed */
	expect(4, 14, 0, "eth4");
	expect(9, 15, 2, "(none)");
}

/* Frames that were captured before and are read after show the older name. */
static void another_name(void **state)
{
	(void)state;
	interface_table_note(&table, 4, ARPHRD_ETHER, "old", 1);
	expect(4, 10, 0, "old");
	interface_table_note(&table, 4, ARPHRD_ETHER, "new", 20);
	expect(4, 19, 0, "old");
	expect(4, 20, 1, "new");
	expect(4, 15, 0, "old");
	expect(4, 30, 1, "new");
}

static void another_device_under_an_index(void **state)
{
	(void)state;
	interface_table_note(&table, 4, ARPHRD_ETHER, "eth0", 1);
	expect(4, 10, 0, "eth0");
	interface_table_note_gone(&table, 4, 20);
	interface_table_note(&table, 4, ARPHRD_ETHER, "eth0", 30);
	expect(4, 19, 0, "eth0");
	expect(4, 40, 1, "eth0");
	assert_int_equal(get_kind(4, ARPHRD_NONE, LINK_RAW, 50)->id, 2); /* nobody told of it */
}

/* The message comes a moment after the first frame. */
static void frames_before_the_message(void **state)
{
	(void)state;
	interface_table_note(&table, 4, ARPHRD_ETHER, "eth0", 20);
	expect(4, 18, 0, "eth0");
	expect(4, 17, 0, "eth0");
	expect(4, 30, 0, "eth0");
}

static void kinds_of_frames(void **state)
{
	(void)state;
	interface_table_note(&table, 4, ARPHRD_NONE, "tun0", 1);
	assert_int_equal(get_kind(4, ARPHRD_NONE, LINK_RAW, 10)->id, 0);
	assert_int_equal(get_kind(4, ARPHRD_NONE, LINK_LINUX_SLL, 11)->id, 1);
	assert_string_equal(get_kind(4, ARPHRD_NONE, LINK_LINUX_SLL, 12)->name, "tun0");
	assert_int_equal(get_kind(4, ARPHRD_NONE, LINK_RAW, 13)->id, 0);
	interface_table_note(&table, 4, ARPHRD_NONE, "tun1", 20);
	assert_string_equal(get_kind(4, ARPHRD_NONE, LINK_LINUX_SLL, 21)->name, "tun1");
	assert_string_equal(get_kind(4, ARPHRD_NONE, LINK_LINUX_SLL, 15)->name, "tun0");
}

/* When messages were lost, the kernel is asked again; here it knows nothing. */
static void doubt(void **state)
{
	(void)state;
	interface_table_note(&table, 4, ARPHRD_ETHER, "eth0", 1);
	expect(4, 10, 0, "eth0");
	interface_table_doubt(&table, 20);
	expect(4, 15, 0, "eth0");
	expect(4, 30, 1, "(none)");
}

/* The real loopback device keeps its id if it still has its name then. */
static void doubt_without_need(void **state)
{
	const struct interface_key key = {1, ARPHRD_LOOPBACK, LINK_ETHERNET};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_true(fd >= 0);
	assert_string_equal(interface_table_get(&table, fd, &key, 10)->name, "lo");
	assert_true(interface_table_get(&table, fd, &key, 10)->loopback);
	for (int64_t time = 20; time < 100; time += 20) {
		interface_table_doubt(&table, time);
		assert_int_equal(interface_table_get(&table, fd, &key, time + 1)->id, 0);
	}
	expect(4, 110, 1, "(none)");
	close(fd);
}

/* Devices that come and go leave nothing behind, with frames or without. */
static void nothing_grows(void **state)
{
	char name[16];

	(void)state;
	for (uint32_t i = 2; i < 100000; i++) {
		int64_t time = i * SECOND / 10;

		snprintf(name, sizeof(name), "veth%u", i);
		interface_table_note(&table, i, ARPHRD_ETHER, name, time);
		if (i % 2)
			expect(i, time + 1, i / 2 - 1, name);
		interface_table_note_gone(&table, i, time + 2);
		assert_in_range(table.count, 0, 110);
	}
	assert_in_range(table.head_count, 1, 256);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static int64_t time_of_million(uint32_t devices)
{
	int64_t start;

	for (uint32_t i = 0; i < devices; i++)
		get(2 + i, 1);
	start = now_ns();
	for (uint32_t i = 0; i < 1000000; i++)
		get(2 + i % devices, 2);
	start = now_ns() - start;
	interface_table_release(&table);
	return start;
}

/* With a list of them, 6,000 took a thousand times as long as 6. */
static void many_devices_take_no_longer(void **state)
{
	(void)state;
	assert_in_range(time_of_million(6000), 0, 20 * time_of_million(6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(ids, release),
		cmocka_unit_test_teardown(another_name, release),
		cmocka_unit_test_teardown(another_device_under_an_index, release),
		cmocka_unit_test_teardown(frames_before_the_message, release),
		cmocka_unit_test_teardown(kinds_of_frames, release),
		cmocka_unit_test_teardown(doubt, release),
		cmocka_unit_test_teardown(doubt_without_need, release),
		cmocka_unit_test_teardown(nothing_grows, release),
		cmocka_unit_test_teardown(many_devices_take_no_longer, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
