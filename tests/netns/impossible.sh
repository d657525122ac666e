#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Filters that no packet can match are refused at the start, with what contradicts what; where that is not certain, the
# sniffer starts. An expression that no TCP or UDP packet can match opens the default of --protocol.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
	printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >none.pcap
	printf '# nothing yet\n' >empty.hosts
	echo 10.9.0.1 >one.hosts
}

test_refused() {
	local line wanted
	local -a arguments
	while IFS='|' read -r line wanted; do
		read -ra arguments <<<"$line"
		refused 2 "no packet can match $wanted" "$SNIFFER" -r none.pcap "${arguments[@]}"
	done <<-'TABLE'
		--protocol=tcp icmp|--protocol=tcp and 'icmp' together; leave out one of them$
		--protocol=tcp icmp6|--protocol=tcp and 'icmp6' together
		--protocol=udp,icmp tcp port 80|--protocol=udp,icmp and 'tcp port 80' together
		--protocol=tcp arp|--protocol=tcp and 'arp' together
		--protocol=udp --protocol=icmp sctp|--protocol=udp,icmp and 'sctp' together
		--tcp-flags=syn --protocol=udp|--tcp-flags=syn and --protocol=udp: only TCP has flags; leave out one of them$
		--tcp-flags=syn udp|--tcp-flags=syn and 'udp' together
		--tcp-flags=!ack --protocol=all icmp|--tcp-flags=!ack and 'icmp' together
		--tcp-flags=syn,!syn|--tcp-flags=syn,!syn: a flag cannot be set and clear
		--tcp-flags=ack --tcp-flags=!ack|--tcp-flags=ack,!ack: a flag cannot be set and clear
		--port=53 --protocol=icmp|--port=53 and --protocol=icmp: only tcp, udp, sctp, dccp and udplite have ports
		--not-port=53 --protocol=gre|--not-port=53 and --protocol=gre: only
		--dst-port=53 icmp|--dst-port=53 and 'icmp' together
		--port=53 --not-port=50-60|--port=53 and --not-port=50-60 together; leave out one of them$
		--src-port=53,54 --not-port=53 --not-port=54|--src-port=53,54 and --not-port=53,54 together
		--port=1 --src-port=2 --dst-port=3|--port=1, --src-port=2 and --dst-port=3 together
		--host-file=empty.hosts|--host-file=empty.hosts: the file has no addresses; add some, or leave the option out$
		--host=127.0.0.1,::1|--host=127.0.0.1,::1: loopback traffic is left out; add --loopback$
		--dst=127.0.0.0/8|--dst=127.0.0.0/8: loopback traffic is left out
		--host=10.0.0.1 --not-host=10.0.0.0/8|--host=10.0.0.1 and --not-host=10.0.0.0/8 together
		--host=10.0.0.0/8 --not-host=10.0.0.0/9,10.128.0.0/9|--host=10.0.0.0/8 and --not-host=10.0.0.0/9,10.128.0.0/9 together
		--not-host=0.0.0.0/0,::/0|--not-host=0.0.0.0/0,::/0: every address is in it; leave some out$
		--not-host=0.0.0.0/1,128.0.0.0/1 --not-host=::/0|--not-host=0.0.0.0/1,128.0.0.0/1,::/0: every address
		--src=10.0.0.1 --dst=fd00::1|--src=10.0.0.1 and --dst=fd00::1: one is IPv4, the other IPv6; leave out one of them$
		--host=10.0.0.0/8 ip6|--host=10.0.0.0/8 and 'ip6' together; leave out one of them$
		--host=10.0.0.0/8 icmp6|--host=10.0.0.0/8 and 'icmp6' together
		--dst=fd00::1 ip and port 80|--dst=fd00::1 and 'ip and port 80' together
		--src=fd00::1 host 10.0.0.1|--src=fd00::1 and 'host 10.0.0.1' together
		--host=10.0.0.1 arp|--host=10.0.0.1 and 'arp' together; leave out one of them$
		--host-file=one.hosts arp|--host-file=one.hosts and 'arp' together
		host 127.0.0.1|'host 127.0.0.1': loopback traffic is left out; add --loopback$
		src host ::1 or dst net 127.0.0.0/8|'src host ::1 or dst net 127.0.0.0/8': loopback
		icmp and host 127.0.0.1|'icmp and host 127.0.0.1': loopback
		host localhost and tcp|'host localhost and tcp': loopback
		-Q in outbound|-Q in and 'outbound' together; leave out one of them$
		-Q out inbound and tcp|-Q out and 'inbound and tcp' together
		--direction=out inbound|--direction=out and 'inbound' together
		--tcp-event=any --protocol=udp|--tcp-event=any and --protocol=udp: only TCP has such events; leave out one of them$
		--tcp-event=reset,keep-alive --protocol=icmp|--tcp-event=reset,keep-alive and --protocol=icmp: only TCP
		--tcp-event=reset udp port 53|--tcp-event=reset and 'udp port 53' together; leave out one of them$
		--tcp-event=reset icmp|--tcp-event=reset and 'icmp' together
		--tcp-event=reset --tcp-flags=!rst|--tcp-event=reset and --tcp-flags=!rst together
		tcp and udp|'tcp and udp': a packet has only one of these protocols; write 'tcp or udp', or --protocol=tcp,udp$
		port 80 and icmp|'port 80 and icmp': 'port 80' and 'icmp' exclude each other; write 'port 80 or icmp' for packets that match either$
		icmp and host 10.0.0.1 and tcp|'icmp and host 10.0.0.1 and tcp': 'icmp' and 'tcp' exclude each other; write '.icmp or tcp. and host 10.0.0.1' for packets that match either$
		--src=fd00::/16 --not-host=fd00::/8,10.0.0.0/8|--src=fd00::/16 and --not-host=fd00::/8,10.0.0.0/8 together
	TABLE
}

