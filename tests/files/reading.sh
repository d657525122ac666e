#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Where a capture may come from: compressed, out of a pipe, slowly, and without any privilege.
#
source "$(dirname "$0")/fileslib.sh"

LARGE=$CAPTURES/zeek--smb-smb2.pcap
PCAPNG=$CAPTURES/derived--mixed-sections.pcapng

# All of one capture as JSON, in ./wanted.
show_plain() { # FILE
	"$SNIFFER" -r "$1" --json "${EVERYTHING[@]}" >wanted 2>err
	[[ -s wanted ]] || fail "nothing in $1"
}

# The same from another file, or from what comes on standard input.
expect_same() { # FILE
	expect_status 0 "$SNIFFER" -r "$1" --json "${EVERYTHING[@]}"
	cmp wanted out
}

test_compressed_is_told_by_content() {
	need gzip zstd
	local capture program
	for capture in "$WEB" "$PCAPNG"; do
		show_plain "$capture"
		for program in gzip zstd; do
			"$program" -c "$capture" >"packed.pcap"
			expect_same packed.pcap
			expect_same - <packed.pcap
			cat <packed.pcap | expect_same -
			# Several of them one behind the other are one.
			{ head -c 5000 "$capture" | "$program" -c && tail -c +5001 "$capture" | "$program" -c; } >packed.pcap
			expect_same packed.pcap
		done
	done
}

test_compressed_and_damaged() {
	need gzip zstd
	local program
	for program in gzip zstd; do
		"$program" -c "$LARGE" >whole
		head -c -1000 whole >'cut'
		expect_status 1 "$SNIFFER" -r cut -q "${EVERYTHING[@]}"
		expect_line err "^bpfsniff: 'cut' is damaged at offset [0-9]+: the $program data ends early$"
		expect_seen "$(line_count out)"
		(($(line_count out) > 100)) || fail "only $(line_count out) packets"
		{ head -c -4 whole && printf '\377%.0s' {1..4}; } >damaged # where the checksum is
		expect_status 1 "$SNIFFER" -r damaged -q "${EVERYTHING[@]}"
		expect_line err "^bpfsniff: 'damaged' is damaged at offset [0-9]+: the $program data is damaged$"
		equal "lines on standard error" 3 "$(line_count err)"
	done
}

# Frames are cut behind the filter, which has seen them whole; editcap cuts those of the file.
test_snaplen() {
	need editcap
	editcap -F pcap -s 60 "$WEB" short.pcap
	show_plain short.pcap
	expect_status 0 "$SNIFFER" -r "$WEB" -s 60 --json "${EVERYTHING[@]}"
	cmp wanted out
	expect_status 0 "$SNIFFER" -r "$WEB" -s 20 -w cut.pcap --port=80
	expect_status 0 "$SNIFFER" -r "$WEB" -q --port=80
	equal "packets" "$(line_count out)" "$(packet_count cut.pcap)"
	equal "bytes of the file" $((24 + (16 + 20) * $(line_count out))) "$(stat -c %s cut.pcap)"
}

# Whatever was written so far is shown, although the pipe stays open.
test_packets_that_trickle_in() {
	need gzip zstd
	local packer first=$((24 + 16 + 66)) second=$((24 + 16 + 66 + 16 + 676)) half=$((16 + 30))
	show_plain "$WEB"
	for packer in cat 'gzip -c' 'zstd -c'; do
		rm -f pipe
		mkfifo pipe
		"$SNIFFER" -r - --json "${EVERYTHING[@]}" <pipe >out 2>err &
		exec 3>pipe
		head -c "$first" "$WEB" | $packer >&3
		wait_for 10 has_lines 1
		# Half of a packet is no reason to wait with what is whole.
		head -c $((second + half)) "$WEB" | tail -c +$((first + 1)) | $packer >&3
		wait_for 10 has_lines 2
		tail -c +$((second + half + 1)) "$WEB" | $packer >&3
		wait_for 10 has_lines "$WEB_PACKETS"
		exec 3>&-
		wait $!
		cmp wanted out
	done
}

has_lines() { # N
	(($(line_count out) == $1))
}

