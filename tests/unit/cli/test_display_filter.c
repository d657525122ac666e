/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/display_filter.h"
#include "filter/expression.h"

/* Display filters in place of an EXPRESSION. What is said of each is in test_options_wrong.c. */

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Whatever is suggested is an expression that libpcap takes. */
static void suggestions_compile(void **state)
{
	static const char *const filters[] = {
		"tcp.port == 80",
		"tcp.srcport == 80",
		"tcp.dstport != 80",
		"udp.port eq 53",
		"udp.srcport == 53",
		"udp.dstport ne 53",
		"ip.addr == 10.0.0.1",
		"ip.host == 10.0.0.1",
		"ip.src == 10.0.0.0/8",
		"ip.dst != 10.0.0.1",
		"ipv6.addr == fe80::1",
		"ipv6.src == 2001:db8::/32",
		"ipv6.dst == ::1",
		"eth.addr == 00:11:22:33:44:55",
		"eth.src == 0:1:2:3:4:5",
		"eth.dst != 0:1:2:3:4:5",
		"eth.type == 0x0800",
		"eth.type == arp",
		"vlan.id == 5",
		"ip.proto == 6",
		"ip.proto == ICMP",
		"ipv6.nxt == 58",
		"ipv6.nxt == tcp",
		"frame.len > 100",
		"ip.version == 4",
		"ip.len >= 100",
		"ip.id == 0x1234",
		"ip.ttl lt 5",
		"ipv6.plen le 100",
		"ipv6.hlim gt 5",
		"icmp.type == 8",
		"icmp.code ne 0",
		"arp.opcode == 1",
		"tcp.flags == 0x12",
		"tcp.window_size_value < 10",
		"tcp.len > 0",
		"udp.length == 8",
		"tcp.flags.syn",
		"tcp.flags.fin == 1",
		"tcp.flags.ack == 0",
		"tcp.flags.reset",
		"tcp.flags.push == true",
		"tcp.flags.urg == false",
		"ip.flags.df",
		"ip.flags.mf == 0",
		"bgp",
		"bootp",
		"dhcp",
		"dhcpv6",
		"dns",
		"ftp",
		"gre",
		"http",
		"http2",
		"icmpv6",
		"imap",
		"ipv6",
		"ldap",
		"lldp",
		"llmnr",
		"mdns",
		"mqtt",
		"mysql",
		"nbns",
		"nfs",
		"ntp",
		"ospf",
		"pgsql",
		"pop",
		"quic",
		"radius",
		"rdp",
		"sip",
		"smb",
		"smb2",
		"smtp",
		"snmp",
		"ssdp",
		"ssh",
		"ssl",
		"syslog",
		"telnet",
		"tftp",
		"tls",
		"vxlan",
		"!(arp || dns)",
		"!mdns && ip.ttl == 1",
		"ip.host == example.org",
		"ip.addr == \"10.0.0.1\"",
		"vlan.id == 5 && tcp.port == http",
		"_ws.col.Protocol == \"ICMPv6\"",
	};
	struct display_meaning meaning;

	(void)state;
	for (size_t i = 0; i < LENGTH(filters); i++) {
		if (!display_filter_is_meant(filters[i]) || !display_filter_translate(filters[i], &meaning))
			fail_msg("'%s' is not translated", filters[i]);
		if (!strstr(meaning.expression, "example.org") && *meaning.expression &&
		    expression_rejects_all(meaning.expression, LINK_ETHERNET) < 0)
			fail_msg("'%s' becomes '%s'", filters[i], meaning.expression);
	}
}

