#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What a live capture puts into a file is what was on the wire, with all that is known about it.
#
#     left eth0 ------ eth0 right (the sniffer)
#          eth1 ------ eth1
#
source "$(dirname "$0")/../netlib.sh"

export PYTHONDONTWRITEBYTECODE=1

setup() {
	left_and_right
}

facts() { # WHAT FILE...
	"$PYTHON" "$ROOT/tests/files/facts.py" "$@"
}

# Frames of many kinds.
frames() {
	cat <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"query"
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=53)
		2  accepted  eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=53)/(b"x" * 1200)
		1  accepted  dot1q/Dot1Q(vlan=10, prio=5)/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  accepted  dot1q/Dot1Q(vlan=4095, prio=7, id=1)/IPv6(src=A6, dst=B6)/TCP(sport=53, dport=2)
		1  accepted  dot1ad/Dot1Q(vlan=100, prio=1, type=0x8100)/Dot1Q(vlan=20, prio=7)/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  accepted  dot1q/Dot1Q(vlan=0, prio=3)/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2  port      eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  not-ip    eth/ARP(psrc=A, pdst=B)
		1  not-ip    dot1q/Dot1Q(vlan=10)/ARP(psrc=A, pdst=B)
		1  protocol  eth/IP(src=A, dst=B)/ICMP()
	FRAMES
}

test_all_that_is_known() {
	sniff -i eth0 --port=53 -s 1000 -w live.pcapng 'ether[0] & 1 = 0'
	frames | send left eth0
	frames | send right eth0
	wait_seen 32
	stop
	expect_counts accepted 20 port 4 not-ip 6 protocol 2
	equal "output" "" "$(<out)"
	equal "interface" "eth0 1 1000 --port=53 ether[0] & 1 = 0" "$(facts interfaces live.pcapng)"
	equal "statistics" "eth0 received ${COUNT[seen]} dropped ${COUNT[lost]} accepted ${COUNT[accepted]} delivered ${COUNT[delivered]}" \
		"$(facts statistics live.pcapng)"
	equal "section" "hardware $(uname -m), os $(uname -sr), application $("$SNIFFER" --version)" "$(facts sections live.pcapng)"
	equal "directions" "10 eth0 in 10 eth0 out" "$(facts packets live.pcapng | cut -d ' ' -f 1,2 | uniq -c | xargs)"
	# Two are longer than the snaplen; the tags that the kernel took away count.
	equal "long frames" "4 1262 1000" "$(facts packets live.pcapng | awk '$3 > 1000 { print $3, length($4) / 2 }' | uniq -c | xargs)"
	equal "other frames are whole" 16 "$(facts packets live.pcapng | awk '$3 * 2 == length($4)' | wc -l)"
}

# The tags, with TPID and priority, that were on the cable are in the file, although the kernel takes them off.
test_the_bytes_are_those_of_the_sender() {
	start left tcpdump -n -i eth0 --immediate-mode -U -Z root -w sent.pcap 2>tcpdump.log
	TCPDUMP_PID=$STARTED
	wait_for 10 has_line tcpdump.log 'listening on eth0'
	sniff -i eth0 --protocol=all -w live.pcapng
	frames | send left eth0
	wait_seen 16
	stop
	stop_tcpdump
	equal "packets" 16 "$(facts packets live.pcapng | wc -l)"
	diff <(facts packets sent.pcap | cut -d ' ' -f 3-) <(facts packets live.pcapng | cut -d ' ' -f 3-) >difference
}

# At the same time on the same cable.
test_tcpdump_has_the_same() {
	local file
	for file in live.pcapng live.pcap; do
		start_tcpdump ''
		sniff -i eth0 --protocol=all -w "$file"
		frames | send left eth0
		frames | send right eth0
		wait_seen 32
		stop
		stop_tcpdump
		expect_line tcpdump.log '^32 packets captured'
		diff <(facts packets second.pcap | cut -d ' ' -f 3-) <(facts packets "$file" | cut -d ' ' -f 3-) >difference
		equal "what tcpdump finds" 32 "$(tcpdump -n -r "$file" 2>reading.log | wc -l)"
		equal "what it says" 1 "$(line_count reading.log)"
	done
}

# Several interfaces: each has its block, and the frames are with the right one.
test_several_interfaces() {
	cable left right eth1
	sniff --port=53 -w live.pcapng
	frames | send left eth1
	wait_seen 16
	frames | send left eth0
	wait_seen 32
	stop
	equal "interfaces" "eth0 eth1" "$(facts interfaces live.pcapng | cut -d ' ' -f 1 | sort | xargs)"
	equal "packets" "10 eth1 10 eth0" "$(facts packets live.pcapng | cut -d ' ' -f 1 | uniq -c | xargs)"
	# The counters are of both together, and stand once.
	facts statistics live.pcapng >statistics.txt
	equal "received" "received 32 dropped 0 accepted 20" "$(grep -o 'received .* accepted [0-9]*' statistics.txt)"
	equal "delivered" "eth0 10 eth1 10" "$(sed 's/ received.*accepted [0-9]*//; s/ delivered//' statistics.txt | sort | xargs)"
}

