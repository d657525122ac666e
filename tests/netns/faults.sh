#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What happens to the interfaces and to the process while it sniffs.
#
#     left eth0 ------ eth0 right (the sniffer)
#     left eth1 ------ eth1
#
source "$(dirname "$0")/../netlib.sh"

DATAGRAM='eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'

setup() {
	left_and_right
	cable left right eth1
}

send_udp() { # COUNT [DEVICE]
	send left "${2-eth0}" <<<"$1 accepted $DATAGRAM/(b'x' * 100)"
}

times_said() { # PATTERN
	grep -cE "^bpfsniff: .*$1" err || true
}

said() { # TIMES PATTERN
	[[ $(times_said "$2") == "$1" ]]
}

expect_said() { # TIMES PATTERN
	equal "times that it says $2" "$1" "$(times_said "$2")"
}

# As a capture ends that cannot go on.
expect_failed() {
	local status=0
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	read_statistics
}

test_an_interface_goes_down_and_comes_back() {
	local round
	sniff -i eth0 -q
	send_udp 1
	wait_seen 1
	for round in 1 2; do
		ip -n right link set eth0 down
		wait_for 10 said "$round" "'eth0' is down"
		ip -n right link set eth0 up
		send_udp 1
		wait_seen $((round + 1))
	done
	stop
	expect_counts accepted 3 lost 0
	expect_said 2 "'eth0'"
	equal "lines of output" 3 "$(line_count out)"
}

test_an_interface_is_removed() {
	sniff -i eth0 -i eth1 -q
	send_udp 1
	send_udp 1 eth1
	wait_seen 2
	ip -n left link delete eth0
	wait_for 10 said 1 "'eth0' is gone"
	send_udp 3 eth1
	wait_seen 5
	stop
	expect_counts accepted 5 lost 0
	expect_no_line err 'is down'
}

test_the_last_interface_is_removed() {
	sniff -i eth0 -i eth1 -q -w gone.pcapng
	send_udp 100
	send_udp 200 eth1
	wait_seen 300
	ip -n left link delete eth0
	ip -n left link delete eth1
	expect_failed
	expect_said 1 "'eth0' is gone"
	expect_said 1 "'eth1' is gone"
	expect_counts accepted 300 lost 0
	equal "lines of output" 300 "$(line_count out)"
	equal "packets of the file" 300 "$("$SNIFFER" -r gone.pcapng -q 2>read.err | wc -l)"
}

# What goes by two names has one socket, and the next name is still that of the next.
test_an_interface_that_is_named_twice() {
	sniff -i eth0 -i "$(in_namespace right cat /sys/class/net/eth0/ifindex)" -i eth1 -q
	ip -n left link delete eth1
	wait_for 10 said 1 "'eth1' is gone"
	send_udp 2
	wait_seen 2
	stop
	expect_counts accepted 2 lost 0
	expect_said 1 gone
}

# It was down for a while before.
test_an_interface_is_removed_while_it_is_down() {
	sniff -i eth0 -q
	ip -n right link set eth0 down
	wait_for 10 said 1 "'eth0' is down"
	ip -n right link delete eth0
	expect_failed
	expect_said 1 "'eth0' is gone"
}

test_an_interface_moves_to_another_namespace() {
	sniff -i eth0 -q
	ip -n right link set eth0 netns left name moved
	expect_failed
	expect_said 1 "'eth0' is gone"
}

test_interfaces_come_and_go_under_any() {
	local round
	sniff -q
	for round in 1 2 3; do
		cable left right late
		send_udp 2 late
		wait_seen $((2 * round))
		ip -n left link delete late
	done
	stop
	expect_counts accepted 6 lost 0
	equal "frames of late" 6 "$(grep -c ' late in ' out)"
	expect_said 0 gone
}

# The sockets keep the namespace, which has lost its name, until the sniffer ends; what else was in it goes on too.
test_its_namespace_is_deleted() {
	sniff_in left --netns=right -i eth0 -q
	ip netns delete right
	send_udp 4
	wait_seen 4
	ip -n left link delete eth0
	expect_failed
	expect_said 1 "'eth0' is gone"
	expect_counts accepted 4 lost 0
}

test_stopped_for_a_while() {
	sniff -i eth0 -q
	pause
	send_udp 500
	go_on
	wait_seen 500
	stop
	expect_counts accepted 500 delivered 500 lost 0
	equal "lines of output" 500 "$(line_count out)"
}

