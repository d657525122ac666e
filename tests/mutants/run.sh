#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Put each fault of the list (rows) into a copy of the program, and run the tests that must see it. A mutant that they do not
# see survives: then the tests have a hole.
#
#     ONLY='r02 n95'       only these
#     V=1                  show what the tests say, not only of the copy without a fault
#
# First the tests run on the copy as it is, where each must pass. The last line is `N caught, N survived`; the exit status
# is 0 when none survived. Text of a row that is not in its file any more is an error before anything is built.
set -uo pipefail
shopt -s extglob
cd "$(dirname "$0")/../.." || exit 1

MUTATE=$PWD/tests/mutants/mutate.py
PROGRAM_SECONDS=300 # the time that a test program may take on a machine with other things to do
TREE=$(mktemp -d)/bpfsniff
declare -i CAUGHT=0 SURVIVED=0
declare -a TABLE=() NAMES=()
declare -A FILES_OF=() TESTS_OF=() ABOUT=()

trap 'rm -rf "${TREE%/*}"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

die() {
	printf '%s\n' "$*" >&2
	exit 2
}

# What is built stays built, but the other builds of the same sources are of no use here, and make would read what each of
# their files depends on. The corpus is beside the tree.
copy_tree() {
	chmod 755 "${TREE%/*}"
	mkdir -p "$TREE/build"
	cp -a Makefile bpf include tests user vmlinux README.md "$TREE"
	[[ ! -d build ]] || cp -a build/!(analyzed|fuzz|sanitize|tidy) "$TREE/build"
	[[ ! -e ../shared ]] || ln -s "$(realpath ../shared)" "${TREE%/*}/shared"
}

# Build what the tests need: those that are programs (build/tests/...) link what they test, a script needs the program.
build() { # TEST...
	local test
	local -A targets=()
	for test; do
		[[ $test == build/* ]] || test=all
		targets[$test]=1
	done
	make -C "$TREE" --no-print-directory -s -j2 "${!targets[@]}" >"$TREE/build.log" 2>&1
}

# Run a script's tests, like tests/netns/life.sh:count. Their number that passed and failed.
run_script() { # TEST
	local last
	TESTS=$1 "$TREE/tests/run.sh" "${1%%:*}" >"$TREE/tests.log" 2>&1
	last=$(tail -n 1 "$TREE/tests.log")
	[[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]] || die "$1: $last"
	echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
}

# Run a test program, like build/tests/unit/capture/test_ring_frame, which takes seconds. One that dies or hangs has failed.
run_program() { # TEST
	local status=0 passed failed
	(cd "$TREE" && CMOCKA_MESSAGE_OUTPUT=TAP timeout -s KILL $PROGRAM_SECONDS "$1") >"$TREE/tests.log" 2>&1 </dev/null || status=$?
	passed=$(grep -c '^ok ' "$TREE/tests.log") failed=$(grep -c '^not ok ' "$TREE/tests.log")
	((status == 0 || failed)) || failed=1
	echo "$passed $failed"
}

# Run tests of both kinds: their number that passed and failed.
run_tests() { # TEST...
	local test run passed failed all_passed=0 all_failed=0
	for test; do
		run=run_script
		[[ $test != build/* ]] || run=run_program
		read -r passed failed < <($run "$test") || exit 2
		((passed + failed)) || die "$test: no such test, or it was skipped"
		all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed))
		[[ ${V-} != 1 ]] || cat "$TREE/tests.log" >&2
	done
	echo "$all_passed $all_failed"
}

# Without a fault all pass: else it says nothing that they fail with one.
try_without_fault() { # TEST...
	local passed failed
	build "$@" || die "$(tail -n 20 "$TREE/build.log")"
	read -r passed failed < <(run_tests "$@") || exit 2
	((failed == 0)) || die "$failed tests fail without a fault: $(cat "$TREE/tests.log")"
	echo "$passed tests pass without a fault"
}

try() { # NAME
	local passed failed word=caught file
	local -a tests
	read -ra tests <<<"${TESTS_OF[$1]}"
	"$MUTATE" apply "$1" "$TREE" || exit 2
	build "${tests[@]}" || die "$1 does not build: $(tail -n 20 "$TREE/build.log")"
	read -r passed failed < <(run_tests "${tests[@]}") || exit 2
	((failed)) || word=SURVIVED
	((failed ? ++CAUGHT : ++SURVIVED))
	TABLE+=("$(printf '%-9s %-5s %s' $word "$1" "${ABOUT[$1]}")")
	echo "${TABLE[-1]} ($failed of $((passed + failed)) tests fail)"
	for file in ${FILES_OF[$1]}; do cp "$file" "$TREE/$file"; done
}

"$MUTATE" check . || exit 2
# shellcheck disable=SC2086 # words
while IFS=$'\t' read -r name files tests about; do
	NAMES+=("$name") FILES_OF[$name]=$files TESTS_OF[$name]=$tests ABOUT[$name]=$about
done < <("$MUTATE" list ${ONLY-})
((${#NAMES[@]})) || exit 2
copy_tree
mapfile -t TESTS_OF_ALL < <(printf '%s\n' "${TESTS_OF[@]}" | tr ' ' '\n' | sort -u)
try_without_fault "${TESTS_OF_ALL[@]}"
for name in "${NAMES[@]}"; do try "$name"; done
printf '\n'
printf '%s\n' "${TABLE[@]}" | sort
echo "$CAUGHT caught, $SURVIVED survived"
((SURVIVED == 0))
