#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# With no filter option, each frame gets exactly one verdict, and each is counted.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

test_tcp_and_udp_pass() {
	judge -q <<-'FRAMES'
		7  accepted  eth/IP(src=A, dst=B)/TCP(sport=1000, dport=80, flags="S")
		5  accepted  eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)/b"query"
		3  accepted  eth/IPv6(src=A6, dst=B6)/TCP(sport=1000, dport=80, flags="S")
		2  accepted  eth/IPv6(src=A6, dst=B6)/UDP(sport=1000, dport=53)/b"query"
		1  accepted  other/IP(src=A, dst=C)/TCP(sport=1000, dport=80, flags="S")
		1  accepted  Ether(dst="ff:ff:ff:ff:ff:ff")/IP(src=A, dst="255.255.255.255")/UDP(sport=68, dport=67)
		1  accepted  Ether(dst="01:00:5e:00:00:fb")/IP(src=A, dst="224.0.0.251")/UDP(sport=5353, dport=5353)
	FRAMES
	equal "lines of output" 20 "$(line_count out)"
}

test_loopback_addresses() {
	judge -q <<-'FRAMES'
		3  loopback  eth/IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=2)
		4  loopback  eth/IP(src=A, dst="127.255.255.255")/TCP(sport=1, dport=2)
		2  loopback  eth/IPv6(src="::1", dst=B6)/UDP(sport=1, dport=2)
		5  loopback  eth/IPv6(src=A6, dst="::1")/TCP(sport=1, dport=2)
		1  loopback  eth/IP(src=A, dst="127.0.0.1")/ICMP()
		1  accepted  eth/IP(src="126.255.255.255", dst="128.0.0.0")/UDP(sport=1, dport=2)
		1  accepted  eth/IPv6(src="::2", dst="::")/UDP(sport=1, dport=2)
	FRAMES
}

test_not_ip() {
	judge -q <<-'FRAMES'
		6  not-ip  eth/ARP(psrc=A, pdst=B)
		2  not-ip  Ether(type=0x88cc)/b"lldp"
		3  not-ip  Ether(type=0x88b5)/(b"x" * 60)
		1  not-ip  Dot3(dst="01:80:c2:00:00:00")/LLC(dsap=0x42, ssap=0x42, ctrl=3)/STP()
	FRAMES
}

test_other_protocols() {
	judge -q <<-'FRAMES'
		4  protocol  eth/IP(src=A, dst=B)/ICMP()
		2  protocol  eth/IPv6(src=A6, dst=B6)/ICMPv6EchoRequest()
		1  protocol  eth/IP(src=A, dst="224.0.0.1", proto=2)/b"\x11\x00\xee\xff\x00\x00\x00\x00"
		1  protocol  eth/IP(src=A, dst=B, proto=47)/b"\x00\x00\x08\x00"
		1  protocol  eth/IP(src=A, dst=B)/SCTP(sport=1, dport=2)
		1  protocol  eth/IP(src=A, dst=B, proto=50)/(b"e" * 40)
		1  protocol  eth/IPv6(src=A6, dst=B6, nh=59)
		1  protocol  eth/IP(src=A, dst=B, proto=4)/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		3  protocol  eth/IP(src=A, dst=B, proto=1, frag=100)/b"later fragment of a ping"
	FRAMES
}

test_malformed_ip() {
	judge -q <<-'FRAMES'
		1  malformed  eth/IP(src=A, dst=B, ihl=4)/UDP(sport=1, dport=2)
		2  malformed  eth/IP(src=A, dst=B, version=7)/UDP(sport=1, dport=2)
		3  malformed  cut(eth/IP(src=A, dst=B)/UDP(sport=1, dport=2), 14 + 19)
		1  malformed  cut(eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=2), 14 + 39)
		2  malformed  cut(eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/UDP(sport=1, dport=2), 14 + 40)
		1  malformed  eth/IPv6(src=A6, dst=B6, nh=43)
		1  malformed  Ether(type=0x0800)
		1  accepted   eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
	FRAMES
}

test_cut_transport_headers_are_no_reason_to_hide_a_packet() {
	judge -q <<-'FRAMES'
		1  accepted  cut(eth/IP(src=A, dst=B)/TCP(sport=1, dport=2), 14 + 20)
		1  accepted  cut(eth/IP(src=A, dst=B)/TCP(sport=1, dport=2), 14 + 20 + 3)
		1  accepted  cut(eth/IP(src=A, dst=B)/UDP(sport=1, dport=2), 14 + 20 + 7)
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, dataofs=1)
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2, len=4)
		1  accepted  cut(eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=2), 14 + 40 + 1)
	FRAMES
}

test_ipv4_options() {
	judge -q --port 53 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B, options=[IPOption_RR(routers=["0.0.0.0"] * 9)])/UDP(sport=1, dport=53)
		2  accepted  eth/IP(src=A, dst=B, options=[IPOption_Router_Alert()])/TCP(sport=53, dport=2)
		3  port      eth/IP(src=A, dst=B, options=[IPOption_Router_Alert()])/TCP(sport=54, dport=2)
	FRAMES
}

test_ipv6_extension_headers() {
	judge -q --port 53 <<-'FRAMES'
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop(options=[PadN(optdata=b"1234")])/UDP(sport=1, dport=53)
		2  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrRouting(addresses=[C6])/TCP(sport=1, dport=53)
		3  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrDestOpt(options=[PadN(optdata=b"x" * 12)])/UDP(sport=53, dport=1)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=1)/UDP(sport=1, dport=53)/(b"f" * 24)
		2  accepted  eth/IPv6(src=A6, dst=B6, nh=51)/bytes([17, 4] + [0] * 22)/UDP(sport=1, dport=53)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/IPv6ExtHdrRouting(addresses=[C6])/IPv6ExtHdrFragment(m=1)/IPv6ExtHdrDestOpt()/UDP(sport=1, dport=53)
		4  port      eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/IPv6ExtHdrDestOpt()/UDP(sport=1, dport=54)
		2  protocol  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/ICMPv6EchoRequest()
		1  protocol  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrDestOpt(nh=59)
		1  port      eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(id=5, offset=10, nh=17)/(b"\x00\x35" * 8)
	FRAMES
}

test_ipv4_authentication_header() {
	judge -q --port 53 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B, proto=51)/bytes([17, 4] + [0] * 22)/UDP(sport=1, dport=53)
		1  port      eth/IP(src=A, dst=B, proto=51)/bytes([6, 4] + [0] * 22)/TCP(sport=1, dport=54)
	FRAMES
}

test_a_thousand_of_each() {
	judge -q <<-'FRAMES'
		1000  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"query"
		1000  protocol  eth/IP(src=A, dst=B)/ICMP()
		1000  not-ip    eth/ARP(psrc=A, pdst=B)
		1000  loopback  eth/IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=2)
		1000  accepted  eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=80)
	FRAMES
	equal "lost" 0 "${COUNT[lost]}"
	equal "lines of output" 2000 "$(line_count out)"
}

run_tests "$@"
