/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../open_descriptors.h"
#include "control/control_message.h"

enum {
	HEADER = offsetof(struct control_message, text),
	KERNEL_FDS_MAX = 253, /* SCM_MAX_FD of the kernel */
	RANDOM_MESSAGES = 20000,
};

/* A non-blocking socket pair of the same type as a sniffer's socket. */
static int ends[2];

static struct control_message sent, received;
static struct message_fds fds;

static int open_ends(void **state)
{
	(void)state;
	memset(&sent, 0, sizeof(sent));
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
}

static int close_ends(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static int receive(void)
{
	return control_receive(ends[1], &received, &fds);
}

/* Send arbitrary bytes, and copies of a descriptor, as a malicious client might. */
static void send_raw(const void *bytes, size_t length, size_t copies)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(KERNEL_FDS_MAX * sizeof(int))];
	} rights = {0};
	struct iovec part = {.iov_base = (void *)bytes, .iov_len = length};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	int copied[KERNEL_FDS_MAX];

	for (size_t i = 0; i < copies; i++)
		copied[i] = ends[0];
	if (copies) {
		rights.header = (struct cmsghdr){
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(copies * sizeof(int)),
		};
		memcpy(CMSG_DATA(&rights.header), copied, copies * sizeof(int));
		message.msg_control = &rights;
		message.msg_controllen = CMSG_SPACE(copies * sizeof(int));
	}
	assert_int_equal(sendmsg(ends[0], &message, 0), length);
}

/* Make a valid message, for the test to spoil. */
static void make_good(const char *text)
{
	memset(&sent, 0, HEADER);
	sent.magic = CONTROL_MAGIC;
	sent.version = CONTROL_VERSION;
	control_set_text(&sent, text);
}

static void assert_refused(int error)
{
	size_t before = open_descriptors();

	assert_int_equal(receive(), error);
	assert_int_equal(fds.count, 0);
	assert_true(open_descriptors() <= before);
}

static void everything_arrives(void **state)
{
	(void)state;
	sent.kind = CONTROL_INSTALL;
	sent.status = -EBUSY;
	sent.generation = UINT32_MAX;
	sent.snaplen = 1;
	sent.first = 2;
	sent.flow_table_size = 3;
	sent.told_room = 5;
	sent.own_session.is_set = 4;
	sent.interface_count = CONTROL_INTERFACES;
	for (uint32_t i = 0; i < CONTROL_INTERFACES; i++)
		sent.ifindexes[i] = i * 7;
	control_set_text(&sent, "port 53");
	assert_int_equal(control_send(ends[0], &sent, NULL), 0);
	assert_int_equal(receive(), 0);
	assert_int_equal(fds.count, 0);
	assert_memory_equal(&received, &sent, HEADER + sizeof("port 53"));
}

static void texts(void **state)
{
	static char text[CONTROL_TEXT_MAX + 100];

	(void)state;
	assert_int_equal(control_send(ends[0], &sent, NULL), 0);
	assert_int_equal(receive(), 0);
	assert_string_equal(received.text, "");
	memset(text, 'x', sizeof(text) - 1);
	control_set_text(&sent, text);
	assert_int_equal(sent.text_length, CONTROL_TEXT_MAX);
	assert_int_equal(control_send(ends[0], &sent, NULL), 0);
	assert_int_equal(receive(), 0);
	assert_int_equal(strlen(received.text), CONTROL_TEXT_MAX);
	assert_memory_equal(received.text, text, CONTROL_TEXT_MAX);
	control_set_text(&sent, "short");
	assert_string_equal(sent.text, "short");
}

static void descriptors(void **state)
{
	size_t before = open_descriptors();
	struct message_fds copies;

	(void)state;
	for (size_t i = 0; i < CONTROL_FDS_MAX; i++)
		copies.fds[i] = ends[i % 2];
	for (size_t count = 1; count <= CONTROL_FDS_MAX; count++) {
		copies.count = count;
		assert_int_equal(control_send(ends[0], &sent, &copies), 0);
		assert_int_equal(receive(), 0);
		assert_int_equal(fds.count, count);
		assert_int_equal(open_descriptors(), before + count);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(fcntl(fds.fds[i], F_GETFD), FD_CLOEXEC);
		control_close_fds(&fds);
		assert_int_equal(open_descriptors(), before);
	}
}

