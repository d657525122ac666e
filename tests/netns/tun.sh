#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A device without a link-level header: its frames start with the IP header.
#
#     frames.py --tun  ~~~> tun0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	namespace right
	ip -n right tuntap add dev tun0 mode tun
	ip -n right link set tun0 up
}

tun_send() {
	in_namespace right "$PYTHON" "$ROOT/tests/netns/frames.py" --tun tun0
}

frames() {
	cat <<-'FRAMES'
		5  accepted  IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"query"
		3  accepted  IP(src=A, dst=B)/TCP(sport=1, dport=53)
		2  accepted  IPv6(src=A6, dst=B6)/UDP(sport=1, dport=53)
		1  accepted  IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/TCP(sport=53, dport=1)
		4  port      IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  protocol  IP(src=A, dst=B)/ICMP()
		1  loopback  IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=53)
		1  malformed IP(src=A, dst=B, ihl=3)/UDP(sport=1, dport=53)
	FRAMES
}

test_verdicts() {
	local -a counts
	frames >table
	mapfile -t counts < <(expected_counts table | tr ' ' '\n')
	sniff -i tun0 -q --port=53
	tun_send <table
	wait_seen 19
	stop
	expect_counts "${counts[@]}"
	equal "lines of output" 11 "$(line_count out)"
}

test_what_is_shown() {
	need jq
	sniff -i tun0 --json --port=53
	frames | tun_send
	wait_seen 19
	stop
	equal "link types" "11 raw" "$(jq -r .link.type out | uniq -c | xargs)"
	equal "lengths" "33 33 33 33 33 40 40 40 48 48 68" "$(jq -r .length out | xargs)"
	equal "interfaces" "11 tun0 in" "$(jq -r '"\(.interface) \(.direction)"' out | uniq -c | xargs)"
}

test_with_a_host_list_and_among_all_interfaces() {
	sniff --host 10.9.0.1 -q
	frames | tun_send
	wait_seen 19
	stop
	expect_counts accepted 12 host 3 protocol 2 loopback 1 malformed 1
	expect_line out ' tun0 in '
}

# A checksum that the kernel has found right is right, also where what it covers is cut.
test_checksums_that_the_kernel_has_checked() {
	need jq
	sniff -i tun0 --json -s 40
	in_namespace right "$PYTHON" "$ROOT/tests/netns/frames.py" --tun-gro tun0 <<<'1 - IP(src=A, dst=B)/TCP(sport=1, dport=53)/bytes(100)'
	tun_send <<<'1 - IP(src=A, dst=B)/TCP(sport=1, dport=53)/bytes(100)'
	wait_seen 2
	stop
	equal "checksums" "good unverified" "$(jq -r .tcp.checksum_status out | xargs)"
}

# <linux/if_arp.h>: those that devices of Linux have, with a known header, with none, with one of their own.
HARDWARE_TYPES=(
	0 1 2 3 6 7 8 15 19 24 32 256 257 258 259 260 264 270 271 280 290 512 513 516 517 518 519 768 769 770 771 773 774 775
	776 777 778 779 780 783 784 787 800 801 802 803 804 805 820 821 822 823 824 825 826 65534 65535
)

# How often each verdict stands in ./err, and each packet in ./out, for packets under so many hardware types.
expect_hardware_types() { # N
	expect_counts accepted $((2 * $1)) port "$1"
	equal "lines" $((2 * $1)) "$(line_count out)"
	equal "packets" "$1 4 $1 6" "$(jq -r 'select(.udp.destination_port == 53 and .udp.length == 8) | .ip.version' out |
		sort | uniq -c | xargs)"
}