test_endings_of_a_pipe() {
	expect_status 1 "$SNIFFER" -r - -q </dev/null
	equal "standard error" "bpfsniff: standard input is not a pcap or pcapng file: it is empty" "$(<err)"
	head -c 24 "$WEB" | expect_status 0 "$SNIFFER" -r - -q
	expect_seen 0
	# A signal ends it well, also between two packets.
	mkfifo pipe
	"$SNIFFER" -r pipe -q >out 2>err &
	exec 3>pipe
	head -c 2000 "$WEB" >&3
	wait_for 10 test -s out
	kill -INT $!
	wait $! || fail "exit status $?"
	expect_seen "$(line_count out)"
}

# Neither capabilities nor a user of its own, and no file but the one that is read.
test_no_privilege_is_needed() {
	need setpriv
	local -a as_nobody=()
	((EUID != 0)) || as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
	show_plain "$WEB"
	install -m 755 "$SNIFFER" bpfsniff
	install -m 644 "$WEB" capture.pcap
	install -d -m 777 target
	expect_status 0 "${as_nobody[@]}" ./bpfsniff -r capture.pcap --json "${EVERYTHING[@]}" -w target/copy.pcapng
	cmp wanted out
	expect_status 0 "${as_nobody[@]}" ./bpfsniff -r target/copy.pcapng --json "${EVERYTHING[@]}" 'tcp or udp'
	cmp wanted out
}

# What tcpdump keeps of a capture with an expression, we keep, byte for byte.
test_filters() {
	need tcpdump
	local capture expression
	for capture in "$WEB" "$CAPTURES"/{PcapPlusPlus--P-VlanPackets,arkime--IKEv2,zeek--pppoe-over-qinq}.pcap; do
		for expression in 'port 80' 'udp' 'vlan and tcp' 'tcp[13] & 2 != 0' 'less 100' 'not port 80' 'pppoes and ip'; do
			"$SNIFFER" -r "$capture" -w ours.pcap "${EVERYTHING[@]}" "$expression" 2>err
			tcpdump -n --nano -r "$capture" -w theirs.pcap "$expression" 2>tcpdump.log
			cmp -i 24 ours.pcap theirs.pcap || fail "another selection of $capture by: $expression"
		done
	done
	# And by flags, which follow tags and tunnels of the link level.
	expect_status 0 "$SNIFFER" -r "$WEB" --port=80 --tcp-flags=syn,!ack -q
	equal "first packets of connections" "$(tcpdump -n -r "$WEB" 'port 80 and tcp[13] & 18 = 2' 2>tcpdump.log | wc -l)" \
		"$(line_count out)"
}

test_what_cannot_be_read() {
	local file
	expect_status 1 "$SNIFFER" -r nothing
	expect_line err "^bpfsniff: cannot open 'nothing': No such file or directory$"
	expect_status 1 "$SNIFFER" -r .
	equal "standard error" "bpfsniff: cannot read '.' at offset 0: Is a directory" "$(<err)"
	echo "Dear diary" >diary
	expect_status 1 "$SNIFFER" -r diary
	equal "standard error" "bpfsniff: 'diary' is not a pcap or pcapng file" "$(<err)"
	# Nothing of statistics in JSON either.
	expect_status 1 "$SNIFFER" -r diary --json
	equal "standard error" "bpfsniff: 'diary' is not a pcap or pcapng file" "$(<err)"
	# Nor after what only begins like a capture; but what was read before it is said.
	head -c 20 "$WEB" >short
	printf '\xd4\xc3\xb2\xa1\3\0\4\0%016d' 0 >newer
	printf '\x0a\x0d\x0d\x0a\x1c' >five
	for file in short newer five; do
		expect_status 1 "$SNIFFER" -r "$file"
		expect_line err "^bpfsniff: '$file' is damaged at offset 0: "
		equal "lines on standard error of $file" 1 "$(line_count err)"
	done
	expect_status 1 "$SNIFFER" -r "$WEB" -r short -q
	expect_seen "$WEB_PACKETS"
	expect_status 2 "$SNIFFER" -r "$WEB" 'port'
	equal "lines on standard error" 1 "$(line_count err)"
}

# Two packets in the ERF format.
erf() { # SECONDS
	"$PYTHON" -c 'import struct, sys
for second in range(2):
    packet = bytes(42)
    sys.stdout.buffer.write(struct.pack("<Q", int(sys.argv[1]) + second << 32) + struct.pack(">BBHHH", 2, 4, 18 + 42, 0, 42) + bytes(2) + packet)
' "$1"
}