static void too_many_descriptors(void **state)
{
	(void)state;
	make_good("");
	for (size_t count = CONTROL_FDS_MAX + 1; count <= KERNEL_FDS_MAX; count++) {
		send_raw(&sent, HEADER, count);
		assert_refused(-EPROTO);
	}
}

static void wrong_numbers(void **state)
{
	static const struct {
		size_t offset;
		uint32_t value;
	} wrong[] = {
		{offsetof(struct control_message, magic), 0},
		{offsetof(struct control_message, magic), CONTROL_MAGIC + 1},
		{offsetof(struct control_message, version), CONTROL_VERSION + 1},
		{offsetof(struct control_message, interface_count), CONTROL_INTERFACES + 1},
		{offsetof(struct control_message, interface_count), UINT32_MAX},
		{offsetof(struct control_message, text_length), 3},
		{offsetof(struct control_message, text_length), 5},
		{offsetof(struct control_message, text_length), CONTROL_TEXT_MAX},
		{offsetof(struct control_message, text_length), UINT32_MAX},
		{offsetof(struct control_message, text_length), (uint32_t)-HEADER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		make_good("four");
		send_raw(&sent, HEADER + 4, 2);
		assert_int_equal(receive(), 0);
		control_close_fds(&fds);
		memcpy((char *)&sent + wrong[i].offset, &wrong[i].value, sizeof(wrong[i].value));
		send_raw(&sent, HEADER + 4, 2);
		assert_refused(-EPROTO);
	}
}

static void wrong_lengths(void **state)
{
	(void)state;
	make_good("");
	for (size_t length = 1; length < HEADER; length++) {
		send_raw(&sent, length, 1);
		assert_refused(-EPROTO);
	}
	send_raw(&sent, HEADER + 1, 1);
	assert_refused(-EPROTO);
	send_raw(&sent, sizeof(sent), 1);
	assert_refused(-EPROTO);
	send_raw(&sent, 0, 1);
	assert_refused(-ENODATA);
}

static void random_bytes(void **state)
{
	uint32_t *words = (uint32_t *)&sent;

	(void)state;
	for (int i = 0; i < RANDOM_MESSAGES; i++) {
		for (size_t j = 0; j < 200; j++)
			words[j] = (uint32_t)mrand48();
		if (i % 2) {
			make_good("");
			sent.text_length = (uint32_t)lrand48() % 300;
		}
		send_raw(&sent, HEADER + (size_t)(lrand48() % 300), (size_t)lrand48() % 4);
		if (!receive()) {
			assert_int_equal(received.magic, CONTROL_MAGIC);
			assert_true(received.interface_count <= CONTROL_INTERFACES);
			assert_int_equal(received.text[received.text_length], 0);
		}
		control_close_fds(&fds);
	}
}

static void nobody_there(void **state)
{
	(void)state;
	assert_int_equal(receive(), -EAGAIN);
	assert_int_equal(fds.count, 0);
	shutdown(ends[0], SHUT_WR);
	assert_int_equal(receive(), -ENODATA);
	assert_int_equal(control_send(ends[0], &sent, NULL), -EPIPE);
}

/* Whoever sends does not wait for the reader, even on a socket that blocks: the alarm would end this process. */
static void nobody_reads(void **state)
{
	int ret;

	(void)state;
	assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0);
	alarm(20);
	do
		ret = control_send(ends[0], &sent, NULL);
	while (!ret);
	alarm(0);
	assert_int_equal(ret, -EAGAIN);
}

#define test_on_a_socket(function) cmocka_unit_test_setup_teardown(function, open_ends, close_ends)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_a_socket(everything_arrives), test_on_a_socket(texts),
		test_on_a_socket(descriptors),        test_on_a_socket(too_many_descriptors),
		test_on_a_socket(wrong_numbers),      test_on_a_socket(wrong_lengths),
		test_on_a_socket(random_bytes),       test_on_a_socket(nobody_there),
		test_on_a_socket(nobody_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
