/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "export/collector_socket.h"

/* How a collector is named. */

static const struct {
	const char *text, *host, *port; /* host NULL: it is refused */
} rows[] = {
	{"192.0.2.1", "192.0.2.1", "4739"},
	{"192.0.2.1:9995", "192.0.2.1", "9995"},
	{"collector.example:65535", "collector.example", "65535"},
	{"collector", "collector", "4739"},
	{"2001:db8::1", "2001:db8::1", "4739"},
	{"[2001:db8::1]", "2001:db8::1", "4739"},
	{"[2001:db8::1]:9995", "2001:db8::1", "9995"},
	{"", NULL, NULL},
	{":9995", NULL, NULL},
	{"host:", NULL, NULL},
	{"host:0", NULL, NULL},
	{"host:65536", NULL, NULL},
	{"host:x", NULL, NULL},
	{"host:123456", NULL, NULL},
	{"[]:1", NULL, NULL},
	{"[2001:db8::1]9995", NULL, NULL},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct collector_address address;

		if (collector_parse(rows[i].text, &address) != !!rows[i].host)
			fail_msg("'%s'", rows[i].text);
		if (!rows[i].host)
			continue;
		assert_string_equal(rows[i].host, address.host);
		assert_string_equal(rows[i].port, address.port);
	}
}

/* The way to this machine is wide, but a message is made for others, too. */
static void test_size(void **state)
{
	const struct collector_address address = {.host = "127.0.0.1", .port = "4739"};
	const char *why;
	uint16_t size;

	(void)state;
	assert_true(collector_connect(&address, &size, &why) >= 0);
	assert_int_equal(1472, size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
