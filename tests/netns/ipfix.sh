#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --ipfix: flows to a collector, nfcapd, where the sums must be those of the sniffer.
#
#     left eth0 --------------- eth0 right (the sniffer)
#     10.9.0.1                  10.9.0.2
#     nfcapd on port 4739
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq nfcapd nfdump
	[[ -e /usr/include/fixbuf/public.h ]] || skip "libfixbuf-dev is not installed"
	left_and_right
	addresses
}

start_collector() { # ADDRESS
	mkdir -p flows
	start left nfcapd -w "$PWD/flows" -p 4739 -b "$1" -t 3600 >collector 2>&1
	COLLECTOR=$STARTED
	wait_for 10 is_open left udp 4739
}

# What it has got, as JSON lines in ./collected, once it has processed it.
stop_collector() {
	kill -TERM "$COLLECTOR"
	wait "$COLLECTOR" || true
	nfdump -R flows -o json | jq -c '.[]' >collected
	expect_line collector 'Sequence Errors: 0, Bad Packets: 0'
}

collected_sum() { # MEMBER...
	jq -s "map($(printf '.%s + ' "$@") 0) | add" collected
}

# The flows of both, one a line.
expect_same_flows() {
	jq -c '.flow | [.source, .source_port, .destination, .destination_port, .protocol, .packets, .bytes,
		.first[:23], .last[:23]]' log | sort >wanted
	jq -c '[.src4_addr // .src6_addr, .src_port, .dst4_addr // .dst6_addr, .dst_port, .proto,
		[.in_packets, .out_packets // 0], [.in_bytes, .out_bytes // 0], .first, .last]' collected | sort |
		diff wanted -
}

test_every_flow_arrives() {
	serve_datagrams right 10.9.0.2 5000
	start_collector 10.9.0.1
	start_tcpdump 'udp port 4739'
	sniff -i eth0 --json --top --ipfix=10.9.0.1 --flow-log=log --port=5000
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 200 5
	wait_seen 2000
	stop
	stop_tcpdump
	stop_collector
	equal "flows" 200 "$(line_count collected)"
	equal "packets" 2000 "$(collected_sum in_packets out_packets)"
	equal "bytes" 256000 "$(collected_sum in_bytes out_bytes)"
	export TZ=UTC
	expect_same_flows
	# No message is longer than the path takes, and no packet was in fragments.
	tcpdump -n -r second.pcap 2>/dev/null | awk '{ print $NF }' >lengths
	(($(line_count lengths) > 9)) || fail "few messages: $(<lengths)"
	awk '$1 > 1472 { exit 1 }' lengths || fail "a message is too long: $(<lengths)"
}

test_connections_over_both() {
	start_collector 10.9.0.1
	"$SNIFFER" -r "$ROOT/tests/examples/office.pcap" --flow-log=log >/dev/null 2>&1
	in_namespace right "$SNIFFER" -r "$ROOT/tests/examples/office.pcap" --ipfix=10.9.0.1:4739 2>err
	wait_for 10 has_collected 880
	stop_collector
	export TZ=UTC
	expect_same_flows
	equal "flags" '...A..S.' "$(jq -r 'select(.dst_port == 443 and .src_port == 50001) | .tcp_flags' collected)"
}

# Of a record with both directions nfacctd counts the first.
test_the_other_collector() {
	need nfacctd
	cat >nfacctd.conf <<-CONF
		nfacctd_ip: 10.9.0.1
		nfacctd_port: 4741
		plugins: print
		aggregate: src_host, dst_host, src_port, dst_port
		print_output: json
		print_output_file: $PWD/accounted
		print_output_file_append: true
		print_refresh_time: 1
	CONF
	start left nfacctd -f nfacctd.conf >nfacctd.log 2>&1
	wait_for 10 has_line nfacctd.log 'JSON: setting object handlers'
	in_namespace right "$SNIFFER" -r "$ROOT/tests/examples/office.pcap" --ipfix=10.9.0.1:4741 --flow-log=log 2>err
	jq -c '.flow | [.source, .source_port // 0, .destination, .destination_port // 0, .packets[0], .bytes[0]]' log |
		sort >wanted
	wait_for 10 has_accounted
}

# Once the same flows are there, which it writes out each second.
has_accounted() {
	[[ -e accounted ]] && jq -c '[.ip_src, .port_src, .ip_dst, .port_dst, .packets, .bytes]' accounted | sort |
		diff wanted - >differences
}

# The records are written out when the collector ends; until then its messages say that it has got some.
has_collected() {
	grep -q 'New ipfix exporter' collector
}

# Nobody listens: the sniffer says so, and goes on.
test_no_collector() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --json --top --ipfix=10.9.0.1:4740 --idle=1 --port=5000
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 5 5
	wait_seen 50
	stop
	equal "accepted" 50 "${COUNT[accepted]}"
}

test_wrong_collectors() {
	refused 2 "--ipfix: ':1' is not a collector" "$SNIFFER" -i lo --loopback --ipfix=:1
	refused 2 "--ipfix: 'a:b' is not a collector" "$SNIFFER" -i lo --loopback --ipfix=a:b
	refused 1 "cannot export flows to 'name.invalid'" "$SNIFFER" -r "$ROOT/tests/examples/office.pcap" --ipfix=name.invalid
}

run_tests "$@"
