#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Long lists: files of a million addresses, and 60,000 ports.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	namespace left
	namespace right
	cable left right eth0
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
	refused 2 "--host-file: cannot read 'nowhere': No such file or directory" "$SNIFFER" --host-file=nowhere
}

# The memory of a list is limited, whatever the file is.
test_files_that_are_no_lists() {
	refused 2 "--host-file: /dev/zero:1: the line contains a NUL byte, so this is not a text file" "$SNIFFER" --host-file=/dev/zero
	refused 2 "--expression-file: '/dev/zero' contains a NUL byte, so it is not a text file" "$SNIFFER" -F /dev/zero
	printf 'tcp\0 port 80' >expression
	refused 2 "--expression-file: 'expression' contains a NUL byte" "$SNIFFER" -F expression
	printf '10.9.0.1\n%0257d\n' 0 >hosts
	refused 2 "--host-file: hosts:2: the line is longer than 256 bytes" "$SNIFFER" --host-file=hosts
	refused 2 "--expression-file: '/dev/fd/[0-9]*' is too long: an expression may have at most 1048576 bytes" "$SNIFFER" -F <(yes or)
	refused 2 "--host-file: /dev/fd/[0-9]*:1000001: the file has more than 1000000 addresses" "$SNIFFER" --host-file=<(yes 10.9.0.1)
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
