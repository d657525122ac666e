#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The filter of a running sniffer is changed again and again while frames pass as fast as one CPU sends them:
#
#     CHANGES=1000         so many times, in place of 150
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right
#
source "$(dirname "$0")/../sequencelib.sh"

# shellcheck disable=SC2034 # lib.sh reads it
TEST_SECONDS=380

setup() {
	setup_sequences
}

test_changes_at_full_speed() {
	sniff_and_check 1 -i eth0
	send_stream 0 out eth0 0
	change_filters "${CHANGES:-150}"
	stop_and_compare "${CHANGES:-150}"
}

run_tests "$@"
