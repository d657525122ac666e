#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every option of the kernel filter, and what each rejects.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

test_protocol_by_name_and_number() {
	judge -q --protocol=icmp,132 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/ICMP()
		3  accepted  eth/IP(src=A, dst=B)/SCTP(sport=1, dport=2)
		4  protocol  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2)
		5  protocol  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		1  not-ip    eth/ARP(psrc=A, pdst=B)
	FRAMES
}

test_protocol_repeated() {
	judge -q --protocol udp --protocol=gre <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B, proto=47)/b"\x00\x00\x08\x00"
		3  accepted  eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=2)
		4  protocol  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2)
	FRAMES
}

test_protocol_all_keeps_every_frame() {
	judge -q --protocol=all <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/ICMP()
		3  accepted  eth/ARP(psrc=A, pdst=B)
		4  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2)
		1  accepted  Ether(type=0x88cc)/b"lldp"
		2  loopback  eth/IP(src="127.0.0.1", dst=B)/ICMP()
	FRAMES
	equal "lines of output" 10 "$(line_count out)"
}

test_loopback_addresses_on_request() {
	judge -q --loopback <<-'FRAMES'
		2  accepted  eth/IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=2)
		3  accepted  eth/IPv6(src="::1", dst="::1")/TCP(sport=1, dport=2)
		1  protocol  eth/IP(src="127.0.0.1", dst=B)/ICMP()
	FRAMES
}

test_host_is_either_address() {
	judge -q --host=10.9.0.1,fd09::/64 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		2  accepted  eth/IP(src=B, dst=A)/UDP(sport=1, dport=2)
		3  host      eth/IP(src=B, dst=C)/UDP(sport=1, dport=2)
		4  accepted  eth/IPv6(src="2001:db8::1", dst=B6)/TCP(sport=1, dport=2)
		5  host      eth/IPv6(src="2001:db8::1", dst="2001:db8::2")/TCP(sport=1, dport=2)
		1  protocol  eth/IP(src=B, dst=C)/ICMP()
	FRAMES
}

test_src_and_dst() {
	judge -q --src 10.9.0.0/30 --dst 10.9.0.2 --dst 10.9.0.3 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		2  accepted  eth/IP(src=A, dst=C)/UDP(sport=1, dport=2)
		3  host      eth/IP(src=B, dst=A)/UDP(sport=1, dport=2)
		4  host      eth/IP(src="10.9.0.4", dst=B)/UDP(sport=1, dport=2)
	FRAMES
}

test_not_host() {
	judge -q --not-host=10.9.0.3 --not-host=fd09::3 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		2  host      eth/IP(src=A, dst=C)/UDP(sport=1, dport=2)
		3  host      eth/IP(src=C, dst=B)/UDP(sport=1, dport=2)
		4  host      eth/IPv6(src=C6, dst=B6)/TCP(sport=1, dport=2)
		1  accepted  eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=2)
	FRAMES
}

test_prefix_lengths() {
	judge -q --host=10.9.0.128/25,192.0.2.0/31,2001:db8:8000::/33 <<-'FRAMES'
		1  accepted  eth/IP(src="10.9.0.128", dst="1.1.1.1")/UDP(sport=1, dport=2)
		2  host      eth/IP(src="10.9.0.127", dst="1.1.1.1")/UDP(sport=1, dport=2)
		1  accepted  eth/IP(src="8.8.8.8", dst="192.0.2.1")/UDP(sport=1, dport=2)
		3  host      eth/IP(src="8.8.8.8", dst="192.0.2.2")/UDP(sport=1, dport=2)
		1  accepted  eth/IPv6(src="2001:db8:8000::1", dst="2001::1")/UDP(sport=1, dport=2)
		4  host      eth/IPv6(src="2001:db8:7fff:ffff::1", dst="2001::1")/UDP(sport=1, dport=2)
	FRAMES
}

test_every_address_of_a_family() {
	judge -q --host=0.0.0.0/0 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		3  host      eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=2)
	FRAMES
	judge -q --host=::/0 --not-host=0.0.0.0/0 <<-'FRAMES'
		2  host      eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		3  accepted  eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=2)
	FRAMES
}

test_host_with_protocol_all() {
	judge -q --protocol=all --host=10.9.0.1 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/ICMP()
		3  host      eth/IP(src=B, dst=C)/ICMP()
	FRAMES
}

