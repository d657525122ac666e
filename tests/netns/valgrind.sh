#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Short live runs under valgrind(1), which has nothing to say.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

# shellcheck disable=SC2034 # lib.sh reads it
TEST_SECONDS=180

setup() {
	left_and_right
	prepare_valgrind
}

# Start the sniffer, and have it see so many frames.
watch() { # OPTION...
	start right "${VALGRIND[@]}" "$SNIFFER" "$@" >out 2>err
	SNIFFER_PID=$STARTED
	wait_for 60 sniffer_listens
}

send_frames() {
	send left eth0 <<-'FRAMES'
		20  any  eth/IP(src=A, dst=B)/TCP(sport=1, dport=80, flags="S", options=[("MSS", 1460)])
		20  any  eth/IP(src=A, dst=B)/UDP(sport=53, dport=1)/("x" * 1000)
		5   any  eth/IP(src=A, dst=B)/UDP(sport=99, dport=1)
		5   any  eth/IP(src=A, dst=B, frag=3)/("y" * 64)
		5   any  eth/ARP(psrc=A, pdst=B)
	FRAMES
}

# The last one who can speak is valgrind.
expect_silence() {
	grep -vE "^(seen|rejected:|accepted|\{\"statistics\"|bpfsniff: (listening|filter changed)|$VALGRIND_HARMLESS)" err >said || true
	equal "lines of valgrind" 0 "$(line_count said)"
}

test_text_while_the_filter_changes() {
	watch -i eth0 -e --color=always --host=10.9.0.0/24,fd09::/64 --not-port=99 --first=100 udp or tcp
	send_frames
	wait_for 60 has_counted seen 55
	"$SNIFFER" --set-filter="$SNIFFER_PID" --protocol=all --sample=2 not arp >answer
	send_frames
	wait_for 60 has_counted seen 110
	stop
	expect_silence
	expect_line out '^0000 '
}

test_json_and_files() {
	watch -i any --json --protocol=all -w '%Y.pcapng' -C 1 -W 2 --stats=0.1
	send_frames
	wait_for 60 has_counted seen 55
	stop
	expect_silence
	expect_line out '"checksum_status"'
}

run_tests "$@"
