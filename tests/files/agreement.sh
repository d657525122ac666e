#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the sniffer says of every packet of the corpus, against what other programs say.
#
source "$(dirname "$0")/fileslib.sh"

TEST_SECONDS=300

# Field by field against tshark, as oracle.ndjson.gz in the corpus has it; exceptions.tsv has what differs, and why.
test_every_field_of_tcp_and_udp() {
	need tshark
	"$PYTHON" "$FILES/agreement.py" "$SNIFFER" "$CORPUS" "$FILES/exceptions.tsv"
}

# Word by word and number by number what tshark 4.0 says of TCP connections, as tcp_oracle.tsv.gz has it (tcp_oracle.py
# wrote it once); tcp_exceptions.tsv has what differs, and why.
test_what_tcp_segments_mean() {
	"$PYTHON" "$FILES/tcp_analysis.py" "$SNIFFER" "$CORPUS" "$FILES/tcp_oracle.tsv.gz" "$FILES/tcp_exceptions.tsv"
}

# Nothing is missing, nothing is extra, in JSON and in what is written; and tcpdump, tshark and capinfos read that.
test_every_packet_and_the_files_written() {
	need tcpdump tshark capinfos
	mkdir written
	"$PYTHON" "$FILES/packets.py" "$SNIFFER" "$CORPUS" written
	"$PYTHON" "$FILES/others.py" "$CORPUS" written
}

# From pcapng to pcapng nothing is lost that was there, whole or filtered.
test_every_block() {
	local capture numbers filter="${EVERYTHING[*]}" option count=0
	for capture in "$CAPTURES"/*.pcapng "$CORPUS"/small/{pre,post,ng_,utun}*.pcapng; do
		"$SNIFFER" -r "$capture" "${EVERYTHING[@]}" -w copy.pcapng 2>err || expect_line err "' is damaged at offset "
		grep -q ' is damaged at .* a packet of ' err ||
			"$PYTHON" "$FILES/blocks.py" "$capture" copy.pcapng "$filter" all
		option=--port=80,443
		"$SNIFFER" -r "$capture" "${EVERYTHING[@]}" "$option" --json -w copy.pcapng >out 2>err || expect_line err "' is damaged at offset "
		numbers=$(jq .number out | paste -sd ,)
		grep -q ' is damaged at .* a packet of ' err ||
			"$PYTHON" "$FILES/blocks.py" "$capture" copy.pcapng "$filter $option" "$numbers"
		count=$((count + 1))
	done
	((count >= 70)) || fail "only $count captures"
}

what_tshark_says() { # FILE
	tshark -r "$1" -T fields -e _ws.col.Protocol -e _ws.col.Info 2>/dev/null
}

# With the secrets in the file tshark decrypts the copy as it does the original.
test_secrets_are_copied() {
	need tshark
	local capture=$CAPTURES/nDPI--doq.pcapng
	what_tshark_says "$capture" >wanted
	expect_line wanted 'QUIC.*PKN: 2, DONE, PADDING$' # which is not seen from outside
	"$SNIFFER" -r "$capture" "${EVERYTHING[@]}" -w copy.pcapng 2>err
	what_tshark_says copy.pcapng >got
	cmp wanted got
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
