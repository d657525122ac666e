#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What goes through an SSH session is not captured into it: every packet would make another.
#
#     left eth0 ------------- eth0 right: the sniffer, an SSH server
#     10.9.0.1, fd09::1       10.9.0.2, fd09::2
#
source "$(dirname "$0")/../netlib.sh"

SESSION='10.9.0.1 50022 10.9.0.2 22'
SAID='^bpfsniff: leaving out this SSH session \(10\.9\.0\.1 50022 to 10\.9\.0\.2 22\); --own-session keeps it$'

setup() {
	need tcpdump
	left_and_right
}

# Start the sniffer with a pipe as standard output, which arrives in ./out.
sniff_into_pipe() { # OPTION...
	mkfifo pipe
	cat pipe >out &
	start right "${COMMAND[@]}" "$SNIFFER" -i eth0 "$@" >pipe 2>err
	wait_listening
}

# The SSH client is A, port 50022; the server is B, port 22.
send_both_ways() {
	send left eth0 <<-'FRAMES'
		7  own-session  eth/IP(src=A, dst=B)/TCP(sport=50022, dport=22)
		5  own-session  eth/IP(src=B, dst=A)/TCP(sport=22, dport=50022)
		4  own-session  eth/Dot1Q(vlan=7)/IP(src=A, dst=B)/TCP(sport=50022, dport=22)
		3  accepted     eth/IP(src=A, dst=B)/TCP(sport=50023, dport=22)
		2  accepted     eth/IP(src=A, dst=B)/UDP(sport=50022, dport=22)
		2  accepted     eth/IP(src=A, dst=B)/TCP(sport=22, dport=50022)
		1  accepted     eth/IP(src="10.9.0.3", dst=B)/TCP(sport=50022, dport=22)
		1  accepted     eth/IP(src=A, dst="10.9.0.3")/TCP(sport=50022, dport=22)
		1  not-ip       eth/ARP(psrc=A, pdst=B)
	FRAMES
	wait_seen 26
}

packets() { # FILE
	tcpdump -n -r "$1" 2>/dev/null | wc -l
}

test_ipv4() {
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	sniff_into_pipe -w -
	equal "times it is said" 1 "$(grep -cE "$SAID" err)"
	send_both_ways
	stop
	expect_counts own-session 16 accepted 9 not-ip 1
	equal "packets" 9 "$(packets out)"
}

test_ipv6() {
	COMMAND=(env 'SSH_CONNECTION=fd09::1 50022 fd09::2 22')
	sniff_into_pipe -w -
	expect_line err '^bpfsniff: leaving out this SSH session \(fd09::1 50022 to fd09::2 22\); --own-session keeps it$'
	send left eth0 <<-'FRAMES'
		7  own-session  eth/IPv6(src=A6, dst=B6)/TCP(sport=50022, dport=22)
		5  own-session  eth/IPv6(src=B6, dst=A6)/IPv6ExtHdrDestOpt()/TCP(sport=22, dport=50022)
		3  accepted     eth/IPv6(src=A6, dst=B6)/TCP(sport=50022, dport=23)
		2  accepted     eth/IPv6(src=B6, dst=A6)/UDP(sport=22, dport=50022)
		1  accepted     eth/IP(src=A, dst=B)/TCP(sport=50022, dport=22)
	FRAMES
	wait_seen 18
	stop
	expect_counts own-session 12 accepted 6
	equal "packets" 6 "$(packets out)"
}

# Reasons have an order: after the flags, before the expression.
test_order() {
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	sniff_into_pipe -w - --protocol=all --src-port=50022,50023 port 23
	send_both_ways
	stop
	expect_counts port 8 own-session 11 expression 7
}

test_kept() {
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	sniff_into_pipe -w - --own-session
	send_both_ways
	stop
	expect_no_line err 'SSH'
	expect_counts accepted 25 not-ip 1
	equal "packets" 25 "$(packets out)"
}

test_every_style_in_a_pipe() {
	local style
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	for style in -q -t --json "-q -w file.pcapng"; do
		# shellcheck disable=SC2086 # words
		sniff_into_pipe $style
		equal "times it is said with $style" 1 "$(grep -cE "$SAID" err)"
		send_both_ways
		stop
		expect_counts own-session 16 accepted 9 not-ip 1
		rm pipe
	done
}

test_every_style_on_a_terminal() {
	local style
	for style in -q -t --json; do
		: >err
		start right env "SSH_CONNECTION=$SESSION" script -qefc "exec '$SNIFFER' -i eth0 $style 2>err" typescript \
			</dev/null >out
		wait_for 10 has_line err '^bpfsniff: listening'
		SNIFFER_PID=$(pgrep -x bpfsniff)
		equal "times it is said with $style" 1 "$(grep -cE "$SAID" err)"
		send_both_ways
		kill -INT "$SNIFFER_PID"
		wait "$STARTED"
		read_statistics
		expect_counts own-session 16 accepted 9 not-ip 1
	done
}

# What shows every frame with its verdict would show the session's own for ever.
test_explained() {
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	sniff_into_pipe -q -e --explain
	send_both_ways
	stop
	expect_counts own-session 16 accepted 9 not-ip 1
	equal "frames shown" 10 "$(grep -c ' eth0 ' out)"
	rm pipe
	# Also what is rejected before it is found to be the session's.
	sniff_into_pipe -q -e --explain -Q out
	send_both_ways
	stop
	expect_counts direction 26
	equal "frames shown that came in" 10 "$(grep -c ' eth0 ' out)"
	rm pipe
	sniff_into_pipe -q -e --explain --protocol=udp
	send_both_ways
	stop
	expect_counts protocol 23 accepted 2 not-ip 1
	equal "frames shown of UDP" 10 "$(grep -c ' eth0 ' out)"
}

