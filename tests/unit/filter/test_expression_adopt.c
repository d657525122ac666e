/* SPDX-License-Identifier: BSD-2-Clause */
/* expression_adopt() accepts what libpcap compiles, and rejects what its interpreter cannot run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/expression.h"

#define EXPRESSIONS "../shared/corpus/expressions.txt"

enum { LINE = 512 };

/* Adopt a copy. */
static int adopt(const struct sock_filter *program, size_t count, struct expression **expression)
{
	struct sock_filter *copy = malloc(count * sizeof(*program));
	int ret;

	assert_non_null(copy);
	memcpy(copy, program, count * sizeof(*program));
	ret = expression_adopt(copy, count, expression);
	if (ret)
		free(copy);
	return ret;
}

static size_t adopt_compiled(const char *text, uint16_t link_type)
{
	struct expression *compiled, *adopted;
	const struct sock_filter *program;
	char error[256];
	size_t count;

	if (expression_compile_file(text, link_type, &compiled, error, sizeof(error)))
		return 0;
	program = expression_program(compiled, &count);
	assert_int_equal(adopt(program, count, &adopted), 0);
	expression_close(adopted);
	expression_close(compiled);
	return 1;
}

static void takes_what_libpcap_compiles(void **state)
{
	static const uint16_t link_types[] = {LINK_ETHERNET, LINK_LINUX_SLL2, LINK_IEEE802_11_RADIOTAP, LINK_RAW};
	FILE *file = fopen(EXPRESSIONS, "r");
	size_t adopted = 0;
	char text[LINE];

	(void)state;
	if (!file) {
		skip(); /* the corpus is not part of the repository */
		return;
	}
	while (fgets(text, sizeof(text), file)) {
		text[strcspn(text, "\n")] = '\0';
		for (size_t i = 0; i < sizeof(link_types) / sizeof(*link_types); i++)
			adopted += adopt_compiled(text, link_types[i]);
	}
	fclose(file);
	assert_int_equal(adopted, 854);
}

/* Of all possible codes, accept only those that the interpreter runs. It aborts at others. */
static void takes_only_instructions(void **state)
{
	const uint8_t bytes[64] = {0};
	const struct frame frame = {.bytes = bytes, .captured = sizeof(bytes), .length = sizeof(bytes)};
	size_t taken = 0;

	(void)state;
	for (uint32_t code = 0; code <= UINT16_MAX; code++) {
		const struct sock_filter program[] = {BPF_STMT(BPF_LDX | BPF_IMM, 1), BPF_STMT((uint16_t)code, 1),
						      BPF_STMT(BPF_RET | BPF_K, 1), BPF_STMT(BPF_RET | BPF_K, 1)};
		struct expression *expression;
		int ret = adopt(program, 4, &expression);

		assert_true(ret == 0 || ret == -EINVAL);
		if (ret)
			continue;
		expression_match(expression, &frame);
		expression_close(expression);
		taken++;
	}
	assert_int_equal(taken, 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_libpcap_compiles),
		cmocka_unit_test(takes_only_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