tun_frames() { # N
	in_namespace right "$PYTHON" "$ROOT/tests/netns/frames.py" --tun tun0 <<<"$1 - IP(src=A, dst=B)/UDP(sport=1, dport=53)"
}

# pcap has one link type: said before anything is captured.
test_two_link_types_and_pcap() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	ip -n right tuntap add dev tun0 mode tun
	ip -n right link set tun0 up
	refused 1 "one link type.*pcapng" ip netns exec right "$SNIFFER" -i eth0 -i tun0 -w live.pcap
	sniff -i eth0 -i tun0 -w live.pcapng
	frames | send left eth0
	tun_frames 5
	wait_seen 21
	stop
	equal "link types" "1 101" "$(facts interfaces live.pcapng | cut -d ' ' -f 2 | sort | xargs)"
	equal "packets" "12 eth0 5 tun0" "$(facts packets live.pcapng | cut -d ' ' -f 1 | sort | uniq -c | xargs)"
}

link_type_in_pcap() { # FILE
	od -A n -t u4 -j 20 -N 4 "$1" | xargs
}

# Where there is no address, tcpdump leaves that of an earlier frame in the header.
cooked_packets() { # FILE
	facts packets "$1" | cut -d ' ' -f 3- | sed -E 's/^([0-9]+ .{22}00).{16}/\10000000000000000/'
}

# Every interface together, in pcap: each frame gets a cooked header, byte for byte as tcpdump's, in that file only.
test_every_interface_and_pcap() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	need tcpdump
	ip -n right tuntap add dev tun0 mode tun
	ip -n right link set tun0 up
	start right tcpdump -i any -y LINUX_SLL2 --immediate-mode -U -Z root -s 0 -w second.pcap 2>tcpdump.log
	TCPDUMP_PID=$STARTED
	wait_for 10 has_line tcpdump.log 'listening on any'
	sniff -i any --protocol=all --loopback -q -w live.pcap
	send left eth0 <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"query"
		1  accepted  eth/IPv6(src=A6, dst=B6)/UDP(sport=1, dport=53)/(b"x" * 1200)
		1  accepted  other/ARP(psrc=A, pdst=B)
		1  accepted  Ether(src="02:00:00:00:00:01", dst="ff:ff:ff:ff:ff:ff")/ARP(psrc=A, pdst=B)
		1  accepted  Ether(src="02:00:00:00:00:01", dst="01:00:5e:00:00:fb")/IP(src=A, dst="224.0.0.251")/UDP(sport=1, dport=2)
		1  accepted  Dot3(src="02:00:00:00:00:01", dst="01:80:c2:00:00:00")/LLC(dsap=0x42, ssap=0x42, ctrl=3)/STP()
	FRAMES
	send right eth0 <<<'2 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	tun_frames 5
	wait_seen 15
	stop
	stop_tcpdump
	equal "link type" 276 "$(link_type_in_pcap live.pcap)"
	equal "lines of output" 15 "$(line_count out)"
	expect_line out ' eth0 in +UDP '
	equal "packets" 15 "$(facts packets live.pcap | wc -l)"
	diff <(cooked_packets second.pcap) <(cooked_packets live.pcap) >difference
	"$SNIFFER" -r live.pcap -q -Q out >again 2>err
	equal "outgoing" 2 "$(line_count again)"
}

# Tags, a short snaplen, the loopback device: tcpdump loses the first in cooked headers.
test_cooked_headers_of_other_frames() {
	sniff -i any --loopback -w live.pcap
	send left eth0 <<<'2 - dot1q/Dot1Q(vlan=10, prio=5)/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	send right lo <<<'1 - eth/IP(src="127.0.0.1", dst="127.0.0.1")/UDP(sport=1, dport=2)'
	wait_seen 4
	stop
	expect_counts accepted 3 duplicate 1
	"$SNIFFER" -r live.pcap --json --loopback >out 2>err
	equal "tags" "10 5 33024 10 5 33024" "$(jq -r '.vlan[]? | .id, .priority, .tpid' out | xargs)"
	equal "ports" "53 53 2" "$(jq -r .udp.destination_port out | xargs)"
	"$SNIFFER" -r live.pcap -q >out 2>err
	read_statistics
	expect_counts accepted 2 loopback 1
	sniff -i any -s 30 -w short.pcap
	send left eth0 <<<'1 - eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	send left eth0 <<<'1 - eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 2
	stop
	equal "lengths" "48 36 48 36" "$(facts packets short.pcap | awk '{ print $3, length($4) / 2 }' | xargs)"
}

