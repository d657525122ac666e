#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the sniffer says of every packet of the corpus, against what other programs say.
#
source "$(dirname "$0")/fileslib.sh"

TEST_SECONDS=300

# Field by field against tshark, as oracle.ndjson.gz in the corpus has it; exceptions.tsv has what differs, and why.
test_every_field_of_tcp_and_udp() {
	"$PYTHON" "$FILES/agreement.py" "$SNIFFER" "$CORPUS" "$FILES/exceptions.tsv"
}

# Nothing is missing, nothing is extra, in JSON and in what is written; and tcpdump, tshark and capinfos read that.
test_every_packet_and_the_files_written() {
	need tcpdump tshark capinfos
	mkdir written
	"$PYTHON" "$FILES/packets.py" "$SNIFFER" "$CORPUS" written
	"$PYTHON" "$FILES/others.py" "$CORPUS" written
}

# Of a damaged file everything before the damage is shown, then one line says what is wrong, and where.
test_damaged_files() {
	local file packets offset what number=0
	while IFS=$'\t' read -r file packets offset what; do
		[[ $file != '#'* ]] || continue
		expect_status 1 "$SNIFFER" -r "$CAPTURES/$file" -q "${EVERYTHING[@]}"
		equal "packets of $file" "$packets" "$(line_count out)"
		equal "messages on $file" "bpfsniff: '$CAPTURES/$file' is damaged at offset $offset: $what" \
			"$(grep '^bpfsniff: ' err)"
		expect_seen "$packets"
		number=$((number + 1))
	done <"$FILES/damaged.tsv"
	equal "damaged files" 8 "$number"
}

run_tests "$@"
