#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests that run the sniffer, with the one that is built with sanitizers: those in which most of it is at work. Left out is what
# tests its confinement, which the sanitizers' runtime does not bear, or its limits of memory, or its speed, and what only
# asks the kernel's filter. What reads and writes files is in files/memory.sh; parsers of options and messages have unit tests.
# Prints what those tests print.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

export SNIFFER=$PWD/build/sanitize/bpfsniff

# A script, and what is in the names of its tests, of one or the other.
SCRIPTS='
tests/netns/control.sh         test_rubbish
tests/netns/faults.sh          test_interfaces test_a_ring test_a_frame
tests/netns/interfaces.sh      test_two test_an_interface test_a_change
tests/netns/life.sh            test_count test_terminate test_interrupt test_frames test_a_frame test_statistics
tests/netns/output.sh          test_brief test_json test_checksums test_jumbo test_flushed
tests/netns/set_filter.sh      test_flags test_what_is_wrong test_the_packets test_a_change
tests/netns/set_filter_load.sh test_changes_while
'

status=0
while read -r script patterns; do
	for pattern in $patterns; do
		"$script" "$pattern" </dev/null || status=1
	done
done <<<"$SCRIPTS"
exit $status