test_port_is_either_port() {
	judge -q --port=53,8000-8100,https <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=53, dport=1)
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=8000, dport=1)
		1  accepted  eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=8100)
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=443)
		2  port      eth/IP(src=A, dst=B)/TCP(sport=7999, dport=8101)
		3  port      eth/IPv6(src=A6, dst=B6)/UDP(sport=52, dport=54)
		1  accepted  cut(eth/IP(src=A, dst=B)/UDP(sport=53, dport=1), 14 + 20 + 3)
		1  port      cut(eth/IP(src=A, dst=B)/UDP(sport=1, dport=53), 14 + 20 + 3)
		4  port      eth/IP(src=A, dst=B, proto=17, frag=10)/(b"\x00\x35" * 8)
	FRAMES
}

test_port_with_another_protocol() {
	judge -q --protocol=udp,icmp --port=53 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2  port      eth/IP(src=A, dst=B)/ICMP()
	FRAMES
}

test_source_and_destination_port() {
	judge -q --src-port=1000-2000 --dst-port=53,80 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)
		2  accepted  eth/IP(src=A, dst=B)/TCP(sport=2000, dport=80)
		3  port      eth/IP(src=A, dst=B)/UDP(sport=53, dport=1000)
		4  port      eth/IP(src=A, dst=B)/TCP(sport=2001, dport=80)
	FRAMES
}

test_not_port() {
	judge -q --not-port=22 --not-port=0,65535 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=1000, dport=80)
		2  port      eth/IP(src=A, dst=B)/TCP(sport=1000, dport=22)
		3  port      eth/IP(src=A, dst=B)/TCP(sport=22, dport=1000)
		1  port      eth/IP(src=A, dst=B)/UDP(sport=0, dport=1000)
		1  port      eth/IP(src=A, dst=B)/UDP(sport=1000, dport=65535)
	FRAMES
}

test_host_is_decided_before_port() {
	judge -q --host=10.9.0.1 --port=53 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2  host      eth/IP(src=B, dst=C)/UDP(sport=1, dport=54)
		3  port      eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
	FRAMES
}

# Frames from the left come in, frames sent on the sniffer's own device go out.
both_ways() { # OPTION...
	sniff -i eth0 -q -e "$@"
	send left eth0 <<<'3 any eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)'
	send right eth0 <<<'5 any eth/IP(src=B, dst=A)/UDP(sport=2, dport=1)'
	wait_seen 8
	stop
}

test_direction_in() {
	both_ways -Q in
	expect_counts accepted 3 direction 5
	equal "lines that say in" 3 "$(grep -c ' eth0 in ' out)"
}

test_direction_out() {
	both_ways --direction=out
	expect_counts accepted 5 direction 3
	equal "lines that say out" 5 "$(grep -c ' eth0 out ' out)"
}

test_direction_inout() {
	both_ways -Q inout
	expect_counts accepted 8
}

test_direction_is_decided_first() {
	judge -Q out -q <<-'FRAMES'
		2  direction  eth/ARP(psrc=A, pdst=B)
		3  direction  eth/IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=2)
	FRAMES
}

# Every address of 40.0.0.0/10 that is a multiple of 256, and the same many of IPv6: 32768 prefixes in all.
test_a_list_of_many_prefixes() {
	local list
	list=$("$PYTHON" -c '
print(",".join([f"40.{i >> 8}.{i & 255}.0/24" for i in range(16384)] +
               [f"2001:db8:{i:x}::/48" for i in range(16384)]))')
	# One argument is at most 128 KiB long, so the list is given in parts.
	local -a parts
	mapfile -t parts < <(tr ',' '\n' <<<"$list" | xargs -n 4096 | tr ' ' ',' | sed 's/^/--host=/')
	judge -q "${parts[@]}" <<-'FRAMES'
		1  accepted  eth/IP(src="40.0.0.255", dst="1.1.1.1")/UDP(sport=1, dport=2)
		2  accepted  eth/IP(src="1.1.1.1", dst="40.63.255.0")/UDP(sport=1, dport=2)
		3  host      eth/IP(src="1.1.1.1", dst="40.64.0.0")/UDP(sport=1, dport=2)
		4  accepted  eth/IPv6(src="2001:db8:3fff::1", dst="::2")/UDP(sport=1, dport=2)
		5  host      eth/IPv6(src="2001:db8:4000::1", dst="::2")/UDP(sport=1, dport=2)
	FRAMES
}

run_tests "$@"
