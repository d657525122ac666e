#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Where the sniffer listens.
#
#     left eth0 ------ eth0 right (the sniffer)
#     left eth1 ------ eth1
#
source "$(dirname "$0")/../netlib.sh"

FRAME='eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'

setup() {
	left_and_right
	cable left right eth1
}

send_one_each() { # DEVICE...
	local device
	for device; do
		send left "$device" <<<"1 accepted $FRAME"
	done
}

# "N NAME" for each interface in the output, in order of name.
interfaces_shown() {
	grep -oE ' (eth|late|lo)[0-9]* ' out | sort | uniq -c | xargs
}

test_one_of_two() {
	sniff -i eth1 -q -e
	send_one_each eth0 eth1 eth0 eth1
	wait_seen 2
	stop
	expect_counts accepted 2
	equal "interfaces" "2 eth1" "$(interfaces_shown)"
	expect_line err '^bpfsniff: listening on eth1 \(pid [0-9]+, snaplen 262144, ring 32768 KiB\)$'
}

test_two_named() {
	cable left right eth2
	sniff -i eth1 --interface=eth0 -q
	send_one_each eth0 eth1 eth0 eth2
	wait_seen 3
	stop
	expect_counts accepted 3
	equal "interfaces" "2 eth0 1 eth1" "$(interfaces_shown)"
	expect_line err '^bpfsniff: listening on eth1, eth0 '
}

# By the number that -D shows, and by another name; one that is named twice is listened to once.
test_other_names() {
	local number
	ip -n right link property add dev eth1 altname second
	in_namespace right "$SNIFFER" -D >list
	number=$(sed -nE 's/^([0-9]+)\.eth0 .*/\1/p' list)
	sniff -i "$number" -i second -i eth1 -q
	expect_line err '^bpfsniff: listening on eth0, eth1 \('
	send_one_each eth0 eth1
	wait_seen 2
	stop
	expect_counts accepted 2
	refused 1 "no such interface '4294967298'" ip netns exec right "$SNIFFER" -i 4294967298
}

test_every_interface_by_default() {
	sniff -q
	send_one_each eth0 eth1 eth0
	wait_seen 3
	stop
	expect_counts accepted 3
	equal "interfaces" "2 eth0 1 eth1" "$(interfaces_shown)"
	expect_line err '^bpfsniff: listening on any '
}

test_an_interface_that_appears_later() {
	sniff -i any -q
	send_one_each eth0
	cable left right late0
	send_one_each late0 late0
	wait_seen 3
	stop
	expect_counts accepted 3
	equal "interfaces" "1 eth0 2 late0" "$(interfaces_shown)"
}

# A device that gets another name, and one that gets the index of a removed one: each has its name, and in pcapng a block
# of its own. What the kernel tells of them arrives after privileges and system calls have been given up.
test_another_name_and_another_device() {
	need tshark
	local index
	sniff -i any -q -w all.pcapng
	send_one_each eth0 eth1
	wait_seen 2
	ip -n right link set eth0 down
	ip -n right link set eth0 name late1
	ip -n right link set late1 up
	send_one_each eth0
	wait_seen 3
	index=$(in_namespace right cat /sys/class/net/eth1/ifindex)
	ip -n right link delete eth1
	ip -n left link add eth1 address "$LEFT_MAC" type veth peer name late2 address "$RIGHT_MAC" index "$index" netns right
	ip -n left link set eth1 up
	ip -n right link set late2 up
	send_one_each eth1 eth0
	wait_seen 5
	stop
	expect_counts accepted 5
	equal "interfaces" "eth0 eth1 late1 late2 late1" "$(grep -oE ' (eth|late)[0-9] ' out | xargs)"
	equal "in the file" "0 eth0 1 eth1 2 late1 3 late2 2 late1" \
		"$(tshark -r all.pcapng -T fields -e frame.interface_id -e frame.interface_name | xargs)"
}

test_another_name_of_a_named_interface() {
	sniff -i eth0 -q -e
	send_one_each eth0
	wait_seen 1
	ip -n right link set eth0 down
	ip -n right link set eth0 name late1
	ip -n right link set late1 up
	send_one_each eth0
	wait_seen 2
	equal "interfaces of the report" late1 \
		"$(in_namespace right "$SNIFFER" --status="$SNIFFER_PID" --json | jq -r '.interfaces[]')"
	ip -n right link delete late1
	wait_for 10 has_line err "^bpfsniff: interface 'late1' is gone$"
	wait "$STARTED" || true
	equal "interfaces" "eth0 late1" "$(grep -oE ' (eth|late)[0-9] ' out | xargs)"
}

