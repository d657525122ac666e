#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# How a capture starts, reports and ends, and how much it keeps of a frame.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

send_udp() { # COUNT
	send left eth0 <<<"$1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b'x' * 100)"
}

# When a file was written to last, in milliseconds.
written_at() { # FILE
	stat -c %.3Y "$1" | tr -d .
}

test_count() {
	sniff -i eth0 -q -c 3
	send_udp 10
	ended
	equal "lines of output" 3 "$(line_count out)"
	equal "delivered" 3 "${COUNT[delivered]}"
}

test_count_of_what_the_filter_accepts() {
	sniff -i eth0 -q --packets=2 --port=53
	send left eth0 <<-'FRAMES'
		5  port      eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
	FRAMES
	ended
	expect_counts accepted 2 port 5 delivered 2 lost 0
}

# From the line that it listens to the statistics. A file's time is that of the kernel's last tick, at most 10 ms ago.
test_duration() {
	local start duration
	sniff -i eth0 -q --duration=1
	start=$(written_at err)
	ended
	expect_counts accepted 0
	duration=$(($(written_at err) - start))
	((duration >= 990 && duration < 1000 + 300 * SLOWNESS)) || fail "ended after $duration ms"
}

# The last call of a process is poll(2) of one descriptor, for a second.
waits_for_reader() { # PID
	grep -qE '^[0-9]+ 0x[0-9a-f]+ 0x1 0x3e8 ' "/proc/$1/syscall"
}

# A reader that does not read keeps no sniffer from ending.
test_terminate_while_nobody_reads() {
	local format signal status
	mkfifo fifo
	exec 3<>fifo
	while IFS='|' read -r signal format; do
		# shellcheck disable=SC2086 # two words
		start right "$SNIFFER" -i eth0 $format >fifo 2>err
		wait_listening
		dd if=/dev/zero of=fifo oflag=nonblock bs=4096 status=none 2>dd.log || expect_line dd.log 'temporarily unavailable'
		send_udp 1
		wait_for 10 waits_for_reader "$SNIFFER_PID"
		kill -INT "$SNIFFER_PID"
		kill "-$signal" "$SNIFFER_PID"
		status=0
		wait "$SNIFFER_PID" || status=$?
		equal "exit status" 1 $status
		expect_line err '^bpfsniff: the output is incomplete because nobody reads it: 1 accepted packet was not written$'
		read_statistics
		dd if=fifo iflag=nonblock of=/dev/null bs=65536 status=none 2>dd.log || expect_line dd.log 'temporarily unavailable'
	done <<-'TABLE'
		TERM|--json
		TERM|-w -
		HUP|--json
	TABLE
}

# One SIGINT is enough where no user can have typed Ctrl-C in front of a pager.
test_interrupt_without_a_terminal() {
	local status=0
	mkfifo fifo
	exec 3<>fifo
	start right setsid "$SNIFFER" -i eth0 --json >fifo 2>err
	wait_listening
	dd if=/dev/zero of=fifo oflag=nonblock bs=4096 status=none 2>dd.log || expect_line dd.log 'temporarily unavailable'
	send_udp 1
	wait_for 10 waits_for_reader "$SNIFFER_PID"
	send_udp 5
	kill -INT "$SNIFFER_PID"
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 $status
	expect_line err '^bpfsniff: the output is incomplete because nobody reads it: 6 accepted packets were not written$'
	read_statistics
	expect_counts accepted 6 delivered 0 lost 0
}

test_interrupt_and_terminate() {
	local signal
	for signal in INT TERM; do
		sniff -i eth0 -q
		send_udp 4
		wait_seen 4
		stop $signal
		expect_counts accepted 4 delivered 4
		equal "lines of output" 4 "$(line_count out)"
	done
}

