# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What all shell tests share. A test script sources this file (or netlib.sh, for tests on the network), defines
# functions named test_* and ends with `run_tests "$@"`. It then speaks TAP, the Test Anything Protocol:
#
#     tests/netns/vlan.sh               run all of its tests
#     tests/netns/vlan.sh inline        run those whose name contains "inline"
#
# Each test runs in a process of its own, with `set -e` in force, so that every line is an assertion, in an empty
# temporary directory ($TMP, the working directory). Its output is shown only when it fails.

# shellcheck disable=SC2034 # used by those who source this file
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What the caller's environment says about his terminal, session and shell decides no test; script(1) asks $SHELL.
export LC_ALL=C SHELL=$BASH
unset "${!SUDO_@}" "${!SSH_@}" PKEXEC_UID DOAS_USER NO_COLOR TERM
SKIP=77              # the exit status of a test that cannot run here; it must say so too, since other programs use it
SLOWNESS=${SLOWNESS:-1} # how many times longer than usual all that is waited for may take: more in an emulated machine
TEST_SECONDS=60      # the time a test may take (times SLOWNESS)
declare -a ENCLOSE=() # what to run each test in; netlib.sh puts it into namespaces
declare -a UNDO=()

# Have a command run when this shell ends, however it ends; the last one given runs first.
undo() {
	UNDO+=("$(printf '%q ' "$@")")
	trap run_undo EXIT
}

run_undo() {
	local i
	for ((i = ${#UNDO[@]} - 1; i >= 0; i--)); do
		eval "${UNDO[i]}" || true
	done
	UNDO=()
}

fail() {
	printf 'failed: %s\n' "$*" >&2
	exit 1
}

# This test cannot run here.
skip() { # REASON
	printf '%s\n' "$*" | tee "$TMP.skip"
	exit $SKIP
}

# None of the script's tests can.
skip_all() { # REASON
	printf '1..0 # SKIP %s\n' "$*"
	exit $SKIP
}

# Skip the test unless these commands exist.
need() {
	local command
	for command; do
		type -P "$command" >/dev/null || skip "$command is not installed"
	done
}

# Put before a command, this runs it ahead of all else that the machine does, where that is allowed: the time that it takes
# is then its own.
AHEAD=()
! chrt --fifo 10 true 2>/dev/null || AHEAD=(chrt --fifo 10)

# Poll until a command succeeds; when it has not after SECONDS (times SLOWNESS), the test fails.
wait_for() { # SECONDS COMMAND...
	local deadline=$((${EPOCHREALTIME/./} + $1 * SLOWNESS * 1000000))
	shift
	until "$@"; do
		((${EPOCHREALTIME/./} < deadline)) || fail "waited in vain for: $*"
		sleep 0.01
	done
}

equal() { # WHAT WANTED GOT
	[[ $3 == "$2" ]] || fail "$1: wanted '$2', got '$3'"
}

# An output failed, which is said in this message; what it did not take is said in one more line, as many frames as the
# statistics have in flight.
expect_failed_with() { # FILE MESSAGE
	local left were='frames were'
	left=$(sed -nE 's/^accepted .* \+ in flight ([0-9]+)$/\1/p' "$1")
	[[ $left != 1 ]] || were='frame was'
	equal "messages" "bpfsniff: $2${left:+
bpfsniff: $left $were accepted but neither delivered nor lost}" "$(grep '^bpfsniff: ' "$1" | grep -v listening)"
}

expect_output_failed() { # FILE OUTPUT REASON
	expect_failed_with "$1" "cannot write to $2: $3"
}

# A file has a line that matches an extended regular expression.
has_line() { # FILE PATTERN
	grep -Eq -- "$2" "$1"
}

expect_line() { # FILE PATTERN
	has_line "$@" || fail "no line of $1 matches: $2"
}

expect_no_line() { # FILE PATTERN
	! has_line "$@" || fail "a line of $1 matches: $2"
}

line_count() { # FILE
	wc -l <"$1"
}

# valgrind(1) as "${VALGRIND[@]}". It does not know seccomp(2), nor every other system call, of which it tells.
VALGRIND_HARMLESS='--[0-9]+-- '
declare -a VALGRIND=()
prepare_valgrind() {
	need valgrind
	gcc -shared -fPIC -o no_seccomp.so -x c - <<-'C'
		void *seccomp_init(unsigned action) { static int filter; (void)action; return &filter; }
		int seccomp_attr_set(void) { return 0; }
		int seccomp_rule_add_array(void) { return 0; }
		int seccomp_load(void) { return 0; }
		void seccomp_release(void) {}
	C
	VALGRIND=(env LD_PRELOAD="$TMP/no_seccomp.so" valgrind -q --vgdb=no --leak-check=full --error-exitcode=99
		--suppressions="$ROOT/tests/valgrind.supp")
}

# The test functions of the script, in the order in which they are written.
test_names() {
	grep -oE '^test_[A-Za-z0-9_]+' "$0"
}

# Run one test in this process.
run_inside() { # NAME
	set -Eeuo pipefail
	trap 'exit 130' INT TERM
	trap 'echo "failed: line $LINENO: $BASH_COMMAND" >&2' ERR
	cd "$TMP" || exit 1
	if declare -F enter >/dev/null; then enter; fi # netlib.sh
	if declare -F setup >/dev/null; then setup; fi # the script
	"$1"
}

# On failure, the files that a test left tell most.
show_evidence() { # DIRECTORY
	local file
	for file in "$1"/*; do
		if [[ ! -f $file ]] || ! grep -qI . "$file"; then continue; fi # not a text
		echo "--- ${file##*/} (the last lines)"
		tail -n 15 "$file" | cut -c1-300
	done
}

run_one() { # NUMBER NAME
	local status=0 seconds=$((TEST_SECONDS * SLOWNESS))
	TMP=$(mktemp -d "${TMPDIR:-/tmp}/bpfsniff-test.XXXXXX")
	export TMP
	chmod 755 "$TMP"
	timeout --foreground -s KILL "$seconds" "${ENCLOSE[@]}" bash "$0" --inside "$2" >"$TMP.log" 2>&1 </dev/null || status=$?
	if ((status == 0)); then
		echo "ok $1 - $2"
	elif ((status == SKIP)) && [[ -e $TMP.skip ]]; then
		echo "ok $1 - $2 # SKIP $(<"$TMP.skip")"
		status=0
	else
		echo "not ok $1 - $2"
		((status != 137)) || echo "failed: still running after $seconds seconds" >>"$TMP.log"
		{ cat "$TMP.log" && show_evidence "$TMP"; } | sed 's/^/#   /'
	fi
	rm -rf "$TMP" "$TMP.log" "$TMP.skip"
	return $status
}

run_tests() { # [PATTERN]
	if [[ ${1-} == --inside ]]; then
		run_inside "$2"
		exit 0
	fi
	local name number=0 failed=0
	local -a names
	mapfile -t names < <(test_names | grep -F -- "${1-}")
	for name in "${names[@]}"; do
		run_one $((++number)) "$name" || failed=1
	done
	echo "1..$number"
	exit $failed
}
