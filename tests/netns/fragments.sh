#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Fragments: those after the first have no ports. They pass with their packet's protocol, and port lists judge them by the
# ports of the first, if that came before.
#
#     left eth0 --------------- eth0 right (the sniffer)
#     10.9.0.1                  10.9.0.2
#     fd09::1 (on request)      fd09::2
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
	addresses
}

# 4000 bytes of payload and 8 of header: 1480 + 1480 + 1048 (MTU 1500), there and back.
test_large_datagram() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --json -Q in
	ask left 10.9.0.2 5000 1 4000
	wait_seen 6
	stop
	expect_counts accepted 3 direction 3
	equal "offsets" "0 1480 2960" "$(jq -r .ip.fragment_offset out | xargs)"
	equal "identifications" 1 "$(jq .ip.id out | sort -u | wc -l)"
	expect_fragments
}

# 1448 + 1448 + 1112.
test_large_datagram_over_ipv6() {
	addresses_ipv6
	serve_datagrams right fd09::2 5000
	sniff -i eth0 --json -Q in
	ask left fd09::2 5000 1 4000
	wait_for 10 has_counted accepted 3
	stop
	equal "accepted" 3 "${COUNT[accepted]}"
	equal "offsets" "0 1448 2896" "$(jq -r .ip.fragment_offset out | xargs)"
	equal "extension headers" "44 44 44" "$(jq -r '.ip.extensions[]' out | xargs)"
	expect_fragments
}

# Three fragments of a datagram to port 5000: only the first has a UDP header.
expect_fragments() {
	equal "more fragments" "true true false" "$(jq -r '.ip.flags | (. != null and index("MF") != null)' out | xargs)"
	equal "ports" "5000 null null" "$(jq -r .udp.destination_port out | xargs)"
	equal "checksums" "unverified null null" "$(jq -r .udp.checksum_status out | xargs)"
}

test_a_port_list_keeps_all_fragments() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --json -Q in --port 5000
	ask left 10.9.0.2 5000 2 4000
	wait_seen 12
	stop
	expect_counts accepted 6 direction 6
	equal "offsets" "0 1480 2960 0 1480 2960" "$(jq -r .ip.fragment_offset out | xargs)"
}

test_a_port_list_keeps_no_fragment_of_another_port() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 -q --not-port 5000
	ask left 10.9.0.2 5000 1 4000
	wait_seen 6
	stop
	expect_counts accepted 0 port 6
}

# By reading, each with its reason: the fragments of one datagram, and one whose first is not in the file.
test_fragments_are_explained() {
	sniff -i eth0 -q --protocol=all -w fragments.pcapng
	send left eth0 <<-'FRAMES'
		1  -  eth/IP(src=A, dst=B, flags="MF", id=7)/UDP(sport=1, dport=53, len=100)/(b"x" * 16)
		1  -  eth/IP(src=A, dst=B, frag=3, id=7, proto=17)/(b"x" * 8)
		1  -  eth/IP(src=A, dst=B, frag=3, id=8, proto=17)/(b"x" * 8)
	FRAMES
	wait_seen 3
	stop
	"$SNIFFER" -r fragments.pcapng -q --explain --port=53 >out 2>statistics
	"$SNIFFER" -r fragments.pcapng -q --explain --port=54 >>out 2>statistics
	equal "explanations" "accepted
accepted
rejected: port (no readable ports; wanted 53)
rejected: port (source 1, destination 53; wanted 54)
rejected: port (first fragment: source 1, destination 53; wanted 54)
rejected: port (no readable ports; wanted 54)" "$(grep -oE '(accepted|rejected).*' out)"
}

# Those of a datagram that began under the old filter belong to the new one too.
test_a_new_filter_knows_them() {
	sniff -i eth0 -q --port=53
	send left eth0 <<<'1 - eth/IP(src=A, dst=B, flags="MF", id=7)/UDP(sport=1, dport=53, len=100)/(b"x" * 16)'
	wait_seen 1
	in_namespace right "$SNIFFER" --set-filter="$SNIFFER_PID" --port=1 >answer
	send left eth0 <<<'1 - eth/IP(src=A, dst=B, frag=3, id=7, proto=17)/(b"x" * 8)'
	wait_seen 2
	stop
	expect_counts accepted 2
}

test_fragments_of_other_protocols() {
	need ping
	sniff -i eth0 -q
	in_namespace left ping -q -c 2 -i 0.01 -s 4000 10.9.0.2 >ping.log
	wait_seen 12
	stop
	expect_counts accepted 0 protocol 12
}

test_every_kind_by_hand() {
	judge -q --protocol=udp --dst-port=53 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B, flags="MF", id=7)/UDP(sport=1, dport=53, len=100)/(b"x" * 16)
		3  accepted  eth/IP(src=A, dst=B, flags="MF", frag=3, id=7, proto=17)/(b"\x00\x35" * 8)
		4  accepted  eth/IP(src=A, dst=B, frag=6, id=7, proto=17)/(b"\x00\x35" * 8)
		1  port      eth/IP(src=A, dst=B, frag=6, id=8, proto=17)/(b"\x00\x35" * 8)
		1  port      eth/IP(src=B, dst=A, frag=6, id=7, proto=17)/(b"\x00\x35" * 8)
		1  port      eth/IP(src=A, dst=B, flags="MF", id=9)/UDP(sport=1, dport=54, len=100)/(b"x" * 16)
		1  port      eth/IP(src=A, dst=B, frag=3, id=9, proto=17)/(b"\x00\x35" * 8)
		1  protocol  eth/IP(src=A, dst=B, frag=6, id=8, proto=6)/(b"\x00\x35" * 8)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=1, id=9)/UDP(sport=1, dport=53, len=100)/(b"x" * 16)
		2  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=0, id=9, offset=3, nh=17)/(b"\x00\x35" * 8)
		3  protocol  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=0, id=9, offset=3, nh=58)/(b"\x00\x35" * 8)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=0, id=9)/UDP(sport=1, dport=53)
	FRAMES
}

run_tests "$@"
