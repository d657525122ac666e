#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is different when somebody sits in front of it.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need script
	left_and_right
}

# A command with a terminal; what it shows goes to a file.
on_terminal() { # FILE COMMAND
	script -qefc "$2" "$1" >/dev/null </dev/null
}

one_packet() {
	start right "$SNIFFER" -i eth0 -w one.pcap -c 1 2>err
	wait_listening
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/TCP(sport=1, dport=80)'
	wait "$SNIFFER_PID"
}

# The full style colors addresses, and -q a SYN.
expect_color() { # yes|no ENVIRONMENT OPTION...
	local wanted=$'\033\\[36m10\\.9\\.0\\.1\033\\[0m'
	[[ ${3-} != -q ]] || wanted=$' \033\\[1;32mS\033\\[0m  seq '
	on_terminal shown "TERM=xterm $2 $SNIFFER -r one.pcap ${*:3}"
	expect_line shown '10\.9\.0\.1'
	if [[ $1 == yes ]]; then
		expect_line shown "$wanted"
	else
		expect_no_line shown $'\033'
	fi
}

test_color() {
	one_packet
	expect_color yes ""
	expect_color yes "" -q
	expect_color yes NO_COLOR=
	expect_color no NO_COLOR=1
	expect_color no TERM=dumb
	expect_color no "" --color=never
	expect_color yes NO_COLOR=1 --color=always
	expect_color no "" "| cat"
}

# With and without color the words are the same.
test_color_changes_no_word() {
	local style
	one_packet
	for style in "" -e -q -qX -A; do
		# shellcheck disable=SC2086 # no style is no word
		"$SNIFFER" -r one.pcap $style --color=always 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' >colored
		# shellcheck disable=SC2086
		"$SNIFFER" -r one.pcap $style 2>/dev/null | diff - colored
	done
}

# Three datagrams to port 53 and four ARP requests, without what send() takes time for, as soon as there is a line on
# standard input.
send_when_told() {
	in_namespace left "$PYTHON" -c '
import socket, sys
datagram = "020000000002 020000000001 0800 4500001c000100004011c1c3 0a090001 0a090002 0001003500080000"
request = "ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a090001 000000000000 0a090002"
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as eth0:
    eth0.bind(("eth0", 0))
    sys.stdin.readline()
    for frame in [datagram] * 3 + [request] * 4:
        eth0.send(bytes.fromhex(frame))'
}

# Sniffers side by side, for four seconds: who has nothing to show says after three what there was, and which option
# matters; also to a file.
test_nothing_to_show() {
	local name sniffer="timeout 20 ip netns exec right $SNIFFER --duration=4"
	local -a pids
	cable left right eth1
	mkfifo now
	send_when_told <now &
	pids=($!)
	exec 8>now
	while read -r name options; do
		on_terminal "$name" "$sniffer $options" &
		pids+=($!)
	done <<-'SNIFFERS'
		nothing    -i eth1
		port       -i eth0 -q --port=54
		ports      -i eth0 -q --port=54 --not-port=50
		loopback   -w loopback.pcapng --port=54
		expression -i eth0 -q -Qin --loopback tcp port 9
		most       -w most.pcapng --loopback --protocol=icmp src 10.9.0.7
		narrowed   -i eth0 -q ether dst 02:00:00:00:00:99
		duplicate  -i lo --loopback -q
		shown      -i eth0 -q --port=53
	SNIFFERS
	on_terminal file "$sniffer -i eth0 --src=10.9.0.7 2>err" &
	pids+=($!)
	on_terminal piped "$sniffer -i eth0 --src=10.9.0.7 2> >(cat >pipe)" &
	pids+=($!)
	for name in nothing port ports loopback expression most narrowed duplicate shown err pipe; do
		wait_for 10 has_line "$name" 'listening on'
	done
	# What is accepted and not read yet is no silence: one does not run for these three seconds.
	start right "$SNIFFER" -i eth0 -q --port=53 >late.out 2>late
	wait_for 10 has_line late '^bpfsniff: listening'
	kill -STOP "$STARTED"
	echo >&8
	in_namespace right ping -q -c 1 127.0.0.1
	wait "${pids[@]}"
	kill -CONT "$STARTED"
	wait_for 10 has_line late.out ':53 '
	expect_no_line late 'first 3 seconds'
	kill -INT "$STARTED"
	wait "$STARTED"
	says nothing 'no frame has arrived at all; still listening'
	says port 'seen 7, rejected: not-ip 4, port 3; every packet that passed the other filters was rejected by --port; --explain shows why'
	says ports 'seen 7, rejected: not-ip 4, port 3; every packet that passed the other filters was rejected by the lists of ports'
	says loopback 'seen 11, rejected: loopback 4, not-ip 4, port 3; --loopback keeps loopback traffic; every packet that passed the other filters was rejected by --port'
	says expression 'seen 7, rejected: not-ip 4, expression 3; every packet that passed the other filters was rejected by the expression'
	says most 'seen 11, rejected: duplicate 2, not-ip 4, protocol 3, expression 2; of your filters, --protocol rejected the most; --explain shows why'
	says narrowed 'seen 7, rejected: not-ip 4, expression 3; --protocol=all keeps what is neither TCP nor UDP, and the expression rejected the rest'
	says duplicate 'seen 4, rejected: duplicate 2, protocol 2; --protocol=all keeps every frame'
	says err 'seen 7, rejected: not-ip 4, host 3; every packet that passed the other filters was rejected by --src'
	expect_no_line shown 'first 3 seconds'
	expect_no_line pipe 'first 3 seconds'
}

# In a file of messages the hint stands once.
says() { # FILE HINT
	expect_line "$1" "(^|\\[K)bpfsniff: no packet in the first 3 seconds: $2"
	equal "times that $1 says it" 1 "$(grep -c 'first 3 seconds' "$1")"
}

# While packets go to a file, the last line of the terminal says how many, until something else is to be said.
test_progress() {
	on_terminal shown "TERM=xterm timeout 20 ip netns exec right $SNIFFER -i eth0 -w file.pcapng --duration=4" &
	on_terminal narrow "stty cols 20; TERM=xterm timeout 20 ip netns exec right $SNIFFER -i eth0 -w narrow.pcapng --duration=4" &
	wait_for 10 has_line shown 'listening on'
	wait_for 10 has_line narrow 'listening on'
	send_when_told <<<now
	wait
	grep -q $'\rseen 7  accepted 3 \033\\[K' narrow
	grep -q $'\rseen 7  accepted 3 ([0-9]*/s)  lost 0\033\\[K' shown
	expect_line shown $'\r\033\\[Kseen 7 = accepted 3 \\+ rejected 4\r$'
}

test_no_progress() {
	local options number=0
	local -a pids
	while read -r environment options; do
		on_terminal "shown-$((++number))" "$environment timeout 20 ip netns exec right $SNIFFER -i eth0 --duration=1.5 $options" &
		pids+=($!)
	done <<-'SNIFFERS'
		TERM=dumb   -w file-1.pcapng
		TERM=xterm  -w file-2.pcapng -q
		TERM=xterm  -q
		TERM=xterm  -w file-3.pcapng 2>err
		TERM=xterm  -w - | cat >file-4.pcapng
	SNIFFERS
	wait "${pids[@]}"
	for number in {1..5}; do
		expect_no_line "shown-$number" $'\033\\[K'
	done
	equal "files" 4 "$(find . -name 'file-*.pcapng' -size +0 | wc -l)"
}

run_tests "$@"
