#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A capture ends while its filter is changed, again and again: it ends well, and nothing is counted wrong.
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right
#
source "$(dirname "$0")/../sequencelib.sh"

ROUNDS=25

setup() {
	setup_sequences
}

# Change the filter until there is no sniffer any more; what cannot be said then is one line.
change_till_the_end() {
	local number=0
	while kill -0 "$SNIFFER_PID" 2>/dev/null && change_filter $((++number)) 2>refusal; do :; done
	[[ ! -s refusal ]] || equal "lines on standard error" 1 "$(line_count refusal)"
}

# Sniff into sequence_check; how many frames were sent after the end nobody can tell, so there is no number of them.
sniff_to_the_end() { # OPTION...
	sniff_and_check 0 -i eth0 "$@"
	send_stream 0 out eth0 0
}

# The sniffer has ended by itself or by a signal, and the capture is whole.
compare_at_the_end() {
	ended
	stop_senders
	compare_capture
	equal "lost" 0 "${COUNT[lost]}"
}

test_count() {
	sniff_to_the_end -c 300000
	change_till_the_end
	compare_at_the_end
	equal "delivered" 300000 "${COUNT[delivered]}"
	(($(news | wc -l) > 0)) || fail "the filter has not been changed"
}

test_duration() {
	sniff_to_the_end --duration=$((2 * SLOWNESS))
	change_till_the_end
	compare_at_the_end
	(($(news | wc -l) > 0)) || fail "the filter has not been changed"
}

# The signal comes a little later from round to round, so at each step of the change.
test_signals() {
	local round
	for ((round = 0; round < ROUNDS; round++)); do
		sniff_to_the_end
		change_till_the_end &
		local changes=$!
		sleep "0.$(printf %03d $((round * 7)))"
		kill "-$([[ $((round % 2)) == 0 ]] && echo INT || echo TERM)" "$SNIFFER_PID"
		compare_at_the_end
		wait "$changes"
		rm -f sent-*
	done
}

run_tests "$@"
