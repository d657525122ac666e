#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Letters and words of tcpdump and tshark, typed from memory: what is accepted does what it does there, or what is always
# so; what is refused says in one line what serves here. The wording of each is in unit/cli/test_options_wrong.c.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
	record one.pcap 80
}

# A file with a TCP segment to each port.
record() { # FILE PORT...
	local port
	sniff -i eth0 -w "$1" -c $(($# - 1))
	for port in "${@:2}"; do
		echo "1 accepted eth/IP(src=A, dst=B)/TCP(sport=1, dport=$port)/b'data'"
	done | send left eth0
	ended
}

shown() { # OPTION...
	"$SNIFFER" -r one.pcap -t "$@" 2>err
}

# Two command lines print the same.
same() { # "OPTION..." "OPTION..."
	# shellcheck disable=SC2086 # words
	shown $1 >one.txt
	# shellcheck disable=SC2086
	shown $2 >two.txt
	[[ -s one.txt ]] || fail "$1 prints nothing: $(<err)"
	diff one.txt two.txt
}

test_what_is_always_so() {
	local options
	for options in -v -vv -vvv -K -O -U -N -f --immediate-mode --packet-buffered -n -nn -vvvKOUNfnn; do
		same "-q $options" -q
		same "$options" ""
	done
}

test_hexadecimal() {
	same "-q -x" "-q -X"
	same "-q -xx" "-q -X -e"
	same "-q -XX" "-q -X -e"
	same -x ""
	same -xx -e
	same -XX -e
	shown -q -x >out
	expect_line out '^0000   45 00'
	shown -q -XX >out
	expect_line out '^0000   02 00 00 00 00 02 '
}

test_long_names() {
	same "-q -e --snapshot-length=30" "-q -e -s 30"
	same "-q -# --micro -tttt" "-q --number --time-stamp-precision=micro -tttt"
	same "-q --nano -tttt" "-q --time-stamp-precision=nano -tttt"
	same "-q -S" "-q --absolute-tcp-sequence-numbers"
}

test_digits_of_a_second() {
	local digits options
	while read -r digits options; do
		# shellcheck disable=SC2086
		"$SNIFFER" -r one.pcap -q $options >out 2>err
		expect_line out "^[-0-9 :]+\.[0-9]{$digits} TCP"
	done <<-'TABLE'
		6
		9 --nano
		6 --micro
		6 --micro -tt
		6 --micro -ttt
		6 --micro -tttt
		6 --micro -ttttt
	TABLE
}

magic_of() { # FILE
	od -An -tx1 -N4 "$1" | tr -d ' '
}

# As tcpdump writes them; without either, nanoseconds are kept.
test_digits_of_a_file() {
	local magic options
	while read -r magic options; do
		# shellcheck disable=SC2086
		"$SNIFFER" -r one.pcap -w two.pcap $options 2>err
		equal "magic with $options" "$magic" "$(magic_of two.pcap)"
	done <<-'TABLE'
		4d3cb2a1
		4d3cb2a1 --nano
		4d3cb2a1 -q
		d4c3b2a1 --micro
		d4c3b2a1 --time-stamp-precision=micro
	TABLE
	"$SNIFFER" -r one.pcap -q -tt --micro >one.txt 2>err
	"$SNIFFER" -r two.pcap -q -tt --micro 2>err | diff one.txt -
	sniff -w any.pcap --micro -c 1
	echo "1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)" | send left eth0
	ended
	equal "magic with cooked headers" d4c3b2a1 "$(magic_of any.pcap)"
	(($(od -An -tu4 -j28 -N4 any.pcap) < 1000000)) || fail "no microseconds in $(od -An -tu4 any.pcap)"
}

test_numbers_and_lengths() {
	shown -q -# >out
	expect_line out '^1     TCP 10\.9\.0\.1:1 > 10\.9\.0\.2:80 '
	shown -q --lengths -s 40 >out
	expect_line out '^caplen 40 len 58 TCP '
	shown --lengths >out
	expect_line out '^#1 .* frame 58  captured 58$'
	shown >out
	expect_line out '^#1 .* frame 58$'
}

# Files one after the other; each has a first packet.
test_several_files() {
	record two.pcapng 81 82
	"$SNIFFER" -r two.pcapng -r one.pcap -r two.pcapng -q -t -# 2>err | sed -E 's/ .*> 10.9.0.2:/ /; s/ +S .*//' >out
	diff out - <<-'PACKETS'
		1 81
		2 82
		1 80
		1 81
		2 82
	PACKETS
	expect_line err '^seen 5 = accepted 5 \+ rejected 0$'
	"$SNIFFER" -r two.pcapng -r one.pcap -q -t -c 3 'tcp port 82 or tcp port 80' 2>err >out
	equal "packets" 2 "$(line_count out)"
	printf 'two.pcapng\n\none.pcap\n' >list
	"$SNIFFER" -V list --count 2>err >out
	equal "of a list" "3 packets" "$(<out)"
	"$SNIFFER" -V - -r two.pcapng --count 2>err >out <list
	equal "of a list and a file" "5 packets" "$(<out)"
	refused 1 "cannot open 'none.pcap'" "$SNIFFER" -r one.pcap -r none.pcap -q
	refused 2 "cannot read and write 'two.pcapng' at the same time" "$SNIFFER" -r one.pcap -r two.pcapng -w two.pcapng
	echo 'no capture' >no.pcap
	! "$SNIFFER" -r one.pcap -r no.pcap -q >out 2>err || fail "a file that is no capture was read"
	equal "packets before it" 1 "$(line_count out)"
	expect_line err "^bpfsniff: 'no.pcap' is not a pcap or pcapng file"
	expect_line err '^seen 1 = accepted 1 \+ rejected 0$'
}

# Each interface of each file is described, and tshark reads the same packets.
test_several_files_into_one() {
	need tshark
	record two.pcapng 81 82
	"$SNIFFER" -r two.pcapng -r one.pcap -w all.pcapng 2>err
	"$SNIFFER" -r two.pcapng -r one.pcap -w all.pcap 2>err
	for file in all.pcapng all.pcap; do
		equal "ports in $file" "81 82 80" "$(tshark -r $file -T fields -e tcp.dstport 2>/dev/null | xargs)"
	done
	equal "interfaces" "eth0" "$(tshark -r all.pcapng -c 1 -T fields -e frame.interface_name 2>/dev/null)"
	equal "interface ids" "0 0 1" "$(tshark -r all.pcapng -T fields -e frame.interface_id 2>/dev/null | xargs)"
}

test_count() {
	equal "one" "1 packet" "$("$SNIFFER" -r one.pcap --count 2>/dev/null)"
	equal "none" "0 packets" "$("$SNIFFER" -r one.pcap --count udp 2>/dev/null)"
	need tcpdump
	equal "as tcpdump" "$(tcpdump -r one.pcap --count 2>/dev/null)" "$("$SNIFFER" -r one.pcap --count 2>/dev/null)"
}

test_print() {
	"$SNIFFER" -r one.pcap -w two.pcap --print -t >out 2>err
	shown -q | diff - out
	"$SNIFFER" -r two.pcap -t -q 2>err | diff - out
	"$SNIFFER" -r one.pcap -w two.pcap --print --json 2>err | diff - <("$SNIFFER" -r one.pcap --json 2>err)
}

test_version() {
	"$SNIFFER" --version >out
	expect_line out '^bpfsniff [0-9]'
}

# Each is one line that quotes the option, and leads on.
test_refused() {
	local words wanted
	local -a arguments
	while IFS=@ read -r wanted words; do
		eval "arguments=($words)"
		refused 2 "$wanted" "$SNIFFER" "${arguments[@]}"
	done <<-'TABLE'
		-z is not supported: .*-w - \| COMMAND@-w f -G 60 -z gzip
		-z is not supported: use --stats@-z io,stat,1
		-E is not supported: .*-w FILE@-E x
		-I is not supported: .*iw\(8\)@-I
		-j is not supported: .*--nano@-j host
		-J is not supported: .*--nano@-J
		-y is not supported: .*leave it out@-y EN10MB
		-L is not supported: .*-q -e@-L
		-M is not supported: .*-w FILE@-M secret
		-T is not supported: .*-w FILE@-T vxlan
		-H is not supported: .*-w FILE@-H
		-b is not supported: .*-C MB@-b
		-Y is not supported: use 'tcp port 80'@-Y 'tcp.port == 80'
		-T is not supported: use --json@-T json
		-a is not supported: use --duration=5@-a duration:5
		-b is not supported: use -W 3@-b files:3
		-2 is not supported: leave it out@-2
	TABLE
}

test_no_expression() {
	refused 2 "'tcp.port == 80' is a Wireshark display filter.*write 'tcp port 80'" "$SNIFFER" -r one.pcap 'tcp.port == 80'
	refused 2 "'one.pcap' is a file, .*write -r one.pcap" "$SNIFFER" one.pcap
	# What is suggested is understood.
	"$SNIFFER" -r one.pcap --count 'tcp port 80' 2>err >out
	equal "packets" "1 packet" "$(<out)"
}

run_tests "$@"
