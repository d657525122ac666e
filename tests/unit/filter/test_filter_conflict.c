/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter/expression_reach.h"
#include "filter/filter_conflict.h"
#include "filter_words.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A filter, and the sentence that refuses it: how it begins, NULL where packets can match. */
struct row {
	const char *line, *why;
};

static void expect_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		struct filter_words words;
		char why[FILTER_CONFLICT_MAX] = "";
		bool refused;

		filter_words_read(&words, row->line);
		refused = filter_conflict(&words.spec, words.expression, false, why);
		if (refused != !!row->why || (row->why && strncmp(why, row->why, strlen(row->why)) != 0))
			fail_msg("'%s': %s", row->line, refused ? why : "not refused");
		filter_spec_release(&words.spec);
	}
}

static void options(void **state)
{
	static const struct row rows[] = {
		{"", NULL},
		{"--tcp-flags=syn,!ack", NULL},
		{"--tcp-flags=syn,!syn", "no packet can match --tcp-flags=syn,!syn: a flag cannot be set and clear"},
		{"--tcp-flags=syn --protocol=udp",
		 "no packet can match --tcp-flags=syn and --protocol=udp: only TCP has flags"},
		{"--tcp-flags=syn --protocol=udp,tcp", NULL},
		{"--port=53 --protocol=icmp", "no packet can match --port=53 and --protocol=icmp: only tcp, udp"},
		{"--port=53 --protocol=sctp", NULL},
		{"--port=53 --protocol=all", NULL},
		{"--src-port=53 --not-port=53", "no packet can match --src-port=53 and --not-port=53 together; leave"},
		{"--tcp-event=any --protocol=udp",
		 "no packet can match --tcp-event=any and --protocol=udp: only TCP has such events; leave"},
		{"--tcp-event=reset --protocol=icmp,tcp", NULL},
		{"--tcp-event=reset --tcp-flags=!rst",
		 "no packet can match --tcp-event=reset and --tcp-flags=!rst together"},
		{"--tcp-event=reset,keep-alive --tcp-flags=!rst", NULL},
		{"--tcp-event=reset --tcp-flags=rst", NULL},
		{"--host-file=/dev/null", "no packet can match --host-file=/dev/null: the file has no addresses; add"},
		{"--host=::1 --host-file=/dev/null --not-host=::/8",
		 "no packet can match --host=::1 --host-file=/dev/null: loopback"},
		{"--host=::2 --host-file=/dev/null --not-host=::/8",
		 "no packet can match --host=::2 --host-file=/dev/null and --not-host=::/8 together"},
		{"--src-port=53,54 --not-port=53", NULL},
		{"--port=53 --src-port=80 --dst-port=443",
		 "no packet can match --port=53, --src-port=80 and --dst-port=443 together; leave out one of them"},
		{"--port=53 --src-port=80", NULL},
		{"--host=10.0.0.1 --not-host=10.0.0.0/8",
		 "no packet can match --host=10.0.0.1 and --not-host=10.0.0.0/8 together"},
		{"--host=10.0.0.0/8 --not-host=10.0.0.1", NULL},
		{"--host=10.0.0.0/8 --not-host=10.0.0.0/16", NULL},
		{"--src=::1,127.0.0.0/9", "no packet can match --src=::1,127.0.0.0/9: loopback traffic is left out"},
		{"--src=::1,127.0.0.0/9 --loopback", NULL},
		{"--src=::1,126.0.0.0/7", NULL},
		{"--host=10.0.0.1 --not-host=::/0", NULL},
		{"--host=::/0 --not-host=0.0.0.0/0", NULL},
		{"--host=0.0.0.0/0 --not-host=0.0.0.0/0", "no packet can match --host=0.0.0.0/0 and"},
		{"--host=10.0.0.0/30 --not-host=10.0.0.3,10.0.0.1,10.0.0.0,10.0.0.2",
		 "no packet can match --host=10.0.0.0/30 and"},
		{"--host=10.0.0.0/30 --not-host=10.0.0.3,10.0.0.1,10.0.0.0", NULL},
		{"--host=::/127 --not-host=::,::1", "no packet can match --host=::/127 and"},
		{"--host=::2/127 --not-host=::2", NULL},
		{"--not-host=0.0.0.0/0,::/0", "no packet can match --not-host=0.0.0.0/0,::/0: every address is in it"},
		{"--not-host=::/1,8000::/1,0.0.0.0/0", "no packet can match --not-host=::/1,8000::/1,0.0.0.0/0: every"},
		{"--not-host=::/1,8000::/2,0.0.0.0/0", NULL},
		{"--not-host=0.0.0.0/0,::/0 --protocol=all", NULL},
		{"--src=10.0.0.1 --dst=::2",
		 "no packet can match --src=10.0.0.1 and --dst=::2: one is IPv4, the other IPv6"},
		{"--host=10.0.0.1 --src=::2", "no packet can match --host=10.0.0.1 and --src=::2: one is IPv4"},
		{"--host=10.0.0.1,::3 --src=::2", NULL},
	};

	(void)state;
	expect_rows(rows, COUNT(rows));
}

