#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --set-filter: what it changes, what it leaves as it was, and who may use it.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need setpriv
	left_and_right
	# The tree may be in a folder that others cannot enter.
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
	SNIFFER=$TMP/bpfsniff
}

# The namespace of the test is not that of the sniffer.
set_filter() { # FILTER...
	"$SNIFFER" --set-filter="$SNIFFER_PID" "$@" >answer
	expect_line answer "^filter of $SNIFFER_PID changed to: "
}

# COUNT frames to each port.
send_to() { # COUNT PORT...
	local port
	for port in "${@:2}"; do
		echo "$1 any eth/IP(src=A, dst=B)/UDP(sport=1, dport=$port)"
	done | send left eth0
}

# A command that is to change the filter of a sniffer of port 53, and cannot.
change_refused() { # STATUS PATTERN COMMAND...
	refused "$@"
	"$SNIFFER" --status="$SNIFFER_PID" >status
	expect_line status '^filter: --port=53$'
	expect_no_line err 'filter changed'
}

# A command as a user without rights but for these capabilities, as ${AS_USER[@]}.
as_user() { # UID CAPABILITIES
	AS_USER=(setpriv --reuid="$1" --regid="$1" --clear-groups --inh-caps="-all$2" --ambient-caps="-all$2"
		--bounding-set="-all$2")
}

test_flags_expressions_and_lists() {
	sniff -i eth0 -q --port=53
	send_to 3 53 80
	wait_seen 6
	set_filter --port=80
	send_to 4 53 80
	wait_seen 14
	set_filter udp port 53
	send_to 5 53 80
	wait_seen 24
	{ printf '%s\n' 10.9.0.1 fd09::/64; awk 'BEGIN { for (i = 0; i < 9999; i++) print "10.8." int(i / 256) "." i % 256 }'; } >hosts
	set_filter --host-file=hosts --not-port=53
	send_to 6 53 80
	wait_seen 36
	set_filter
	send_to 7 53 80
	wait_seen 50
	stop
	expect_counts accepted $((3 + 4 + 5 + 6 + 14)) port $((3 + 4 + 6)) expression 5 lost 0
	equal "ports in the output" "$(for ports in '3 53' '4 80' '5 53' '6 80' '7 53' '7 80'; do echo "$ports"; done)" \
		"$(grep -oE '> 10.9.0.2:[0-9]+' out | cut -d : -f 2 | uniq -c | awk '{ print $1, $2 }')"
	equal "news" "--port=80
udp port 53
--host-file=hosts --not-port=53
(the default)" "$(sed -n 's/^bpfsniff: filter changed to: //p' err)"
}

test_the_answer_names_the_filter() {
	sniff -i eth0 -q
	set_filter --port=53 --src=10.9.0.1,fd09::/64 'udp and not host 10.9.0.7'
	equal "answer" "filter of $SNIFFER_PID changed to: --port=53 --src=10.9.0.1,fd09::/64 udp and not host 10.9.0.7" \
		"$(<answer)"
	stop
}

# When the command has answered, the older filter judges no more.
test_the_answer_comes_when_it_is_in_force() {
	local change
	sniff -i eth0 -q --port=53
	for change in 80 53 80 53 80 53; do
		set_filter --port=$change
		send_to 1 $change
	done
	wait_seen 6
	stop
	expect_counts accepted 6
}

# Each line: exit status, what the message has to quote, then the arguments.
test_what_is_wrong_leaves_the_old_filter() {
	local status quoted arguments
	sniff -i eth0 -q --port=53
	while IFS='|' read -r status quoted arguments; do
		read -ra arguments <<<"$arguments"
		change_refused "$status" "$quoted" "$SNIFFER" --set-filter="$SNIFFER_PID" "${arguments[@]}"
	done <<-'TABLE'
		2|expression 'port and': .*syntax error|port and
		2|expression 'ether proto ipx9': .*ipx9|ether proto ipx9
		2|nix|--port=53,nix
		2|10.0.0.300|--host=10.0.0.300
		1|missing.txt|--host-file=missing.txt
		2|expression 'ip protochain 6': .*loop|ip protochain 6
		2|-w cannot be changed while a sniffer runs|-w file
		2|-i cannot be changed|-i eth0
		2|-c cannot be changed|-c 5
		2|--status|--status=1
	TABLE
	send_to 2 53 80
	wait_seen 4
	stop
	expect_counts accepted 2 port 2
}

