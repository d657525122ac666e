#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Lists: files of a million addresses, 60,000 ports, names of hosts, lists given more than once.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

# Frames from and to each address of a file, one in each direction, with an unlisted one at the other end.
frames_of() { # VERDICT FILE
	awk -v verdict="$1" '{
		ip = /:/ ? "IPv6" : "IP"
		other = /:/ ? "fd09::1" : "10.9.0.1"
		printf "1 %s eth/%s(src=\"%s\", dst=\"%s\")/UDP(sport=1, dport=2)\n", verdict, ip, $1, other
		printf "1 %s eth/%s(src=\"%s\", dst=\"%s\")/UDP(sport=1, dport=2)\n", verdict, ip, other, $1
	}' "$2"
}

write_hosts() {
	"$PYTHON" "$ROOT/tests/netns/hosts.py" 1000000
	equal "lines of the file" 1000000 "$(line_count hosts)"
}

test_a_million_hosts() {
	write_hosts
	{ frames_of accepted members && frames_of host strangers; } | judge -q --host-file=hosts
}

test_not_a_million_hosts() {
	write_hosts
	{ frames_of host members && frames_of accepted strangers; } | judge -q --not-host-file=hosts
}

test_a_million_hosts_for_a_file() {
	write_hosts
	{ frames_of accepted members && frames_of host strangers; } >frames
	sniff -i eth0 -w all.pcapng
	send left eth0 <frames
	wait_seen 400
	stop
	"$SNIFFER" -q -r all.pcapng --host-file=hosts >out 2>err
	read_statistics
	expect_counts accepted 200 host 200
}

test_a_host_file_has_comments() {
	printf '%s\n' '# our machines' '' '10.9.0.1 # the left one' '	fd09::/64' >hosts
	judge -q --host-file=hosts --host=10.9.0.3 --not-host-file=/dev/null <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)
		2  accepted  eth/IPv6(src="2001:db8::1", dst=A6)/UDP(sport=1, dport=2)
		3  host      eth/IP(src="10.9.0.4", dst=B)/UDP(sport=1, dport=2)
		4  accepted  eth/IP(src=C, dst=B)/UDP(sport=1, dport=2)
	FRAMES
}

test_a_wrong_line() {
	printf '%s\n' 10.9.0.1 '# a comment' '10.9.0.1/33 # too long' >hosts
	refused 2 "--host-file: hosts:3: '10\\.9\\.0\\.1/33 # too long' is not an address or prefix" "$SNIFFER" --host-file=hosts
	printf '%s\n' 10.9.0.1 '10.9.0.1 10.9.0.2' >hosts
	refused 2 "--not-host-file: hosts:2: '10\\.9\\.0\\.1 10\\.9\\.0\\.2' is not an address or prefix" "$SNIFFER" --not-host-file=hosts
	printf '10.9.0.1\nexample.org' >hosts
	refused 2 "--host-file: hosts:2: 'example\\.org' is not an address or prefix" "$SNIFFER" --host-file=hosts
	refused 1 "--host-file: cannot read 'nowhere': No such file or directory" "$SNIFFER" --host-file=nowhere
}

# The memory of a list is limited, whatever the file is.
test_files_that_are_no_lists() {
	refused 2 "--host-file: /dev/zero:1: the line contains a NUL byte, so this is not a text file" "$SNIFFER" --host-file=/dev/zero
	refused 2 "-F: '/dev/zero' contains a NUL byte, so it is not a text file" "$SNIFFER" -F /dev/zero
	printf 'tcp\0 port 80' >expression
	refused 2 "-F: 'expression' contains a NUL byte" "$SNIFFER" -F expression
	printf '10.9.0.1\n%0257d\n' 0 >hosts
	refused 2 "--host-file: hosts:2: the line is longer than 256 bytes" "$SNIFFER" --host-file=hosts
	refused 2 "-F: '/dev/fd/[0-9]*' is too long: an expression may have at most 1048576 bytes" "$SNIFFER" -F <(yes or)
	refused 2 "--host-file: /dev/fd/[0-9]*:1000001: the file has more than 1000000 addresses" "$SNIFFER" --host-file=<(yes 10.9.0.1)
	refused 2 "--host-file: /dev/fd/[0-9]*:16000001: the file has more than 16000000 lines" "$SNIFFER" --host-file=<(yes '#')
}

# Names are looked up once, at the start, in the files and servers of nsswitch.conf(5).
name_hosts() {
	printf '%s\n' '10.9.0.1 one.example' '10.9.0.3 two.example' '10.9.0.4 two.example' 'fd09::1 six' >names
	mount --bind names /etc/hosts
}

