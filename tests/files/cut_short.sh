#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Wherever the writing of a file ends, by whatever, the file is whole up to there: other programs read it, and its packets
# are the first of those that came.
#
source "$(dirname "$0")/fileslib.sh"

setup() {
	[[ -d $CAPTURES ]] || skip "no captures in $CORPUS"
	need tcpdump
}

# One line for each packet of a file, by tcpdump, which must find nothing wrong. (A pcapng file of one header it refuses.)
lines_of() { # FILE
	tcpdump -tt -n -r "$1" 2>reading.log || expect_line reading.log 'no Interface Description Blocks'
	expect_no_line reading.log 'truncated'
}

# The packets of a file are the first of the wanted ones.
expect_beginning() { # FILE WANTED
	lines_of "$1" >lines
	head -n "$(line_count lines)" "$2" | cmp - lines || fail "$1: not the first packets"
}

# The first packets of a file are the sniffer's, two of them.
two_packets() {
	"$SNIFFER" -r "$WEB" "${EVERYTHING[@]}" -c 2 -w two.pcap 2>err
}

# The sniffer may write no file larger than this, and is told so as if the disk were full.
write_with_room() { # BYTES FILE
	local status=0
	prlimit --fsize="$1" env --ignore-signal=XFSZ "$SNIFFER" -r two.pcap "${EVERYTHING[@]}" -w "$2" 2>&1 | cat >err || status=$?
	equal "exit status with room for $1 bytes" 1 "$status"
	grep '^bpfsniff: ' err | grep -vE '^bpfsniff: (1 frame was|2 frames were) accepted but neither delivered nor lost$' >said
	equal "messages" 1 "$(line_count said)"
	expect_line said "^bpfsniff: cannot write to '$2': File too large$"
}

# In the headers of the file, in those of its blocks, in packets, and in the statistics at its end.
test_no_room_at_any_place() {
	local format size bytes length last
	two_packets
	for format in pcapng pcap; do
		"$SNIFFER" -r two.pcap "${EVERYTHING[@]}" -w "whole.$format" 2>err
		lines_of "whole.$format" >wanted
		equal "packets" 2 "$(line_count wanted)"
		size=$(stat -c %s "whole.$format")
		last=0
		for ((bytes = 0; bytes < size; bytes += 19)); do # a block's length is a multiple of four
			write_with_room "$bytes" "cut.$format"
			length=$(stat -c %s "cut.$format")
			((length <= bytes)) || fail "$length bytes where there is room for $bytes"
			((length == last)) || expect_beginning "cut.$format" wanted
			last=$length
		done
		((last)) || fail "nothing was written"
	done
}

# Nor a directory entry for the next file, nor a byte of it.
test_no_room_for_the_next_file() {
	((EUID == 0)) || skip "needs root: a small file system is mounted here"
	local room
	repeat_packets "$WEB" 60 # more than 4 MB
	mkdir small
	for room in nr_inodes=2,size=4m size=980k; do
		expect_status 1 unshare --mount sh -c 'mount -t tmpfs -o "mode=777,$1" tmpfs small && shift
			status=0
			"$@" || status=$?
			mv small/part-*.pcapng .
			exit $status' - "$room" "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -C 1 -w small/part.pcapng
		expect_line err '^bpfsniff: .*No space left on device'
		lines_of many.pcap >wanted
		expect_beginning part-0.pcapng wanted
		((1000 < $(line_count lines))) || fail "only $(line_count lines) packets were written"
		[[ ! -s part-1.pcapng ]] || fail "there is room for part-1.pcapng"
		rm part-*.pcapng
	done
}

# A pcap file whose packets come again and again.
endless() { # FILE
	head -c 24 "$1"
	while tail -c +25 "$1"; do :; done
}

# A hundred times, when a number of bytes has been written, or at once. What was taken last may have been written in part:
# that is said, and all before is there.
test_killed_a_hundred_times() {
	local round status with_packets=0
	"$SNIFFER" -r "$WEB" "${EVERYTHING[@]}" -w wanted.pcap 2>err
	for ((round = 0; round < 100; round++)); do
		: >killed.pcapng
		"$SNIFFER" -r - "${EVERYTHING[@]}" -w killed.pcapng < <(endless wanted.pcap 2>feeder.log) 2>err &
		wait_for 10 has_bytes killed.pcapng $((round % 10 ? RANDOM * 10 : 0))
		kill -KILL $!
		status=0
		wait $! || status=$?
		equal "exit status" 137 "$status"
		expect_readable killed.pcapng
		((with_packets += $(stat -c %s read.pcap) > 24)) || true
	done
	((with_packets >= 50)) || fail "only $with_packets were killed when they had written packets"
}

has_bytes() { # FILE COUNT
	(($(stat -c %s "$1") >= $2))
}

# By the sniffer and by tcpdump, with the same packets: the first of what there was.
expect_readable() { # FILE
	: >read.pcap
	[[ -s $1 ]] || return 0
	"$SNIFFER" -r "$1" "${EVERYTHING[@]}" -w read.pcap 2>err ||
		expect_line err 'is damaged at offset [0-9]+: the file ends after [0-9]+ of the [0-9]+ bytes of a block( header)?$'
	(($(stat -c %s read.pcap) > 24)) || return 0 # tcpdump wants an interface
	tcpdump -r "$1" -w tcpdump.pcap 2>tcpdump.log || expect_line tcpdump.log 'truncated pcapng dump file'
	equal "bytes that tcpdump reads" "$(stat -c %s read.pcap)" "$(stat -c %s tcpdump.pcap)"
	cmp -n "$(stat -c %s read.pcap)" read.pcap <(endless wanted.pcap 2>feeder.log)
}

run_tests "$@"
