#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A single packet on an idle link is printed within 5 ms, the goal of tests/bench/README.md.
#
#     left eth0 ------ eth0 right (the sniffer, its output in a pipe)
#
source "$(dirname "$0")/../netlib.sh"

PACKETS=20

setup() {
	left_and_right
}

# Milliseconds from each packet's time to the arrival of its first line at the far end of the pipe, sorted.
latencies() { # OPTION...
	: >delays
	start right "${AHEAD[@]}" "$SNIFFER" -tt "$@" 2>err > >("${AHEAD[@]}" "$PYTHON" "$ROOT/tests/netns/delays.py" >delays)
	wait_listening
	# One at a time: the next packet is sent when the one before has been shown.
	local number
	mkfifo frames
	send left eth0 <frames &
	exec 8>frames
	for ((number = 1; number <= PACKETS; number++)); do
		echo '1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"hello"' >&8
		wait_for 5 shown $number
	done
	exec 8>&-
	stop
	expect_counts accepted $PACKETS
	sort -n -o delays delays
}

shown() { # N
	(($(line_count delays) >= $1))
}

median_below_5_ms() {
	local median
	median=$(sed -n "$((PACKETS / 2))p" delays)
	awk -v median="$median" 'BEGIN { exit !(median < 5) }' || fail "the median is $median ms of: $(xargs <delays)"
}

test_brief() {
	latencies -i eth0 -q
	median_below_5_ms
}

test_full() {
	latencies -i eth0
	median_below_5_ms
}

test_every_interface() {
	latencies -q
	median_below_5_ms
}

run_tests "$@"
