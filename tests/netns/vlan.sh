#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# VLAN tags, in the frame's bytes and beside them, are no obstacle to the filter, and each is shown.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
}

# The tags of all packets, in the order of appearance: tpid/id/priority, comma-separated within a packet.
tags() {
	jq -r '[.vlan[]? | "\(.tpid)/\(.id)/\(.priority)"] | join(",")' out
}

tagged_frames() { # NAMESPACE
	judge_from "$1" --json --port=53 <<-'FRAMES'
		1  accepted  dot1q/Dot1Q(vlan=10, prio=5)/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  accepted  dot1q/Dot1Q(vlan=4095)/IPv6(src=A6, dst=B6)/TCP(sport=53, dport=2)
		1  accepted  dot1ad/Dot1Q(vlan=100, type=0x8100)/Dot1Q(vlan=20, prio=7)/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  accepted  dot1q/Dot1Q(vlan=1)/Dot1Q(vlan=2)/IPv6(src=A6, dst=B6)/IPv6ExtHdrHopByHop()/UDP(sport=1, dport=53)
		1  accepted  dot1q/Dot1Q(vlan=0, prio=3)/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		3  port      dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  port      dot1ad/Dot1Q(vlan=100, type=0x8100)/Dot1Q(vlan=20)/IP(src=A, dst=B)/UDP(sport=1, dport=54)
		4  not-ip    dot1q/Dot1Q(vlan=10)/ARP(psrc=A, pdst=B)
		1  not-ip    dot1ad/Dot1Q(vlan=100, type=0x8100)/Dot1Q(vlan=20)/ARP(psrc=A, pdst=B)
		2  loopback  dot1q/Dot1Q(vlan=10)/IP(src="127.0.0.1", dst=B)/UDP(sport=1, dport=53)
		2  protocol  dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/ICMP()
	FRAMES
	equal "tags" "33024/10/5
33024/4095/0
34984/100/0,33024/20/7
33024/1/0,33024/2/0
33024/0/3" "$(tags)"
	equal "lengths" "46 78 50 78 46" "$(jq -r .length out | xargs)"
}

# Frames whose bytes have a tag where tcpdump's filter, unlike its output, sees them.
TAG_IN_BYTES='ether[12:2] = 0x8100 or ether[12:2] = 0x88a8'

# Out of a frame that comes in, the kernel takes the outer tag and keeps it beside the bytes.
test_tags_beside_the_bytes() {
	start_tcpdump "$TAG_IN_BYTES"
	tagged_frames left
	stop_tcpdump
	# The second tag of five frames is all that it finds.
	expect_line tcpdump.log '^5 packets captured'
}

# A frame that a packet socket sends is tapped with all its tags in the bytes.
test_tags_in_the_bytes() {
	start_tcpdump "$TAG_IN_BYTES"
	tagged_frames right
	stop_tcpdump
	expect_line tcpdump.log '^19 packets captured'
}

# As many headers as are followed, one more, and lengths that end in front of the ports: what the filter in the kernel
# accepts as port 53 is shown as port 53.
frames_at_the_limits() { # NAMESPACE
	local tags udp='IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	tags=$(printf '/Dot1Q(vlan=%d)' {1..10})
	judge_from "$1" --json --port=53 <<-FRAMES
		2  accepted   dot1q$tags/Dot1Q(vlan=11)/Dot1Q(vlan=12)/$udp
		3  not-ip     dot1q$tags/Dot1Q(vlan=11)/Dot1Q(vlan=12)/Dot1Q(vlan=13)/$udp
		1  accepted   dot1q$tags/Dot1Q(vlan=11, type=36)/LLC()/SNAP()/$udp
		1  not-ip     dot1q$tags/Dot1Q(vlan=11)/Dot1Q(vlan=12, type=36)/LLC()/SNAP()/$udp
		1  accepted   Dot3(**MACS)/LLC()/SNAP()/$udp
		1  accepted   Dot3(len=1535, **MACS)/LLC()/SNAP()/$udp
		2  port       Dot3(len=28, **MACS)/LLC()/SNAP()/$udp
		1  malformed  Dot3(len=27, **MACS)/LLC()/SNAP()/$udp
		1  accepted   cut(dot1q/Dot1Q(vlan=1)/IP(src=A, dst=B)/UDP(sport=53, dport=1), 14 + 4 + 20 + 2)
		1  port       cut(dot1q/Dot1Q(vlan=1)/IP(src=A, dst=B)/UDP(sport=1, dport=53), 14 + 4 + 20 + 3)
	FRAMES
	equal "ports" "53 53 53 53 53 53" "$(jq -r '.udp.destination_port // .udp.source_port' out | xargs)"
	equal "tags" "12 12 11 0 0 1" "$(jq -r '.vlan | length' out | xargs)"
}

test_limits_with_a_tag_beside_the_bytes() {
	frames_at_the_limits left
}

test_limits_with_all_tags_in_the_bytes() {
	frames_at_the_limits right
}

# What is kept of a frame is no more than -s allows, the tag that the kernel took off included.
test_snaplen_of_tagged_frames() {
	sniff -i eth0 -s 60 -w tagged.pcap
	send left eth0 <<-'FRAMES'
		1 accepted dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/UDP(sport=1, dport=53)/bytes(range(100))
		1 accepted dot1q/Dot1Q(vlan=10)/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"short"
	FRAMES
	wait_seen 2
	stop
	"$SNIFFER" -r tagged.pcap --json >out 2>err
	equal "length and captured" "146/60 51/51" "$(jq -r '"\(.length)/\(.captured)"' out | xargs)"
	equal "tags" "33024/10/0
33024/10/0" "$(tags)"
}

run_tests "$@"
