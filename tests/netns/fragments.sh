#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Fragments: those after the first have no ports. They pass with their packet's protocol, and no port list keeps them.
#
#     left eth0 --------------- eth0 right (the sniffer)
#     10.9.0.1, fd09::1         10.9.0.2, fd09::2
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	namespace left
	namespace right
	cable left right eth0
	addresses
}

# 4000 bytes of payload and 8 of header: 1480 + 1480 + 1048 over IPv4, 1448 + 1448 + 1112 over IPv6 (MTU 1500), there
# and back.
test_large_datagrams() {
	serve_datagrams right 10.9.0.2 5000
	serve_datagrams right fd09::2 5001
	sniff -i eth0 --json -Q in
	ask left 10.9.0.2 5000 1 4000
	ask left fd09::2 5001 1 4000
	wait_seen 12
	stop
	equal "accepted" 6 "${COUNT[accepted]}"
	equal "offsets" "4:0 4:1480 4:2960 6:0 6:1448 6:2896" \
		"$(jq -r '"\(.ip.version):\(.ip.fragment_offset)"' out | xargs)"
	equal "more fragments" "true true false true true false" \
		"$(jq -r '.ip.flags | (. != null and index("MF") != null)' out | xargs)"
	equal "ports" "5000 null null 5001 null null" "$(jq -r .udp.destination_port out | xargs)"
	equal "IPv6 extension headers" "44 44 44" "$(jq -r '.ip.extensions[]?' out | xargs)"
	equal "identifications of each packet" "4 4 4 6 6 6" "$(jq -r '"\(.ip.version) \(.ip.id)"' out | uniq -c |
		awk '{ for (i = 0; i < $1; i++) print $2 }' | xargs)"
	equal "checksums of later fragments" "" "$(jq -r 'select(.ip.fragment_offset > 0) | .udp.checksum_status // empty' out)"
}

test_a_port_list_keeps_the_first_fragment() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --json -Q in --port 5000
	ask left 10.9.0.2 5000 2 4000
	wait_seen 12
	stop
	expect_counts accepted 2 port 4 direction 6
	equal "offsets" "0 0" "$(jq -r .ip.fragment_offset out | xargs)"
}

test_fragments_of_other_protocols() {
	need ping
	sniff -i eth0 -q
	in_namespace left ping -q -c 2 -i 0.01 -s 4000 10.9.0.2 >ping.log
	in_namespace left ping -q -c 2 -i 0.01 -s 4000 fd09::2 >ping6.log
	wait_seen 24
	stop
	((COUNT[protocol] >= 24)) || fail "protocol is ${COUNT[protocol]}"
	equal "accepted" 0 "${COUNT[accepted]}"
}

test_every_kind_by_hand() {
	judge -q --protocol=udp --dst-port=53 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B, flags="MF", id=7)/UDP(sport=1, dport=53, len=100)/(b"x" * 16)
		3  port      eth/IP(src=A, dst=B, flags="MF", frag=3, id=7, proto=17)/(b"\x00\x35" * 8)
		4  port      eth/IP(src=A, dst=B, frag=6, id=7, proto=17)/(b"\x00\x35" * 8)
		1  protocol  eth/IP(src=A, dst=B, frag=6, id=8, proto=6)/(b"\x00\x35" * 8)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=1, id=9)/UDP(sport=1, dport=53, len=100)/(b"x" * 16)
		2  port      eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=0, id=9, offset=3, nh=17)/(b"\x00\x35" * 8)
		3  protocol  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=0, id=9, offset=3, nh=58)/(b"\x00\x35" * 8)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrFragment(m=0, id=9)/UDP(sport=1, dport=53)
	FRAMES
}

run_tests "$@"