# A file in another format is named, and the way that the message shows leads to its packets.
test_foreign_formats() {
	local packer format
	show_plain "$WEB"
	for packer in xz lz4 bzip2; do
		type -P "$packer" >/dev/null || continue
		"$packer" -c "$WEB" >packed
		expect_status 1 "$SNIFFER" -r packed
		equal "standard error" "bpfsniff: 'packed' is not a pcap or pcapng file but compressed with $packer: $packer -dc FILE | bpfsniff -r -" "$(<err)"
		"$packer" -dc packed | "$SNIFFER" -r - --json "${EVERYTHING[@]}" >out 2>err
		cmp wanted out
	done
	editcap -F snoop "$WEB" snoop
	erf 1400000000 >ERF
	erf 0 >old
	expect_status 1 "$SNIFFER" -r old
	expect_line err "'old' is not a pcap or pcapng file but an ERF file"
	for format in 'a snoop' 'an ERF'; do
		expect_status 1 "$SNIFFER" -r "${format#* }"
		equal "standard error" "bpfsniff: '${format#* }' is not a pcap or pcapng file but $format file: editcap FILE NEW.pcapng converts it" "$(<err)"
		editcap "${format#* }" new.pcapng
		expect_status 0 "$SNIFFER" -r new.pcapng -q "${EVERYTHING[@]}"
	done
	expect_seen 2
}

test_old_pcap() {
	expect_status 0 "$SNIFFER" -r "$CORPUS/small/ver_2_2.pcap" --json "${EVERYTHING[@]}"
	equal "lengths" "[82,42] [82,42]" "$(jq -c '[.length, .captured]' out | xargs)"
}

# A clock that is set back, one beyond 2^31 seconds (2038), and the last that a pcap file can say (2106).
TIMES='1000000000.500000000 999999998.000000001 2147483647.999999999 2147483648.000000000 4294967295.999999999 0.000000000'

test_times_step_back_and_reach_far() {
	need tshark
	local file
	"$PYTHON" -c 'import struct, sys
times = [[int(part) for part in time.split(".")] for time in sys.argv[1].split()]
sys.stdout.buffer.write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 65535, 1) +
    b"".join(struct.pack("<IIII", *time, 60, 60) + bytes(60) for time in times))' "$TIMES" >times.pcap
	expect_status 0 "$SNIFFER" -r times.pcap "${EVERYTHING[@]}" -q -tt --nano
	equal "times" "$TIMES" "$(cut -d ' ' -f 1 out | xargs)"
	expect_status 0 "$SNIFFER" -r times.pcap "${EVERYTHING[@]}" -q -ttt --nano
	equal "since the previous" "00:00:00.000000000 -00:00:02.499999999" "$(cut -d ' ' -f 1 out | head -n 2 | xargs)"
	for file in copy.pcapng copy.pcap; do
		expect_status 0 "$SNIFFER" -r times.pcap "${EVERYTHING[@]}" -w "$file"
		equal "times in $file" "$TIMES" "$(tshark -r "$file" -T fields -e frame.time_epoch 2>tshark.err | xargs)"
	done
}

# Where a field of the headers ends, in a frame of IPv4 and TCP.
FIELDS='
15 version header_length
16 tos
18 total_length
20 id
22 flags fragment_offset
23 ttl
24 protocol
26 checksum checksum_status
30 source
34 destination
36 source_port
38 destination_port
42 seq
46 ack
47 header_length
48 flags
50 window
52 checksum checksum_status
54 urgent relative_seq
'

# Each is shown when its last byte has been captured, and not before.
test_fields_of_cut_headers() {
	local bytes
	need jq
	"$PYTHON" -c 'from scapy.all import *
wrpcap("frame.pcap", Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="10.9.0.1", dst="10.9.0.2") / TCP(sport=1, dport=2))' \
		2>scapy.err
	for bytes in {14..54}; do
		awk -v bytes="$bytes" 'NF && $1 <= bytes { for (i = 2; i <= NF; i++) print $i }' <<<"$FIELDS" >wanted
		"$SNIFFER" -r frame.pcap --json -s "$bytes" 2>err | jq -r '.ip // {}, .tcp // {} | keys_unsorted[]' >shown
		diff wanted shown || fail "fields of $bytes bytes"
	done
}

