#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Every capture of the corpus through a build with sanitizers, and the smallest of each kind through
# valgrind. What a checker has to say is a line on standard error that the sniffer would not write.
#
source "$(dirname "$0")/fileslib.sh"

TEST_SECONDS=300
CAPTURE_COUNT=385
DAMAGED=$(grep -vc '^#' "$FILES/damaged.tsv")

# Read one capture; its name and the exit status are a line on standard output.
read_one() { # CAPTURE COMMAND...
	local name=${1##*/} status=0
	"${@:2}" -r "$1" -w "messages/$name.pcapng" >/dev/null 2>"messages/$name.err" || status=$?
	rm -f "messages/$name.pcapng"
	echo "$status $name"
}
export -f read_one

# Read captures, two at a time: the whole ones with status 0, the damaged ones with 1, and nothing is reported.
read_many() { # COUNT DAMAGED COMMAND... <CAPTURES
	mkdir messages
	xargs -P 2 -d '\n' -I '{}' bash -c 'read_one "$@"' - '{}' "${@:3}" >statuses
	equal "captures with status 0" $(($1 - $2)) "$(grep -c '^0 ' statuses)"
	equal "captures with status 1" "$2" "$(grep -c '^1 ' statuses)"
	cat messages/*.err | grep -vE "^(seen|rejected:|accepted|\{\"statistics\"|bpfsniff: ('.*' is damaged at|cannot decode link type [0-9]+)|$VALGRIND_HARMLESS)" >reports || true
	equal "reports" 0 "$(line_count reports)"
}

sanitized() { # OPTION...
	make --no-print-directory -s -C "$ROOT" sanitize >make.log 2>&1 || fail "the build failed"
	find "$CAPTURES" -type f |
		read_many "$CAPTURE_COUNT" "$DAMAGED" "$ROOT/build/sanitize/bpfsniff" "${EVERYTHING[@]}" "$@"
}

# One of each format and one of each link type, by the table of the corpus; those not decoded (names.c) count as one.
smallest_of_each_kind() {
	grep -v '^#' "$CORPUS/captures.tsv" | sort -t $'\t' -k 5,5n | awk -F '\t' '
		{ type = $8 ~ /,|^(0|1|9|12|14|50|51|101|104|105|108|113|119|127|204|228|229|276)$/ ? $8 : "other" }
		!(seen["format " $7]++) || !(seen["link type " type]++) { print $1 }'
}

read_kinds() { # COMMAND...
	smallest_of_each_kind | grep -vxFf <(cut -f 1 "$FILES/damaged.tsv") | sed "s|^|$CAPTURES/|" >kinds
	local count
	count=$(line_count kinds)
	((count >= 20)) || fail "only $count kinds"
	read_many "$count" 0 "$@" <kinds
}

test_sanitizers_full() {
	sanitized -e -A
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