# The name is quoted as it was typed, behind the line that says what it is.
test_name_of_a_host() {
	local status=0
	"$SNIFFER" -r none.pcap --src=localhost 2>err || status=$?
	equal "status" 2 "$status"
	equal "said" "bpfsniff: no packet can match --src=localhost: loopback traffic is left out; add --loopback" "$(sed 1d err)"
}

# What may match, however seldom, is tried.
test_started() {
	local line
	local -a arguments
	while read -r line; do
		read -ra arguments <<<"$line"
		"$SNIFFER" -r none.pcap "${arguments[@]}" >out 2>err || fail "$line: $(<err)"
		equal "lines for $line" 2 "$(line_count err)" # statistics
	done <<-'TABLE'
		--protocol=tcp ip6 proto 0
		--protocol=tcp ip6 proto 44
		--protocol=tcp ip proto 51
		--protocol=tcp ip6[6] = 0
		--protocol=tcp vlan
		--protocol=udp vlan and icmp
		--protocol=tcp ether proto 0x8847
		--protocol=icmp ip6
		--protocol=tcp len > 100
		--protocol=tcp not udp
		--protocol=tcp host 10.0.0.1 or icmp
		--protocol=udp,icmp tcp port 80 or icmp
		--tcp-flags=syn,!ack tcp port 80
		--tcp-flags=syn --protocol=all
		--tcp-flags=syn --protocol=tcp,udp
		--port=53 sctp
		--port=53 --protocol=sctp,icmp
		--port=53 --not-port=54
		--port=50-60 --not-port=53
		--src-port=53 --port=54
		--host-file=empty.hosts --host=10.0.0.1
		--host-file=one.hosts
		--host=127.0.0.1 --loopback
		--host=127.0.0.1,10.0.0.1
		--host=126.0.0.0/7
		--host=10.0.0.0/8 --not-host=10.0.0.1
		--src=10.0.0.1,11.0.0.1 --not-host=10.0.0.0/8
		--host=10.0.0.1 --not-host=::/0
		--host=10.0.0.0/8 --not-host=10.0.0.0/9,10.128.0.0/10
		--not-host=0.0.0.0/0
		--not-host=0.0.0.0/1,128.0.0.0/2,::/0
		--not-host=0.0.0.0/0,::/0 --protocol=all
		--src=10.0.0.1,fd00::2 --dst=fd00::1
		--host=10.0.0.0/8,fd00::1 ip6
		--host=10.0.0.0/8 ip6 or tcp
		--host=10.0.0.0/8 not ip
		--host=10.0.0.0/8 vlan and ip6
		--not-host=10.0.0.1 arp
		--host=10.0.0.1 arp or icmp
		host 127.0.0.1 or host 10.0.0.1
		not host 127.0.0.1
		--protocol=all host 127.0.0.1
		--loopback host 127.0.0.1
		-Q in ip
		--tcp-event=any --protocol=tcp,udp
		--tcp-event=any port 80
		--tcp-event=reset,keep-alive --tcp-flags=!rst
		--explain --host=10.0.0.1 arp
		--explain --protocol=tcp icmp
		--explain --tcp-flags=syn,!syn
	TABLE
}

# It starts, but a user may have meant another file.
test_a_list_that_excludes_nothing() {
	"$SNIFFER" -r none.pcap --not-host-file=one.hosts --not-host-file=empty.hosts 2>err
	equal "first line" "bpfsniff: --not-host-file=empty.hosts: the file has no addresses, so it excludes nothing" "$(head -n 1 err)"
	equal "lines" 3 "$(line_count err)" # statistics
}