# The port of a bridge that leaves it does not go.
test_a_port_leaves_its_bridge() {
	need tshark
	ip -n right link add bridge0 type bridge || skip "this kernel has no bridges"
	ip -n right link set bridge0 up
	sniff -i any -q -w all.pcapng
	ip -n right link set eth0 master bridge0
	send_one_each eth0
	wait_seen 1
	ip -n right link set eth0 nomaster
	send_one_each eth0
	wait_seen 2
	stop
	equal "frames of eth0" 2 "$(grep -c ' eth0 in ' out)"
	equal "its blocks" 1 "$(tshark -r all.pcapng -T fields -e frame.interface_id -e frame.interface_name | grep eth0 | sort -u | wc -l)"
}

test_loopback_device() {
	serve_datagrams right 127.0.0.1 5000
	sniff -q
	ask right 127.0.0.1 5000 4
	wait_seen 16
	stop
	expect_counts accepted 0 loopback 16
}

# Each frame on lo passes the tap twice, out and in; it is one packet.
test_loopback_device_on_request() {
	serve_datagrams right 127.0.0.1 5000
	sniff -i lo -q -e --loopback
	ask right 127.0.0.1 5000 4
	wait_seen 16
	stop
	expect_counts accepted 8 duplicate 8
	equal "interfaces" "8 lo" "$(interfaces_shown)"
}

# Where the second time is not wanted, the first is no duplicate; a file keeps all that it has.
test_loopback_device_on_its_way_out() {
	serve_datagrams right 127.0.0.1 5000
	sniff -i lo -q --loopback -Q out -w out.pcapng
	ask right 127.0.0.1 5000 4
	wait_seen 16
	stop
	expect_counts accepted 8 direction 8
	"$SNIFFER" -r out.pcapng -q -e --loopback >out 2>err
	read_statistics
	expect_counts accepted 8
	equal "directions" "8 lo out" "$(grep -o 'lo out' out | uniq -c | xargs)"
}

# An address that is not a loopback address, on the loopback device: the device decides.
test_own_address_travels_through_the_loopback_device() {
	ip -n right address add 10.9.0.2/24 dev eth0
	serve_datagrams right 10.9.0.2 5000
	sniff -q
	ask right 10.9.0.2 5000 3
	wait_seen 12
	stop
	expect_counts accepted 0 loopback 12
}

netns_option() { # VALUE
	sniff_in left --netns="$1" -i eth1 -q -e
	send_one_each eth1 eth0 eth1
	wait_seen 2
	stop
	expect_counts accepted 2
	equal "interfaces" "2 eth1" "$(interfaces_shown)"
}

test_another_namespace_by_name() {
	netns_option right
}

test_another_namespace_by_path() {
	netns_option /run/netns/right
}

is_in_right() { # PROCESS
	[[ $(readlink /proc/"$1"/ns/net) == "$(ip netns exec right readlink /proc/self/ns/net)" ]]
}

test_another_namespace_by_process() {
	start right sleep 1000
	wait_for 10 is_in_right "$STARTED" # ip(8) starts outside
	netns_option $STARTED
}

promiscuity() {
	ip -n right -details link show eth0 | grep -oE 'promiscuity [0-9]+'
}

test_promiscuous_mode_of_a_named_interface() {
	equal "before" "promiscuity 0" "$(promiscuity)"
	sniff -i eth0
	equal "while sniffing" "promiscuity 1" "$(promiscuity)"
	stop
	equal "after" "promiscuity 0" "$(promiscuity)"
}

test_no_promiscuous_mode() {
	sniff -i eth0 -p
	equal "with -p" "promiscuity 0" "$(promiscuity)"
	stop
	sniff -i any
	equal "any" "promiscuity 0" "$(promiscuity)"
	stop
}

# The kernel notes some time after a cable is plugged in that it is (net/core/link_watch.c).
both_run() {
	[[ $(ip -n right -o link show up | grep -c ' state UP ') == 2 ]]
}

test_list_of_interfaces() {
	wait_for 10 both_run
	in_namespace right "$SNIFFER" -D >out 2>err
	equal "standard error" "" "$(<err)"
	expect_line out '(^|[ .])any( |$)'
	expect_line out '(^|[ .])eth0( |$)'
	expect_line out '(^|[ .])eth1( |$)'
	expect_line out '\.eth1 \[up, running\]$'
	expect_line out '(^|[ .])lo( |$)'
	equal "lines" 4 "$(line_count out)"
	in_namespace right "$SNIFFER" --list-interfaces >again
	cmp out again
}

test_an_interface_that_goes_down_and_comes_back() {
	sniff -i eth0 -q
	send_one_each eth0
	wait_seen 1
	ip -n right link set eth0 down
	ip -n right link set eth0 up
	send_one_each eth0
	wait_seen 2
	stop
	expect_counts accepted 2
}

