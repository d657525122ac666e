#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The runner counts what happened, and a failure never looks like a success.
#
source "$(dirname "$0")/lib.sh"

setup() {
	mkdir -p tests/netns build/tests/ebpf
	cp "$ROOT"/tests/{run,lib}.sh tests/
	unset TESTS V JOBS REPEAT LOAD
}

program() { # NAME <SCRIPT
	{ echo '#!/bin/bash' && cat; } >"$1"
	chmod +x "$1"
}

# Run the runner: its exit status and last line.
expect_run() { # STATUS LAST_LINE
	local status=0
	tests/run.sh >log 2>&1 || status=$?
	equal "exit status" "$1" "$status"
	equal "last line" "$2" "$(tail -n 1 log)"
}

test_all_pass() {
	program build/tests/ebpf/test_one <<<'echo "ok 1 - a"; echo "ok 2 - b"; echo "1..2"; echo noise >&2'
	expect_run 0 "2 passed, 0 failed, 0 skipped"
	expect_no_line log noise
}

test_a_failure_shows_its_log() {
	program build/tests/ebpf/test_one <<<'echo "1..2"; echo "ok 1 - a"; echo "not ok 2 - b"; echo "# because"; exit 1'
	program build/tests/ebpf/test_two <<<'echo "1..1"; echo "ok 1 - a"'
	expect_run 1 "2 passed, 1 failed, 0 skipped"
	expect_line log because
}

test_skips_are_counted_with_their_reason() {
	program build/tests/ebpf/test_one <<<'echo "1..2"; echo "ok 1 - a # SKIP no moon"; echo "ok 2 - b"'
	program build/tests/ebpf/test_two <<<'echo "1..0 # SKIP needs root"; exit 77'
	expect_run 0 "1 passed, 0 failed, 2 skipped"
	expect_line log 'no moon'
	expect_line log 'needs root'
}

test_programs_that_end_badly() {
	program build/tests/ebpf/test_crash <<<'echo "1..2"; echo "ok 1 - a"; kill -SEGV $$'
	program build/tests/ebpf/test_silent <<<'exit 0'
	program build/tests/ebpf/test_short <<<'echo "1..3"; echo "ok 1 - a"'
	program build/tests/ebpf/test_status <<<'echo "1..1"; echo "ok 1 - a"; exit 3'
	program build/tests/ebpf/test_skip_at_the_end <<<'echo "1..2"; echo "ok 1 - a"; exit 77'
	program build/tests/ebpf/test_status_of_a_skip <<<'echo "crash"; exit 77'
	expect_run 1 "4 passed, 6 failed, 0 skipped"
}

script() { # <FUNCTIONS
	{ echo 'source "$(dirname "$0")/../lib.sh"' && cat && echo 'run_tests "$@"'; } | program tests/netns/some.sh
}

test_functions_of_a_script() {
	script <<-'FUNCTIONS'
		test_good() { true; }
		test_bad() { echo evidence; false; echo "not reached"; }
		test_skipped() { skip "no reason"; }
		test_lacks() { need no-such-command; }
	FUNCTIONS
	expect_run 1 "1 passed, 1 failed, 2 skipped"
	expect_line log evidence
	expect_line log 'failed: line 4: false'
	expect_line log 'no-such-command is not installed'
	expect_no_line log 'not reached'
}

test_each_assertion_can_fail() {
	script <<-'FUNCTIONS'
		test_1() { equal "number" 1 2; }
		test_2() { echo a >f; expect_line f b; }
		test_3() { echo a >f; expect_no_line f a; }
		test_4() { wait_for 1 false; }
		test_5() { (fail inside); }
		test_6() { false | true; }
		test_7() { local x; x=$(false); }
		test_8() { sh -c 'exit 77'; }
	FUNCTIONS
	expect_run 1 "0 passed, 8 failed, 0 skipped"
}

test_a_test_that_hangs() {
	script <<-'FUNCTIONS'
		TEST_SECONDS=1 SLOWNESS=1
		test_hangs() { sleep 1000; }
		test_next() { true; }
	FUNCTIONS
	expect_run 1 "1 passed, 1 failed, 0 skipped"
	expect_line log 'still running after 1 seconds'
}

test_some_of_the_tests() {
	script <<-'FUNCTIONS'
		test_apple() { true; }
		test_pear() { false; }
	FUNCTIONS
	program build/tests/ebpf/test_one <<<'echo "1..1"; echo "not ok 1 - a"; exit 1'
	export TESTS=some:apple
	expect_run 0 "1 passed, 0 failed, 0 skipped"
	export TESTS=nothing-of-that-name
	expect_run 1 "0 passed, 1 failed, 0 skipped"
}

# Each run counts, and the log is that of the run that failed.
test_repeated() {
	script <<-'FUNCTIONS'
		test_now_and_then() { echo x >>"$ROOT/runs"; echo "run $(wc -l <"$ROOT/runs")"; [[ $(wc -l <"$ROOT/runs") != 3 ]]; }
		test_never() { false; }
	FUNCTIONS
	export TESTS=some:now REPEAT=5
	expect_run 1 "4 passed, 1 failed, 0 skipped"
	equal "runs" 5 "$(line_count runs)"
	expect_line log '#   run 3$'
	expect_no_line log '#   run [1245]$'
	expect_line log '^FAIL  tests/netns/some.sh 3 '
}

test_no_number_of_runs() {
	local number
	script <<<'test_one() { true; }'
	for number in 0 x -1 1.5; do
		REPEAT=$number expect_run 2 "REPEAT=$number is not a number from 1 on"
	done
}

# The processes of LOAD are children of the runner, which timeout(1) is too; they work while a test runs, and end with it.
test_under_load() {
	script <<-'FUNCTIONS'
		runner() {
			local pid=$$
			until [[ $(<"/proc/$pid/comm") == run.sh ]]; do pid=$(ps -o ppid= "$pid" | xargs); done
			echo "$pid"
		}
		busy() {
			ps -o pid=,stat=,comm= --ppid "$RUNNER" | awk '$2 ~ /^R/ && $3 == "run.sh" { print $1 }' >"$ROOT/busy"
			[[ $(wc -l <"$ROOT/busy") == 3 ]]
		}
		test_one() { RUNNER=$(runner); wait_for 10 busy; }
	FUNCTIONS
	LOAD=3 expect_run 0 "1 passed, 0 failed, 0 skipped"
	equal "busy processes" 3 "$(line_count busy)"
	wait_for 10 all_ended busy
}

all_ended() { # FILE
	local pid
	while read -r pid; do
		[[ ! -e /proc/$pid ]] || return 1
	done <"$1"
}

run_tests "$@"
