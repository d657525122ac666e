/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sniffer answers to each kind of message, and for whom it does nothing. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../open_descriptors.h"
#include "control/control.h"
#include "control/control_connect.h"

enum { SECONDS = 10 };

static struct control *control;
static int client;
static struct control_message sent, received;
static struct message_fds fds;
static unsigned int installed;

static void status(void *context, bool json, struct control_message *reply)
{
	(void)context;
	control_set_text(reply, json ? "json" : "text");
}

static void prepare(void *context, struct control_message *reply, struct message_fds *own)
{
	(void)context;
	reply->snaplen = 96;
	own->fds[own->count++] = STDIN_FILENO;
	own->fds[own->count++] = STDERR_FILENO;
}

static int install(void *context, const struct control_message *message, struct message_fds *given,
		   struct control_message *reply)
{
	(void)context;
	(void)given;
	installed++;
	reply->generation = 7;
	control_set_text(reply, message->text);
	return -EBUSY;
}

static int open_client(void **state)
{
	static const struct control_handlers handlers = {status, prepare, install};
	uid_t user;

	(void)state;
	memset(&sent, 0, sizeof(sent));
	installed = 0;
	if (control_open(&handlers, NULL, &control))
		return -1;
	client = control_connect(getpid(), SECONDS, &user);
	control_serve(control);
	return client < 0 ? -1 : 0;
}

static int close_client(void **state)
{
	(void)state;
	if (client >= 0)
		close(client);
	control_close(control);
	return 0;
}

static int ask(uint32_t kind, const char *text, const struct message_fds *given)
{
	sent.kind = kind;
	control_set_text(&sent, text);
	assert_int_equal(control_send(client, &sent, given), 0);
	control_serve(control);
	return control_receive(client, &received, &fds);
}

static void reports(void **state)
{
	(void)state;
	assert_int_equal(ask(CONTROL_STATUS, "", NULL), 0);
	assert_int_equal(received.kind, CONTROL_REPLY);
	assert_string_equal(received.text, "text");
	assert_int_equal(ask(CONTROL_STATUS_JSON, "", NULL), 0);
	assert_string_equal(received.text, "json");
}

static void descriptors_for_a_client(void **state)
{
	size_t before = open_descriptors();

	(void)state;
	assert_int_equal(ask(CONTROL_PREPARE, "", NULL), 0);
	assert_int_equal(received.snaplen, 96);
	assert_int_equal(fds.count, 2);
	control_close_fds(&fds);
	assert_int_equal(open_descriptors(), before);
}

/* What came with a message and was not taken is closed, and the next answer begins anew. */
static void a_filter(void **state)
{
	const struct message_fds given = {.fds = {STDIN_FILENO, STDERR_FILENO}, .count = 2};
	size_t before = open_descriptors();

	(void)state;
	assert_int_equal(ask(CONTROL_INSTALL, "port 53", &given), 0);
	assert_int_equal(installed, 1);
	assert_int_equal(received.status, -EBUSY);
	assert_int_equal(received.generation, 7);
	assert_string_equal(received.text, "port 53");
	assert_int_equal(open_descriptors(), before);
	assert_int_equal(ask(CONTROL_PREPARE, "", NULL), 0);
	assert_int_equal(received.status, 0);
	assert_int_equal(received.generation, 0);
	assert_string_equal(received.text, "");
	control_close_fds(&fds);
}

/* Whoever has gone believes that nothing was changed. */
static void a_filter_of_a_client_that_has_gone(void **state)
{
	size_t before = open_descriptors();

	(void)state;
	sent.kind = CONTROL_INSTALL;
	assert_int_equal(control_send(client, &sent, NULL), 0);
	close(client);
	client = -1;
	control_serve(control);
	assert_int_equal(installed, 0);
	assert_int_equal(open_descriptors(), before - 2);
}

/* A message of a kind that nobody asks, or an answer, ends the connection. */
static void kinds_that_are_no_question(void **state)
{
	size_t before = open_descriptors();

	(void)state;
	assert_int_equal(ask(CONTROL_REPLY, "", NULL), -ENODATA);
	assert_int_equal(open_descriptors(), before - 1);
}

#define test_with_a_client(function) cmocka_unit_test_setup_teardown(function, open_client, close_client)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_with_a_client(reports),
		test_with_a_client(descriptors_for_a_client),
		test_with_a_client(a_filter),
		test_with_a_client(a_filter_of_a_client_that_has_gone),
		test_with_a_client(kinds_that_are_no_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