# Stopped while more comes than the ring holds: each frame is lost or whole.
test_a_ring_that_is_far_too_small() {
	sniff -i eth0 -q -B 256
	pause
	send left eth0 <<<"5000 accepted $DATAGRAM/(b'x' * 1000)"
	go_on
	wait_seen 5000
	stop
	expect_counts accepted 5000
	((COUNT[lost] > 4000)) || fail "only ${COUNT[lost]} are lost"
	((COUNT[delivered] > 0)) || fail "none is delivered"
	equal "whole lines of output" "${COUNT[delivered]}" "$(grep -cE \
		'^[0-9:.]{15} UDP 10\.9\.0\.1:1 > 10\.9\.0\.2:53 +length 1000$' out)"
	equal "lines of output" "${COUNT[delivered]}" "$(line_count out)"
}

# Who closes a terminal ends what runs on it; what was captured is whole.
test_the_terminal_goes_away() {
	start right "$PYTHON" "$ROOT/tests/netns/terminal.py" status "$SNIFFER" -i eth0 -q -w live.pcapng
	wait_for 10 test -s live.pcapng
	send_udp 20
	wait_for 10 has_packets live.pcapng 20
	kill "$STARTED"
	wait "$STARTED"
	equal "exit status" 0 "$(<status)"
	has_packets live.pcapng 20
}

has_packets() { # FILE N
	[[ $("$SNIFFER" -r "$1" -q 2>read.err | wc -l) == "$2" ]]
}

test_no_memory_for_the_ring() {
	refused 1 "cannot allocate a capture ring of 1048576 KiB for 'eth0': Cannot allocate memory; .* -B" \
		ip netns exec right prlimit --as=500000000 "$SNIFFER" -i eth0 -B 1048576
}

# Packet sockets have numbers from 512 on, which a usual soft limit of 1024 leaves little room for.
test_few_descriptors() {
	refused 1 'too few file descriptors: the limit is 500, ' ip netns exec right prlimit --nofile=500:500 "$SNIFFER" -i eth0
	refused 1 'too few file descriptors: the limit is 10, ' ip netns exec right prlimit --nofile=10:10 "$SNIFFER" -i eth0
	start right prlimit --nofile=16:1024 "$SNIFFER" -i eth0 -q >out 2>err
	wait_listening
	send_udp 3
	wait_seen 3
	stop
	expect_counts accepted 3
}

test_without_the_bpf_file_system() {
	while umount /sys/fs/bpf 2>umount.err; do :; done
	! mountpoint -q /sys/fs/bpf || fail "it is still mounted"
	sniff -i eth0 -q
	send_udp 3
	wait_seen 3
	stop
	expect_counts accepted 3
}

# A filter that is attached is charged to the socket's option memory. (Before Linux 6.8 it is the whole machine's, for
# which kernels/settings.sh looks.)
test_little_option_memory() {
	in_namespace right test -e /proc/sys/net/core/optmem_max || skip "this kernel has no net.core.optmem_max of a namespace"
	in_namespace right sysctl -qw net.core.optmem_max=1000
	sniff -i eth0 -q --host=10.9.0.0/24 --first=10 'udp port 53 and ip'
	send_udp 3
	wait_seen 3
	"$SNIFFER" --set-filter="$SNIFFER_PID" --port=54 'udp and ip'
	send_udp 2
	wait_seen 5
	stop
	expect_counts accepted 3 port 2
}

# In one write: of many small ones on a slow machine the kernel makes no large frames.
serve_zeros() { # BYTES
	serve left tcp 80 "$PYTHON" -c "import socket
peer = socket.create_server(('fd09::1', 80), family=socket.AF_INET6).accept()[0]
peer.recv(65536)
peer.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + bytes($1))"
}

# Superpackets of half a million bytes (BIG TCP, Linux 6.3) do not fit a block of the ring: what does not is cut.
test_a_frame_larger_than_a_block() {
	local side
	need jq curl
	for side in left right; do
		ip -n $side link set eth0 gso_max_size 500000 gro_max_size 500000 gso_max_segs 65535 2>ip.err ||
			skip "this kernel or ip(8) has no BIG TCP: $(<ip.err)"
	done
	# However long the round trip and slow the machine: then they are smaller (tcp_tso_autosize() in net/ipv4/tcp_output.c).
	in_namespace left sysctl -qw net.ipv4.tcp_min_tso_segs=255
	addresses_ipv6
	serve_zeros 20000000
	sniff -i eth0 --json --port=80 -B 262144
	in_namespace right curl -sS -o fetched 'http://[fd09::1]/'
	head -c 20000000 /dev/zero | cmp - fetched
	stop
	((COUNT[lost] == 0)) || fail "${COUNT[lost]} are lost"
	jq -r '"\(.length) \(.captured) \(.payload.hex | length / 2)"' out >lengths
	awk '$1 > 131072 && $2 < $1 && $2 > 130000 { found++ } END { exit !found }' lengths ||
		fail "no frame is larger than a block: $(sort -n lengths | tail -n 1)"
	# Nothing of the stream is missing in front of the cut: lengths are those of the headers.
	awk '{ captured = $2; if (captured > $1) exit 1 }' lengths
}

run_tests "$@"