test_an_interface_that_is_still_down() {
	ip -n right link set eth0 down
	sniff -i eth0 -q
	ip -n right link set eth0 up
	send_one_each eth0
	wait_seen 1
	stop
	expect_counts accepted 1
}

# Frames that came to two interfaces by turns, and wait in two rings, are shown in the order in which they came.
test_order_of_time_across_interfaces() {
	sniff -i eth0 -i eth1 -q -tt
	pause
	in_namespace left "$PYTHON" -c 'import socket
from scapy.all import Ether, IP, UDP
frame = bytes(Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="10.9.0.1", dst="10.9.0.2") / UDP(sport=1, dport=53))
ends = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW) for _ in range(2)]
for number, end in enumerate(ends): end.bind((f"eth{number}", 0))
for _ in range(500):
    for end in ends: end.send(frame)'
	go_on
	wait_seen 1000
	stop
	expect_counts accepted 1000 lost 0
	equal "interfaces by turns" "500 eth0 eth1" "$(cut -d ' ' -f 2 out | paste -d ' ' - - | uniq -c | xargs)"
	cut -d ' ' -f 1 out | sort -c -s -n -t . -k 1,1 -k 2,2
}

lists() { # PATTERN
	in_namespace right "$SNIFFER" -D >list
	has_line list "$1"
}

# Up, but nothing at the other end; down; and with addresses.
test_list_of_interfaces_in_other_states() {
	ip -n left link set eth1 down
	ip -n right link add dummy0 type veth peer name dummy1
	ip -n right address add 10.9.0.2/24 dev eth0
	in_namespace right sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
	ip -n right address add fd09::2/64 dev eth0 nodad
	wait_for 10 lists '\.eth1 \[up\]$'
	expect_line list '\.dummy0 \[down\]$'
	expect_line list '\.eth0 \[up.*\] 10\.9\.0\.2 .*fd09::2( |$)'
}

# Nothing in the files would move a terminal's cursor, or has it show text backwards.
expect_harmless() { # FILE...
	! grep -nP '[\x00-\x08\x0b-\x1f\x7f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' "$@" || fail "controls in $*"
}

# The kernel takes every name without blanks, slashes and colons (dev_valid_name() in net/core/dev.c).
test_names_that_command_a_terminal() {
	local name=$'\e[31m\xe2\x80\xae}x' number
	wait_for 10 both_run
	ip -n right link set eth1 down
	ip -n right link set eth1 name "$name"
	ip -n right link set "$name" up
	number=$(in_namespace right cat "/sys/class/net/$name/ifindex")
	in_namespace right "$SNIFFER" -D >list
	in_namespace right "$SNIFFER" --extcap-interfaces >extcap
	sniff -i "$number" -q $'udp\n\tor tcp'
	send_one_each eth1
	wait_seen 1
	"$SNIFFER" --status="$SNIFFER_PID" >status
	"$SNIFFER" --status="$SNIFFER_PID" --json >object
	stop
	LC_ALL=C expect_harmless list extcap out err status object
	expect_line list "^$number\\.\\?\\[31m\\?}x \\["
	expect_line extcap "^interface \\{value=bpfsniff-$number\\}\\{display=bpfsniff: \\?\\[31m\\?\\?x, "
	expect_line err '^bpfsniff: listening on \?\[31m\?}x \('
	expect_line status '^interfaces: \?\[31m\?}x$'
	expect_line status $'^filter: udp \tor tcp$' # a report of several lines has one for the filter
	expect_line object '"interfaces":\["\\u001b\[31m\\u202e}x"\]'
}

# An interface that is gone or down keeps no filter from changing, and is news only once.
test_a_change_without_an_interface() {
	cable left right eth7
	cable left right eth8
	sniff -i eth0 -i eth7 -i eth8 -q --port=1
	ip -n right link del eth7
	wait_for 10 has_line err "^bpfsniff: interface 'eth7' is gone"
	ip -n right link set eth8 down
	wait_for 10 has_line err "^bpfsniff: interface 'eth8' is down"
	for port in 2 53; do
		in_namespace right "$SNIFFER" --set-filter="$SNIFFER_PID" --port="$port" >answer
		expect_line answer "changed to: --port=$port$"
	done
	ip -n right link set eth8 up
	send left eth0 <<<'2 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	send left eth8 <<<'3 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_for 10 has_lines out 5
	stop
	equal "news of what went down" 1 "$(grep -c 'is down' err)"
	equal "packets of eth8" 3 "$(grep -c ' eth8 in ' out)"
}

has_lines() { # FILE COUNT
	(($(line_count "$1") == $2))
}

run_tests "$@"
