#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# GRE tunnels of every kind: each has another header in front of the packets that its device shows.
#
#     left eth0 ------ eth0 right
#          gre0 ~~~~~~ gre0 (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
}

# A tunnel between the two, 10.8.0.1 for `left` and 10.8.0.2 for `right`.
tunnel() { # TYPE LEFT RIGHT OPTION...
	ip -n left link add gre0x type "$1" local "$2" remote "$3" "${@:4}" 2>/dev/null || skip "this kernel has no $1"
	ip -n right link add gre0x type "$1" local "$3" remote "$2" "${@:4}"
	ip -n left address add 10.8.0.1/24 dev gre0x
	ip -n right address add 10.8.0.2/24 dev gre0x
	ip -n left link set gre0x up
	ip -n right link set gre0x up
}

# What one end asks and the other answers is in both directions found, shown, written and judged alike.
expect_both_directions() {
	serve_datagrams right 10.8.0.2 5000
	sniff -i gre0x --json --port=5000 -w gre.pcapng udp
	ask left 10.8.0.2 5000 3
	wait_seen 6
	stop
	equal "accepted" 6 "${COUNT[accepted]}"
	equal "directions" "3 in 3 out" "$(jq -r .direction out | sort | uniq -c | xargs)"
	equal "addresses" "10.8.0.1 10.8.0.2" "$(jq -r .ip.source out | sort -u | xargs)"
	"$SNIFFER" -r gre.pcapng -q --port=5000 udp >again 2>err
	equal "packets of the file" 6 "$(line_count again)"
	equal "what tcpdump finds" 6 "$(tcpdump -n -r gre.pcapng udp port 5000 2>reading.log | wc -l)"
	sniff -i gre0x --explain --port=5001
	ask left 10.8.0.2 5000 3
	wait_seen 6
	stop
	equal "verdicts" 6 "$(grep -c 'rejected: port (' out)"
}

test_gre() {
	addresses
	tunnel gre 10.9.0.1 10.9.0.2
	expect_both_directions
}

test_gre_with_key_sequence_and_checksum() {
	addresses
	tunnel gre 10.9.0.1 10.9.0.2 key 7 seq csum
	expect_both_directions
}

# Without a remote end the device has a header: the outer IP and the GRE header.
test_gre_without_remote() {
	addresses
	tunnel gre 10.9.0.1 10.9.0.2
	ip -n right link delete gre0x
	ip -n right link add gre0x type gre local 10.9.0.2 remote any
	ip -n right address add 10.8.0.2/24 dev gre0x
	ip -n right link set gre0x up
	ip -n right neighbour add 10.8.0.1 lladdr 10.9.0.1 dev gre0x
	expect_both_directions
}

test_ip6gre() {
	addresses_ipv6
	tunnel ip6gre fd09::1 fd09::2
	expect_both_directions
}

run_tests "$@"