# The expression comes first, and no advice about the link-level header, which is not to blame.
test_expression_that_rejects_everything() {
	local said="no packet can match 'tcp and udp': a packet has only one of these protocols; write 'tcp or udp', or --protocol=tcp,udp$" arguments
	for arguments in "-i eth0" "-i eth0 --protocol=tcp" "" -d --explain "--set-filter=1"; do
		# shellcheck disable=SC2086
		refused 2 "$said" ip netns exec right "$SNIFFER" $arguments tcp and udp
	done
	ip -n right tuntap add raw0 mode tun
	ip -n right link set raw0 up
	refused 2 "no packet with this type of link-level header can match 'arp'$" ip netns exec right "$SNIFFER" -i raw0 arp
}

# The expression of a file that the user may not read is not quoted.
test_hidden_expression() {
	echo icmp >secret
	chmod 600 secret
	chmod 755 .
	cp "$SNIFFER" bpfsniff
	chmod u+s bpfsniff
	refused 2 "no packet can match --protocol=tcp and the expression together" setpriv --reuid=65534 --regid=65534 --clear-groups ./bpfsniff -r none.pcap --protocol=tcp -F secret
}

test_loopback_devices() {
	refused 2 "no packet can match on 'lo': loopback traffic is left out; add --loopback$" ip netns exec right "$SNIFFER" -i lo
	refused 2 "no packet can match on 'lo'" "$SNIFFER" --netns=right -i lo -i lo tcp
	sniff -i lo -i eth0
	expect_line err "^bpfsniff: 'lo' will show nothing, because loopback traffic is left out: add --loopback$"
	stop
	sniff -i lo,eth0 --loopback
	expect_no_line err "will show nothing"
	stop
	sniff
	expect_no_line err "will show nothing"
	stop
	sniff -i lo --loopback
	stop
}

test_default_of_protocol() {
	local opened='; --protocol=all, since no TCP or UDP packet can match the expression\)$'
	judge -q icmp <<-'FRAMES'
		2  accepted    eth/IP(src=A, dst=B)/ICMP()
		3  expression  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  expression  eth/ARP(psrc=A, pdst=B)
	FRAMES
	expect_line err "^bpfsniff: listening on eth0 \(.*$opened"
	judge -q arp <<-'FRAMES'
		2  expression  eth/IP(src=A, dst=B)/ICMP()
		1  accepted    eth/ARP(psrc=A, pdst=B)
	FRAMES
	expect_line err "$opened"
	judge -q 'icmp or port 53' <<-'FRAMES'
		2  protocol    eth/IP(src=A, dst=B)/ICMP()
		3  accepted    eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
	FRAMES
	expect_no_line err "$opened"
	expect_line err "^bpfsniff: only TCP and UDP packets are shown; add --protocol=all for what else the expression matches$"
	judge -q --protocol=icmp icmp <<-'FRAMES'
		2  accepted    eth/IP(src=A, dst=B)/ICMP()
		1  not-ip      eth/ARP(psrc=A, pdst=B)
	FRAMES
	expect_no_line err "$opened"
}

# A file and a new filter have the same default.
test_default_of_protocol_elsewhere() {
	sniff -i eth0 -w two.pcap --protocol=all
	send left eth0 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/ICMP()
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
	FRAMES
	wait_seen 3
	stop
	equal "in a file" "2 packets" "$("$SNIFFER" -r two.pcap --count icmp 2>err)"
	sniff -i eth0 -q arp
	"$SNIFFER" --status="$SNIFFER_PID" >answer
	expect_line answer "^filter: --protocol=all arp$"
	"$SNIFFER" --set-filter="$SNIFFER_PID" icmp >answer
	expect_line answer "changed to: --protocol=all icmp, since no TCP or UDP packet can match the expression$"
	expect_line err "^bpfsniff: filter changed to: --protocol=all icmp$"
	"$SNIFFER" --status="$SNIFFER_PID" >answer
	expect_line answer "^filter: --protocol=all icmp$"
	send left eth0 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/ICMP()
	FRAMES
	wait_seen 2
	"$SNIFFER" --set-filter="$SNIFFER_PID" 'icmp or port 53' 2>said >answer
	expect_line said "^bpfsniff: only TCP and UDP packets are shown"
	refused 2 "no packet can match --protocol=tcp and 'icmp'" "$SNIFFER" --set-filter="$SNIFFER_PID" --protocol=tcp icmp
	stop
	expect_counts accepted 2
}

run_tests "$@"