# Whatever a device says it is, its packets are found, shown, written so that others find them too, and judged alike by
# the kernel, by --explain and in the file.
all_hardware_types() { # tun|tap TYPE...
	local n=$(($# - 1))
	need jq tshark
	ip -n right tuntap add dev type0 mode "$1"
	sniff -i any --json --port=53 -w types.pcapng
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" "$1" type0 "${@:2}"
	wait_seen $((3 * n))
	stop
	expect_hardware_types "$n"
	equal "link types" "raw sll" "$(jq -r .link.type out | grep -v ethernet | sort -u | xargs)"
	cp out live
	"$SNIFFER" -r types.pcapng --json >out 2>err
	read_statistics
	expect_counts accepted $((2 * n))
	cmp live out || fail "the file has something else"
	equal "what tshark finds" "$((2 * n)) 1,53" \
		"$(tshark -r types.pcapng -T fields -E separator=, -e udp.srcport -e udp.dstport | sort | uniq -c | xargs)"
	sniff -i any --json --port=53 --explain
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" "$1" type0 "${@:2}"
	wait_seen $((3 * n))
	stop
	expect_counts accepted $((2 * n)) port "$n"
}

test_every_hardware_type() {
	all_hardware_types tun "${HARDWARE_TYPES[@]}"
}

# A header in front of the packet, of a kind that nobody knows: the kernel says how long it is.
test_unknown_headers() {
	all_hardware_types tap 32 256 768 778 779 823 825 65535
}

# The expression finds the packet behind the header too, and the device by itself is as good as among all.
test_expression_on_an_unknown_header() {
	ip -n right tuntap add dev type0 mode tap
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tap type0 778
	sniff -i type0 -w one.pcap udp port 53
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tap type0 778
	wait_seen 3
	stop
	expect_counts accepted 2 expression 1
	equal "link type" 113 "$(od -A n -t u4 -j 20 -N 4 one.pcap | xargs)"
	equal "what tcpdump finds" 2 "$(tcpdump -n -r one.pcap udp port 53 2>reading.log | wc -l)"
}

# A tun device that calls itself Ethernet shows bare packets. A pcap file, which has one link type, gives them a header.
test_bare_packets_of_an_ethernet_device() {
	need jq tshark tcpdump
	ip -n right tuntap add dev type0 mode tun
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 1
	sniff -i type0 -w one.pcap --port=53
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 1
	wait_seen 3
	stop
	expect_counts accepted 2 port 1
	equal "link type" 1 "$(od -A n -t u4 -j 20 -N 4 one.pcap | xargs)"
	equal "what tcpdump finds" 2 "$(tcpdump -n -r one.pcap udp port 53 2>reading.log | wc -l)"
	equal "lengths" "42 62" "$(tshark -r one.pcap -T fields -e frame.len 2>/dev/null | xargs)"
	"$SNIFFER" -r one.pcap --json 2>err | jq -r '"\(.ip.version) \(.ip.source) \(.udp.destination_port)"' >out
	equal "packets" "4 10.9.0.1 53 6 fd09:: 53" "$(xargs <out)"
}

# A file says from its beginning what it holds; types 801 to 803 are those of IEEE 802.11, and 772 is loopback.
test_link_type_of_a_file() {
	local file type link_type
	need tcpdump
	ip -n right tuntap add dev type0 mode tun
	while read -r type file link_type; do
		in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 "$type"
		sniff -i type0 --loopback -w "$file" --port=53
		in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 "$type"
		wait_seen 3
		stop
		expect_counts accepted 2 port 1
		tcpdump -n -r "$file" udp port 53 >packets 2>reading.log
		equal "packets of type $type in $file" 2 "$(line_count packets)"
		expect_line reading.log "link-type $link_type "
	done <<-'TABLE'
		1   x.pcap   EN10MB
		772 x.pcap   EN10MB
		801 x.pcap   LINUX_SLL
		802 x.pcap   LINUX_SLL
		803 x.pcap   LINUX_SLL
		1   x.pcapng LINUX_SLL
		772 x.pcapng LINUX_SLL
		803 x.pcapng LINUX_SLL
	TABLE
}

# Nor has a frame a header of 802.11 (type 801) that is not IP.
test_arp_on_a_device_without_headers() {
	need tcpdump
	ip -n right tuntap add dev type0 mode tun pi
	in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 801
	sniff -i type0 -w x.pcap --protocol=all arp
	in_namespace right "$PYTHON" - <<-'END'
		import fcntl, os, struct
		tun = os.open("/dev/net/tun", os.O_RDWR)
		fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"type0", 1))  # TUNSETIFF, IFF_TUN
		os.write(tun, struct.pack("!HHHHBBH", 0, 0x806, 1, 0x800, 6, 4, 1) + bytes(20))
	END
	stop
	tcpdump -n -r x.pcap arp >packets 2>reading.log
	equal "packets" 1 "$(line_count packets)"
	expect_line reading.log 'link-type LINUX_SLL '
}

# The expression finds them too, wherever it is judged; type 801 is IEEE 802.11.
test_expression_where_the_header_is_not_that_of_the_type() {
	local options type
	ip -n right tuntap add dev type0 mode tun
	while read -r type options; do
		in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 "$type"
		# shellcheck disable=SC2086 # words
		sniff $options udp port 53
		in_namespace right "$PYTHON" "$ROOT/tests/netns/hardware_types.py" tun type0 "$type"
		wait_seen 3
		stop
		expect_counts accepted 2 expression 1
	done <<-'TABLE'
		801 -i type0 -q
		1 -i type0 -q
		1 -i type0 -q --explain
		1 -i any -q
		1 -i type0 -w one.pcap
	TABLE
	"$SNIFFER" -r one.pcap -q udp port 53 >out 2>err
	read_statistics
	expect_counts accepted 2
	# Beside a device with the header, it needs no other link type.
	ip -n right link add eth1 type veth
	ip -n right link set eth1 up
	sniff -i eth1 -i type0 -w both.pcap udp port 53
	stop
}

run_tests "$@"
