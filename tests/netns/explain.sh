#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --explain: every frame is shown, with the verdict that the filter gives it and what decided. Each table of frames is
# sent to a sniffer that explains, and to one that writes all it sees to a file, which is then explained with -r: both
# must say what stands behind ## in the table.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
}

frame_count() { # TABLE
	awk '$1 ~ /^[0-9]+$/ { n += $1 } END { print n }' "$1"
}

# How the lines for a table must end.
expected_ends() { # TABLE
	awk -F ' *## *' '{
		split($1, word, " ")
		end = word[2] == "accepted" ? "accepted" : "rejected: " word[2] ($2 == "" ? "" : " (" $2 ")")
		for (i = 0; i < word[1]; i++) print end
	}' "$1"
}

ends() { # FILE
	sed -E 's/.*  (accepted|rejected: .*)$/\1/' "$1"
}

compare_ends() { # FILE
	ends "$1" >got
	diff wanted got >difference || fail "$1 explains otherwise"
}

# Everything that is sent, as a file.
capture() { # FROM FILE <TABLE
	sniff -i eth0 --protocol=all --loopback -w "$2"
	send "$1" eth0 <table
	wait_seen "$(frame_count table)"
	stop
}

# What -r makes of it: the lines in ./offline.
explain_file() { # FILE OPTION...
	"$SNIFFER" -r "$1" --explain "${@:2}" >offline 2>err
	read_statistics
}

explains_from() { # NAMESPACE OPTION... <TABLE
	local -a counts
	cat >table
	expected_ends table >wanted
	mapfile -t counts < <(expected_counts table | tr ' ' '\n')
	sniff -i eth0 --explain "${@:2}"
	send "$1" eth0 <table
	wait_seen "$(frame_count table)"
	stop
	compare_ends out
	expect_counts "${counts[@]}"
	equal "lost" 0 "${COUNT[lost]}"
	capture "$1" all.pcapng
	explain_file all.pcapng "${@:2}"
	compare_ends offline
	expect_counts "${counts[@]}"
}

explains() { # OPTION... <TABLE
	explains_from left "$@"
}

test_each_reason() {
	explains --port=53,8000-8100 --host=10.9.0.1,fd09::/64 --not-host 10.9.0.9 not dst port 8001 <<-'FRAMES'
		1  accepted    eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)/b"query"
		2  loopback    eth/IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=53)   ## source 127.0.0.1
		1  loopback    eth/IPv6(src=A6, dst="::1")/UDP(sport=1, dport=53)      ## destination ::1
		1  not-ip      eth/ARP(psrc=A, pdst=B)                                 ## ethertype 0x0806 ARP
		1  not-ip      Ether(type=0x88b5)/(b"x" * 60)                          ## ethertype 0x88b5
		1  malformed   eth/IP(src=A, dst=B, ihl=4)/UDP(sport=1, dport=2)       ## header length below 20 bytes
		1  malformed   cut(eth/IP(src=A, dst=B)/UDP(sport=1, dport=2), 14 + 19)  ## the packet ends inside the IP header
		3  protocol    eth/IP(src=A, dst=B)/ICMP()                             ## 1 ICMP; wanted tcp,udp
		1  host        eth/IP(src=C, dst=B)/UDP(sport=1, dport=53)             ## source 10.9.0.3, destination 10.9.0.2; wanted 10.9.0.1,fd09::/64
		1  host        eth/IP(src="10.9.0.9", dst=A)/UDP(sport=1, dport=53)    ## source 10.9.0.9; not wanted 10.9.0.9
		1  port        eth/IP(src=A, dst=B)/TCP(sport=52311, dport=8443)       ## source 52311, destination 8443; wanted 53,8000-8100
		1  port        eth/IP(src=A, dst=B, proto=17, frag=100)/b"later"       ## no readable ports; wanted 53,8000-8100
		2  expression  eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=8001)
		1  accepted    eth/IPv6(src=A6, dst=B6)/TCP(sport=1, dport=8002)
	FRAMES
}

