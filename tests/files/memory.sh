#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every capture of the corpus through a build with sanitizers, and the smallest of each kind through
# valgrind. What a checker has to say is a line on standard error that the sniffer would not write.
#
source "$(dirname "$0")/fileslib.sh"

TEST_SECONDS=300
CAPTURE_COUNT=385

# Read captures, one after the other; the exit status and their names are a line on standard output.
read_some() { # "COMMAND..." CAPTURE...
	local name=${2##*/} status=0 command
	local -a files
	read -ra command <<<"$1"
	mapfile -t files < <(printf -- '-r\n%s\n' "${@:2}")
	"${command[@]}" "${files[@]}" -w "messages/$name.pcapng" >/dev/null 2>"messages/$name.err" || status=$?
	rm -f "messages/$name.pcapng"
	printf "$status %s\n" "${@:2}"
}
export -f read_some

# Read captures in two processes at a time, so many in each: all end with this status, and nothing is reported.
read_many() { # STATUS COUNT COMMAND... <CAPTURES
	mkdir -p messages
	cat >captures
	xargs -a captures -P 2 -d '\n' -n "$2" bash -c 'read_some "$@"' - "${*:3}" >statuses
	equal "captures read" "$(line_count captures)" "$(line_count statuses)"
	equal "captures with another status" "" "$(grep -v "^$1 " statuses)"
	cat messages/*.err | grep -vE "^(seen|rejected:|accepted|\{\"statistics\"|bpfsniff: ('.*' is damaged at|cannot decode link type [0-9]+)|$VALGRIND_HARMLESS)" >reports || true
	equal "reports" 0 "$(line_count reports)"
}

damaged() {
	grep -v '^#' "$FILES/damaged.tsv" | cut -f 1
}

# A damaged capture ends the program, so it is read alone.
sanitized() { # OPTION...
	make --no-print-directory -s -C "$ROOT" sanitize >make.log 2>&1 || fail "the build failed"
	find "$CAPTURES" -type f -printf '%f\n' | sort >all
	equal "captures" "$CAPTURE_COUNT" "$(line_count all)"
	damaged >some
	grep -vxFf some all | sed "s|^|$CAPTURES/|" | read_many 0 12 "$ROOT/build/sanitize/bpfsniff" "${EVERYTHING[@]}" "$@"
	sed "s|^|$CAPTURES/|" some | read_many 1 1 "$ROOT/build/sanitize/bpfsniff" "${EVERYTHING[@]}" "$@"
}

# One of each format and one of each link type, by the table of the corpus; those not decoded (names.c) count as one.
smallest_of_each_kind() {
	grep -v '^#' "$CORPUS/captures.tsv" | sort -t $'\t' -k 5,5n | awk -F '\t' '
		{ type = $8 ~ /,|^(0|1|9|12|14|50|51|101|104|105|108|113|119|127|204|228|229|276)$/ ? $8 : "other" }
		!(seen["format " $7]++) || !(seen["link type " type]++) { print $1 }'
}

read_kinds() { # COMMAND...
	smallest_of_each_kind | grep -vxFf <(damaged) | sed "s|^|$CAPTURES/|" >kinds
	local count
	count=$(line_count kinds)
	((count >= 20)) || fail "only $count kinds"
	read_many 0 4 "$@" <kinds
}

test_sanitizers_full() {
	sanitized -e -A --print
}

# What this style prints, the others do too, but for its own lines.
test_sanitizers_brief() {
	make --no-print-directory -s -C "$ROOT" sanitize >make.log 2>&1 || fail "the build failed"
	read_kinds "$ROOT/build/sanitize/bpfsniff" "${EVERYTHING[@]}" -q -X
}

test_sanitizers_json() {
	sanitized --json
}

test_valgrind() {
	prepare_valgrind
	read_kinds "${VALGRIND[@]}" "$SNIFFER" "${EVERYTHING[@]}" -q -X
}

run_tests "$@"