# A capture of nothing says of what kind it would have been.
test_empty_captures() {
	[[ -c /dev/net/tun ]] || skip "there is no /dev/net/tun"
	ip -n right tuntap add dev tun0 mode tun
	ip -n right link set tun0 up
	local device link_type
	while read -r device link_type; do
		sniff -i "$device" -w empty.pcap
		stop
		equal "link type of $device" "$link_type" "$(link_type_in_pcap empty.pcap)"
		equal "size" 24 "$(stat -c %s empty.pcap)"
	done <<-'DEVICES'
		eth0 1
		tun0 101
		any 276
	DEVICES
	sniff -i tun0 -i eth0 -w empty.pcapng
	stop
	equal "interfaces" "tun0 101 eth0 1" "$(facts interfaces empty.pcapng | cut -d ' ' -f 1,2 | xargs)"
}

# Rotated by the clock and by size while frames come as fast as they can: the files add up.
test_rotation_loses_nothing() {
	sniff -i eth0 --protocol=all -B 65536 -C 1 -G 1 -w part-%s.pcapng
	send left eth0 <<<'40000 - eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/b"query"'
	wait_seen 40000
	stop
	expect_counts accepted 40000
	equal "lost" 0 "${COUNT[lost]}"
	(($(find . -name 'part-*' | wc -l) >= 4)) || fail "too few files: $(ls part-*)"
	equal "packets" 40000 "$(facts packets part-* | wc -l)"
	# Each file's statistics are those of its end.
	expect_line <(facts statistics part-*) 'accepted 40000'
}

# Killed, it leaves what it has shown.
test_killed() {
	sniff -i eth0 -q -w live.pcapng
	frames | send left eth0
	wait_for 10 shown 12
	kill -KILL "$SNIFFER_PID"
	wait "$SNIFFER_PID" || true
	equal "packets" 12 "$(facts packets live.pcapng | wc -l)"
}

shown() { # N
	(($(line_count out) == $1))
}

# No space is left in the middle of it: the error, the statistics, how many frames went nowhere, status 1.
test_disk_full() {
	local status=0
	mkdir small
	mount -t tmpfs -o size=1m,mode=777 tmpfs small
	sniff -i eth0 --protocol=all -w small/live.pcapng
	send left eth0 <<<'1000 - eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 1400)'
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	expect_output_failed err "'small/live.pcapng'" "No space left on device"
	read_statistics
	(($(facts packets small/live.pcapng | wc -l) > 500)) || fail "only $(facts packets small/live.pcapng | wc -l) packets"
}

# The one output that fails does not take from the other what is on its way there.
test_one_of_two_outputs_fails() {
	local status=0
	sniff -i eth0 -w live.pcap --flow-log=/dev/full --active=0.1
	send left eth0 <<<'3 - eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	expect_line err "^bpfsniff: cannot write to '/dev/full': No space left on device$"
	expect_line err '^accepted 3 = delivered 3 \+ lost 0$'
	equal "packets in the file" 3 "$(facts packets live.pcap | wc -l)"
}

# What found no room stands in the file.
test_lost_frames_in_the_statistics() {
	sniff -i eth0 -w lost.pcapng -B 256
	pause
	send left eth0 <<<'3000 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 1000)'
	go_on
	wait_seen 3000
	stop
	expect_counts accepted 3000
	((COUNT[lost] > 2000)) || fail "lost ${COUNT[lost]}"
	equal "statistics" "eth0 received 3000 dropped ${COUNT[lost]} accepted 3000 delivered ${COUNT[delivered]}" \
		"$(facts statistics lost.pcapng)"
	equal "packets" "${COUNT[delivered]}" "$(facts packets lost.pcapng | wc -l)"
}

# A file begins when its second does, with frames or without; the first begins with the capture.
test_rotation_by_time_is_on_time() {
	local file name least
	local -a files
	sniff -i eth0 -w 'part-%s.pcapng' -G 1
	wait_for 20 files_written 6
	stop
	files=(part-*)
	for file in "${files[@]:1}"; do
		name=${file//[a-z.-]/}
		echo $(($(stat -c %.3W "$file" | tr -d .) - name * 1000))
	done | sort -n >late
	least=$(head -n 1 late)
	((least >= -10 && least < 200)) || fail "milliseconds after the second: $(xargs <late)"
}

files_written() { # N
	local -a files=(part-*)
	((${#files[@]} >= $1))
}

run_tests "$@"
