#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The filter of a running sniffer is changed while frames pass as fast as one CPU sends them. Each frame is judged once, by
# the filter that is in force: sequence_check.c finds every number where it has to be, and no other.
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right
#                            eth1                    ------ eth1
#     sequence_send in  ~~~> tap0
#
source "$(dirname "$0")/../netlib.sh"

# shellcheck disable=SC2034 # lib.sh reads it
TEST_SECONDS=380
CLASSES=ANNNCNNNBNNNNNNN # one frame in eight is accepted: see sequence_send.c
LAST_CPU=$(($(nproc) - 1))

# The filters are put in force one after the other: flags, expressions and sets of 10,000 addresses, by turns for the
# classes A and C and for B and C.
setup() {
	local program
	namespace left
	namespace right
	cable left right eth0
	cable left right eth1
	for program in sequence_send sequence_check; do
		gcc -D_GNU_SOURCE -O2 -o $program "$ROOT/tests/netns/$program.c"
	done
	address_list 10.65.0.1 10.67.0.1 >ac.txt
	address_list 10.66.0.1 10.67.0.1 >bc.txt
	address_list 10.66.0.1 10.78.0.1 >not-ac.txt
	address_list 10.65.0.1 10.78.0.1 >not-bc.txt
	cat >filters <<-'FILTERS'
		AC --port=1065,1067
		BC --port=1066,1067
		AC udp src port 1065 or src port 1067
		BC udp src port 1066 or src port 1067
		AC --host-file=ac.txt
		BC --host-file=bc.txt
		AC --src-port=1060-1080 --not-host-file=not-ac.txt udp
		BC --src-port=1060-1080 --not-host-file=not-bc.txt udp
	FILTERS
	mapfile -t FILTERS < <(cut -d ' ' -f 2- filters)
}

address_list() { # ADDRESS ADDRESS
	seq 0 9997 | awk '{ print "172.16." int($1 / 256) "." $1 % 256 }'
	printf '%s\n' "$@"
}

# Sniff into sequence_check, with the first of the filters.
sniff_and_check() { # STREAMS OPTION...
	local streams=$1 stream
	local -a sent=()
	shift
	for ((stream = 0; stream < streams; stream++)); do sent+=("sent-$stream"); done
	mkfifo capture
	./sequence_check filters $CLASSES "${sent[@]}" <capture >checked 2>&1 &
	CHECKER=$!
	# shellcheck disable=SC2086 # words
	start left "$SNIFFER" -w - "$@" ${FILTERS[0]} >capture 2>err
	wait_listening
}

# Start sending; the frames of a stream are numbered from 0.
send_stream() { # STREAM out|in DEVICE CPU
	start left ./sequence_send "$2" "$3" "$4" "$1" $CLASSES >"sent-$1"
	SENDERS+=("$STARTED")
}

change_filter() { # NUMBER
	# shellcheck disable=SC2086 # words
	"$SNIFFER" --set-filter="$SNIFFER_PID" ${FILTERS[$1 % ${#FILTERS[@]}]} >changed
}

change_filters() { # COUNT
	local number
	wait_for 10 has_counted seen 10000
	for ((number = 1; number <= $1; number++)); do change_filter "$number"; done
}

# End the senders, then the sniffer; all numbers must agree to the frame.
stop_and_compare() { # CHANGES
	local sender sent
	for sender in "${SENDERS[@]}"; do
		kill "$sender"
		wait "$sender"
	done
	stop
	wait "$CHECKER" || fail "$(<checked)"
	sent=$(awk '{ sum += $1 } END { print sum }' sent-*)
	equal "seen" "$sent" "${COUNT[seen]}"
	equal "lost" 0 "${COUNT[lost]}"
	equal "in the capture" "sections $(($1 + 1)) frames ${COUNT[delivered]}" "$(<checked)"
	equal "news of changes" "$1" "$(grep -c '^bpfsniff: filter changed to: ' err)"
	expect_no_line err 'this is a bug'
}

test_a_thousand_changes() {
	SENDERS=()
	sniff_and_check 1 -i eth0
	send_stream 0 out eth0 0
	change_filters 1000
	stop_and_compare 1000
}

test_two_cpus_on_two_interfaces() {
	SENDERS=()
	sniff_and_check 2 -i eth0 -i eth1
	send_stream 0 out eth0 0
	send_stream 1 out eth1 $LAST_CPU
	change_filters 30
	stop_and_compare 30
}

test_two_cpus_on_one_interface() {
	SENDERS=()
	sniff_and_check 2 -i eth0
	send_stream 0 out eth0 0
	send_stream 1 out eth0 $LAST_CPU
	change_filters 30
	stop_and_compare 30
}

test_in_and_out_on_every_interface() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	SENDERS=()
	ip -n left tuntap add dev tap0 mode tap
	ip -n left link set tap0 up
	sniff_and_check 2
	send_stream 0 out eth0 0
	send_stream 1 in tap0 $LAST_CPU
	change_filters 30
	stop_and_compare 30
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
	kill "${SENDERS[0]}"
	wait "${SENDERS[0]}"
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