# The filter follows as many headers as are shown.
test_the_limits_of_headers() {
	local tags options udp='UDP(sport=1, dport=53)'
	tags=$(printf 'Dot1Q(vlan=%d)/' {1..12})
	options=$(printf 'IPv6ExtHdrDestOpt()/%.0s' {1..12})
	explains --port=53 <<-FRAMES
		1  accepted   dot1q/${tags}IP(src=A, dst=B)/$udp
		1  not-ip     dot1q/${tags}Dot1Q(vlan=13)/IP(src=A, dst=B)/$udp    ## ethertype 0x8100 802.1Q
		1  accepted   eth/IPv6(src=A6, dst=B6)/$options$udp
		1  malformed  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrDestOpt()/$options$udp  ## more extension headers than are followed
		1  port       eth/IP(src=A, dst=B, len=19)/$udp                       ## no readable ports; wanted 53
		1  port       eth/IP(src=A, dst=B, len=23)/$udp                       ## source 1, destination cut; wanted 53
	FRAMES
	equal "shown as port 53" 2 "$(grep -c ':53 ' offline)"
}

test_direction() {
	explains_from right -Q in <<<'2 direction eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)  ## out; wanted in'
	explains -Q out <<<'2 direction eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)  ## in; wanted out'
}

test_tcp_flags() {
	explains --tcp-flags='syn,!ack' <<-'FRAMES'
		1  accepted   eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="S")
		1  tcp-flags  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="SA")  ## SYN,ACK; wanted syn,!ack
		1  tcp-flags  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="")    ## none; wanted syn,!ack
		1  tcp-flags  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)              ## no TCP flags; wanted syn,!ack
	FRAMES
}

test_tcp_events() {
	explains --tcp-event=reset,window-full <<-'FRAMES'
		1  tcp-event  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="A", seq=7)/b"data"  ## no event; wanted reset,window-full
		1  tcp-event  eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="A", seq=7)/b"data"  ## retransmission; wanted reset,window-full
		1  accepted   eth/IP(src=B, dst=A)/TCP(sport=2, dport=1, flags="R", seq=9)
		1  tcp-event  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)                             ## not TCP; wanted reset,window-full
	FRAMES
}

test_state_of_flows() {
	explains --first=2 <<-'FRAMES'
		2  accepted    eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		1  flow-limit  eth/IP(src=B, dst=A)/UDP(sport=2, dport=1)  ## packet 3 of its flow; wanted 2
		1  accepted    eth/IP(src=A, dst=B)/UDP(sport=1, dport=3)
		1  flow-limit  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)  ## packet 4 of its flow; wanted 2
	FRAMES
	explains --sample=4294967295 <<-'FRAMES'
		3  sample  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)  ## its flow is not the one in 4294967295
	FRAMES
}

test_lists_from_files() {
	echo 10.9.0.1 >good
	echo 10.9.0.3 >bad
	explains --host-file=good --not-host-file=bad <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		1  host      eth/IP(src=B, dst=B)/UDP(sport=1, dport=2)  ## source 10.9.0.2, destination 10.9.0.2; wanted file good
		1  host      eth/IP(src=A, dst=C)/UDP(sport=1, dport=2)  ## destination 10.9.0.3; not wanted file bad
	FRAMES
}

# Tags that the kernel has moved aside are back in their place when the expression looks.
test_expressions_on_tags() {
	explains vlan 10 and udp <<-'FRAMES'
		2  accepted    dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		1  expression  dot1q/Dot1Q(vlan=11)/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		1  expression  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		1  not-ip      dot1q/Dot1Q(vlan=10)/ARP(psrc=A, pdst=B)  ## ethertype 0x0806 ARP
	FRAMES
}

# Each of the two times that a loopback device shows a frame is explained.
test_loopback_device() {
	sniff -i lo --explain
	send right lo <<<'3 loopback eth/IP(src="127.0.0.1", dst="127.0.0.1")/UDP(sport=1, dport=2)'
	wait_seen 6
	stop
	expect_counts loopback 6
	equal "lines of output" 6 "$(line_count out)"
	equal "explanation" "rejected: loopback (interface lo)" "$(ends out | sort -u)"
	sniff -i lo --explain --loopback
	send right lo <<<'3 accepted eth/IP(src="127.0.0.1", dst="127.0.0.1")/UDP(sport=1, dport=2)'
	wait_seen 6
	stop
	expect_counts duplicate 3 accepted 3
	equal "explanations" "3 accepted 3 rejected: duplicate (interface lo, which shows it on its way in too)" \
		"$(ends out | sort | uniq -c | xargs)"
	sniff -i lo --explain --loopback -Q out
	send right lo <<<'3 accepted eth/IP(src="127.0.0.1", dst="127.0.0.1")/UDP(sport=1, dport=2)'
	wait_seen 6
	stop
	expect_counts direction 3 accepted 3
}

