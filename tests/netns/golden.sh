#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A few fixed packets, printed in each style, are compared to the files of tests/golden. After a wanted change, look at
# the difference that is shown, then run this with UPDATE=1 to write the files anew.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

GOLDEN=$ROOT/tests/golden

setup() {
	left_and_right
}

compare() { # FILE OPTION...
	judge "${@:2}" <"$GOLDEN/packets.frames"
	sed -E 's/"time":"[^"]*",//; s/("rtt_ns":|rtt )[0-9.]+/\1TIME/' out >printed
	if [[ ${UPDATE-} == 1 ]]; then cp printed "$GOLDEN/$1"; fi
	diff "$GOLDEN/$1" printed >difference || fail "the output is not that of tests/golden/$1"
}

test_full() {
	compare full.txt -t
}

test_full_with_link_level_header() {
	compare link.txt -t -e
}

test_full_with_text() {
	compare ascii.txt -t -A
}

test_brief() {
	compare brief.txt -t -q
}

test_json() {
	compare packets.json --json
}

run_tests "$@"
