#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What is printed of live frames, in each style.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

UDP='1 accepted eth/IP(src=A, dst=B, id=7982, flags="DF")/UDP(sport=1000, dport=53)/b"Hello, world. 0123456789"'
TCP='1 accepted eth/IP(src=A, dst=B, id=1, tos=0x10)/TCP(sport=40000, dport=80, seq=305419896, flags="S", window=64240, options=[("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 0)), ("NOP", None), ("WScale", 7)])'

setup() {
	left_and_right
}

show() { # OPTION...
	sniff -i eth0 "$@"
	send left eth0 <<<"$UDP
$TCP"
	wait_seen 2
	stop
	expect_counts accepted 2
}

# The widest values that usual packets have, over both families.
test_full_fits_100_columns() {
	sniff -i eth0 -S
	send left eth0 <<-'FRAMES'
		1  accepted  eth/IP(src="192.168.100.101", dst="192.168.100.102", tos=255, id=65535, flags="DF", ttl=255)/TCP(sport=60000, dport=60001, seq=4294967295, ack=4294967295, flags="PA", window=65535, urgptr=1, options=[("Timestamp", (4294967295, 4294967295))])/(b"x" * 1400)
		1  accepted  eth/IPv6(src="2001:db8:1111:2222:3333:4444:5555:6666", dst="2001:db8:1111:2222:3333:4444:5555:7777", tc=255, fl=0xfffff, hlim=255)/TCP(sport=60000, dport=60001, seq=4294967295, ack=4294967295, flags="PA", window=65535, urgptr=1)/(b"x" * 1400)
		1  accepted  eth/IPv6(src="2001:db8::a:1", dst="2001:db8::b:2", tc=255, fl=0xfffff, hlim=255)/IPv6ExtHdrFragment(id=0xffffffff, m=1)/UDP(sport=60000, dport=60001)/(b"x" * 1400)
	FRAMES
	wait_seen 3
	stop
	expect_line out '^[0-9:.]{18}  #2  eth0 in  IPv6 TCP \[2001:db8:[0-9a-f:]+\]:60000$'
	expect_line out '^      > \[2001:db8:[0-9a-f:]+\]:60001  frame 1474$'
	expect_line out '^  TCP   header 32  seq 4294967295  ack 4294967295  flags PSH,ACK  window 65535$'
	expect_line out '^        id 0xffffffff  flags MF  offset 0$'
	equal "lines that are too long" "" "$(awk 'length > 100' out)"
}

test_full() {
	show
	expect_line out '^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{9}  #1  eth0 in  IPv4 UDP 10\.9\.0\.1:1000 > 10\.9\.0\.2:53  frame 66$'
	expect_line out '^  IPv4  header 20  tos 0x00  total 52  id 0x1f2e  flags DF  offset 0  ttl 64  protocol 17 \(UDP\)$'
	expect_line out '^        checksum 0x[0-9a-f]{4} good$'
	expect_line out '^  UDP   .*checksum 0x[0-9a-f]{4} good$'
	expect_line out '^  Data  24 bytes$'
	expect_line out '^0000   45 00 00 34 1F 2E 40 00 40 11 '
	expect_line out '^0010   0A 09 00 02 03 E8 00 35 00 20 [0-9A-F]{2} [0-9A-F]{2} 48 65 6C 6C   \.\.\.\.\.\.\.5\. \.\.Hell$'
	expect_line out '  #2  eth0 in  IPv4 TCP 10\.9\.0\.1:40000 > 10\.9\.0\.2:80  frame 74$'
	expect_line out '^  TCP   header 40  seq 305419896  ack 0  flags SYN  window 64240$'
	expect_line out '^        checksum 0x[0-9a-f]{4} good  urgent 0$'
	expect_line out '^        options mss 1460, sackOK, timestamp 1 0, nop, wscale 7$'
	equal "lines of data" 1 "$(grep -c '^  Data ' out)" # the second packet has none
	equal "empty lines" 1 "$(grep -c '^$' out)"
}