test_who_is_no_sniffer() {
	local pid
	sniff -i eth0 -q --port=53
	for pid in $$ 4194303; do
		change_refused 1 "process $pid is not a sniffer" "$SNIFFER" --set-filter="$pid" --port=80
		change_refused 1 "process $pid is not a sniffer" "$SNIFFER" --status="$pid"
	done
	for pid in 0 -1 sniffer 4194305 ''; do
		change_refused 2 "--set-filter: '$pid'" "$SNIFFER" --set-filter="$pid" --port=80
		change_refused 2 "--status: '$pid'" "$SNIFFER" --status="$pid"
	done
	stop
	# What was a sniffer is none any more.
	refused 1 "process $SNIFFER_PID is not a sniffer" "$SNIFFER" --set-filter="$SNIFFER_PID"
}

# A sniffer that root has started runs as another user, who has no say for all that.
test_the_sniffer_of_root_answers_only_root() {
	local uid
	sniff -i eth0 -q --port=53
	equal "user of the sniffer" 65534 "$(stat -c %u "/proc/$SNIFFER_PID")"
	for uid in 65534 4242; do
		as_user $uid ,+net_raw,+bpf
		change_refused 1 "sniffer $SNIFFER_PID does not answer you: it answers only root and the user who started it" \
			ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80
		change_refused 1 "sniffer $SNIFFER_PID does not answer you" \
			ip netns exec right "${AS_USER[@]}" "$SNIFFER" --status="$SNIFFER_PID"
		change_refused 1 "cannot reach sniffer $SNIFFER_PID: it is in a network namespace that you may not enter; run this with sudo$" \
			"${AS_USER[@]}" "$SNIFFER" --status="$SNIFFER_PID"
	done
	stop
}

test_the_sniffer_of_a_user_obeys_that_user() {
	as_user 4242 ,+net_raw,+bpf
	start right "${AS_USER[@]}" "$SNIFFER" -i eth0 -q --port=53 >out 2>err
	wait_listening
	as_user 4343 ,+net_raw,+bpf
	change_refused 1 "does not answer you" \
		ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80
	as_user 4242 ,+net_raw
	change_refused 1 'missing CAP_BPF: ' ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80
	as_user 4242 ''
	change_refused 1 'missing CAP_BPF: .*sudo setcap cap_net_raw,cap_bpf' \
		ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80
	in_namespace right "${AS_USER[@]}" "$SNIFFER" --status="$SNIFFER_PID" >status
	expect_line status '^filter: --port=53$'
	send_to 1 53 80
	wait_seen 2
	as_user 4242 ,+bpf # the sniffer has the sockets
	in_namespace right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80 >answer
	refused 1 'missing CAP_NET_RAW: ' ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" vlan 7
	send_to 1 53 80
	wait_seen 4
	# Root may look at it, and trusts it no further.
	refused 1 "sniffer $SNIFFER_PID was started by user 4242, so root does not trust it" \
		"$SNIFFER" --set-filter="$SNIFFER_PID" --port=90
	"$SNIFFER" --status="$SNIFFER_PID" >status
	expect_line status '^filter: --port=80$'
	stop
	expect_counts accepted 2 port 2
}