static void options_and_an_expression(void **state)
{
	static const struct row rows[] = {
		{"--protocol=tcp icmp", "no packet can match --protocol=tcp and 'icmp' together"},
		{"--protocol=tcp tcp port 80", NULL},
		{"--protocol=tcp not icmp", NULL},
		{"--protocol=udp port 80", NULL},
		{"--protocol=tcp vlan 7 and icmp", NULL},
		{"--tcp-event=any udp", "no packet can match --tcp-event=any and 'udp' together"},
		{"--tcp-event=any icmp", "no packet can match --tcp-event=any and 'icmp' together"},
		{"--tcp-event=any host 10.0.0.1", NULL},
		{"tcp and udp",
		 "no packet can match 'tcp and udp': a packet has only one of these protocols; write 'tcp or "
		 "udp', or --protocol=tcp,udp"},
		{"ip && ip6",
		 "no packet can match 'ip && ip6': 'ip' and 'ip6' exclude each other; write 'ip or ip6' for packets "
		 "that match either"},
		{"icmp and host 10.0.0.1 and tcp",
		 "no packet can match 'icmp and host 10.0.0.1 and tcp': 'icmp' and 'tcp' exclude each other; write "
		 "'(icmp or tcp) and host 10.0.0.1' for packets that match either"},
		{"port 80 and src port 80 and 443",
		 "no packet can match 'port 80 and src port 80 and 443': 'src port 80' and '443' exclude each "
		 "other; write '(src port 80 or 443) and port 80' for packets that match either"},
		{"tcp and udp and icmp",
		 "no packet can match 'tcp and udp and icmp': a packet has only one of these protocols; write "
		 "'tcp or udp or icmp', or --protocol=tcp,udp,icmp"},
		{"tcp and not tcp", "no packet can match 'tcp and not tcp': leave out a part of it"},
		{"--protocol=icmp tcp and udp", "no packet can match 'tcp and udp': a packet"},
		{"--direction=in outbound", "no packet can match --direction=in and 'outbound' together"},
		{"tcp and (port 80 or udp)", NULL},
		{"--tcp-flags=syn udp port 53", "no packet can match --tcp-flags=syn and 'udp port 53' together"},
		{"--port=53 icmp", "no packet can match --port=53 and 'icmp' together"},
		{"--port=53 arp", "no packet can match --port=53 and 'arp' together"},
		{"--protocol=all icmp", NULL},
		{"icmp", NULL}, /* opens the protocols instead */
		{"--host=10.0.0.1 ip6", "no packet can match --host=10.0.0.1 and 'ip6' together"},
		{"--host=10.0.0.1 ip6 or ip", NULL},
		{"--host=::1 --loopback ip", "no packet can match --host=::1 and 'ip' together"},
		{"--host=::2 --protocol=all arp", "no packet can match --host=::2 and 'arp' together"},
		{"--host=::2 --protocol=all not ip", NULL},
		{"--not-host=::2 --protocol=all arp", NULL},
		{"host 127.0.0.1",
		 "no packet can match 'host 127.0.0.1': loopback traffic is left out; add --loopback"},
		{"host 127.0.0.1 and port 80", "no packet can match 'host 127.0.0.1 and port 80': loopback"},
		{"host 127.0.0.1 or port 80", NULL},
		{"--protocol=all host 127.0.0.1", NULL},
		{"--protocol=all ip host 127.0.0.1", "no packet can match 'ip host 127.0.0.1': loopback"},
		{"--loopback host 127.0.0.1", NULL},
	};

	(void)state;
	expect_rows(rows, COUNT(rows));
}

