#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The filter of a running sniffer is changed while frames come from two CPUs and by two ways, in and out.
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right
#     sequence_send out ~~~> eth1                    ------ eth1
#     sequence_send in  ~~~> tap0
#
source "$(dirname "$0")/../sequencelib.sh"

LAST_CPU=$(($(nproc) - 1))

setup() {
	setup_sequences
	cable left right eth1
}

test_two_cpus_on_two_interfaces() {
	sniff_and_check 2 -i eth0 -i eth1
	send_stream 0 out eth0 0
	send_stream 1 out eth1 "$LAST_CPU"
	change_filters 20
	stop_and_compare 20
}

test_two_cpus_on_one_interface() {
	sniff_and_check 2 -i eth0
	send_stream 0 out eth0 0
	send_stream 1 out eth0 "$LAST_CPU"
	change_filters 20
	stop_and_compare 20
}

test_in_and_out_on_every_interface() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	ip -n left tuntap add dev tap0 mode tap
	ip -n left link set tap0 up
	sniff_and_check 2
	send_stream 0 out eth0 0
	send_stream 1 in tap0 "$LAST_CPU"
	change_filters 20
	stop_and_compare 20
}

# However many rings are to be set up and put away, the sniffer goes on reading.
test_fifty_interfaces() {
	local number
	local -a options=()
	for ((number = 1; number < 50; number++)); do
		echo "link add a$number type veth peer name b$number"
		echo "link set a$number up"
		echo "link set b$number up"
		options+=(-i "a$number")
	done >commands
	ip -n left -batch commands
	sniff_and_check 1 -B 16384 "${options[@]}" -i eth0
	send_stream 0 out eth0 0
	change_filters 20
	stop_and_compare 20
}

# While what older filters have accepted is still to come out, the next change waits: nothing of it is lost. An interface
# that goes down meanwhile has two sockets.
test_changes_while_much_is_still_to_come() {
	local valve
	mkfifo raw capture
	slowly <raw >capture &
	valve=$!
	./sequence_check filters C sent-0 <capture >checked 2>&1 &
	CHECKER=$!
	# shellcheck disable=SC2086 # words
	start left "$SNIFFER" -i eth0 -w - -B 131072 ${FILTERS[0]} >raw 2>err
	wait_listening
	pause
	start left ./sequence_send out eth0 0 0 C 60000 >sent-0
	wait "$STARTED"
	go_on
	change_filter 1
	ip -n left link set eth0 down
	change_filter 2
	change_filter 3
	kill -USR1 "$valve"
	stop
	compare_capture
	expect_counts accepted 60000 lost 0
	expect_line err "^bpfsniff: interface 'eth0' is down"
	equal "news of changes" 3 "$(news | wc -l)"
}

# Pass on standard input, slowly, until SIGUSR1.
slowly() {
	exec "$PYTHON" -c 'import os, signal, threading
opened = threading.Event()
signal.signal(signal.SIGUSR1, lambda *_: opened.set())
while block := os.read(0, 65536):
    opened.wait(0.05)
    while block:
        block = block[os.write(1, block):]'
}

# Standard output and standard error in one file: the news stand between the last line of the older filter and the first
# of the newer.
test_the_news_stand_in_their_place() {
	SENDERS=()
	# shellcheck disable=SC2086 # words
	start left "$SNIFFER" -i eth0 -q ${FILTERS[0]} >out 2>&1
	ln out err
	wait_listening
	send_stream 0 out eth0 0
	change_filters 40
	stop_senders
	stop
	equal "seen" "$(<sent-0)" "${COUNT[seen]}"
	equal "lost" 0 "${COUNT[lost]}"
	awk '
	BEGIN { class[1065] = "A"; class[1066] = "B"; class[1067] = "C"; filter = "A" }
	/^bpfsniff: filter changed to: / { changes++; filter = changes % 2 ? "B" : "A" }
	match($0, /10\.[0-9]+\.0\.1:[0-9]+ >/) {
		split(substr($0, RSTART, RLENGTH), part, /[: ]/)
		lines++
		if (class[part[2]] != "C" && class[part[2]] != filter) wrong++
	}
	END { print changes, lines, wrong + 0 }' out >judged
	equal "changes, lines, lines in a wrong place" "40 ${COUNT[delivered]} 0" "$(<judged)"
}

run_tests "$@"
