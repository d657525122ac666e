/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "filter/expression_slip.h"

/* What a wrong expression is taken to mean; NULL: nothing that libpcap takes without looking up a name. */
static void slips(void **state)
{
	static const struct {
		const char *text, *meant;
	} rows[] = {
		{"10.9.0.1", "host 10.9.0.1"},
		{"2001:DB8::1", "host 2001:DB8::1"},
		{"10.9.0.0/24", "net 10.9.0.0/24"},
		{"10.9", "net 10.9"},
		{"53", "port 53"},
		{"TCP", "tcp"},
		{"NOT ARP", "not arp"},
		{"host 10.9.0.0/24", "net 10.9.0.0/24"},
		{"not host 10.9.0.0/24 and src host 10.0.0.0/8", "not net 10.9.0.0/24 and src net 10.0.0.0/8"},
		{"tcp port 80-90", "tcp portrange 80-90"},
		{"tcp port 80, 443", "tcp port 80 or 443"},
		{"host ::1,::2", "host ::1 or ::2"},
		{"host 10.9.0.1 port 53", "host 10.9.0.1 and port 53"},
		{"src 10.9.0.1 dst 10.9.0.2 tcp", "src 10.9.0.1 and dst 10.9.0.2 and tcp"},
		{"src 10.9.0.1:53", "src 10.9.0.1 and src port 53"},
		{"dst host 10.9.0.1:53", "dst host 10.9.0.1 and dst port 53"},
		{"10.9.0.1:53", "host 10.9.0.1 and port 53"},
		{"10.9.0.1 and port 80", "host 10.9.0.1 and port 80"},
		{"10.9.0.0/24 and tcp", "net 10.9.0.0/24 and tcp"},
		{"10.9.0.1 53", "host 10.9.0.1 and port 53"},
		{"tcp 80", "tcp port 80"},
		{"udp 53", "udp port 53"},
		{"tcp 10.9.0.1", "tcp and host 10.9.0.1"},
		{"https", "port https"},
		{"port http,https", "port http or https"},
		{"tcp port 80 https", "tcp port 80 or https"},
		{"port 80 443", "port 80 or 443"},
		{"port 22 443 8080", "port 22 or 443 or 8080"},
		{"host 10.9.0.1 10.9.0.2", "host 10.9.0.1 or 10.9.0.2"},
		{"host 10.9.0.1 53", "host 10.9.0.1 and port 53"},
		{"port 53 10.9.0.1", "port 53 and host 10.9.0.1"},
		{"foo", NULL},
		{"1a2b", NULL},
		{"1-2", NULL},
		{"1.2.3.4.5", NULL},
		{"10.9.", NULL},
		{"HOST foo", NULL},
		{"port 80, foo", NULL},
		{"tcp and", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char meant[EXPRESSION_SLIP_MAX] = "";
		bool found = expression_slip(rows[i].text, meant);

		if (found != !!rows[i].meant || (found && strcmp(meant, rows[i].meant) != 0))
			fail_msg("'%s': %s", rows[i].text, found ? meant : "nothing");
	}
}

/* One that is longer than what can be shown means nothing. */
static void a_long_one(void **state)
{
	char text[2 * EXPRESSION_SLIP_MAX] = "TCP", meant[EXPRESSION_SLIP_MAX];

	(void)state;
	while (strlen(text) < sizeof(text) - sizeof(" OR TCP"))
		strcat(text, " OR TCP");
	assert_false(expression_slip(text, meant));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slips),
		cmocka_unit_test(a_long_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