test_brief() {
	show -q
	equal "lines of output" 2 "$(line_count out)"
	expect_line out '^[0-9:]{8}\.[0-9]{6} UDP 10\.9\.0\.1:1000 > 10\.9\.0\.2:53 +length 24$'
	expect_line out ' TCP 10\.9\.0\.1:40000 > 10\.9\.0\.2:80 +S  seq 305419896 win 64240 mss 1460 sackOK timestamp wscale 7$'
}

# A conversation over TCP, with ports of five digits: what is no SYN or FIN and has no news fits, and flags stand below
# flags.
test_brief_fits_eighty_columns() {
	addresses
	mkdir www
	head -c 500 /dev/zero >www/zeros
	serve_web right 10.9.0.2 50080
	sniff -i eth0 -q
	in_namespace left curl -sS -o page --local-port 40000 http://10.9.0.2:50080/zeros
	wait_for 10 has_line out ' F\. '
	stop
	grep -vE '^.{52}[SF]| handshake ' out >ordinary
	(($(line_count ordinary) >= 5)) || fail "only $(line_count ordinary) ordinary segments"
	expect_line ordinary '^.{15} TCP 10\.9\.0\.1:40000 > 10\.9\.0\.2:50080 P\. seq [0-9]+ length [0-9]+$'
	awk 'length > 80' ordinary >wide
	equal "wide lines" "" "$(<wide)"
	grep -vE '^.{15} TCP .{31} [FSRP.]+ +(seq|ack) ' out >other || true
	equal "other lines" "" "$(<other)"
}

# The first text of the payload stands on the line; a hexdump may follow.
test_brief_with_text() {
	show -q -A
	equal "lines of output" 2 "$(line_count out)"
	expect_line out ' UDP .* length 24 "Hello, world\. 0123456789"$'
	expect_line out ' TCP .* wscale 7$'
}

# Where there may be more than one interface, each line names its own, and the direction.
test_brief_of_several_interfaces() {
	cable left right eth1
	sniff -i eth0 -i eth1 -q -t
	send left eth0 <<<"$UDP"
	send left eth1 <<<"$UDP"
	wait_seen 2
	stop
	diff out - <<-'LINES'
		eth0 in  UDP 10.9.0.1:1000 > 10.9.0.2:53     length 24
		eth1 in  UDP 10.9.0.1:1000 > 10.9.0.2:53     length 24
	LINES
	sniff -i any -q -t
	send left eth0 <<<"$UDP"
	wait_seen 1
	stop
	diff out - <<<'eth0 in  UDP 10.9.0.1:1000 > 10.9.0.2:53     length 24'
	sniff -i eth0 -q -t
	send left eth0 <<<"$UDP"
	wait_seen 1
	stop
	diff out - <<<'UDP 10.9.0.1:1000 > 10.9.0.2:53     length 24'
}

test_brief_with_hexdump() {
	show -q -X
	equal "lines of output" $((1 + 4 + 1 + 4)) "$(line_count out)"
	expect_line out '^0000   45 00 00 34 1F 2E 40 00 40 11 '
}

test_link_level_header() {
	show -e
	expect_line out '02:00:00:00:00:01.*02:00:00:00:00:02'
	expect_line out '^0000   02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 00 '
}

test_ascii() {
	show -A
	expect_line out 'Hello, world\. 0123456789'
	expect_no_line out '^0000   '
}

test_times() {
	local now
	now=$(date +%s)
	show -q -tt
	expect_line out "^(${now%??????????}[0-9]{10})\.[0-9]{6} "
	awk -v now="$now" '{ if ($1 < now - 1 || $1 > now + 30) exit 1 }' out
	show -q -tttt
	expect_line out "^20[0-9]{2}-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6} "
	show -q -t
	expect_no_line out '[0-9]{2}:[0-9]{2}:[0-9]{2}\.'
	show -q -ttt
	equal "lines of output" 2 "$(line_count out)"
}

test_color() {
	show -q --color=always
	expect_line out $'\033\\['
	show -q --color=auto
	expect_no_line out $'\033\\['
}