/* What is suggested matches the same packets as tshark -Y does, or says which it misses. */
static void suggestions(void **state)
{
	static const struct {
		const char *filter, *written;
	} rows[] = {
		{"ip.version == 6", "'ip6'"},
		{"ip.version != 6", "'ip'"},
		{"ip.version == 4", "'ip'"},
		{"tcp.flags.syn==1 && tcp.flags.ack==0", "--tcp-flags='syn,!ack'"},
		{"(tcp.flags.syn eq 1 and (tcp.flags.ack == False))", "--tcp-flags='syn,!ack'"},
		{"!tcp.flags.syn", "--tcp-flags='!syn'"},
		{"tcp.flags.reset != 0 && ip.ttl < 5", "--tcp-flags=rst 'ip[8] < 5'"},
		{"tcp.flags.syn == 1 && tcp.flags.syn == 1", "--tcp-flags=syn"},
		{"tcp.flags.syn || tcp.flags.fin == 0",
		 "'tcp[tcpflags] & tcp-syn != 0 or tcp[tcpflags] & tcp-fin == 0' (IPv4 only)"},
		{"!(tcp.flags.syn == 1)", "'not (tcp[tcpflags] & tcp-syn != 0)' (IPv4 only)"},
		{"ip.flags.mf == 0", "'ip[6] & 0x20 == 0'"},
		{"tcp.window_size_value < 10", "'tcp[14:2] < 10' (IPv4 only)"},
		{"tcp.len > 0", "'(tcp and ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2) > 0)' (IPv4 only)"},
		{"ip.addr != 10.0.0.1", "'(ip and not host 10.0.0.1)'"},
		{"ipv6.src ne 2001:db8::/32", "'(ip6 and not src net 2001:db8::/32)'"},
		{"ip.proto != 6", "'(ip and not ip proto 6)'"},
		{"eth.type != 0x806", "'not ether proto 0x806'"},
		{"_ws.col.protocol == \"TCP\"", "'tcp'"},
		{"frame", "--protocol=all"},
		{"(eth)", "--protocol=all"},
		{"tcp.analysis.retransmission or tcp.analysis.fast_retransmission", "--tcp-event=retransmission"},
		{"tcp.analysis.flags && ip.addr==10.0.0.1", "--tcp-event=any 'host 10.0.0.1'"},
		{"!arp and (tcp.analysis.zero_window || tcp.analysis.window_full)",
		 "--tcp-event=zero-window,window-full 'not arp'"},
	};
	struct display_meaning meaning;
	char written[512];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (!display_filter_is_meant(rows[i].filter) || !display_filter_translate(rows[i].filter, &meaning))
			fail_msg("'%s' is not translated", rows[i].filter);
		display_filter_write(&meaning, written, sizeof(written));
		assert_string_equal(written, rows[i].written);
	}
}

static void no_counterpart(void **state)
{
	static const char *const filters[] = {
		"http.request",
		"contains",
		"tls.handshake.type == 1",
		"tcp contains 47:45",
		"tcp.port in {80 443}",
		"tcp.port > 1024",
		"tcp.stream eq 3",
		"ip.ttl == x",
		"tcp.len",
		"frame matches x",
		"_ws.expert && tcp.x",
		"_ws.col.info contains GET",
		"data",
		"frame && tcp",
		"ip.version > 4",
		"ip.proto == 999",
		"ip.ttl == 256",
		"tcp.flags == 0x102",
		"tcp.port == 65536",
		"udp.port == 99999 && ip.host == example.org",
		"eth.addr == ff",
		"eth.type == 100",
		"ip.addr == 10.0.0.1/8",
		"ip.addr == ff::/3x",
		"vlan.id == 4096",
		"vlan.id != 5",
		"tcp.port == 80 && vlan.id == 5",
		"vlan.id == 5 || tcp.port == 80",
		"tcp.analysis.zero_window && tcp.analysis.window_full",
		"tcp.analysis.flags || dns",
		"tcp.flags.syn ==",
	};
	struct display_meaning meaning;

	(void)state;
	for (size_t i = 0; i < LENGTH(filters); i++) {
		if (!display_filter_is_meant(filters[i]))
			fail_msg("'%s' is not recognized", filters[i]);
		if (display_filter_translate(filters[i], &meaning))
			fail_msg("'%s' becomes %s '%s'", filters[i], meaning.options, meaning.expression);
	}
}

/* Names of hosts, services and protocols behind the words of pcap-filter(7) for them. */
static void expressions(void **state)
{
	static const char *const texts[] = {
		"tcp port 80",
		"port http or https",
		"host dns.google",
		"host dns.google or http.cat",
		"src or dst port ssh",
		"not host mail.example.org and udp",
		"tcp[tcpflags] & tcp-syn != 0",
		"ip[8] < 5",
		"icmp or icmp6",
		"less 100",
		"portrange ftp-ssh",
		"ip proto ospf",
		"net 10.0.0.0/8",
		"gateway vlan.example",
		"host frame or data",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		if (display_filter_is_meant(texts[i]))
			fail_msg("'%s' is taken for a display filter", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suggestions_compile),
		cmocka_unit_test(suggestions),
		cmocka_unit_test(no_counterpart),
		cmocka_unit_test(expressions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