# A capture (pcapng) of one frame to an address that is no loopback address, from an interface of that name.
capture_from() { # NAME
	"$PYTHON" -c 'import struct, sys
def block(kind, body): return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
def padded(data): return data + bytes(-len(data) % 4)
name = sys.argv[1].encode()
frame = bytes.fromhex("0200000000020200000000010800450000200001000040110000000000000000000000010035000c0000") + b"abcd"
frame = frame[:26] + bytes([10, 9, 0, 1, 10, 9, 0, 2]) + frame[34:]
sys.stdout.buffer.write(
    block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    + block(1, struct.pack("<HHI", 1, 0, 0) + struct.pack("<HH", 2, len(name)) + padded(name) + bytes(4))
    + block(6, struct.pack("<IIIII", 0, 0, 0, len(frame), len(frame)) + padded(frame)))' "$1"
}

# What devices are called that lead back to oneself, in Linux, in BSD and in Windows.
test_loopback_devices_by_name() {
	local name verdict
	while IFS='|' read -r name verdict; do
		capture_from "$name" >named.pcapng
		"$SNIFFER" -r named.pcapng -q >out 2>err
		equal "verdict on $name" "$verdict" "$(sed -nE 's/^rejected: ?//p' err)"
	done <<-'TABLE'
		lo|loopback 1
		lo0|loopback 1
		\Device\NPF_Loopback|loopback 1
		eth0|
		lo1|loopback 1
		low1|
	TABLE
}

# A time that pcap cannot say is refused with the packet's number, and one that nothing here can is not shown as another.
# The files of one capture, also as the sections of one file, say what the whole says.
test_a_capture_in_several_files() {
	local slow=$ROOT/tests/examples/slow.pcap
	"$SNIFFER" -r "$slow" -q >whole
	(($(grep -cE 'retransmission|duplicate-ack' whole) > 2)) || fail "few words: $(<whole)"
	editcap -F pcapng -r "$slow" first.pcapng 1-57
	editcap -F pcapng "$slow" second.pcapng 1-57
	"$SNIFFER" -r first.pcapng -r second.pcapng -q >files
	cmp whole files
	cat first.pcapng second.pcapng >sections.pcapng
	"$SNIFFER" -r sections.pcapng -q >sections
	cmp whole sections
}

test_times_out_of_range() {
	local file small=$CORPUS/small
	expect_status 0 "$SNIFFER" -r "$small/pre1970.pcapng" "${EVERYTHING[@]}" --json
	equal "time" 1969-12-31T23:58:21.000000000Z "$(jq -r .time out)"
	for file in pre1970 post2106; do
		expect_status 1 "$SNIFFER" -r "$small/$file.pcapng" "${EVERYTHING[@]}" -w "$file.pcap"
		expect_failed_with err "cannot write packet 1 to '$file.pcap': pcap covers only the years 1970 to 2106; write pcapng, to a name without .pcap"
		equal "packets of $file" 0 "$(packet_count "$file.pcap")"
	done
	# The microseconds of the second packet are of the year 2300.
	"$PYTHON" -c 'import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
data[0x88:0x90] = struct.pack("<II", *divmod(10413792000 * 1000000, 1 << 32))
sys.stdout.buffer.write(data)' "$small/post2106.pcapng" >2300.pcapng
	expect_status 0 "$SNIFFER" -r 2300.pcapng "${EVERYTHING[@]}" --json
	equal "times" "2128-06-11T08:53:20.000000000Z null" "$(jq -r .time out | xargs)"
	equal "messages" "bpfsniff: '2300.pcapng': packet 2 is shown without a time, which is before 1677 or after 2262" "$(grep '^bpfsniff' err)"
	expect_status 0 "$SNIFFER" -r - "${EVERYTHING[@]}" --json <2300.pcapng
	expect_line err '^bpfsniff: standard input: packet 2 is shown without a time, '
	expect_status 1 "$SNIFFER" -r 2300.pcapng "${EVERYTHING[@]}" -w 2300.pcap
	expect_line err "^bpfsniff: cannot write packet 1 to '2300.pcap': pcap covers only the years 1970 to 2106; "
}

# Long names of interfaces, two tags, options that fill a header, and packets that are damaged.
test_lines_of_the_full_style_fit_100_columns() {
	local name
	for name in nDPI--anydesk.pcapng tcpdump--mptcp-v0.pcap suricata-verify--bug-76-input.pcap derived--ip6-deep-extension-chain.pcap; do
		expect_status 0 "$SNIFFER" -r "$CAPTURES/$name" -e "${EVERYTHING[@]}"
		equal "lines of $name that are too long" '' "$(awk 'length > 100' out)"
		expect_line out '^ {6,10}[^ ].*'
	done
}

run_tests "$@"