test_names_of_hosts() {
	name_hosts
	judge -q --src=one.example,10.9.0.2,six --not-host=two.example <<-'FRAMES'
		2  accepted  eth/IP(src='10.9.0.1', dst='10.9.0.9')/UDP(sport=1, dport=2)
		1  accepted  eth/IP(src='10.9.0.2', dst='10.9.0.9')/UDP(sport=1, dport=2)
		1  accepted  eth/IPv6(src='fd09::1', dst='fd09::2')/UDP(sport=1, dport=2)
		3  host      eth/IP(src='10.9.0.1', dst='10.9.0.3')/UDP(sport=1, dport=2)
		4  host      eth/IP(src='10.9.0.1', dst='10.9.0.4')/UDP(sport=1, dport=2)
		5  host      eth/IP(src='10.9.0.9', dst='10.9.0.1')/UDP(sport=1, dport=2)
	FRAMES
	expect_line err "^bpfsniff: --src: 'one\.example' is 10\.9\.0\.1$"
	expect_line err "^bpfsniff: --src: 'six' is fd09::1$"
	expect_line err "^bpfsniff: --not-host: 'two\.example' is (10\.9\.0\.3, 10\.9\.0\.4|10\.9\.0\.4, 10\.9\.0\.3)$"
	equal "lines before it listens" 3 "$(sed '/listening on/q' err | grep -vc listening)"
}

# As tcpdump's `host NAME`, in a file and for a new filter too; a sniffer keeps what it found.
test_names_elsewhere() {
	name_hosts
	sniff -i eth0 -w some.pcap
	"$SNIFFER" --set-filter="$SNIFFER_PID" --host=one.example >answer 2>client.err
	expect_line client.err "^bpfsniff: --host: 'one\.example' is 10\.9\.0\.1$"
	expect_line answer ' changed to: --host=one\.example$'
	echo '10.9.0.7 one.example' >names
	send left eth0 <<-'FRAMES'
		2  accepted  eth/IP(src='10.9.0.1', dst='10.9.0.9')/UDP(sport=1, dport=2)
		1  host      eth/IP(src='10.9.0.7', dst='10.9.0.9')/UDP(sport=1, dport=2)
	FRAMES
	wait_seen 3
	stop
	expect_counts accepted 2 host 1
	equal "in the file" "0 packets" "$("$SNIFFER" -r some.pcap --count --host=one.example 2>err)"
	echo '10.9.0.1 one.example' >names
	equal "in the file" "2 packets" "$("$SNIFFER" -r some.pcap --count --host=one.example 2>err)"
	refused 2 "no packet can match --host=10.9.0.1 and --not-host=10.0.0.0/8" "$SNIFFER" -r some.pcap --host=10.9.0.1 --not-host=10.0.0.0/8
}

# A name without an answer ends it, and the network may be what is missing.
test_names_that_nobody_knows() {
	name_hosts
	mount --bind /dev/null /etc/resolv.conf
	mkdir etc
	printf 'hosts: files\n' >etc/nsswitch.conf
	mount --bind etc/nsswitch.conf /etc/nsswitch.conf
	refused 2 "--host: unknown host 'nowhere'; write an address, or a name" ip netns exec right "$SNIFFER" -i eth0 --host=10.9.0.1,nowhere
	umount /etc/nsswitch.conf
	printf 'hosts: dns\n' >etc/nsswitch.conf
	mount --bind etc/nsswitch.conf /etc/nsswitch.conf
	refused 1 "--not-host: cannot look up 'one.example': .*; write an address" "$SNIFFER" -r none --not-host=one.example
}

# A list may be repeated, and adds to the one before.
test_repeated_lists() {
	cable left right eth1
	sniff -i eth0,eth1 -i eth0 -q --port=53 --port=80,81 --host=10.9.0.1 --host=10.9.0.5
	expect_line err '^bpfsniff: listening on eth0, eth1 '
	send left eth0 <<-'FRAMES'
		2  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		3  accepted  eth/IP(src='10.9.0.5', dst=B)/TCP(sport=1, dport=81)
		1  port      eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
	FRAMES
	send left eth1 <<-'FRAMES'
		4  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=80)
		1  host      eth/IP(src='10.9.0.6', dst=B)/TCP(sport=1, dport=80)
	FRAMES
	wait_seen 11
	stop
	expect_counts accepted 9 port 1 host 1
}

# Every port from 5536 on, one by one; an argument is at most 128 KiB long.
test_sixty_thousand_ports() {
	local -a parts
	mapfile -t parts < <(seq 5536 65535 | xargs -n 15000 | tr ' ' ',' | sed 's/^/--port=/')
	judge -q "${parts[@]}" <<-'FRAMES'
		1  accepted  eth/IP(src=A, dst=B)/UDP(sport=5536, dport=1)
		2  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=65535)
		3  accepted  eth/IPv6(src=A6, dst=B6)/TCP(sport=20000, dport=40000)
		4  port      eth/IP(src=A, dst=B)/UDP(sport=5535, dport=5535)
		5  port      eth/IP(src=A, dst=B)/TCP(sport=0, dport=1)
	FRAMES
}

run_tests "$@"
