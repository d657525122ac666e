#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The filter of a running sniffer is changed a thousand times while frames pass as fast as one CPU sends them.
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right
#
source "$(dirname "$0")/../sequencelib.sh"

# shellcheck disable=SC2034 # lib.sh reads it
TEST_SECONDS=380

setup() {
	setup_sequences
}

test_a_thousand_changes() {
	sniff_and_check 1 -i eth0
	send_stream 0 out eth0 0
	change_filters 1000
	stop_and_compare 1000
}

run_tests "$@"
