#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is said of TCP connections, against what happened to them: a relay loses chosen segments and delays all, and the
# kernel of the sender tells how often it sent one again, and what round-trip time it has measured.
#
#     left eth0 (the client) ------ to_left  middle  to_right ------ eth0 right (the server)
#
source "$(dirname "$0")/../netlib.sh"

NETNS=$ROOT/tests/netns
PORT=5001

setup() {
	namespace left
	namespace middle
	namespace right
	ip -n left link add eth0 address "$LEFT_MAC" type veth peer name to_left netns middle
	ip -n right link add eth0 address "$RIGHT_MAC" type veth peer name to_right netns middle
	in_namespace middle sh -c 'ip link set to_left up && ip link set to_right up'
	local side
	for side in left right; do
		ip -n $side link set eth0 up
		# Each segment is a frame with its own checksum, which the relay passes on as it is.
		in_namespace $side ethtool -K eth0 tx off tso off gso off gro off >/dev/null
	done
	addresses
}

# Run a conversation through the relay and stop the sniffer: ./lost, ./told (round-trip times in us, segments sent again).
converse() { # echo|stream COUNT MILLISECONDS [DROP...]
	start middle "$PYTHON" "$NETNS/tcp_relay.py" to_left to_right "${@:3}" >lost
	wait_for 10 has_line lost '^ready$'
	start right "$PYTHON" "$NETNS/tcp_server.py" $PORT "$1" >server
	wait_for 10 has_line server '^ready$'
	in_namespace left "$PYTHON" "$NETNS/tcp_client.py" 10.9.0.2 $PORT "$1" "$2" >told
	stop
	sed -i /ready/d lost
	read -r RTT MIN_RTT RETRANSMITTED <told
}

# Relative sequence number and length of the client's segments with a word that this pattern matches.
segments() { # PATTERN
	jq -r "select(.tcp.destination_port == $PORT and ((.tcp.analysis // []) | any(test(\"$1\"))))
		| \"\(.tcp.relative_seq) \(.payload.length)\"" out
}

# In front of the loss every segment is seen, and those that are lost a second time. Which word it gets is a matter of time.
test_losses_behind_the_sniffer() {
	sniff_in left -i eth0 --json
	converse stream 80 10 5 20 21 33
	equal "lost segments" 4 "$(line_count lost)"
	segments '^(retransmission|out-of-order)$' >again
	equal "segments that were sent again" "$RETRANSMITTED" "$(line_count again)"
	grep -vxFf again lost >missed || true
	equal "lost segments that are not said to be sent again" '' "$(<missed)"
	equal "segments that are said to be missing" 0 "$(segments '^lost-' | wc -l)"
}

# Behind the loss there are three holes, and what fills them comes late.
test_losses_in_front_of_the_sniffer() {
	sniff -i eth0 --json
	converse stream 80 10 5 20 21 33
	equal "lost segments" 4 "$(line_count lost)"
	segments '^lost-segment$' >behind
	equal "holes" 3 "$(line_count behind)"
	awk '{ print $1 + $2 }' lost >ends # the next segment begins where a lost one ends
	equal "segments behind them that follow no lost one" '' "$(awk '{ print $1 }' behind | grep -vxFf ends)"
	segments '^(retransmission|out-of-order)$' >late
	grep -vxFf late lost >missed || true
	equal "lost segments that never came" '' "$(<missed)"
	# The server acknowledges what comes behind a hole with the number of the hole.
	jq -r 'select(.tcp.analysis // [] | index("duplicate-ack")) | "\(.tcp.relative_ack) \(.tcp.duplicate_ack_number)"' out >duplicates
	awk '{ if ($2 != ++count[$1]) exit 1 }' duplicates || fail "the duplicate ACKs are not numbered: $(<duplicates)"
	equal "duplicate ACKs of the first hole, at least two" 1 $(($(grep -c "^$(awk 'NR == 1 { print $1 }' lost) " duplicates) >= 2))
}

within_a_tenth() { # WHAT WANTED GOT
	awk -v wanted="$2" -v got="$3" 'BEGIN { exit !(got > wanted * 0.9 && got < wanted * 1.1) }' ||
		fail "$1: the kernel has $2 us, the sniffer $3"
}

