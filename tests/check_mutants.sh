#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# `make mutants` tells faults that are seen from those that are not, and its list fits the program.
#
source "$(dirname "$0")/lib.sh"

# A program of one line, a test that looks at it and one that does not.
setup() {
	mkdir -p tests/mutants tests/netns bpf include user vmlinux
	cp "$ROOT"/tests/{run,lib}.sh tests/
	cp "$ROOT"/tests/mutants/{run.sh,mutate.py} tests/mutants/
	printf 'all:\n\tgrep -q number user/program\n' >Makefile
	echo "number 1" >user/program
	touch README.md
	cat >tests/netns/some.sh <<-'SCRIPT'
		#!/bin/bash
		source "$(dirname "$0")/../lib.sh"
		test_one() { equal number "number 1" "$(<"$ROOT/user/program")"; }
		test_blind() { true; }
		test_wrong() { false; }
		test_skipped() { skip "no moon"; }
		run_tests "$@"
	SCRIPT
	chmod +x tests/netns/some.sh
	unset TESTS V JOBS REPEAT LOAD ONLY
}

# A row that puts another line in the place of that of the program.
row() { # NAME TEST BEFORE AFTER
	printf 'mutant %s a fault\ntest tests/netns/some.sh:%s\nin user/program\n-%s\n+%s\n\n' "$@" >>tests/mutants/rows
}

expect_run() { # STATUS LAST_LINE
	local status=0
	tests/mutants/run.sh >log 2>&1 || status=$?
	equal "exit status" "$1" "$status"
	equal "last line" "$2" "$(tail -n 1 log)"
}

test_the_list_fits() {
	"$ROOT/tests/mutants/mutate.py" check "$ROOT"
	local script pattern
	"$ROOT/tests/mutants/mutate.py" list | cut -f 3 | tr ' ' '\n' | sort -u | while IFS=: read -r script pattern; do
		case $script in
		build/*) [[ -f $ROOT/${script#build/}.c ]] || fail "no test $script" ;;
		*) expect_line "$ROOT/$script" "^test_[a-z_0-9]*$pattern" ;;
		esac
	done
}

test_caught_and_survived() {
	row seen one "number 1" "number 2"
	row unseen blind "number 1" "number 3"
	row also_seen one "number 1" "number 4"
	expect_run 1 "2 caught, 1 survived"
	expect_line log '^2 tests pass without a fault$'
	equal "table" "SURVIVED unseen caught also_seen caught seen" "$(tail -n 4 log | head -n 3 | awk '{ print $1, $2 }' | xargs)"
	equal "the program is what it was" "number 1" "$(<user/program)"
	ONLY=seen expect_run 0 "1 caught, 0 survived"
}

test_what_is_an_error() {
	unset MAKELEVEL MAKEFLAGS # of the make that runs this
	row stale one "number 0" "number 2"
	expect_run 2 ""
	expect_line log '^rows: stale: stale: 0 of this in user/program:$'
	rm tests/mutants/rows
	row broken one "number 1" "nothing"
	expect_run 2 "broken does not build: make: *** [Makefile:2: all] Error 1"
	rm tests/mutants/rows
	row a wrong "number 1" "number 2"
	expect_run 2 "0 passed, 1 failed, 0 skipped"
	expect_line log '^1 tests fail without a fault'
	rm tests/mutants/rows
	row b skipped "number 1" "number 2"
	expect_run 2 "tests/netns/some.sh:skipped: no such test, or it was skipped"
	rm tests/mutants/rows
	row c nothing-of-that-name "number 1" "number 2"
	expect_run 2 "tests/netns/some.sh:nothing-of-that-name: no such test, or it was skipped"
	ONLY=d expect_run 2 "no mutant is named d"
}

run_tests "$@"
