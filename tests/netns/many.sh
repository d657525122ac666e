#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Many of everything.
#
#     left eth0 ------ eth0 right (the sniffers)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

FRAMES='50 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'

all_listen() { # N
	(($(cat err-* | grep -c '^bpfsniff: listening on ') == $1))
}

# Each with another filter; all see every frame: 16 blocks of a ring have room for 10 frames, however long it waits for a
# processor.
test_a_hundred_sniffers() {
	local number
	local -a sniffers=()
	for ((number = 0; number < 100; number++)); do
		start right "$SNIFFER" -i eth0 -q -B 2048 --port=$((number % 2 ? 53 : 54)) >"out-$number" 2>"err-$number"
		sniffers+=("$STARTED")
	done
	wait_for 60 all_listen 100
	send left eth0 <<<"${FRAMES/50/10}"
	for number in "${!sniffers[@]}"; do
		SNIFFER_PID=${sniffers[number]}
		ln -sf "err-$number" err
		wait_seen 10
		stop
		if ((number % 2)); then expect_counts accepted 10 delivered 10; else expect_counts port 10; fi
	done
}

# Cables in `right` from a1 to b1, from a2 to b2, and so on.
cables() { # COUNT
	local number
	for ((number = 1; number <= $1; number++)); do
		echo "link add a$number type veth peer name b$number"
		echo "link set a$number up"
		echo "link set b$number up"
	done >commands
	ip -n right -batch commands
}

shown() { # "N INTERFACE DIRECTION" of each
	awk '{ print $2, $3 }' out | sort | uniq -c | awk '{ print $1, $2, $3 }' | xargs
}

test_a_thousand_interfaces() {
	local number
	cables 500
	sniff -q
	send left eth0 <<<"$FRAMES"
	for number in 7 250 500; do
		send right a$number <<<'2 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	done
	wait_seen 62
	stop
	expect_counts accepted 62 lost 0
	equal "interfaces" "2 a250 out 2 a500 out 2 a7 out 2 b250 in 2 b500 in 2 b7 in 50 eth0 in" "$(shown)"
	in_namespace right "$SNIFFER" -D >list
	equal "interfaces that can be listened on" 1003 "$(line_count list)" # with lo and any
}

# As many as one can name; one more is one error. The smallest ring has two blocks: room for two frames at least.
test_many_named_interfaces() {
	local most
	local -a options
	cables 600
	mapfile -t options < <(seq -f '--interface=b%g' 600)
	refused 1 'interfaces are too many; name at most' ip netns exec right "$SNIFFER" "${options[@]}"
	most=$(grep -oP 'name at most \K[0-9]+' refused.err)
	sniff "${options[@]:0:most}" -q -B 256
	send right a1 <<<"${FRAMES/50/2}"
	send right "a$most" <<<"${FRAMES/50/2}"
	wait_seen 4
	stop
	expect_counts accepted 4 lost 0
	equal "interfaces" "2 b1 in 2 b$most in" "$(shown)"
}

run_tests "$@"
