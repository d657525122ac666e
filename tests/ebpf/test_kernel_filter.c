/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_rows.h"

/* The filter options: packet, options, verdict. Tags and extension headers are in test_filter_headers.c. */

#define BROADCAST_UDP                 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, U16(T_IPV4), IPV4(P_UDP, 8), UDP(68, 67)
#define MULTICAST_UDP                 1, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 2, U16(T_IPV4), IPV4(P_UDP, 8), UDP(68, 67)
#define ICMP4                         ETHERNET(T_IPV4), IPV4(P_ICMP, 8), 8, 0, 0, 0, 0, 1, 0, 1
#define ICMP6                         ETHERNET(T_IPV6), IPV6(58, 8), 128, 0, 0, 0, 0, 1, 0, 1
#define BETWEEN(source, destination)  ETHERNET(T_IPV4), IPV4_FROM(source, destination, P_UDP, 8), UDP(1, 2)
#define BETWEEN6(source, destination) ETHERNET(T_IPV6), IPV6_FROM(0ull, source, 0ull, destination, P_UDP, 8), UDP(1, 2)
#define PORTS_OF(protocol)            ETHERNET(T_IPV4), IPV4(protocol, 8), UDP(5353, 53)
#define TCP_WITH(flags)               ETHERNET(T_IPV4), IPV4(P_TCP, 20), TCP(40000, 80, flags)

#define LATER4  ETHERNET(T_IPV4), IPV4_FRAGMENT(185, P_TCP, 20), TCP(40000, 80, SYN)
#define FIRST4  ETHERNET(T_IPV4), IPV4_FRAGMENT(MORE_FRAGMENTS, P_TCP, 20), TCP(40000, 80, SYN)
#define LATER6  ETHERNET(T_IPV6), IPV6(P_FRAGMENT, 28), FRAGMENT(P_TCP, 1480), TCP(40000, 80, SYN)
#define FIRST6  ETHERNET(T_IPV6), IPV6(P_FRAGMENT, 28), FRAGMENT(P_TCP, 1), TCP(40000, 80, SYN)
#define ATOMIC6 ETHERNET(T_IPV6), IPV6(P_FRAGMENT, 28), FRAGMENT(P_TCP, 0), TCP(40000, 80, SYN)

