#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Link types that lead to IP, and those that are not decoded: these are named.
#
source "$(dirname "$0")/fileslib.sh"

# Packets of these link types lead to IP; which fields each has, agreement.sh compares.
test_followed() {
	local file accepted
	while read -r file accepted; do
		expect_status 0 "$SNIFFER" -r "$CORPUS/$file" --json "${EVERYTHING[@]}"
		equal "IP packets of $file" "$accepted" "$(grep -c '"ip":' out)"
		expect_no_line err 'not decoded'
	done <<-'FILES'
		small/nflog239.pcap                              1
		captures/zeek--nflog-http.pcap                  13
		captures/libpcap--http_PPI.pcap                  3
		captures/zeek--wlanmon.pcap                      3
		captures/zeek--dns-inverse-query.pcap           11
		captures/tcpdump--icmp-icmp_print-oobr-2.pcap    3
		captures/tcpdump--edsa.pcap                      6
		captures/tcpdump--dsa-high-vid.pcap              4
	FILES
}

# tcpdump finds the same under the tags of switches, which tshark does not read.
test_tags_of_switches() {
	need tcpdump
	local file
	for file in tcpdump--edsa.pcap tcpdump--dsa-high-vid.pcap; do
		expect_status 0 "$SNIFFER" -r "$CAPTURES/$file" -q -t "${EVERYTHING[@]}"
		diff <(grep -oE '[0-9]+(\.[0-9]+){3} > [0-9]+(\.[0-9]+){3}' out) \
			<(tcpdump -n -t -r "$CAPTURES/$file" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+){3} > [0-9]+(\.[0-9]+){3}') ||
			fail "other addresses in $file"
	done
}

# A file of a link type that nobody knows, and one that libpcap has a name for.
test_not_decoded() {
	local file=$CAPTURES/zeek--ieee80211.15.4.pcap
	expect_status 0 "$SNIFFER" -r "$file" -q
	equal "what is said" "bpfsniff: cannot decode link type 230 (IEEE802_15_4_NOFCS): its packets (1) count as not-ip" \
		"$(grep ^bpfsniff: err)"
	expect_line err '^rejected: not-ip 1$'
	expect_status 0 "$SNIFFER" -r "$file" -q --explain
	expect_line out 'rejected: not-ip \(link type 230 is not decoded\)$'
	{ head -c 20 "$file" && printf '\x60\xea\0\0' && tail -c +25 "$file"; } >unknown.pcap
	expect_status 0 "$SNIFFER" -r unknown.pcap -q
	expect_line err '^bpfsniff: cannot decode link type 60000: its packets \(1\) count as not-ip$'
}

run_tests "$@"