# It is told to end when it has read none of them.
test_frames_still_in_the_ring_are_shown_at_the_end() {
	local signal
	for signal in INT TERM HUP; do
		sniff -i eth0 -q
		pause
		send_udp 2000
		kill "-$signal" "$SNIFFER_PID"
		go_on
		ended
		expect_counts accepted 2000 delivered 2000 lost 0
		equal "lines of output" 2000 "$(line_count out)"
	done
}

# The same when not all found room.
test_frames_still_in_a_full_ring_are_shown_at_the_end() {
	sniff -i eth0 -q -B 256
	pause
	send left eth0 <<<"3000 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b'x' * 1000)"
	kill -INT "$SNIFFER_PID"
	go_on
	ended
	expect_counts accepted 3000
	((COUNT[lost] > 2000)) || fail "only ${COUNT[lost]} are lost"
	# How many there were depends on when the kernel has closed a block that was not full.
	((COUNT[delivered] > 0)) || fail "none is delivered"
	equal "lines of output" "${COUNT[delivered]}" "$(line_count out)"
}

# No more than -c asks for, whatever else has come till the end.
test_count_at_the_end() {
	sniff -i eth0 -q -c 5
	pause
	send_udp 3
	kill -INT "$SNIFFER_PID"
	send_udp 7
	go_on
	ended
	expect_counts accepted 5 delivered 5 lost 0
	equal "lines of output" 5 "$(line_count out)"
}

# A signal right behind a frame, which the kernel hands over up to 20 ms later where a file is written.
test_a_frame_just_before_the_end() {
	local round
	for round in {1..5}; do
		sniff -i eth0 -w last.pcapng
		in_namespace left "$PYTHON" -c "import os, signal, socket
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind(('eth0', 0))
sender.send(bytes.fromhex('020000000002020000000001080045000020000100004011' '65bb0a0900010a09000200010035000c0000' '61626364'))
os.kill($SNIFFER_PID, signal.SIGINT)"
		ended
		expect_counts accepted 1 delivered 1 lost 0
		equal "packets of the file, round $round" 1 "$("$SNIFFER" -r last.pcapng -q 2>read.err | wc -l)"
	done
}

test_statistics_on_a_signal() {
	sniff -i eth0 -q
	send_udp 2
	wait_seen 2
	expect_line err '^seen 2 = accepted 2 \+ rejected 0$'
	kill -0 "$SNIFFER_PID"
	send_udp 3
	wait_seen 5
	stop
	expect_counts accepted 5
}

test_statistics_now_and_then() {
	sniff -i eth0 -q --stats=1
	send_udp 2
	wait_for 10 has_line err '^seen 2 = accepted 2 \+ rejected 0$'
	send_udp 3
	wait_for 10 has_line err '^seen 5 = accepted 5 \+ rejected 0$'
	kill -USR1 "$SNIFFER_PID" # no rates: they are of equal times
	stop
	expect_counts accepted 5
	expect_line err '^[0-2][0-9]:[0-5][0-9]:[0-5][0-9] seen [1-3]/s accepted [1-3]/s lost 0/s$'
	equal "rates before reports" "$(grep -c '/s lost 0/s$' err)" "$(grep -A 1 '/s lost 0/s$' err | grep -c '^seen')"
}

test_statistics_as_json() {
	need jq
	sniff -i eth0 --json
	send left eth0 <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  not-ip    eth/ARP(psrc=A, pdst=B)
	FRAMES
	wait_seen 5
	stop
	expect_counts accepted 3 not-ip 2
	tail -n 1 err >statistics
	equal "reasons" "direction loopback duplicate not-ip malformed protocol host port tcp-flags own-session expression process tcp-event sample flow-limit" \
		"$(jq -r '.statistics.rejected | keys_unsorted[]' statistics | xargs)"
	equal "numbers" "5 3 3 0 2" "$(jq -r '.statistics | .seen, .accepted, .delivered, .lost, .rejected["not-ip"]' statistics | xargs)"
}

