#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Both homes of the filter share include/, where an error would hide in both. Here each is held against model.py, which
# shares nothing with them: 100,000 verdicts on random frames in each home, eight filters on 12,500 frames.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

MODEL=$ROOT/tests/netns/model.py
FRAMES=12500
FILTERS='default port ports hosts host flags first first-port'

setup() {
	need jq
	SEED=${SEED:-$RANDOM}
	echo "SEED=$SEED" >&2 # says how to have the same frames again
	"$PYTHON" "$MODEL" make $FRAMES "$SEED" frames.pcap
}

# What the model says, in ./wanted, and the filter, in OPTIONS.
ask_model() { # FILTER
	mapfile -t OPTIONS < <("$PYTHON" "$MODEL" options "$1")
	"$PYTHON" "$MODEL" judge frames.pcap "$1" >wanted
	equal "verdicts of the model on filter $1" $FRAMES "$(line_count wanted)"
	(($(grep -c '^accepted$' wanted) >= FRAMES / 100)) || fail "filter $1 accepts next to nothing"
}

test_by_reading() {
	local name
	for name in $FILTERS; do
		ask_model "$name"
		"$SNIFFER" -r frames.pcap --explain --json "${OPTIONS[@]}" 2>err | jq -r .verdict >got
		diff <(cat -n wanted) <(cat -n got) >difference || fail "filter $name: $(head -n 4 difference)"
	done
}

# The kernel's counts by reason, and the frames that it let through, byte for byte.
test_in_the_kernel() {
	local name
	local -a counts
	left_and_right
	"$PYTHON" "$MODEL" print frames.pcap >frames
	for name in $FILTERS; do
		ask_model "$name"
		sniff -i eth0 -w got.pcap "${OPTIONS[@]}"
		in_namespace left "$PYTHON" "$MODEL" send frames.pcap eth0
		wait_seen $FRAMES
		stop
		mapfile -t counts < <(sort wanted | uniq -c | awk '{ print $2; print $1 }')
		expect_counts "${counts[@]}" seen $FRAMES lost 0
		cmp <(paste -d ' ' wanted frames | sed -n 's/^accepted //p') <("$PYTHON" "$MODEL" print got.pcap)
	done
}

run_tests "$@"
