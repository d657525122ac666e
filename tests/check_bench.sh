#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The benchmarks go on working: the shortest of their rows runs once, as `make bench` runs it, and leaves nothing behind.
# How fast anything is, is not asked here.
#
source "$(dirname "$0")/lib.sh"

((EUID == 0)) || skip_all "needs root: network namespaces are made here"

COMPARE=$ROOT/tests/bench/compare.py

# What was measured before stays: the result goes into a folder of this test.
setup() {
	need tcpdump jq
	mkdir build
	ln -s "$ROOT/build/bpfsniff" "$ROOT/build/bench" build
}

compare() { # ROUNDS ROW
	BUILD=$TMP/build ROUNDS=$1 exec "${AHEAD[@]}" "$COMPARE" "$2"
}

# Something that the benchmarks have started is there, and has such a name.
runs() { # NAME
	grep -lsxz "BUILD=$TMP/build" /proc/[0-9]*/environ >started || true # some have ended meanwhile
	sed 's|environ$|comm|' started | xargs -r cat >names 2>/dev/null || true
	has_line names "^$1\$"
}

nothing_runs() {
	! runs '.*' || return 1
}

test_row() {
	ip netns list >before
	(compare 1 idle) >table
	expect_line table '^Linux .* CPUs, load [0-9.]+$'
	expect_line table '^\| one packet on an idle link +\| ms +\| [0-9.,]+ +\| +\| +\| +\| <= 5 (met|missed) +\|$'
	expect_line table '^\| one packet on an idle link +\| ms +\| [0-9.,]+ +\| tcpdump +\| [0-9.,]+ +\| [0-9.,]+ +\| +\|$'
	expect_line table '^idle: other work kept [0-9.]+ CPUs busy before and [0-9.]+ after$'
	# Measured once more if others kept the machine busy, as the whole check does.
	equal "lines" "$(if has_line table '^idle: once more$'; then echo 12; else echo 7; fi)" "$(line_count table)"
	jq -e '.machine.kernel and (.lines | length == 3 and all(.ours[0] > 0 and .unit == "ms" and .date))' build/bench.json
	nothing_runs
	ip netns list | diff before -
}

# In the place of what was measured before.
test_result_is_kept() {
	echo '{"lines": [{"what": "one packet on an idle link", "peer": "tcpdump"}, {"what": "another", "peer": ""}]}' >build/bench.json
	(compare 1 idle) >table
	equal "another" 1 "$(jq '[.lines[] | select(.what == "another")] | length' build/bench.json)"
	equal "lines" 4 "$(jq '.lines | length' build/bench.json)"
}

test_ended_by_a_signal() {
	local status=0
	compare 100 start >table &
	undo kill -TERM $!
	wait_for 20 runs generate
	kill -TERM $!
	wait $! || status=$?
	equal "exit status" 130 "$status"
	wait_for 20 nothing_runs
}

test_without_privilege() {
	need setpriv
	local status=0
	cp -r "$ROOT/tests/bench" bench
	setpriv --reuid=65534 --clear-groups bench/compare.py idle >out 2>err || status=$?
	equal "exit status" 1 "$status"
	equal "message" "bench: making network namespaces needs root: sudo make bench" "$(<err)"
}

run_tests "$@"