# A flow at its limit stays there as long as the limit is the same, whatever else changes.
test_the_packets_of_a_flow_are_counted_on() {
	sniff -i eth0 -q --first=3
	send_to 5 53 80 # 6 accepted, 4 flow-limit
	wait_seen 10
	set_filter --first=3 --not-port=80
	send_to 2 53 80 # 2 flow-limit, 2 port
	wait_seen 14
	set_filter --first=3 udp
	send_to 2 53 80 90 # 2 accepted, 4 flow-limit
	wait_seen 20
	set_filter --first=3
	send_to 2 90 # 1 accepted, 1 flow-limit
	wait_seen 22
	stop
	expect_counts accepted 9 flow-limit 11 port 2
	expect_no_line err 'flows forgotten'
}

# What the old filter knew of a connection, the new one knows.
test_connections_are_followed_on() {
	local segment='eth/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="A", seq=7)/b"data"'
	sniff -i eth0 --json --tcp-event=reset
	send left eth0 <<<"1 tcp-event $segment"
	wait_seen 1
	set_filter --tcp-event=retransmission
	send left eth0 <<<"1 accepted $segment"
	wait_seen 2
	set_filter --port=2
	set_filter --tcp-event=retransmission # nobody has followed it in between
	send left eth0 <<<"1 tcp-event $segment"
	wait_seen 3
	send left eth0 <<<"1 accepted $segment"
	wait_seen 4
	stop
	expect_counts accepted 2 tcp-event 2
	equal "segments that are said to be sent again" 2 "$(jq -r '.tcp.analysis[]?' out | grep -c '^retransmission$')"
}

test_another_limit_counts_anew() {
	sniff -i eth0 -q --first=3
	send_to 5 53 # 3 accepted, 2 flow-limit
	wait_seen 5
	set_filter --first=4
	send_to 6 53 # 4 accepted, 2 flow-limit
	wait_seen 11
	set_filter
	send_to 5 53 # 5 accepted
	wait_seen 16
	set_filter --first=4
	send_to 5 53 # 4 accepted, 1 flow-limit
	wait_seen 21
	stop
	expect_counts accepted 16 flow-limit 5
	expect_no_line err 'flows forgotten'
}

# Each filter has a section of its own, which names it; what reads pcapng reads it all.
test_the_change_stands_in_the_capture() {
	need tshark capinfos tcpdump
	sniff -i eth0 -w changed.pcapng --port=53
	send_to 3 53 80
	wait_seen 6
	set_filter udp port 80
	send_to 4 53 80
	wait_seen 14
	set_filter --port=53,80
	send_to 5 53 80
	wait_seen 24
	stop
	expect_counts accepted 17 expression 4 port 3
	"$PYTHON" "$ROOT/tests/netns/sections.py" changed.pcapng >sections
	equal "sections" "3 --port=53
4 udp port 80
10 --port=53,80" "$(<sections)"
	tshark -r changed.pcapng -T fields -e udp.dstport >ports 2>messages
	equal "ports" "$(for i in 53,53,53 80,80,80,80 53,53,53,53,53 80,80,80,80,80; do tr , '\n' <<<$i; done)" "$(<ports)"
	equal "messages of tshark" "" "$(grep -v '^Running as user' messages || true)"
	capinfos -c -M changed.pcapng >packets 2>messages
	expect_line packets '= 17$|packets: +17$'
	equal "messages of capinfos" "" "$(<messages)"
	tcpdump -nr changed.pcapng >lines 2>messages
	equal "lines of tcpdump" 17 "$(line_count lines)"
	"$SNIFFER" -r changed.pcapng -q >own 2>messages
	equal "lines of bpfsniff -r" 17 "$(line_count own)"
}

test_a_change_before_the_first_packet_stands_in_the_capture() {
	sniff -i eth0 -w changed.pcapng --port=53
	set_filter --port=80
	send_to 4 53 80
	wait_seen 8
	set_filter --port=90
	stop
	expect_counts accepted 4 port 4
	"$PYTHON" "$ROOT/tests/netns/sections.py" changed.pcapng >sections
	equal "sections" "0 --port=53
4 --port=80
0 --port=90" "$(<sections)"
	"$SNIFFER" -r changed.pcapng -q >own 2>messages
	equal "lines of bpfsniff -r" 4 "$(line_count own)"
}