test_json() {
	need jq
	show --json
	equal "lines of output" 2 "$(line_count out)"
	jq -S 'del(.time, .ip.checksum, .udp.checksum)' <(head -n 1 out) >got.txt
	jq -S . >wanted.txt <<-'JSON'
		{"number": 1, "interface": "eth0", "direction": "in", "length": 66, "captured": 66,
		"link": {"type": "ethernet", "source": "02:00:00:00:00:01", "destination": "02:00:00:00:00:02", "ethertype": 2048},
		"ip": {"version": 4, "header_length": 20, "tos": 0, "total_length": 52, "id": 7982, "flags": ["DF"],
			"fragment_offset": 0, "ttl": 64, "protocol": 17, "checksum_status": "good",
			"source": "10.9.0.1", "destination": "10.9.0.2"},
		"udp": {"source_port": 1000, "destination_port": 53, "length": 32, "checksum_status": "good"},
		"payload": {"length": 24, "hex": "48656c6c6f2c20776f726c642e2030313233343536373839"}}
	JSON
	diff wanted.txt got.txt >difference || fail "the JSON is another"
	equal "time" 2 "$(jq -r .time out | grep -cE '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9}Z$')"
	jq -S 'del(.time, .ip, .link) | del(.tcp.checksum)' <(tail -n 1 out) >got.txt
	jq -S . >wanted.txt <<-'JSON'
		{"number": 2, "interface": "eth0", "direction": "in", "length": 74, "captured": 74,
		"tcp": {"source_port": 40000, "destination_port": 80, "seq": 305419896, "ack": 0, "relative_seq": 0, "header_length": 40,
			"flags": ["SYN"], "window": 64240, "checksum_status": "good", "urgent": 0,
			"options": "020405b40402080a000000010000000001030307"},
		"payload": {"length": 0, "hex": ""}}
	JSON
	diff wanted.txt got.txt >difference || fail "the JSON is another"
}

test_checksums() {
	need jq
	sniff -i eth0 --json
	send left eth0 <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"good"
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53, chksum=0)/b"absent"
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53, chksum=1)/b"bad"
		1  accepted  eth/IP(src=A, dst=B, chksum=1)/TCP(sport=1, dport=53, chksum=2)/b"bad"
		1  accepted  eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=53)/b"good"
		1  accepted  eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=53, chksum=3)/b"bad"
	FRAMES
	wait_seen 6
	stop
	equal "transport" "good absent bad bad good bad" "$(jq -r '(.udp // .tcp).checksum_status' out | xargs)"
	equal "IPv4" "good good good bad null null" "$(jq -r .ip.checksum_status out | xargs)"
}

test_padding_is_not_payload() {
	need jq
	sniff -i eth0 --json
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B, len=32)/UDP(sport=1, dport=53, len=12)/b"data"/Padding(b"\x55" * 18)'
	wait_seen 1
	stop
	equal "payload" "4 64617461" "$(jq -r '.payload | "\(.length) \(.hex)"' out)"
	equal "length" 64 "$(jq .length out)"
}

test_jumbo_frames() {
	need jq
	ip -n left link set eth0 mtu 9000
	ip -n right link set eth0 mtu 9000
	judge --json --port 53 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 8900)
		3  port      eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)/(b"x" * 8900)
		1  accepted  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/UDP(sport=53, dport=1)/(b"x" * 8900)
		1  port      dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/UDP(sport=1, dport=54)/(b"x" * 8900)
		2  accepted  dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 8900)
	FRAMES
	equal "lengths" "8942 8942 8970 8946 8946" "$(jq .length out | xargs)"
	equal "payload" "5 $(printf '78%.0s' {1..8900})" "$(jq -r .payload.hex out | uniq -c | xargs)"
}

# Each packet is written by itself with -l, and not without.
test_flushed_after_each_packet() {
	need strace
	sniff -i eth0 -w many.pcap
	send left eth0 <<<'300 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 300
	stop
	export ASAN_OPTIONS=detect_leaks=0 # leaks cannot be found below a tracer
	strace -f -e trace=write -o trace "$SNIFFER" -r many.pcap -q -l >lines 2>err
	equal "writes with -l" 300 "$(grep -c 'write(1' trace)"
	strace -f -e trace=write -o trace "$SNIFFER" -r many.pcap -q >again 2>err
	equal "writes without" 1 "$(grep -c 'write(1' trace)"
	cmp lines again
}

run_tests "$@"