# Standard output by another name, and another way into the session.
test_a_named_pipe() {
	local options
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	while read -r options; do
		# shellcheck disable=SC2086 # words
		sniff_into_pipe $options
		equal "times it is said with $options" 1 "$(grep -cE "$SAID" err)"
		send_both_ways
		stop
		expect_counts own-session 16 accepted 9 not-ip 1
		rm pipe
	done <<-'TABLE'
		-w /dev/stdout
		-w /proc/self/fd/1
	TABLE
	sniff_into_pipe --flow-log=/dev/stdout
	equal "times it is said with a log of flows" 1 "$(grep -cE "$SAID" err)"
	send_both_ways
	kill -INT "$SNIFFER_PID"
	wait "$STARTED"
	expect_line err '^rejected: not-ip 1, own-session 16$'
	: >err
	start right env "SSH_CONNECTION=$SESSION" script -qefc "exec '$SNIFFER' -i eth0 --flow-log=/dev/tty 2>err >log" \
		typescript </dev/null >out
	wait_for 10 has_line err '^bpfsniff: listening'
	equal "times it is said with a terminal" 1 "$(grep -cE "$SAID" err)"
	kill -INT "$(pgrep -x bpfsniff)"
	wait "$STARTED"
	rm pipe
	sniff_into_pipe -w /dev/null
	stop
	expect_no_line err 'SSH'
}

# A file goes through no session.
test_a_file() {
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	sniff_into_pipe -w file.pcapng
	send_both_ways
	stop
	expect_no_line err 'SSH'
	expect_counts accepted 25 not-ip 1
	start right "${COMMAND[@]}" "$SNIFFER" -i eth0 -w - >file.pcapng 2>err
	wait_listening
	send_both_ways
	stop
	expect_counts accepted 25 not-ip 1
}

# sudo hands the variable not on: an ancestor still has it.
test_from_an_ancestor() {
	COMMAND=(env "SSH_CONNECTION=$SESSION" sh -c 'env -i "$@"; exit' sh)
	mkfifo pipe
	cat pipe >out &
	start right "${COMMAND[@]}" "$SNIFFER" -i eth0 -w - >pipe 2>err
	wait_for 10 has_line err '^bpfsniff: listening'
	SNIFFER_PID=$(pgrep -x bpfsniff)
	expect_line err "$SAID"
	send_both_ways
	kill -INT "$SNIFFER_PID"
	wait "$STARTED"
	read_statistics
	expect_counts own-session 16 accepted 9 not-ip 1
}

test_no_session() {
	COMMAND=(env 'SSH_CONNECTION=UNKNOWN 65535 UNKNOWN 65535')
	sniff_into_pipe -w -
	send_both_ways
	stop
	expect_no_line err 'UNKNOWN'
	expect_counts accepted 25 not-ip 1
}

# A new filter is loaded by another process, in another session or in none.
test_after_a_change_of_the_filter() {
	COMMAND=(env "SSH_CONNECTION=$SESSION")
	sniff_into_pipe -w -
	in_namespace right "$SNIFFER" --set-filter="$SNIFFER_PID" --not-port=50023 >changed
	send_both_ways
	refused 2 '--own-session cannot be changed while a sniffer runs' "$SNIFFER" --set-filter="$SNIFFER_PID" \
		--own-session
	stop
	expect_counts port 3 own-session 16 accepted 6 not-ip 1
}

# A real session: five packets are captured, and nothing of what carries them.
test_ssh() {
	need dropbear dbclient dropbearkey
	addresses
	dropbearkey -t ed25519 -f host >host.log
	dropbearkey -t ed25519 -f key | grep ^ssh >key.pub
	mkdir /run/dropbear "$TMP/home" "$TMP/home/.ssh"
	cp key.pub "$TMP/home/.ssh/authorized_keys"
	cp "$SNIFFER" "$TMP/home" # which may be below /root
	chmod -R go= "$TMP/home"
	mount --bind "$TMP/home" /root
	serve right tcp 22 dropbear -F -E -s -r host -P ''
	start left dbclient -y -i key root@10.9.0.2 './bpfsniff -i eth0 -w - -c 5' >out 2>err
	wait_for 10 has_line err 'bpfsniff: listening'
	expect_line err 'bpfsniff: leaving out this SSH session \(10\.9\.0\.1 [0-9]+ to 10\.9\.0\.2 22\)'
	send left eth0 <<<'5 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=9999)'
	wait "$STARTED"
	equal "packets" 5 "$(packets out)"
	equal "packets to port 9999" 5 "$(tcpdump -n -r out udp port 9999 2>/dev/null | wc -l)"
	expect_line err 'own-session [1-9]'
}

# Another network whose hosts have the same numbers.
test_ipv6_of_another_network() {
	COMMAND=(env 'SSH_CONNECTION=fd09::1 50022 fd09::2 22')
	sniff_into_pipe -w -
	send left eth0 <<-'FRAMES'
		2 own-session eth/IPv6(src=A6, dst=B6)/TCP(sport=50022, dport=22)
		3 accepted    eth/IPv6(src="fd0a::1", dst=B6)/TCP(sport=50022, dport=22)
		4 accepted    eth/IPv6(src=A6, dst="fd0a::2")/TCP(sport=50022, dport=22)
	FRAMES
	wait_seen 9
	stop
	expect_counts own-session 2 accepted 7
}

run_tests "$@"
