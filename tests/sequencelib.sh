# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What the tests under full load share. Frames carry numbers (sequence_send.c); whatever happens to the sniffer meanwhile,
# each must be in its capture if the filter that was in force accepts it, and not if not (sequence_check.c).
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right

source "$(dirname "${BASH_SOURCE[0]}")/netlib.sh"

CLASSES=ANNNCNNNBNNNNNNN # one frame in eight is accepted: see sequence_send.c

# The filters are put in force one after the other: flags, expressions and sets of 10,000 addresses, by turns for the
# classes A and C and for B and C.
setup_sequences() {
	local program
	left_and_right
	for program in sequence_send sequence_check; do
		gcc -D_GNU_SOURCE -O2 -o $program "$ROOT/tests/netns/$program.c"
	done
	mkdir lists
	address_list 10.65.0.1 10.67.0.1 >lists/ac
	address_list 10.66.0.1 10.67.0.1 >lists/bc
	address_list 10.66.0.1 10.78.0.1 >lists/not-ac
	address_list 10.65.0.1 10.78.0.1 >lists/not-bc
	cat >filters <<-'FILTERS'
		AC --port=1065,1067
		BC --port=1066,1067
		AC udp src port 1065 or src port 1067
		BC udp src port 1066 or src port 1067
		AC --host-file=lists/ac
		BC --host-file=lists/bc
		AC --src-port=1060-1080 --not-host-file=lists/not-ac udp
		BC --src-port=1060-1080 --not-host-file=lists/not-bc udp
	FILTERS
	mapfile -t FILTERS < <(cut -d ' ' -f 2- filters)
}

address_list() { # ADDRESS ADDRESS
	seq 0 9997 | awk '{ print "172.16." int($1 / 256) "." $1 % 256 }'
	printf '%s\n' "$@"
}

# Sniff in `left` into sequence_check, with the first of the filters. Where that misses a frame and ends, --stats has the
# sniffer say how many it has lost.
sniff_and_check() { # STREAMS OPTION...
	local streams=$1 stream
	local -a sent=()
	shift
	SENDERS=()
	for ((stream = 0; stream < streams; stream++)); do sent+=("sent-$stream"); done
	[[ -p capture ]] || mkfifo capture
	./sequence_check filters $CLASSES "${sent[@]}" <capture >checked 2>&1 &
	CHECKER=$!
	# shellcheck disable=SC2086 # words
	start left "$SNIFFER" -w - --stats=3600 "$@" ${FILTERS[0]} >capture 2>err
	wait_listening
}

# Start sending; the frames of a stream are numbered from 0.
send_stream() { # STREAM out|in DEVICE CPU
	start left ./sequence_send "$2" "$3" "$4" "$1" $CLASSES >"sent-$1"
	SENDERS+=("$STARTED")
	wait_for 10 has_counted seen 1000
}

# Give the sniffer one of the filters.
change_filter() { # NUMBER
	# shellcheck disable=SC2086 # words
	"$SNIFFER" --set-filter="$SNIFFER_PID" ${FILTERS[$1 % ${#FILTERS[@]}]} >answer
}

change_filters() { # COUNT
	local number
	for ((number = 1; number <= $1; number++)); do change_filter "$number"; done
}

stop_senders() {
	local sender
	for sender in "${SENDERS[@]}"; do
		kill "$sender"
		wait "$sender"
	done
}

# End the senders, then the sniffer; all numbers must agree to the frame.
stop_and_compare() { # CHANGES
	local sent
	stop_senders
	stop
	compare_capture
	sent=$(awk '{ sum += $1 } END { print sum }' sent-*)
	equal "seen" "$sent" "${COUNT[seen]}"
	equal "lost" 0 "${COUNT[lost]}"
	equal "news of changes" "$1" "$(news | wc -l)"
	equal "sections of the capture" $(($1 + 1)) "$(cut -d ' ' -f 2 checked)"
}

# The frames of the capture are those that the sniffer has delivered, and those that they should be.
compare_capture() {
	wait "$CHECKER" || fail "$(<checked); the ring has lost ${COUNT[lost]} frames"
	equal "frames in the capture" "${COUNT[delivered]}" "$(cut -d ' ' -f 4 checked)"
}

# The filters that the sniffer says it has been given.
news() {
	sed -n 's/^bpfsniff: filter changed to: //p' err
}
