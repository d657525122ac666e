/* SPDX-License-Identifier: BSD-2-Clause */
#include <stddef.h>
#include <string.h>

#include "cli/display_filter_internal.h"

static const struct display_field fields[] = {
	{"tcp.port", "tcp port ", "tcp", DISPLAY_PORT, 65535},
	{"tcp.srcport", "tcp src port ", "tcp", DISPLAY_PORT, 65535},
	{"tcp.dstport", "tcp dst port ", "tcp", DISPLAY_PORT, 65535},
	{"udp.port", "udp port ", "udp", DISPLAY_PORT, 65535},
	{"udp.srcport", "udp src port ", "udp", DISPLAY_PORT, 65535},
	{"udp.dstport", "udp dst port ", "udp", DISPLAY_PORT, 65535},
	{"ip.addr", "", "ip", DISPLAY_HOST, 0},
	{"ip.host", "", "ip", DISPLAY_HOST, 0},
	{"ip.src", "src ", "ip", DISPLAY_HOST, 0},
	{"ip.dst", "dst ", "ip", DISPLAY_HOST, 0},
	{"ipv6.addr", "", "ip6", DISPLAY_HOST, 0},
	{"ipv6.src", "src ", "ip6", DISPLAY_HOST, 0},
	{"ipv6.dst", "dst ", "ip6", DISPLAY_HOST, 0},
	{"eth.addr", "ether host ", NULL, DISPLAY_ETHER, 0},
	{"eth.src", "ether src ", NULL, DISPLAY_ETHER, 0},
	{"eth.dst", "ether dst ", NULL, DISPLAY_ETHER, 0},
	{"eth.type", "ether proto ", NULL, DISPLAY_ETHERTYPE, 65535},
	{"vlan.id", "vlan ", "vlan", DISPLAY_VLAN, 4095},
	{"ip.proto", "ip proto ", "ip", DISPLAY_PROTOCOL, 255},
	{"ipv6.nxt", "ip6 proto ", "ip6", DISPLAY_PROTOCOL, 255},
	{"ip.version", "", NULL, DISPLAY_VERSION, 0},

	{"frame.len", "len", NULL, DISPLAY_NUMBER, 4294967295},
	{"ip.len", "ip[2:2]", NULL, DISPLAY_NUMBER, 65535},
	{"ip.id", "ip[4:2]", NULL, DISPLAY_NUMBER, 65535},
	{"ip.ttl", "ip[8]", NULL, DISPLAY_NUMBER, 255},
	{"ipv6.plen", "ip6[4:2]", NULL, DISPLAY_NUMBER, 65535},
	{"ipv6.hlim", "ip6[7]", NULL, DISPLAY_NUMBER, 255},
	{"icmp.type", "icmp[0]", NULL, DISPLAY_NUMBER, 255},
	{"icmp.code", "icmp[1]", NULL, DISPLAY_NUMBER, 255},
	{"arp.opcode", "arp[6:2]", NULL, DISPLAY_NUMBER, 65535},
	{"tcp.flags", "tcp[13]", NULL, DISPLAY_NUMBER, 255},
	{"tcp.window_size_value", "tcp[14:2]", NULL, DISPLAY_NUMBER, 65535},
	/* as pcap-filter(7) has it; libpcap does not check the protocol of what is subtracted */
	{"tcp.len", "ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2)", "tcp", DISPLAY_NUMBER, 65535},
	{"udp.length", "udp[4:2]", NULL, DISPLAY_NUMBER, 65535},

	{"tcp.flags.syn", "tcp[tcpflags] & tcp-syn", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.fin", "tcp[tcpflags] & tcp-fin", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.ack", "tcp[tcpflags] & tcp-ack", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.reset", "tcp[tcpflags] & tcp-rst", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.push", "tcp[tcpflags] & tcp-push", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.urg", "tcp[tcpflags] & tcp-urg", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.ece", "tcp[tcpflags] & tcp-ece", NULL, DISPLAY_FLAG, 1},
	{"tcp.flags.cwr", "tcp[tcpflags] & tcp-cwr", NULL, DISPLAY_FLAG, 1},
	{"ip.flags.df", "ip[6] & 0x40", NULL, DISPLAY_FLAG, 1},
	{"ip.flags.mf", "ip[6] & 0x20", NULL, DISPLAY_FLAG, 1},

	{"bgp", "tcp port 179", NULL, DISPLAY_NAME, 0},
	{"bootp", "udp portrange 67-68", NULL, DISPLAY_NAME, 0},
	{"dhcp", "udp portrange 67-68", NULL, DISPLAY_NAME, 0},
	{"dhcpv6", "udp portrange 546-547", NULL, DISPLAY_NAME, 0},
	{"dns", "port 53", NULL, DISPLAY_NAME, 0},
	{"ftp", "tcp port 21", NULL, DISPLAY_NAME, 0},
	{"gre", "proto 47", NULL, DISPLAY_NAME, 0},
	{"http", "tcp port 80", NULL, DISPLAY_NAME, 0},
	{"http2", "tcp port 443", NULL, DISPLAY_NAME, 0},
	{"icmpv6", "icmp6", NULL, DISPLAY_NAME, 0},
	{"imap", "tcp port 143", NULL, DISPLAY_NAME, 0},
	{"ipv6", "ip6", NULL, DISPLAY_NAME, 0},
	{"ldap", "tcp port 389", NULL, DISPLAY_NAME, 0},
	{"lldp", "ether proto 0x88cc", NULL, DISPLAY_NAME, 0},
	{"llmnr", "udp port 5355", NULL, DISPLAY_NAME, 0},
	{"mdns", "udp port 5353", NULL, DISPLAY_NAME, 0},
	{"mqtt", "tcp port 1883", NULL, DISPLAY_NAME, 0},
	{"mysql", "tcp port 3306", NULL, DISPLAY_NAME, 0},
	{"nbns", "udp port 137", NULL, DISPLAY_NAME, 0},
	{"nfs", "port 2049", NULL, DISPLAY_NAME, 0},
	{"ntp", "udp port 123", NULL, DISPLAY_NAME, 0},
	{"ospf", "proto 89", NULL, DISPLAY_NAME, 0},
	{"pgsql", "tcp port 5432", NULL, DISPLAY_NAME, 0},
	{"pop", "tcp port 110", NULL, DISPLAY_NAME, 0},
	{"quic", "udp port 443", NULL, DISPLAY_NAME, 0},
	{"radius", "udp portrange 1812-1813", NULL, DISPLAY_NAME, 0},
	{"rdp", "port 3389", NULL, DISPLAY_NAME, 0},
	{"sip", "port 5060", NULL, DISPLAY_NAME, 0},
	{"smb", "tcp port 445", NULL, DISPLAY_NAME, 0},
	{"smb2", "tcp port 445", NULL, DISPLAY_NAME, 0},
	{"smtp", "tcp port 25", NULL, DISPLAY_NAME, 0},
	{"snmp", "udp portrange 161-162", NULL, DISPLAY_NAME, 0},
	{"ssdp", "udp port 1900", NULL, DISPLAY_NAME, 0},
	{"ssh", "tcp port 22", NULL, DISPLAY_NAME, 0},
	{"ssl", "tcp port 443", NULL, DISPLAY_NAME, 0},
	{"syslog", "udp port 514", NULL, DISPLAY_NAME, 0},
	{"telnet", "tcp port 23", NULL, DISPLAY_NAME, 0},
	{"tftp", "udp port 69", NULL, DISPLAY_NAME, 0},
	{"tls", "tcp port 443", NULL, DISPLAY_NAME, 0},
	{"vxlan", "udp port 4789", NULL, DISPLAY_NAME, 0},
};

const struct display_field *display_field_find(const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}