# Smoothed as the kernel does it (RFC 6298, 2.3), and the least.
test_round_trip_times() {
	sniff_in left -i eth0 --json
	converse echo 30 40
	jq -r "select(.tcp.source_port == $PORT and .tcp.rtt_ns) | .tcp.rtt_ns" out >round_trips
	(($(line_count round_trips) >= 30)) || fail "only $(line_count round_trips) round-trip times"
	within_a_tenth "smoothed round-trip time" "$RTT" \
		"$(awk '{ srtt = NR == 1 ? $1 : srtt + ($1 - srtt) / 8 } END { print srtt / 1000 }' round_trips)"
	within_a_tenth "least round-trip time" "$MIN_RTT" "$(sort -n round_trips | awk 'NR == 1 { print $1 / 1000 }')"
	within_a_tenth "handshake" "$(head -n 1 round_trips | awk '{ print $1 / 1000 }')" \
		"$(jq -r '.tcp.handshake_ns // empty' out | awk '{ print $1 / 1000 }')"
}

# At a terminal or with --stats the end of a run says what was found, also by --tcp-event.
test_the_summary() {
	start left "$SNIFFER" -i eth0 -q --stats=1000 --tcp-event=any >chosen 2>chosen.err
	local chooser=$STARTED
	wait_for 10 has_line chosen.err '^bpfsniff: listening on '
	sniff_in left -i eth0 -q --stats=1000 -w all.pcapng
	converse stream 80 10 5
	kill -INT "$chooser"
	wait "$chooser"
	"$SNIFFER" -r all.pcapng -q --stats=1000 --tcp-event=any >again 2>again.err
	for err in err chosen.err again.err; do # which of the two words is a matter of time
		expect_line $err '^tcp: (.*, )?(retransmission|out-of-order) [1-9].*, duplicate-ack [1-9]'
		expect_line $err '^worst: 10\.9\.0\.1:[0-9]+ - 10\.9\.0\.2:5001  [0-9]+ segments$'
	done
}

# The kernel copies just those at which user space finds the event, and says what it is; the clocks of the two differ by
# less than it matters.
test_events_in_the_kernel() {
	local what='"\(.tcp.relative_seq) \(.payload.length) \(.tcp.relative_ack)"' chosen status=0
	start left "$SNIFFER" -i eth0 --tcp-event=retransmission,out-of-order --json >chosen 2>chosen.err
	chosen=$STARTED
	wait_for 10 has_line chosen.err '^bpfsniff: listening on '
	sniff_in left -i eth0 --json
	converse stream 80 10 5 20 21 33
	kill -INT "$chosen"
	wait "$chosen" || status=$?
	equal "exit status" 0 "$status"
	jq -r "select(.tcp.analysis // [] | any(test(\"^(retransmission|out-of-order)\$\"))) | $what" out >wanted
	(($(line_count wanted) >= 4)) || fail "only $(line_count wanted) segments were sent again"
	jq -r "$what" chosen >got
	cmp wanted got
	equal "segments without such a word" 0 \
		"$(jq -r 'select(.tcp.analysis // [] | any(test("^(retransmission|out-of-order)$")) | not)' chosen | wc -l)"
	expect_line chosen.err "\"tcp-event\":$((COUNT[accepted] - $(line_count wanted))),"
}

# A bridge shows each segment as it comes in and as it goes out: once on each of its ports, and none of it is news.
test_a_bridge() {
	in_namespace middle sh -c 'ip link add br0 type bridge && ip link set to_left master br0 && ip link set to_right master br0 &&
		ip link set br0 up'
	start middle "$SNIFFER" -q --tcp-event=any >chosen 2>chosen.err
	local chooser=$STARTED
	wait_for 10 has_line chosen.err 'listening on'
	sniff_in middle --protocol=tcp --json
	start right "$PYTHON" "$NETNS/tcp_server.py" $PORT echo >server
	wait_for 10 has_line server '^ready$'
	in_namespace left "$PYTHON" "$NETNS/tcp_client.py" 10.9.0.2 $PORT echo 40 >told
	stop
	kill "$chooser"
	wait "$chooser"
	jq -r '"\(.tcp.source_port) \(.tcp.seq) \(.tcp.ack) \(.tcp.flags)"' out | sort | uniq -c | awk '{ print $1 }' | sort -u >copies
	equal "times that each segment is seen" 2 "$(<copies)"
	equal "segments with a word" '' "$(segments .)"
	expect_line chosen.err '^seen [0-9]+ = accepted 0 \+ rejected [0-9]+$'
}

run_tests "$@"
