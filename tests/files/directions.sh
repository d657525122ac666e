#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Which way a packet of a file went, and through what kind of device: -Q, --loopback and what is shown and written follow
# what the file says.
#
source "$(dirname "$0")/fileslib.sh"

SMALL=$CORPUS/small

# The lines of ./err about what was seen and rejected.
expect_verdicts() { # SEEN ACCEPTED REASONS FILE OPTION...
	expect_status 0 "$SNIFFER" -r "${@:4}" -q -t
	expect_line err "^seen $1 = accepted $2 \+ rejected $(($1 - $2))$"
	expect_line err "^rejected:${3:+ $3}$"
}

# A file may have only one of the two copies that a loopback device shows, so none is a duplicate there.
test_loopback_with_directions() {
	expect_verdicts 2 0 "loopback 2" "$SMALL/lo_outbound.pcapng"
	expect_verdicts 2 2 "" "$SMALL/lo_outbound.pcapng" --loopback
	equal "directions" "lo out lo in" "$(cut -d ' ' -f 1,2 out | xargs)"
	expect_verdicts 2 1 "direction 1" "$SMALL/lo_outbound.pcapng" --loopback -Q out
	expect_verdicts 2 1 "direction 1" "$SMALL/lo_outbound.pcapng" --loopback -Q in
	expect_verdicts 2 2 "" "$SMALL/lo_outbound.pcapng" --loopback --explain
}

run_tests "$@"