static const struct row rows[] = {
	{"TCP over IPv4", "", VERDICT_ACCEPTED, PACKET(TCP4)},
	{"UDP over IPv4", "", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"TCP over IPv6", "", VERDICT_ACCEPTED, PACKET(TCP6)},
	{"UDP over IPv6", "", VERDICT_ACCEPTED, PACKET(UDP6)},
	{"broadcast", "", VERDICT_ACCEPTED, PACKET(BROADCAST_UDP)},
	{"multicast", "", VERDICT_ACCEPTED, PACKET(MULTICAST_UDP)},
	{"ICMP", "", VERDICT_PROTOCOL, PACKET(ICMP4)},
	{"ICMPv6", "", VERDICT_PROTOCOL, PACKET(ICMP6)},
	{"SCTP", "", VERDICT_PROTOCOL, PACKET(PORTS_OF(P_SCTP))},
	{"ARP", "", VERDICT_NOT_IP, PACKET(ARP)},
	{"first fragment", "", VERDICT_ACCEPTED, PACKET(FIRST4)},
	{"later fragment", "", VERDICT_ACCEPTED, PACKET(LATER4)},
	{"first fragment over IPv6", "", VERDICT_ACCEPTED, PACKET(FIRST6)},
	{"later fragment over IPv6", "", VERDICT_ACCEPTED, PACKET(LATER6)},

	{"from 127.0.0.1", "", VERDICT_LOOPBACK, PACKET(BETWEEN(LOCALHOST, HOST_B))},
	{"to 127.0.0.1", "", VERDICT_LOOPBACK, PACKET(BETWEEN(HOST_A, LOCALHOST))},
	{"to 127.255.255.255", "", VERDICT_LOOPBACK, PACKET(BETWEEN(HOST_A, 0x7fffffff))},
	{"to 126.255.255.255", "", VERDICT_ACCEPTED, PACKET(BETWEEN(HOST_A, 0x7effffff))},
	{"to 128.0.0.0", "", VERDICT_ACCEPTED, PACKET(BETWEEN(HOST_A, 0x80000000))},
	{"from ::1", "", VERDICT_LOOPBACK, PACKET(BETWEEN6(1ull, 5ull))},
	{"to ::1", "", VERDICT_LOOPBACK, PACKET(BETWEEN6(5ull, 1ull))},
	{"from :: to ::2", "", VERDICT_ACCEPTED, PACKET(BETWEEN6(0ull, 2ull))},
	{"loopback before protocol", "", VERDICT_LOOPBACK,
	 PACKET(ETHERNET(T_IPV4), IPV4_FROM(LOCALHOST, LOCALHOST, P_ICMP, 8), UDP(1, 2))},
	{"--loopback, from 127.0.0.1", "--loopback", VERDICT_ACCEPTED, PACKET(BETWEEN(LOCALHOST, HOST_B))},
	{"--loopback, to ::1", "--loopback", VERDICT_ACCEPTED, PACKET(BETWEEN6(5ull, 1ull))},

	{"-Q in", "-Q in", VERDICT_ACCEPTED, PACKET(TCP4)},
	{"-Q inout", "-Q inout", VERDICT_ACCEPTED, PACKET(TCP4)},
	{"-Q out", "-Q out", VERDICT_DIRECTION, PACKET(TCP4)},
	{"direction before not-ip", "-Q out", VERDICT_DIRECTION, PACKET(ARP)},

	{"--protocol, one of it", "--protocol=icmp,132", VERDICT_ACCEPTED, PACKET(ICMP4)},
	{"--protocol by number", "--protocol=icmp,132", VERDICT_ACCEPTED, PACKET(PORTS_OF(P_SCTP))},
	{"--protocol, another", "--protocol=icmp,132", VERDICT_PROTOCOL, PACKET(TCP4)},
	{"--protocol, of the other family", "--protocol=icmp,132", VERDICT_PROTOCOL, PACKET(ICMP6)},
	{"--protocol, ARP", "--protocol=icmp,132", VERDICT_NOT_IP, PACKET(ARP)},
	{"--protocol twice", "--protocol=udp --protocol=icmp6", VERDICT_ACCEPTED, PACKET(ICMP6)},
	{"--protocol=255", "--protocol=255,0", VERDICT_ACCEPTED, PACKET(PORTS_OF(255))},
	{"--protocol=0", "--protocol=255,0", VERDICT_ACCEPTED, PACKET(PORTS_OF(0))},
	{"--protocol=all, ICMP", "--protocol=all", VERDICT_ACCEPTED, PACKET(ICMP4)},
	{"--protocol=all, ARP", "--protocol=all", VERDICT_ACCEPTED, PACKET(ARP)},
	{"--protocol=all, malformed", "--protocol=all", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_OF(0x44, 28, 0, P_UDP, HOST_A, HOST_B), UDP(1, 2))},
	{"protocol before host", "--host=192.0.2.1", VERDICT_PROTOCOL, PACKET(ICMP4)},

	{"--host, source", "--host=10.0.0.1,2001:db8::2", VERDICT_ACCEPTED, PACKET(BETWEEN(HOST_A, 1u))},
	{"--host, destination", "--host=10.0.0.1,2001:db8::2", VERDICT_ACCEPTED, PACKET(BETWEEN(1u, HOST_A))},
	{"--host, neither", "--host=10.0.0.1,2001:db8::2", VERDICT_HOST, PACKET(BETWEEN(HOST_B, HOST_B))},
	{"--host, IPv6", "--host=10.0.0.1,2001:db8::2", VERDICT_ACCEPTED, PACKET(UDP6)},
	{"--host, IPv6, neither", "--host=10.0.0.1,2001:db8::2", VERDICT_HOST, PACKET(BETWEEN6(5ull, 6ull))},
	{"--host, later fragment", "--host=10.0.0.1,2001:db8::2", VERDICT_ACCEPTED, PACKET(LATER4)},
	{"--host, first of a /23", "--host=10.0.0.0/23", VERDICT_ACCEPTED, PACKET(BETWEEN(0x0a000000, 1u))},
	{"--host, last of a /23", "--host=10.0.0.0/23", VERDICT_ACCEPTED, PACKET(BETWEEN(0x0a0001ff, 1u))},
	{"--host, behind a /23", "--host=10.0.0.0/23", VERDICT_HOST, PACKET(BETWEEN(0x0a000200, 1u))},
	{"--host, before a /23", "--host=10.0.0.0/23", VERDICT_HOST, PACKET(BETWEEN(0x09ffffff, 1u))},
	{"--host=0.0.0.0/0, IPv4", "--host=0.0.0.0/0", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--host=0.0.0.0/0, IPv6", "--host=0.0.0.0/0", VERDICT_HOST, PACKET(UDP6)},
	{"--host=::/0, IPv4", "--host=::/0", VERDICT_HOST, PACKET(UDP4)},
	{"--host=::/0, IPv6", "--host=::/0", VERDICT_ACCEPTED, PACKET(UDP6)},
	{"--host of 32 bits, IPv6", "--host=2001:db8::/32", VERDICT_ACCEPTED, PACKET(UDP6)},
	{"--host of 127 bits, IPv6", "--host=2001:db8::2/127", VERDICT_ACCEPTED, PACKET(UDP6)},
	{"--src", "--src=10.0.0.0/24", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--src, destination only", "--src=10.0.0.0/24", VERDICT_HOST, PACKET(BETWEEN(HOST_B, HOST_A))},
	{"--dst", "--dst=10.0.1.0/24", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--dst, source only", "--dst=10.0.1.0/24", VERDICT_HOST, PACKET(BETWEEN(HOST_B, HOST_A))},
	{"--src and --dst", "--src=10.0.0.0/8 --dst=10.0.1.2", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--src, not --dst", "--src=10.0.0.0/8 --dst=10.0.1.2", VERDICT_HOST, PACKET(BETWEEN(HOST_B, HOST_A))},
	{"--not-host, source", "--not-host=10.0.0.1", VERDICT_HOST, PACKET(UDP4)},
	{"--not-host, destination", "--not-host=10.0.0.1", VERDICT_HOST, PACKET(BETWEEN(1u, HOST_A))},
	{"--not-host, neither", "--not-host=10.0.0.1", VERDICT_ACCEPTED, PACKET(BETWEEN(1u, HOST_B))},
	{"--not-host in --host", "--host=10.0.0.0/8 --not-host=10.0.0.1", VERDICT_HOST, PACKET(UDP4)},
	{"--host around --not-host", "--host=10.0.0.0/8 --not-host=10.0.0.1", VERDICT_ACCEPTED,
	 PACKET(BETWEEN(HOST_B, HOST_B))},
	{"--host in --not-host", "--not-host=10.0.0.0/8 --host=10.0.0.1", VERDICT_HOST, PACKET(UDP4)},
	{"--host, ARP", "--protocol=all --host=0.0.0.0/0", VERDICT_HOST, PACKET(ARP)},
	{"--host-file, nobody", "--host-file=/dev/null", VERDICT_HOST, PACKET(UDP4)},
	{"--not-host-file, nobody", "--not-host-file=/dev/null", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--not-host, ARP", "--protocol=all --not-host=0.0.0.0/0", VERDICT_ACCEPTED, PACKET(ARP)},
	{"host before port", "--host=192.0.2.1 --port=1", VERDICT_HOST, PACKET(UDP4)},

	{"--port, source", "--port=53,8000-8100", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4(P_UDP, 8), UDP(53, 1))},
	{"--port, destination", "--port=53,8000-8100", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--port, neither", "--port=53,8000-8100", VERDICT_PORT, PACKET(TCP4)},
	{"--port, first of a range", "--port=53,8000-8100", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_TCP, 20), TCP(1, 8000, SYN))},
	{"--port, last of a range", "--port=53,8000-8100", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_TCP, 20), TCP(8100, 1, SYN))},
	{"--port, before a range", "--port=53,8000-8100", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_TCP, 20), TCP(7999, 1, SYN))},
	{"--port, behind a range", "--port=53,8000-8100", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV6), IPV6(P_TCP, 20), TCP(8101, 1, SYN))},
	{"--port=0", "--port=0", VERDICT_ACCEPTED, PACKET(ETHERNET(T_IPV4), IPV4(P_UDP, 8), UDP(1, 0))},
	{"--port=65535", "--port=65535", VERDICT_ACCEPTED, PACKET(ETHERNET(T_IPV4), IPV4(P_UDP, 8), UDP(65535, 1))},
	{"--port by name", "--port=domain", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--src-port", "--src-port=5353", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--src-port, destination only", "--src-port=53", VERDICT_PORT, PACKET(UDP4)},
	{"--dst-port", "--dst-port=53", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--dst-port, source only", "--dst-port=5353", VERDICT_PORT, PACKET(UDP4)},
	{"--src-port and --dst-port", "--src-port=5000-6000 --dst-port=53", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--src-port, not --dst-port", "--src-port=5000-6000 --dst-port=54", VERDICT_PORT, PACKET(UDP4)},
	{"--not-port, source", "--not-port=5353", VERDICT_PORT, PACKET(UDP4)},
	{"--not-port, destination", "--not-port=53", VERDICT_PORT, PACKET(UDP4)},
	{"--not-port, neither", "--not-port=54", VERDICT_ACCEPTED, PACKET(UDP4)},
	{"--not-port in --port", "--port=50-60 --not-port=53", VERDICT_PORT, PACKET(UDP4)},
	{"--port, first fragment", "--port=80", VERDICT_ACCEPTED, PACKET(FIRST4)},
	{"--port, later fragment of that", "--port=80", VERDICT_ACCEPTED, PACKET(LATER4)},
	{"--port, later fragment without its first", "--port=80,81", VERDICT_PORT, PACKET(LATER4)},
	{"--port, fragment with the highest offset", "--port=80", VERDICT_PORT,
	 PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(0x1000, P_TCP, 20), TCP(40000, 80, SYN))},
	{"--port, may not be fragmented", "--port=80", VERDICT_ACCEPTED,
	 PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(0x4000, P_TCP, 20), TCP(40000, 80, SYN))},
	{"--port, first fragment over IPv6", "--port=80", VERDICT_ACCEPTED, PACKET(FIRST6)},
	{"--port, later fragment of that", "--port=80", VERDICT_ACCEPTED, PACKET(LATER6)},
	{"--port, later fragment over IPv6 without its first", "--port=80,81", VERDICT_PORT, PACKET(LATER6)},
	{"--port, the only fragment over IPv6", "--port=80", VERDICT_ACCEPTED, PACKET(ATOMIC6)},
	{"--not-port, later fragment", "--not-port=81", VERDICT_PORT, PACKET(LATER4)},
	{"--port, DCCP", "--protocol=all --port=53", VERDICT_ACCEPTED, PACKET(PORTS_OF(33))},
	{"--port, SCTP", "--protocol=all --port=53", VERDICT_ACCEPTED, PACKET(PORTS_OF(P_SCTP))},
	{"--port, UDP-Lite", "--protocol=all --port=53", VERDICT_ACCEPTED, PACKET(PORTS_OF(136))},
	{"--port, ICMP has none", "--protocol=all --port=53", VERDICT_PORT, PACKET(PORTS_OF(P_ICMP))},
	{"--port, GRE has none", "--protocol=all --port=53", VERDICT_PORT, PACKET(PORTS_OF(47))},
	{"--port, ARP has none", "--protocol=all --port=53", VERDICT_PORT, PACKET(ARP)},
	{"--not-port, ICMP has none", "--protocol=all --not-port=54", VERDICT_PORT, PACKET(PORTS_OF(P_ICMP))},
	{"port before tcp-flags", "--port=1 --tcp-flags=ack", VERDICT_PORT, PACKET(TCP4)},

	{"--tcp-flags, set and clear", "--tcp-flags=syn,!ack", VERDICT_ACCEPTED, PACKET(TCP4)},
	{"--tcp-flags, others", "--tcp-flags=syn,!ack", VERDICT_ACCEPTED, PACKET(TCP_WITH(0xef))},
	{"--tcp-flags, one set too many", "--tcp-flags=syn,!ack", VERDICT_TCP_FLAGS, PACKET(TCP_WITH(SYN | ACK))},
	{"--tcp-flags, none set", "--tcp-flags=syn,!ack", VERDICT_TCP_FLAGS, PACKET(TCP_WITH(0))},
	{"--tcp-flags, UDP", "--tcp-flags=syn,!ack", VERDICT_TCP_FLAGS, PACKET(UDP4)},
	{"--tcp-flags, later fragment", "--tcp-flags=syn,!ack", VERDICT_TCP_FLAGS, PACKET(LATER4)},
	{"--tcp-flags, only clear", "--tcp-flags=!ack", VERDICT_ACCEPTED, PACKET(TCP_WITH(0))},
	{"--tcp-flags, only clear, UDP", "--tcp-flags=!ack", VERDICT_TCP_FLAGS, PACKET(UDP4)},
	{"--tcp-flags, two of two", "--tcp-flags=ece,cwr", VERDICT_ACCEPTED, PACKET(TCP_WITH(0xc0))},
	{"--tcp-flags, one of two", "--tcp-flags=ece,cwr", VERDICT_TCP_FLAGS, PACKET(TCP_WITH(0x80))},
};

/* Packets through lo. */
static const struct row loopback_rows[] = {
	{"loopback device", "", VERDICT_LOOPBACK, PACKET(TCP4)},
	{"loopback device, ARP", "", VERDICT_LOOPBACK, PACKET(ARP)},
	{"--loopback, loopback device", "--loopback", VERDICT_ACCEPTED, PACKET(TCP4)},
	{"--loopback, ARP", "--loopback", VERDICT_NOT_IP, PACKET(ARP)},
	{"direction before loopback", "-Q out", VERDICT_DIRECTION, PACKET(TCP4)},
	{"--protocol=all, loopback", "--protocol=all", VERDICT_LOOPBACK, PACKET(ARP)},
};

int main(void)
{
	struct CMUnitTest tests[LENGTH(rows) + LENGTH(loopback_rows)];

	rows_need_privilege();
	for (size_t i = 0; i < LENGTH(rows); i++)
		tests[i] = rows_unit_test(&rows[i], rows_test);
	for (size_t i = 0; i < LENGTH(loopback_rows); i++)
		tests[LENGTH(rows) + i] = rows_unit_test(&loopback_rows[i], rows_test_loopback);
	return rows_run_group(tests, LENGTH(tests), rows_teardown);
}
