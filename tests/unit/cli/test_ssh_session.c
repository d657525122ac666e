/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/ssh_session.h"

static void assert_end(const __u64 address[2], const char *bytes)
{
	assert_memory_equal(address, bytes, 16);
}

static void ipv4(void **state)
{
	struct session session;

	(void)state;
	assert_true(ssh_session_parse("192.0.2.7 50022 10.9.0.2 22", &session));
	assert_end(session.client, "\0\0\0\0\0\0\0\0\0\0\377\377\300\0\2\7");
	assert_end(session.server, "\0\0\0\0\0\0\0\0\0\0\377\377\12\11\0\2");
	assert_int_equal(session.client_port, 50022);
	assert_int_equal(session.server_port, 22);
	assert_true(session.is_set);
}

static void ipv6(void **state)
{
	struct session session;

	(void)state;
	assert_true(ssh_session_parse("2001:db8::7 65535 fe80::1%eth0 2222", &session));
	assert_end(session.client, "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\7");
	assert_end(session.server, "\376\200\0\0\0\0\0\0\0\0\0\0\0\0\0\1");
	assert_int_equal(session.client_port, 65535);
	assert_int_equal(session.server_port, 2222);
}

/* Malformed values leave the session untouched. */
static void nonsense(void **state)
{
	static const char *const texts[] = {
		"",
		"UNKNOWN 65535 UNKNOWN 65535",
		"192.0.2.7 50022 10.9.0.2",
		"192.0.2.7 50022 10.9.0.2 22-23",
		"192.0.2.7 70000 10.9.0.2 22",
		"192.0.2.0/24 50022 10.9.0.2 22",
		"192.0.2.7 50022 a-name-that-is-much-longer-than-any-address-can-ever-be-or-has-been 22",
	};
	const struct session none = {.is_set = 0};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct session session = none;

		assert_false(ssh_session_parse(texts[i], &session));
		assert_memory_equal(&session, &none, sizeof(none));
	}
}

static void own_environment(void **state)
{
	char text[SSH_SESSION_TEXT_MAX] = "";
	struct session session = {0};

	(void)state;
	assert_int_equal(setenv("SSH_CONNECTION", "192.0.2.7 50022 10.9.0.2 22", 1), 0);
	ssh_session_find(&session, text);
	assert_int_equal(session.client_port, 50022);
	assert_string_equal(text, "192.0.2.7 50022 to 10.9.0.2 22");
}

/* What is not understood is not said to be left out. */
#define OLD  "SSH_CONNECTION_OLD=192.0.2.9 9 10.9.0.2 22"
#define JUNK "SSH_CONNECTION=a b c d"
#define FAR  "SSH_CONNECTION=192.0.2.1 1 10.9.0.2 22"
#define NEAR "SSH_CONNECTION=192.0.2.7 50022 10.9.0.2 22"

/* Each process is a child of the one before it; the last looks for the session. */
static char *const environments[][3] = {{FAR}, {OLD, NEAR}, {OLD}, {JUNK}, {NULL}, {JUNK}};

enum { PROCESSES = sizeof(environments) / sizeof(*environments) };

/* 0 if the process and all below it have ended well. proc(5) shows the environment that a program was started with, so
 * this program is started again. */
static int start_process(int number)
{
	char digits[] = {(char)('0' + number), '\0'};
	char *const arguments[] = {"test_ssh_session", digits, NULL};
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execve("/proc/self/exe", arguments, environments[number]);
		_exit(1);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static int be_process(int number)
{
	char text[SSH_SESSION_TEXT_MAX] = "";
	struct session session = {0};

	if (number + 1 < PROCESSES)
		return start_process(number + 1) ? EXIT_FAILURE : EXIT_SUCCESS;
	ssh_session_find(&session, text);
	return session.is_set && session.client_port == 50022 && !strcmp(text, "192.0.2.7 50022 to 10.9.0.2 22")
		       ? EXIT_SUCCESS
		       : EXIT_FAILURE;
}

static void the_nearest_that_names_a_session(void **state)
{
	(void)state;
	assert_int_equal(start_process(0), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4),
		cmocka_unit_test(ipv6),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(own_environment),
		cmocka_unit_test(the_nearest_that_names_a_session),
	};

	if (argc > 1)
		return be_process(*argv[1] - '0');

	return cmocka_run_group_tests(tests, NULL, NULL);
}
