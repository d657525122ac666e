#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Real programs talk; the sniffer shows what they said, and a second capture agrees.
#
#     left eth0 --------------- eth0 right (the sniffer, the servers)
#     10.9.0.1                  10.9.0.2
#     fd09::1 (on request)      fd09::2
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
	addresses
}

# Both captures, as lines of: source, destination, ports, seq, ack, frame length, payload.
compare_tcp() {
	need tshark
	tshark -n -r second.pcap -T fields -e ip.src -e ip.dst -e ipv6.src -e ipv6.dst -e tcp.srcport -e tcp.dstport \
		-e tcp.seq_raw -e tcp.ack_raw -e frame.len -e tcp.payload 2>tshark.log |
		tr -s '\t' | sed 's/^\t//; s/\t$//' | sort >wanted.txt
	jq -r '[.ip.source, .ip.destination, .tcp.source_port, .tcp.destination_port, .tcp.seq, .tcp.ack, .length,
		.payload.hex] | map(tostring) | join("\t")' out | sed 's/\t$//' | sort >got.txt
	[[ -s wanted.txt ]] || fail "the second capture is empty"
	diff wanted.txt got.txt >difference || fail "the captures differ"
}

browse() { # ADDRESS URL
	mkdir www
	seq 2000 >www/numbers
	serve_web right "$1" 8080
	start_tcpdump 'tcp port 8080'
	sniff -i eth0 --json --port 8080
	in_namespace left curl -sS --max-time 10 -o fetched "$2"
	cmp www/numbers fetched
	wait_for 10 closing_seen
	stop
	stop_tcpdump
	compare_tcp
	equal "lost" 0 "${COUNT[lost]}"
	equal "requests" 1 "$(jq -r 'select(.payload.hex | startswith("474554202f6e756d62657273")) | .number' out | wc -l)"
}

# Both sides have said FIN, and each FIN was acknowledged.
closing_seen() {
	has_counted accepted 1 || return
	jq -se 'map(.tcp) as $all | [$all[] | select(.flags | index("FIN"))] as $fins |
		([$fins[].source_port] | unique | length) == 2 and
		all($fins[]; . as $fin | any($all[]; .source_port == $fin.destination_port and .ack > $fin.seq))' \
		out >/dev/null 2>&1
}

test_web_over_ipv4() {
	browse 10.9.0.2 http://10.9.0.2:8080/numbers
}

test_web_over_ipv6() {
	addresses_ipv6
	browse fd09::2 'http://[fd09::2]:8080/numbers'
}

test_dns() {
	addresses_ipv6
	serve_datagrams right 10.9.0.2 53
	serve_datagrams right fd09::2 5353
	sniff -i eth0 --json
	ask left 10.9.0.2 53 20
	ask left fd09::2 5353 10
	wait_for 10 has_counted accepted 60
	stop
	equal "accepted" 60 "${COUNT[accepted]}"
	equal "delivered" 60 "${COUNT[delivered]}"
	equal "conversation" "20 53 in
10 5353 in
20 53 out
10 5353 out" "$(jq -r '"\(if .direction == "in" then .udp.destination_port else .udp.source_port end) \(.direction)"' out |
		sort -k 2,2 -k 1,1n | uniq -c | sed 's/^ *//')"
	# What came in has its checksum still to be computed on a virtual cable; none is ever called bad.
	equal "bad checksums" "" "$(jq -r 'select(.udp.checksum_status == "bad" or .ip.checksum_status == "bad") | .number' out)"
}

test_ping_and_arping_are_rejected() {
	need ping arping
	sniff -i eth0
	in_namespace left ping -q -c 3 -i 0.01 10.9.0.2 >ping.log
	in_namespace left arping -c 2 -I eth0 10.9.0.2 >arping.log
	wait_seen 9
	stop
	# Three pings and three answers; arping asks at least twice, and each is answered.
	equal "protocol" 6 "${COUNT[protocol]}"
	((COUNT[not-ip] >= 4 && COUNT[not-ip] % 2 == 0)) || fail "not-ip is ${COUNT[not-ip]}"
	expect_counts accepted 0 protocol 6 not-ip "${COUNT[not-ip]}"
	equal "output" "" "$(<out)"
}

test_ping_on_request() {
	need ping
	sniff -i eth0 --json --protocol=icmp
	in_namespace left ping -q -c 3 -i 0.01 10.9.0.2 >ping.log
	wait_seen 6
	stop
	expect_counts accepted 6
	equal "protocols" "6 1" "$(jq .ip.protocol out | uniq -c | xargs)"
}

# A TCP stream over a virtual cable travels in frames of up to 64 KiB: they arrive whole and uncut.
test_superpackets() {
	local body=4000000
	mkdir www
	head -c $body /dev/urandom >www/bulk
	serve_web right 10.9.0.2 8080
	sniff -i eth0 --json --src-port 8080 -B 65536
	in_namespace left curl -sS --max-time 20 -o fetched -w '%{size_header}' http://10.9.0.2:8080/bulk >header_size
	cmp www/bulk fetched
	wait_for 10 sent_all $((body + $(<header_size)))
	stop
	expect_line <(jq .length out) '^[3-6][0-9]{4}$'
	equal "lost" 0 "${COUNT[lost]}"
	equal "cut packets" "" "$(jq 'select(.captured != .length or .truncated or .malformed) | .number' out)"
}

# The server's payload, each byte counted once however often it was sent.
sent_all() { # BYTES
	has_counted accepted 1 || return
	[[ $(jq -s 'map(select(.payload.length > 0) | {seq: .tcp.seq, end: (.tcp.seq + .payload.length)}) | sort_by(.seq) |
		reduce .[] as $part ({end: 0, bytes: 0};
			.bytes += ([$part.end - ([.end, $part.seq] | max), 0] | max) | .end = ([.end, $part.end] | max)) |
		.bytes' out 2>/dev/null) == "$1" ]]
}

run_tests "$@"
