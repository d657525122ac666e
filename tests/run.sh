#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Run the tests, two programs at a time, and say on the last line: N passed, N failed, N skipped.
#
#     TESTS=vlan           only programs whose name contains "vlan"
#     TESTS=vlan:inline    and of a script only the tests whose name contains "inline"
#     JOBS=1               one program at a time
#     REPEAT=200           each of them 200 times, one after the other, for a failure that does not always come
#     LOAD=4               beside 4 processes that do nothing but keep a processor busy
#     V=1                  show every log, not only those of failures
#
# A test program is anything executable that speaks TAP; its log is shown only when it fails. One that cannot run here
# says `1..0 # SKIP reason` and ends with status 77.
set -uo pipefail
# On a machine that has other things to do too, what is waited for comes later; the bounds are only there to end what hangs.
export SLOWNESS=${SLOWNESS:-5}
source "$(dirname "$0")/lib.sh"
cd "$ROOT" || exit 1

PROGRAM_SECONDS=$((600 * SLOWNESS)) # the time a program may take
REPEAT=${REPEAT:-1}
[[ $REPEAT =~ ^[1-9][0-9]*$ ]] || { echo "REPEAT=$REPEAT is not a number from 1 on" >&2; exit 2; }
JOBS=${JOBS:-$((REPEAT > 1 ? 1 : 2))}
LOGS=$(mktemp -d)
NARROWED=$([[ ${TESTS-} != *:* ]] || echo 1) # then a script may well have no test of that name
WANTED=("$@") # programs; without them, all but those that take too long for each check
declare -A RUNNING=() # process id -> name and, when it is repeated, number of the run
declare -i PASSED=0 FAILED=0 SKIPPED=0

stop_all() {
	local pid
	for pid in "${!RUNNING[@]}"; do
		kill -KILL -- "-$pid" 2>/dev/null # timeout(1) has made a process group
	done
}

# What a program that is killed leaves behind goes too. Sniffers without privilege must get through.
export TMPDIR=$LOGS/tmp
mkdir "$TMPDIR"
chmod 755 "$LOGS" "$TMPDIR"
undo rm -rf "$LOGS"
undo stop_all
trap 'exit 130' INT
trap 'exit 143' TERM

# One of the processes of LOAD. It ends by itself where the runner was killed and could not end it.
keep_busy() { # PROCESS
	local round
	trap - EXIT INT TERM
	while kill -0 "$1" 2>/dev/null; do
		for ((round = 0; round < 100000; round++)); do :; done
	done
}

start_load() {
	local number
	for ((number = 0; number < ${LOAD:-0}; number++)); do
		keep_busy $$ &
		undo kill $!
	done
}

# scapy takes longer to start than most tests to run: one process that has started it builds the frames of them all.
start_frame_builder() {
	[[ " ${PROGRAMS[*]}" == *" tests/"* && -x tests/netns/frame_builder.py ]] || return 0
	export FRAME_BUILDER=$LOGS/frames
	setpriv --pdeathsig TERM /usr/bin/python3 tests/netns/frame_builder.py "$FRAME_BUILDER" 2>"$LOGS/frame_builder" &
	FRAME_BUILDER_PID=$!
	undo stop_frame_builder
}

# Without scapy it has ended by itself, and the tests that need it say so.
stop_frame_builder() {
	kill "$FRAME_BUILDER_PID" 2>/dev/null
}

programs() {
	local name=${TESTS-}
	# The longest first, so that none of them runs alone at the end.
	((${#WANTED[@]})) || WANTED=(tests/check_lint.sh tests/netns/set_filter_speed.sh tests/check_sanitized.sh tests/files/memory.sh
		tests/netns/*.sh tests/files/*.sh tests/fuzz/fuzz.sh tests/check_*.sh build/tests/{unit/*,ebpf}/test_* build/sanitize/tests/unit/*/test_*)
	printf '%s\n' "${WANTED[@]}" | awk '!listed[$0]++' |
		while read -r program; do [[ ! -x $program ]] || echo "$program"; done | grep -F -- "${name%%:*}"
}

# "passed failed skipped" of one log. A program that dies, stops short of its plan or says nothing at all has failed.
tally() { # LOG STATUS
	awk -v status="$2" -v narrowed="$NARROWED" '
	/^1\.\.[0-9]+$/ { planned += substr($0, 4) }
	/^(not )?ok / {
		ran++
		if (/ # SKIP/) skipped++
		else if (/^ok/) passed++
		else failed++
	}
	/^1\.\.0 # SKIP/ { skips_all = 1 }
	END {
		if (!ran && skips_all && status == 77) skipped = 1
		else if (ran ? ran != planned || (status && !failed) : !narrowed) failed++
		print passed + 0, failed + 0, skipped + 0
	}' "$1"
}

log_of() { # RUN
	echo "$LOGS/${1//\//_}"
}

report() { # RUN STATUS
	local log passed failed skipped word=ok
	log=$(log_of "$1")
	read -r passed failed skipped < <(tally "$log" "$2")
	PASSED+=passed FAILED+=failed SKIPPED+=skipped
	((passed)) || word=skip
	((failed == 0)) || word=FAIL
	printf '%-5s %-32s %3d passed' $word "$1" "$passed"
	((failed == 0)) || printf ', %d failed' "$failed"
	((skipped == 0)) || printf ', %d skipped' "$skipped"
	awk -v from="$(<"$log.start")" -v to="$EPOCHREALTIME" 'BEGIN { printf "  (%.1f s)\n", to - from }'
	sed -nE 's/^((not )?ok [0-9]+ (- )?|1\.\.0 )(.*)# SKIP ?(.*)/      skipped: \4\5/p' "$log"
	if ((failed)) || [[ ${V-} == 1 ]]; then
		sed 's/^/      /' "$log"
		echo "      (exit status $2)"
	fi
}

run_program() { # NAME NUMBER
	local run="$1" log
	local -a arguments=()
	((REPEAT == 1)) || run+=" $2"
	log=$(log_of "$run")
	[[ $1 != *.sh || ${TESTS-} != *:* ]] || arguments=("${TESTS#*:}")
	echo "$EPOCHREALTIME" >"$log.start"
	CMOCKA_MESSAGE_OUTPUT=TAP timeout -s KILL "$PROGRAM_SECONDS" "$1" "${arguments[@]}" >"$log" 2>&1 </dev/null {NEVER}<&- &
	RUNNING[$!]=$run
}

# Report what has ended. `wait -n` would do, but some versions of bash miss a process that was ended by a signal.
reap() {
	local pid status
	for pid in "${!RUNNING[@]}"; do
		if ! kill -0 "$pid" 2>/dev/null; then
			status=0
			wait "$pid" || status=$?
			report "${RUNNING[$pid]}" $status
			unset "RUNNING[$pid]"
		fi
	done
}

wait_for_room() { # MOST_RUNNING
	while ((${#RUNNING[@]} > $1)); do
		reap
		read -rt 0.02 -u "$NEVER" || true # without a process, as sleep(1) would be
	done
}

exec {NEVER}<> <(:) # a pipe that nothing comes through
mapfile -t PROGRAMS < <(programs)
((${#PROGRAMS[@]})) || { echo "no test is named ${TESTS-}"; FAILED=1; }
start_load
start_frame_builder
for program in "${PROGRAMS[@]}"; do
	for ((number = 1; number <= REPEAT; number++)); do
		wait_for_room $((JOBS - 1))
		run_program "$program" "$number"
	done
done
wait_for_room 0
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
((FAILED == 0))
