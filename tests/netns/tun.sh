#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A device without a link-level header: its frames start with the IP header.
#
#     frames.py --tun  ~~~> tun0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	namespace right
	ip -n right tuntap add dev tun0 mode tun
	ip -n right link set tun0 up
}

tun_send() {
	in_namespace right "$PYTHON" "$ROOT/tests/netns/frames.py" --tun tun0
}

frames() {
	cat <<-'FRAMES'
		5  accepted  IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"query"
		3  accepted  IP(src=A, dst=B)/TCP(sport=1, dport=53)
		2  accepted  IPv6(src=A6, dst=B6)/UDP(sport=1, dport=53)
		1  accepted  IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/TCP(sport=53, dport=1)
		4  port      IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  protocol  IP(src=A, dst=B)/ICMP()
		1  loopback  IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=53)
		1  malformed IP(src=A, dst=B, ihl=3)/UDP(sport=1, dport=53)
	FRAMES
}

test_verdicts() {
	local -a counts
	frames >table
	mapfile -t counts < <(expected_counts table | tr ' ' '\n')
	sniff -i tun0 -q --port=53
	tun_send <table
	wait_seen 19
	stop
	expect_counts "${counts[@]}"
	equal "lines of output" 11 "$(line_count out)"
}

test_what_is_shown() {
	need jq
	sniff -i tun0 --json --port=53
	frames | tun_send
	wait_seen 19
	stop
	equal "link types" "11 raw" "$(jq -r .link.type out | uniq -c | xargs)"
	equal "lengths" "33 33 33 33 33 40 40 40 48 48 68" "$(jq -r .length out | xargs)"
	equal "interfaces" "11 tun0 in" "$(jq -r '"\(.interface) \(.direction)"' out | uniq -c | xargs)"
}

test_with_a_host_list_and_among_all_interfaces() {
	sniff --host 10.9.0.1 -q
	frames | tun_send
	wait_seen 19
	stop
	expect_counts accepted 12 host 3 protocol 2 loopback 1 malformed 1
	expect_line out ' tun0 in '
}

# A checksum that the kernel has found right is right, also where what it covers is cut.
test_checksums_that_the_kernel_has_checked() {
	need jq
	sniff -i tun0 --json -s 40
	in_namespace right "$PYTHON" "$ROOT/tests/netns/frames.py" --tun-gro tun0 <<<'1 - IP(src=A, dst=B)/TCP(sport=1, dport=53)/bytes(100)'
	tun_send <<<'1 - IP(src=A, dst=B)/TCP(sport=1, dport=53)/bytes(100)'
	wait_seen 2
	stop
	equal "checksums" "good unverified" "$(jq -r .tcp.checksum_status out | xargs)"
}

run_tests "$@"
