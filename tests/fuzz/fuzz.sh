#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every fuzz target: the inputs that once failed, the seeds, and some thousand new ones. `make fuzz SECONDS=3600` takes longer.
#
source "$(dirname "$0")/../lib.sh"

FUZZ=$ROOT/build/fuzz
NEW_INPUTS=3000
TEST_SECONDS=120
export TZ=UTC0 ASAN_OPTIONS=quarantine_size_mb=1

run_target() { # TARGET
	local regressions=$ROOT/tests/fuzz/regressions/$1
	local -a files=("$regressions"/*)
	local runs
	runs=$(($(find "$FUZZ/seeds/$1" -type f | wc -l) + NEW_INPUTS))
	if [[ -d $regressions ]]; then
		"$FUZZ/fuzz_$1" -error_exitcode=1 "${files[@]}" >replayed 2>&1
		equal "inputs replayed" "${#files[@]}" "$(grep -c '^Executed .* in [0-9]* ms$' replayed)"
	fi
	mkdir learned
	"$FUZZ/fuzz_$1" -error_exitcode=1 -runs="$runs" -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$FUZZ/finding-$1-" learned "$FUZZ/seeds/$1" >log 2>&1
	(($(grep -oP '^stat::number_of_executed_units: \K[0-9]+' log) >= runs))
}

test_capture() {
	run_target capture
}

test_control() {
	run_target control
}

test_decode() {
	run_target decode
}

test_judge() {
	run_target judge
}

test_options() {
	run_target options
}

test_packed() {
	run_target packed
}

test_spec() {
	run_target spec
}

test_cbpf() {
	run_target cbpf
}

# A packet that claims to have been shorter than what was captured of it makes a seed like any other.
test_seeds_of_a_bad_capture() {
	mkdir -p bad/captures
	{
		printf '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x01\0\0\0'
		printf '\0\0\0\0\0\0\0\0\x0e\0\0\0\x01\0\0\0' # 14 bytes of 1
		printf '%014d' 0
	} >bad/captures/short.pcap
	"$ROOT/tests/fuzz/seeds.py" bad seeds
	equal "seeds for decode" 1 "$(find seeds/decode -type f | wc -l)"
	equal "targets" "$(find "$ROOT/tests/fuzz" -name 'fuzz_*.c' | wc -l)" "$(find seeds -mindepth 1 -maxdepth 1 | wc -l)"
}

# None is forgotten, here or among the inputs that failed.
test_there_is_a_test_for_each_target() {
	find "$ROOT/tests/fuzz" -name 'fuzz_*.c' | sed -E 's|.*/fuzz_(.*)\.c|\1|' | sort >targets
	grep -oP '^test_\K[a-z]+(?=\(\))' "$ROOT/tests/fuzz/fuzz.sh" | sort | cmp - targets
	find "$ROOT/tests/fuzz/regressions" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | comm -23 - targets >unknown
	equal "folders without a target" 0 "$(line_count unknown)"
}

run_tests "$@"
