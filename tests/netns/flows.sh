#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# State per flow: --first, --sample, --flow-table. Each flow is a UDP conversation, a question and an answer in turn.
#
#     left eth0 --------------- eth0 right (the sniffer)
#     10.9.0.1                  10.9.0.2:5000, which answers
#     fd09::1 (on request)      fd09::2
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
	addresses
}

# Have so many flows ask so many questions each; the server answers.
converse() { # ADDRESS FLOWS ROUNDS [SIZE]
	[[ -f server-5000.log ]] || serve_datagrams right "$1" 5000
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" "$1" 5000 "${@:2}"
}

# "PACKETS PORT" of each flow in the output, by the client's port.
flows_of() { # FILE
	jq -r '[.udp.source_port, .udp.destination_port] | max' "$1" | sort | uniq -c | awk '{ print $1, $2 }'
}

test_first_packets_of_each_flow() {
	sniff -i eth0 --json --first=5
	converse 10.9.0.2 20 25
	wait_seen 1000
	stop
	expect_counts accepted 100 flow-limit 900 delivered 100 lost 0
	equal "flows" "$(seq 20000 20019 | sed 's/^/5 /')" "$(flows_of out)"
	equal "directions" "40 out 60 in" "$(jq -r .direction out | sort -r | uniq -c | xargs)"
}

test_first_packets_over_ipv6() {
	addresses_ipv6
	sniff -i eth0 --json --first=5 --protocol=udp
	converse fd09::2 20 25
	wait_for 10 has_counted flow-limit 900
	stop
	equal "accepted" 100 "${COUNT[accepted]}"
	equal "flow-limit" 900 "${COUNT[flow-limit]}"
	equal "flows" "$(seq 20000 20019 | sed 's/^/5 /')" "$(flows_of out)"
}

# A question of 4000 bytes is three fragments, and so is the answer. Later fragments have no ports of their own.
test_fragments_follow_their_flow() {
	sniff -i eth0 --json --first=4
	converse 10.9.0.2 5 2 4000
	wait_seen 60
	stop
	expect_counts accepted 20 flow-limit 40
	equal "offsets" "0 1480 2960 0" "$(jq -r .ip.fragment_offset out | head -n 4 | xargs)"
}

test_fragments_follow_their_flow_over_ipv6() {
	addresses_ipv6
	sniff -i eth0 --json --first=4 --protocol=udp
	converse fd09::2 5 2 4000
	wait_for 10 has_counted flow-limit 40
	stop
	equal "accepted" 20 "${COUNT[accepted]}"
	equal "offsets" "0 1448 2896 0" "$(jq -r .ip.fragment_offset out | head -n 4 | xargs)"
}

test_fragments_of_a_sample() {
	local kept
	sniff -i eth0 --json --sample=2
	converse 10.9.0.2 16 2 4000
	wait_seen 192
	stop
	kept=$(flows_of out | grep -vc null)
	((kept > 0 && kept < 16)) || fail "$kept flows of 16"
	expect_counts accepted $((kept * 12)) sample $((192 - kept * 12))
}

# A second sniffer at the other end of the cable, and one that keeps everything, for -r.
test_a_sample_is_the_same_everywhere() {
	mkdir far all
	cd "$TMP/far" || exit
	sniff_in left -i eth0 --json --sample=4
	local far=$SNIFFER_PID all
	cd "$TMP/all" || exit
	sniff -i eth0 -w all.pcapng
	all=$SNIFFER_PID
	cd "$TMP" || exit
	sniff -i eth0 --json --sample=4
	converse 10.9.0.2 40 5
	wait_seen 400
	stop
	stop_other far "$far"
	stop_other all "$all"
	flows_of out >kept
	expect_line kept '^10 200'
	expect_no_line kept '^[^1]|^1[^0]'
	((COUNT[seen] == 400 && $(line_count kept) < 40)) || fail "$(line_count kept) flows of 40"
	equal "flows at the other end" "$(<kept)" "$(flows_of far/out)"
	"$SNIFFER" -r all/all.pcapng --json --sample=4 >out 2>err
	equal "flows of the file" "$(<kept)" "$(flows_of out)"
	read_statistics
	expect_counts accepted $((10 * $(line_count kept))) sample $((400 - 10 * $(line_count kept)))
}

# End a sniffer that works in another directory.
stop_other() { # DIRECTORY PID
	cd "$TMP/$1" || exit
	SNIFFER_PID=$2
	wait_seen 400
	stop
	cd "$TMP" || exit
}

# Later rounds find the table full of other flows: each flow may then have its first packet again.
test_forgotten_flows_are_counted() {
	sniff -i eth0 --json --first=1 --flow-table=8
	converse 10.9.0.2 64 3
	wait_seen 384
	stop
	equal "seen" 384 "${COUNT[seen]}"
	equal "accepted and flow-limit" 384 $((COUNT[accepted] + COUNT[flow-limit]))
	# Each packet that passed was its flow's first: what was added, less what is still there.
	((COUNT[flows_forgotten] >= COUNT[accepted] - 8)) || fail "${COUNT[flows_forgotten]} forgotten, ${COUNT[accepted]} accepted"
	((COUNT[flows_forgotten] >= 56 && COUNT[flows_forgotten] < COUNT[accepted])) || fail "${COUNT[flows_forgotten]} forgotten"
}