/* Which expressions turn the default of --protocol into `all`. */
static void opening(void **state)
{
	static const struct {
		const char *line;
		bool opens;
	} rows[] = {
		{"icmp", true},
		{"arp", true},
		{"icmp or arp", true},
		{"ip6 proto 58", true},
		{"tcp port 80", false},
		{"icmp or udp", false},
		{"not tcp and not udp", true},
		{"host 10.0.0.1", false},
		{"less 100", false},
		{"--protocol=tcp icmp", false},
		{"--protocol=all icmp", false},
		{"", false},
		{"icmp or arp or stp", true},
		{"ip[9] = 1", true},
		{"icmp or ip[9] = 2", true},
		{"ip[9] = 6 or ip[9] = 1", false},
		{"ether[12:2] = 0x806", true},
		{"ether[12:2] & 0xff00 = 0x800", false},
		{"ip6[6] = 58", true},
		{"ip6[6] = 0", false},
		{"ip[9] >= 17", false},
		{"ip[9] = 89", true},
		{"stp", true},
		{"llc", true},
		{"vlan", false},
		{"ip[8] < 5", false},
		{"ip protochain 1", false},
		{"ip6 protochain 58 or stp", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct filter_words words;

		filter_words_read(&words, rows[i].line);
		if (filter_open_protocols(&words.spec, words.expression) != rows[i].opens)
			fail_msg("'%s'", rows[i].line);
		filter_spec_release(&words.spec);
	}
}

/* Which expressions name protocols that the default of --protocol hides. */
static void hiding(void **state)
{
	static const struct {
		const char *line;
		bool hides;
	} rows[] = {
		{"icmp or port 53", true},
		{"icmp[0] == 8 || tcp", true},
		{"ip or arp", true},
		{"vlan and (icmp or tcp)", true},
		{"ip proto 47 or tcp", true},
		{"proto \\icmp or tcp", true},
		{"ether proto 0x806 or udp", true},
		{"--protocol=tcp icmp or port 53", false},
		{"not icmp", false},
		{"not arp and port 80", false},
		{"not tcp", false},
		{"ip proto \\tcp or ip6 proto 17", false},
		{"host 10.0.0.1", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct filter_words words;

		filter_words_read(&words, rows[i].line);
		if (filter_hides_named(&words.spec, words.expression) != rows[i].hides)
			fail_msg("'%s'", rows[i].line);
		filter_spec_release(&words.spec);
	}
}

/* An expression that rejects everything, or that is wrong, does not miss these protocols in particular. */
static void misses(void **state)
{
	const protocol_set tcp = {[0] = 1 << 6}, none = {0};

	(void)state;
	assert_true(expression_misses("udp", tcp));
	assert_false(expression_misses("udp or tcp", tcp));
	assert_false(expression_misses("tcp and udp", tcp));
	assert_false(expression_misses("no such word", tcp));
	assert_false(expression_misses("udp", none));
	assert_true(expression_surely_misses("udp", tcp));
	assert_false(expression_surely_misses("vlan and udp", tcp));
	assert_false(expression_surely_misses("ip6[40] = 17", tcp));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options), cmocka_unit_test(options_and_an_expression),
		cmocka_unit_test(opening), cmocka_unit_test(hiding),
		cmocka_unit_test(misses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
