/* SPDX-License-Identifier: BSD-2-Clause */
/* The compiler process returns the same programs and the same errors as compiling in this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "confined.h"
#include "filter/expression.h"
#include "filter/expression_compiler.h"
#include "packet/frame.h"
#include "sandbox/helper_process.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char *const texts[] = {
	"",
	"tcp",
	"port domain",
	"ip proto \\icmp",
	"host localhost",
	"ether host 02:00:00:00:00:01",
	"port nonsense",
	"host 10.0.0.1 and)",
	"vlan 5",
	"len > 100",
	"inbound",
};

static const uint16_t link_types[] = {
	LINK_ETHERNET, LINK_RAW, LINK_LINUX_SLL2, LINK_IEEE802_11_RADIOTAP, 147 /* for private use */, 54321};

static void check_same(const struct helper_process *compiler, const char *text, uint16_t link_type)
{
	struct expression *here = NULL, *there = NULL;
	char error_here[256] = "", error_there[256] = "";
	int ret = expression_compile_file(text, link_type, &here, error_here, sizeof(error_here));
	size_t count_here, count_there;

	assert_int_equal(expression_compiler_ask(compiler, link_type, &there, error_there, sizeof(error_there)), ret);
	assert_string_equal(error_there, error_here);
	if (ret)
		return;
	assert_memory_equal(expression_program(there, &count_there), expression_program(here, &count_here), 8);
	assert_int_equal(count_there, count_here);
	assert_memory_equal(expression_program(there, &count_there), expression_program(here, &count_here),
			    count_here * sizeof(struct sock_filter));
	expression_close(here);
	expression_close(there);
}

static void same_as_here(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct helper_process *compiler;

		assert_int_equal(expression_compiler_start(texts[i], NULL, &compiler), 0);
		for (size_t j = 0; j < LENGTH(link_types); j++)
			check_same(compiler, texts[i], link_types[j]);
		helper_process_stop(compiler);
	}
}

/* A program that does not fit into the socket buffer at once. */
static void a_long_program(void **state)
{
	enum { HOSTS = 180 };
	char text[HOSTS * 32] = "";
	struct helper_process *compiler;

	(void)state;
	for (size_t i = 0, length = 0; i < HOSTS; i++)
		length +=
			(size_t)snprintf(text + length, sizeof(text) - length, "%shost 10.0.%zu.1", i ? " or " : "", i);
	assert_int_equal(expression_compiler_start(text, NULL, &compiler), 0);
	check_same(compiler, text, LINK_IEEE802_11_RADIOTAP);
	helper_process_stop(compiler);
}

static void a_dead_compiler(void **state)
{
	struct expression *expression;
	struct helper_process *compiler;
	char error[256];

	(void)state;
	assert_int_equal(expression_compiler_start("tcp", NULL, &compiler), 0);
	kill_child(compiler->pid);
	assert_int_equal(expression_compiler_ask(compiler, LINK_ETHERNET, &expression, error, sizeof(error)), -EPIPE);
	helper_process_stop(compiler);
}

static void an_impossible_user(void **state)
{
	struct helper_process *compiler;

	(void)state;
	assert_int_equal(expression_compiler_start("tcp", "no-such-user", &compiler), -ENOENT);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_here),
		cmocka_unit_test(a_long_program),
		cmocka_unit_test(a_dead_compiler),
		cmocka_unit_test(an_impossible_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