# Whatever asks for them, the time, a signal or the end: each line is an object.
test_statistics_as_json_now_and_then() {
	need jq
	sniff -i eth0 --json --stats=0.2
	send_udp 3
	wait_seen 3
	wait_for 10 has_objects 4
	stop
	expect_counts accepted 3
	equal "lines that are neither objects nor messages" 0 "$(grep -vcE '^(\{"statistics":\{|bpfsniff: )' err)"
}

has_objects() { # COUNT
	(($(grep -c '^{"statistics"' err) >= $1))
}

test_reasons_that_are_zero_are_left_out() {
	sniff -i eth0 -q
	send left eth0 <<<'2 not-ip eth/ARP(psrc=A, pdst=B)'
	wait_seen 2
	stop
	expect_line err '^rejected: not-ip 2$'
	equal "the last three lines" "seen 2 = accepted 0 + rejected 2
rejected: not-ip 2
accepted 0 = delivered 0 + lost 0" "$(tail -n 3 err)"
}

test_snaplen() {
	need jq
	sniff -i eth0 --json -s 60
	send left eth0 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/bytes(range(100))
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"short"
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=53, options=[("MSS", 1460), ("NOP", None)] * 5)/b"data"
	FRAMES
	wait_seen 3
	stop
	expect_line err '\(pid [0-9]+, snaplen 60, ring 32768 KiB\)$'
	equal "length and captured" "142/60 47/47 $((14 + 20 + 20 + 28 + 4))/60" "$(jq -r '"\(.length)/\(.captured)"' out | xargs)"
	equal "payload" "100 000102030405060708090a0b0c0d0e0f1011" \
		"$(jq -rs '.[0].payload | "\(.length) \(.hex)"' out)"
	equal "truncated" "null null tcp" "$(jq -rs 'map(.truncated | tostring) | join(" ")' out)"
}

test_snaplen_does_not_change_the_verdict() {
	judge -q -s 20 --port 53 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/bytes(range(100))
		3  port      eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/UDP(sport=1, dport=54)
	FRAMES
}

# The kernel's count of lost frames has 32 bits and starts again when it is read: nobody needs to ask for that.
test_lost_frames_are_read_in_time() {
	need strace
	export ASAN_OPTIONS=detect_leaks=0 # leaks cannot be found below a tracer
	start right strace -f -e trace=getsockopt -o trace "$SNIFFER" -i eth0 -q >out 2>err
	wait_listening
	expect_no_line trace PACKET_STATISTICS
	wait_for 25 has_line trace PACKET_STATISTICS
	kill -INT "$(pgrep -P "$SNIFFER_PID" || echo "$SNIFFER_PID")"
	ended
}

# Four small blocks cannot hold what comes while nobody reads: the rest is lost, and counted to the last frame.
test_lost_frames_are_counted() {
	mkfifo pipe
	exec 9<>pipe # keeps the pipe open, and reads nothing
	start right "$SNIFFER" -i eth0 -B 1024 >pipe 2>err
	wait_listening
	send left eth0 <<<"20000 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b'x' * 1000)"
	cat <&9 >out &
	wait_for 20 has_counted seen 20000
	stop
	expect_counts accepted 20000
	((COUNT[lost] > 0)) || fail "nothing was lost"
	((COUNT[delivered] > 0)) || fail "nothing was delivered"
}

# -B is the size, whatever it is rounded to: 512 KiB of frames fit 1 MiB.
test_a_ring_is_as_large_as_it_says() {
	sniff -i eth0 -q -B 1024
	pause
	send left eth0 <<<"420 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b'x' * 1200)"
	go_on
	wait_seen 420
	stop
	expect_counts accepted 420 lost 0
}

test_the_smallest_ring() {
	sniff -i eth0 -q -B 1
	expect_line err 'ring 1 KiB\)$'
	send_udp 10
	wait_seen 10
	stop
	expect_counts accepted 10 lost 0
}