test_forgotten_flows_are_shown() {
	local status=0
	sniff -i eth0 -q --first=1 --flow-table=8
	converse 10.9.0.2 64 1
	wait_seen 128
	kill -INT "$SNIFFER_PID"
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 0 "$status"
	expect_line err '^flows forgotten [1-9][0-9]*: their packets count from 1 again; --flow-table gives more room$'
	sed -i '/^flows forgotten/d' err
	read_statistics
	equal "seen" 128 "${COUNT[seen]}"
}

# Room for all: nothing is forgotten, and nothing is said.
test_no_flow_is_forgotten_with_room() {
	sniff -i eth0 --json --first=1
	converse 10.9.0.2 64 3
	wait_seen 384
	stop
	expect_counts accepted 64 flow-limit 320
	expect_no_line err forgotten
}

# In a file the flow that was not seen for longest is forgotten: of 64 in turn, each is when it comes again.
test_forgotten_flows_of_a_file() {
	sniff -i eth0 -w all.pcapng
	converse 10.9.0.2 64 3
	wait_seen 384
	stop
	"$SNIFFER" -r all.pcapng --json --first=1 --flow-table=8 >out 2>err
	read_statistics
	expect_counts accepted 192 flow-limit 192 flows_forgotten 184
}

# Connections that --tcp-event follows, one segment of each: in the kernel, and in a file.
test_forgotten_connections() {
	local port
	sniff -i eth0 --json --tcp-event=reset --flow-table=8
	for port in {1..64}; do
		echo "1 tcp-event eth/IP(src=A, dst=C)/TCP(sport=$port, dport=80, flags='A')"
	done | send left eth0
	wait_seen 64
	stop
	equal "tcp-event" 64 "${COUNT[tcp-event]}"
	((COUNT[connections_forgotten] >= 56 && COUNT[connections_forgotten] < 64)) || fail "${COUNT[connections_forgotten]} forgotten"
	sniff -i eth0 -w all.pcapng
	for port in {1..64}; do
		echo "1 accepted eth/IP(src=A, dst=C)/TCP(sport=$port, dport=80, flags='A')"
	done | send left eth0
	wait_seen 64
	stop
	"$SNIFFER" -r all.pcapng --json --tcp-event=reset --flow-table=8 >out 2>err
	read_statistics
	expect_counts tcp-event 64 connections_forgotten 56
}

# The addresses that IPv4 ones are mapped to, in packets of IPv6, are others.
test_mapped_addresses() {
	local ipv6='eth/IPv6(src="::ffff:10.9.0.1", dst="::ffff:10.9.0.3")'
	judge -q --first=1 <<-FRAMES
		1 accepted   eth/IP(src=A, dst=C)/UDP(sport=1, dport=2)
		1 accepted   $ipv6/UDP(sport=1, dport=2)
		1 flow-limit $ipv6/UDP(sport=1, dport=2)
		1 flow-limit eth/IP(src=A, dst=C)/UDP(sport=1, dport=2)
	FRAMES
	judge -q --tcp-event=retransmission <<-FRAMES
		1 tcp-event eth/IP(src=A, dst=C)/TCP(sport=1, dport=2, flags='A', seq=7)/b"data"
		1 tcp-event $ipv6/TCP(sport=1, dport=2, flags='A', seq=7)/b"data"
		1 accepted  $ipv6/TCP(sport=1, dport=2, flags='A', seq=7)/b"data"
		1 accepted  eth/IP(src=A, dst=C)/TCP(sport=1, dport=2, flags='A', seq=7)/b"data"
	FRAMES
}

# Two ports of one address, as on the loopback device: both directions are one flow.
test_a_flow_of_one_address() {
	judge -q --first=2 <<-'FRAMES'
		1 accepted   eth/IP(src=A, dst=A)/UDP(sport=1000, dport=53)
		1 accepted   eth/IP(src=A, dst=A)/UDP(sport=53, dport=1000)
		1 flow-limit eth/IP(src=A, dst=A)/UDP(sport=1000, dport=53)
		1 flow-limit eth/IP(src=A, dst=A)/UDP(sport=53, dport=1000)
	FRAMES
}

# Datagrams of two protocols may have one identification (RFC 791, 2.3): the last fragment is of the UDP flow, which has
# then had its two. (C is nobody, who does not answer.)
test_fragments_of_two_protocols() {
	judge -q --first=2 <<-'FRAMES'
		1 accepted   eth/IP(src=A, dst=C, id=7, flags="MF")/UDP(sport=1, dport=53, len=100)/(b"x" * 16)
		1 accepted   eth/IP(src=A, dst=C, id=7, flags="MF")/TCP(sport=2, dport=80)/(b"x" * 4)
		1 accepted   eth/IP(src=A, dst=C, id=7, frag=3, proto=17)/(b"x" * 16)
		1 flow-limit eth/IP(src=A, dst=C)/UDP(sport=1, dport=53)
	FRAMES
}

# More than the kernel tells in one system call.
test_none_of_many_flows_is_forgotten() {
	local port
	sniff -i eth0 --json --first=1 -B 65536
	for port in {1..6000}; do echo "1 any eth/IP(src=A, dst=C)/UDP(sport=$port, dport=53)"; done | send left eth0
	wait_seen 6000
	stop
	expect_counts accepted 6000
	expect_no_line err forgotten
}

run_tests "$@"
