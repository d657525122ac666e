/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_rows.h"

/* Frames of a device without a link-level header, such as tun, begin with the IP header. */

static const struct row rows[] = {
	{"raw TCP over IPv4", "", VERDICT_ACCEPTED, PACKET(IPV4(P_TCP, 20), TCP(40000, 80, SYN))},
	{"raw UDP over IPv6", "", VERDICT_ACCEPTED, PACKET(IPV6(P_UDP, 8), UDP(5353, 53))},
	{"raw ICMP", "", VERDICT_PROTOCOL, PACKET(IPV4(P_ICMP, 8), 8, 0, 0, 0, 0, 1, 0, 1)},
	{"raw, 4 words", "", VERDICT_MALFORMED, PACKET(IPV4_OF(0x44, 28, 0, P_UDP, HOST_A, HOST_B), UDP(1, 2))},
	{"raw, later fragment", "", VERDICT_ACCEPTED, PACKET(IPV4_FRAGMENT(185, P_UDP, 8), UDP(5353, 53))},
	{"raw, extension cut", "", VERDICT_MALFORMED, PACKET(IPV6(P_OPTIONS, 16), P_UDP, 0, 1, 4)},
	{"raw, from 127.0.0.1", "", VERDICT_LOOPBACK, PACKET(IPV4_FROM(LOCALHOST, HOST_B, P_UDP, 8), UDP(1, 2))},

	{"raw, --port", "--port=53", VERDICT_ACCEPTED, PACKET(IPV4(P_UDP, 8), UDP(5353, 53))},
	{"raw, another --port", "--port=53", VERDICT_PORT, PACKET(IPV4(P_UDP, 8), UDP(5353, 54))},
	{"raw, --port behind options", "--port=53", VERDICT_ACCEPTED,
	 PACKET(IPV4_OF(0x47, 36, 0, P_UDP, HOST_A, HOST_B), U64(1ull), UDP(5353, 53))},
	{"raw, --port behind extensions", "--port=53", VERDICT_ACCEPTED,
	 PACKET(IPV6(P_HOP_BY_HOP, 48), EXTENSION(P_AH), AH_24(P_OPTIONS), EXTENSION(P_UDP), UDP(5353, 53))},
	{"raw, --port, later fragment", "--port=53", VERDICT_PORT, PACKET(IPV4_FRAGMENT(185, P_UDP, 8), UDP(5353, 53))},
	{"raw, destination port cut", "--port=53", VERDICT_ACCEPTED, PACKET(IPV4(P_UDP, 8), 0, 53, 0)},
	{"raw, destination port cut, --src-port", "--src-port=53", VERDICT_ACCEPTED, PACKET(IPV4(P_UDP, 8), 0, 53, 0)},
	{"raw, destination port cut, --dst-port", "--dst-port=0-65535", VERDICT_PORT, PACKET(IPV4(P_UDP, 8), 0, 53, 0)},
	{"raw, destination port cut, --not-port", "--not-port=80", VERDICT_PORT, PACKET(IPV4(P_UDP, 8), 0, 53, 0)},
	{"raw, ports cut", "--port=0-65535", VERDICT_PORT, PACKET(IPV4(P_UDP, 8), 0)},
	{"raw, no byte behind the header", "--port=53", VERDICT_PORT, PACKET(IPV4(P_UDP, 8))},
	/* The source address looks like the type IPv4 of an Ethernet header. */
	{"raw, from 8.0.0.1", "--port=53", VERDICT_ACCEPTED,
	 PACKET(IPV4_FROM(0x08000001, HOST_B, P_UDP, 8), UDP(53, 1), U64(1ull), U64(1ull))},
	{"raw, from 8.0.0.1, destination port cut", "--port=53", VERDICT_ACCEPTED,
	 PACKET(IPV4_FROM(0x08000001, HOST_B, P_UDP, 8), 0, 53, 0)},
	{"raw, from 8.0.0.1, ports cut", "--port=53", VERDICT_PORT, PACKET(IPV4_FROM(0x08000001, HOST_B, P_UDP, 8), 0)},

	{"raw, --src", "--src=10.0.0.1,2001:db8::1", VERDICT_ACCEPTED, PACKET(IPV4(P_UDP, 8), UDP(1, 2))},
	{"raw, --src, IPv6", "--src=10.0.0.1,2001:db8::1", VERDICT_ACCEPTED, PACKET(IPV6(P_UDP, 8), UDP(1, 2))},
	{"raw, another --src", "--src=10.0.0.1,2001:db8::1", VERDICT_HOST,
	 PACKET(IPV4_FROM(HOST_B, HOST_A, P_UDP, 8), UDP(1, 2))},
	{"raw, --tcp-flags", "--tcp-flags=syn", VERDICT_ACCEPTED, PACKET(IPV6(P_TCP, 20), TCP(1, 2, SYN))},
	{"raw, other --tcp-flags", "--tcp-flags=syn", VERDICT_TCP_FLAGS, PACKET(IPV6(P_TCP, 20), TCP(1, 2, ACK))},
	{"raw, --protocol=all", "--protocol=all", VERDICT_ACCEPTED, PACKET(IPV4(P_ESP, 8), U64(1ull))},
};

/* Packets through lo. */
static const struct row loopback_rows[] = {
	{"raw, loopback device", "", VERDICT_LOOPBACK, PACKET(IPV4(P_UDP, 8), UDP(1, 2))},
};

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows) + LENGTH(loopback_rows)];

	rows_need_privilege();
	program_type = BPF_PROG_TYPE_SOCKET_FILTER;
	for (size_t i = 0; i < LENGTH(rows); i++)
		tests[i] = rows_unit_test(&rows[i], rows_test);
	for (size_t i = 0; i < LENGTH(loopback_rows); i++)
		tests[LENGTH(rows) + i] = rows_unit_test(&loopback_rows[i], rows_test_loopback);
	return rows_run_group(tests, LENGTH(tests), rows_teardown);
}