test_output_that_nobody_reads_any_more() {
	local status=0
	lose_reader
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 0 "$status"
	equal "lines of output" 2 "$(line_count first)"
	equal "lines on standard error" 1 "$(grep -cv 'first 3 seconds' err)" # that it listens
}

# Who asks for statistics gets them at the end all the same.
test_statistics_when_nobody_reads_any_more() {
	lose_reader --stats=3600
	ended
	equal "lines of output" 2 "$(line_count first)"
	((COUNT[delivered] >= 2)) || fail "delivered ${COUNT[delivered]}"
}

# A sniffer whose reader leaves after two lines.
lose_reader() { # OPTION...
	start right "$SNIFFER" -i eth0 -q "$@" 2>err > >(head -n 2 >first)
	wait_listening
	send_udp 2
	wait_for 10 has_line first .
	wait_for 10 send_until_gone
}

send_until_gone() {
	kill -0 "$SNIFFER_PID" 2>/dev/null || return 0
	send_udp 1
	return 1
}

# An expression of so many hosts.
hosts() { # COUNT
	seq 0 $(($1 - 1)) | awk '{ printf "%s10.9.%d.%d", (NR > 1) ? " or " : "host ", $1 / 250, $1 % 250 }'
}

# Not how fast: only that it does not hang. libpcap alone takes minutes.
test_two_thousand_hosts() {
	hosts 2000 >expression
	sniff -i eth0 -q -F expression
	send left eth0 <<-'FRAMES'
		2  accepted    eth/IP(src="10.9.7.249", dst="10.8.0.1")/UDP(sport=1, dport=53)
		1  accepted    eth/IP(src="10.8.0.1", dst="10.9.0.0")/UDP(sport=1, dport=53)
		3  expression  eth/IP(src="10.9.8.0", dst="10.9.7.250")/UDP(sport=1, dport=53)
	FRAMES
	wait_seen 6
	stop
	expect_counts accepted 3 expression 3
}

# A process and its children have used a fifth of a second of CPU time.
is_busy() { # PID
	local used=0 pid
	for pid in "$1" $(cat "/proc/$1/task/$1/children"); do
		used=$((used + $(cut -d ' ' -f 14 "/proc/$pid/stat")))
	done
	((used >= 20))
}

# What is left of a helper may be a zombie that nobody here waits for.
is_gone() { # PID
	[[ ! -e /proc/$1 ]] || has_line "/proc/$1/status" '^State:.Z'
}

# Nothing in this expression may be divided, so libpcap works on it for minutes.
test_a_signal_while_an_expression_is_compiled() {
	local signal options child status
	{ hosts 5000; echo ' or len = 70000'; } >expression
	"$PYTHON" -c 'from scapy.all import Ether, IP, wrpcap
wrpcap("one.pcap", Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="10.9.0.1", dst="10.9.0.2"))'
	for signal in INT TERM; do
		for options in "-i eth0" "-r one.pcap"; do
			# shellcheck disable=SC2086 # words
			start right "$SNIFFER" $options -q -F expression >out 2>err
			wait_for 20 is_busy "$STARTED"
			child=$(<"/proc/$STARTED/task/$STARTED/children")
			kill -"$signal" "$STARTED"
			wait_for 1 is_gone "$STARTED"
			[[ -z $child ]] || wait_for 1 is_gone "$child"
			status=0
			wait "$STARTED" || status=$?
			equal "exit status after $signal with $options" 0 $status
			equal "messages" "seen 0 = accepted 0 + rejected 0
accepted 0 = delivered 0 + lost 0" "$(<err)"
		done
	done
	# Where something else was asked for, 0 would say that it was done.
	start right "$SNIFFER" -i eth0 -d -F expression >out 2>err
	wait_for 20 is_busy "$STARTED"
	kill "$STARTED"
	status=0
	wait "$STARTED" || status=$?
	equal "exit status of -d" 143 $status
}

run_tests "$@"