three_frames() {
	cat >table <<-'FRAMES'
		1  not-ip    eth/ARP(psrc=A, pdst=B)
		1  port      eth/IP(src=A, dst=B)/TCP(sport=1000, dport=80, seq=7, flags="S")
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)/b"query"
	FRAMES
	capture left all.pcapng
}

test_the_whole_output() {
	three_frames
	explain_file all.pcapng -t --port=53
	diff - offline <<-'LINES' || fail "that is not what was to be printed"
		ARP 02:00:00:00:00:01 > 02:00:00:00:00:02 length 28  rejected: not-ip (ethertype 0x0806 ARP)
		TCP 10.9.0.1:1000 > 10.9.0.2:80     S  seq 7 win 8192  rejected: port (source 1000, destination 80; wanted 53)
		UDP 10.9.0.1:1000 > 10.9.0.2:53     length 5  accepted
	LINES
	cp err text-statistics
	"$SNIFFER" -r all.pcapng --port=53 >out 2>err
	diff text-statistics err || fail "other statistics without --explain"
	explain_file all.pcapng -t --port=53 -X
	equal "lines with a hexdump" 12 "$(line_count offline)"
	explain_file all.pcapng --port=53 -q -tt
	expect_line offline '^[0-9]+\.[0-9]{6} ARP .*  rejected: not-ip \(ethertype 0x0806 ARP\)$'
}

test_json() {
	three_frames
	explain_file all.pcapng --json --port=53
	equal "verdicts" '1 not-ip ethertype 0x0806 ARP
2 port source 1000, destination 80; wanted 53
3 accepted null' "$(jq -r '"\(.number) \(.verdict) \(.explanation)"' offline)"
	equal "last keys" '["payload","verdict","explanation"]' "$(head -n 1 offline | jq -c 'keys_unsorted[-3:]')"
	"$SNIFFER" -r all.pcapng --json --port=53 >offline 2>err
	equal "without --explain" null "$(jq -r '.verdict' offline)"
}

test_only_accepted_packets_are_written() {
	three_frames
	explain_file all.pcapng --port=53 -w some.pcapng
	equal "lines of output" 3 "$(line_count offline)"
	expect_counts not-ip 1 port 1 accepted 1
	explain_file some.pcapng
	equal "packets of the file" accepted "$(ends offline)"
	sniff -i eth0 --explain --port=53 -w live.pcapng
	send left eth0 <table
	wait_seen 3
	stop
	explain_file live.pcapng
	equal "packets of the file" accepted "$(ends offline)"
}

# -c counts what is shown, for those too whose filter accepts nothing.
test_count_is_of_lines() {
	three_frames
	explain_file all.pcapng --port=53 -c 2
	equal "lines of output" 2 "$(line_count offline)"
	expect_counts not-ip 1 port 1
	sniff -i eth0 --explain --port=53 -c 2
	send left eth0 <table
	ended
	equal "lines of output" 2 "$(line_count out)"
}

# What -s leaves is shown, but all of a frame is judged.
test_a_short_snaplen() {
	sniff -i eth0 --explain --json -s 20 --port=53 'udp[8] = 0x71'
	send left eth0 <<-'FRAMES'
		1  accepted    eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)/b"query"
		1  expression  eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)/b"other"
	FRAMES
	wait_seen 2
	stop
	equal "verdicts" '20 accepted
20 expression' "$(jq -r '"\(.captured) \(.verdict)"' out)"
}

test_wrong_expressions() {
	three_frames
	refused 2 "icmpp" ip netns exec right "$SNIFFER" -i eth0 --explain icmpp
	refused 2 "icmpp" "$SNIFFER" --explain -r all.pcapng icmpp
}

# The filter that explains is not in the kernel.
test_the_filter_cannot_be_changed() {
	sniff -i eth0 --explain --port=53
	refused 1 "--explain" ip netns exec right "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80
	refused 2 "--explain" ip netns exec right "$SNIFFER" --set-filter="$SNIFFER_PID" --explain --port=80
}

run_tests "$@"