# A pcap file has no place for the text.
test_a_change_in_a_pcap_file() {
	sniff -i eth0 -w changed.pcap --port=53
	send_to 3 53 80
	wait_seen 6
	set_filter --port=80
	send_to 4 53 80
	wait_seen 14
	stop
	expect_counts accepted 7 port 7
	"$SNIFFER" -r changed.pcap -q >own 2>messages
	equal "lines of bpfsniff -r" 7 "$(line_count own)"
}

# How much is kept of a frame, and what the interface lets through, are no matter of the filter. What is not kept takes no
# room in the ring: 8 MiB could not hold these frames whole.
test_snaplen_and_promiscuous_mode_stay() {
	need jq
	# Whole frames would fill the ring after a thousand; it also fills with time, since blocks are handed over half empty.
	ip -n left link set eth0 mtu 9000
	ip -n right link set eth0 mtu 9000
	sniff -i eth0 --json -s 60 -B 8192
	set_filter --port=53
	pause
	send left eth0 <<<'1500 any eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 8000)'
	go_on
	wait_seen 1500
	equal "promiscuous mode" "promiscuity 1" "$(ip -n right -details link show eth0 | grep -oE 'promiscuity [0-9]+')"
	stop
	expect_counts accepted 1500 lost 0
	equal "length and captured" "1500 8042 60" "$(jq -r '"\(.length) \(.captured)"' out | sort | uniq -c | xargs)"
}

# The ports of a datagram, which only its first fragment has, go over to the next filter with the flows.
test_fragments_across_a_change() {
	sniff -i eth0 -q --first=2
	send left eth0 <<<'1 any eth/IP(src=A, dst=B, id=7, flags="MF")/UDP(sport=1, dport=53, len=100)/(b"x" * 16)'
	wait_seen 1
	set_filter --first=2 udp
	send left eth0 <<-'FRAMES'
		1 any eth/IP(src=A, dst=B, id=7, frag=3, proto=17)/(b"x" * 16)
		1 any eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
	FRAMES
	wait_seen 3
	stop
	expect_counts accepted 2 flow-limit 1
}

# What was lost under an older filter stays lost.
test_lost_before_a_change() {
	local lost
	sniff -i eth0 -q -B 256
	pause
	send left eth0 <<<'3000 any eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 1000)'
	go_on
	wait_seen 3000
	lost=$("$SNIFFER" --status="$SNIFFER_PID" | sed -nE 's/^accepted 3000 = delivered [0-9]+ \+ lost ([0-9]+)$/\1/p')
	((lost > 2000)) || fail "lost: '$lost'"
	set_filter --port=53
	send_to 10 53
	wait_seen 3010
	stop
	expect_counts accepted 3010 lost "$lost"
}

# COUNT flows of one frame each, from port FIRST on.
send_flows() { # FIRST COUNT
	seq "$1" $(($1 + $2 - 1)) | sed 's/.*/1 any eth\/IP(src=A, dst=B)\/UDP(sport=&, dport=53)/' | send left eth0
}

# Those forgotten under older filters are counted too: of three times 64 flows, none of which comes again, two tables of
# 8 can only have 16.
test_forgotten_flows_across_changes() {
	need jq
	sniff -i eth0 --json --first=1 --flow-table=8
	send_flows 1000 64
	wait_seen 64
	set_filter --first=1 --flow-table=8 udp
	send_flows 2000 64
	wait_seen 128
	set_filter --first=2 --flow-table=8
	send_flows 3000 64
	wait_seen 192
	stop
	equal "accepted" 192 "${COUNT[accepted]}"
	((COUNT[flows_forgotten] >= 176 && COUNT[flows_forgotten] < 192)) || fail "${COUNT[flows_forgotten]} forgotten"
}

run_tests "$@"
