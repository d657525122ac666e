#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Flows counted from files: --flow-log, --top, --by, --flow-table. What the sniffer shows of each packet, added up by
# flow_sums.py, is the measure.
#
source "$(dirname "$0")/fileslib.sh"

# The flows of a capture by its packets, and as they were counted. "PACKETS FLOWS" in ./compared, if it could be.
compare() { # FILE
	"$SNIFFER" -r "$1" --loopback --json >packets 2>/dev/null || return 0 # what cannot be read is not compared
	"$SNIFFER" -r "$1" --loopback --top --json >flows 2>err
	"$PYTHON" "$FILES/flow_sums.py" packets flows err >>compared || fail "$1"
}

# Every eighth capture takes a few seconds; FLOWS_EVERY=1 compares all.
test_every_flow_is_the_sum_of_its_packets() {
	local captures=("$CAPTURES"/*.pcap*) i
	for ((i = 0; i < ${#captures[@]}; i += ${FLOWS_EVERY:-8})); do
		compare "${captures[i]}"
	done
	(($(line_count compared) > ${#captures[@]} / ${FLOWS_EVERY:-8} / 2)) || fail "few captures compared: $(line_count compared)"
}

# The log of the same, and the packets may be shown beside it.
test_log() {
	expect_status 0 "$SNIFFER" -r "$WEB" --flow-log=log --json
	grep -v '"statistics"' out >packets
	equal "packets" "$WEB_PACKETS" "$(line_count packets)"
	"$PYTHON" "$FILES/flow_sums.py" packets log err
	equal "mode" 600 "$(stat -c %a log)"
	expect_status 0 "$SNIFFER" -r "$WEB" --flow-log=log
	equal "bytes on standard output" 0 "$(stat -c %s out)"
	cp log wanted
	expect_status 0 "$SNIFFER" -r "$WEB" --flow-log=-
	cmp wanted out
}

# Whoever finds no room is counted, and nothing else changes.
test_evicted() {
	need jq
	local room
	for room in 1 2 7 100; do
		expect_status 0 "$SNIFFER" -r "$CAPTURES/zeek--smb-smb2.pcap" --json --flow-log=log --flow-table="$room"
		"$PYTHON" "$FILES/flow_sums.py" --sums log err
	done
	"$SNIFFER" -r "$ROOT/tests/examples/office.pcap" --protocol=all --flow-log=log --flow-table=3 2>err
	expect_line err '^flows 3, evicted 5: accepted 44 = counted 32 \+ evicted 12; bytes 3287 = counted 2850 \+ evicted 437$'
	equal "flows" 3 "$(line_count log)"
	equal "packets" 32 "$(jq -s 'map(.flow.packets | add) | add' log)"
}

test_top() {
	need jq
	local office=$ROOT/tests/examples/office.pcap
	expect_status 0 "$SNIFFER" -r "$office" --top
	equal "lines" 7 "$(line_count out)"
	expect_line out '^ +2606 +28 +0 +2\.00ms  TCP 10\.9\.0\.1:50005 > 10\.9\.0\.2:80$'
	expect_line err '^flows 6: accepted 40 = counted 40 \+ evicted 0; bytes 3231 = counted 3231 \+ evicted 0$'
	expect_line err '^accepted 40 = delivered 40 \+ lost 0$'
	expect_status 0 "$SNIFFER" -r "$office" --top --json
	equal "lines" 1 "$(line_count out)"
	equal "largest" '80 [28,2606]' "$(jq -c -r '.[0].flow | "\(.destination_port) \([(.packets | add), (.bytes | add)])"' out)"
	equal "statistics" '{"count":6,"packets":40,"bytes":3231,"evicted":0,"evicted_packets":0,"evicted_bytes":0}' \
		"$(jq -c .statistics.flows err)"
	expect_status 0 "$SNIFFER" -r "$office" --top --json --by=host
	equal "hosts" '["10.9.0.1","10.9.0.2","fd09::1","fd09::2"]' "$(jq -c 'map(.host.address)' out)"
	equal "sent" 3231 "$(jq 'map(.host.bytes[0]) | add' out)"
	equal "received" 3231 "$(jq 'map(.host.bytes[1]) | add' out)"
	expect_status 0 "$SNIFFER" -r "$office" --top --json --by=port
	equal "ports" '[[6,80],[6,443],[17,53],[6,8443]]' "$(jq -c 'map([.port.protocol, .port.port])' out)"
}

# How a flow ends, by packets of two connections one after the other, an hour apart, that were cut out of one file.
test_ends() {
	need jq editcap mergecap
	local slow=$ROOT/tests/examples/slow.pcap
	expect_status 0 "$SNIFFER" -r "$slow" --flow-log=-
	equal "end" '["fin",44095998,[1,0]]' "$(jq -c '.flow | [.end, .tcp.handshake_ns, .tcp.retransmissions]' out)"
	editcap -r "$slow" open.pcap 1-40
	editcap -t 3600 open.pcap later.pcap
	mergecap -a -w both.pcap open.pcap later.pcap
	expect_status 0 "$SNIFFER" -r both.pcap --flow-log=-
	equal "ends" '["idle","stopped"]' "$(jq -s -c 'map(.flow.end)' out)"
	expect_status 0 "$SNIFFER" -r both.pcap --flow-log=- --idle=4000
	equal "ends" '["active","stopped"]' "$(jq -s -c 'map(.flow.end)' out)"
	expect_status 0 "$SNIFFER" -r both.pcap --flow-log=- --idle=4000 --active=4000
	equal "ends" '["stopped"]' "$(jq -s -c 'map(.flow.end)' out)"
	equal "packets" 80 "$(jq '.flow.packets | add' out)"
}

# slow.pcap, such that one packet comes at a time in ns after the beginning of 1970.
around_1970() { # PACKET NS
	"$PYTHON" - "$ROOT/tests/examples/slow.pcap" "$@" <<-'END'
		import pcapfile, struct, sys
		packets = pcapfile.Capture(sys.argv[1]).packets
		start = packets[int(sys.argv[2]) - 1].time - int(sys.argv[3])
		def block(kind, body):
		    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
		# Units are ns, and count from a second before 1970
		options = struct.pack("<HHB3xHHqHH", 9, 1, 9, 14, 8, -1, 0, 0)
		file = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0) + options)
		for packet in packets:
		    at, size = packet.time - start + 10**9, len(packet.bytes)
		    file += block(6, struct.pack("<IIIII", 0, at >> 32, at & 0xFFFFFFFF, size, packet.length) + packet.bytes + bytes(-size % 4))
		sys.stdout.buffer.write(file)
	END
}

# Half of the packets come before 1970: what is counted, and which is first and last, stays as it is.
test_times_on_both_sides_of_1970() {
	need jq
	export PYTHONPATH=$FILES
	"$SNIFFER" -r "$ROOT/tests/examples/slow.pcap" --flow-log=wanted 2>err
	around_1970 42 1 >around.pcapng
	expect_status 0 "$SNIFFER" -r around.pcapng --flow-log=log
	equal "times" "1969-12-31T23:59:59 1970-01-01T00:00:00" "$(jq -r '.flow | .first[:19], .last[:19]' log | xargs)"
	diff <(jq 'del(.flow.first, .flow.last)' wanted) <(jq 'del(.flow.first, .flow.last)' log)
	"$SNIFFER" -r "$ROOT/tests/examples/slow.pcap" --json >packets 2>err
	"$SNIFFER" -r around.pcapng --json >around 2>err
	diff <(jq -c 'del(.time)' packets) <(jq -c 'del(.time)' around)
	around_1970 1 0 >from.pcapng
	expect_status 0 "$SNIFFER" -r from.pcapng --flow-log=log
	equal "first" 1970-01-01T00:00:00.000000000Z "$(jq -r .flow.first log)"
}

# A segment without any flag is one: what is sent again after it is a retransmission.
test_segments_without_flags() {
	need jq
	"$PYTHON" - <<-'END'
		from scapy.all import IP, TCP, Raw, wrpcap
		sent = [("S", 0, 0), ("", 1, 100), ("A", 1, 100)]
		wrpcap("flags.pcap", [IP(src="10.9.0.1", dst="10.9.0.2") / TCP(sport=1, dport=2, flags=flags, seq=seq) / Raw(b"x" * length)
		                      for flags, seq, length in sent])
	END
	expect_status 0 "$SNIFFER" -r flags.pcap -q --flow-log=log
	equal "lines with a word" 1 "$(grep -c retransmission out)"
	equal "retransmissions" "[1,0]" "$(jq -c .flow.tcp.retransmissions log)"
}

test_wrong() {
	refused 2 "--by has no effect without --top; add it, or leave out --by" -r "$WEB" --by=host
	refused 2 "--flow-log=- and --top cannot be combined, because both go to standard output; name a file" \
		-r "$WEB" --top --flow-log=-
	refused 2 "--top and -q cannot be combined, .*" -r "$WEB" --top -q
	refused 2 "--by: 'color' is not a key; write flow, host, port or process" -r "$WEB" --top --by=color
	refused 2 "--by=process and -r cannot be combined, because a file does not have the processes of its packets; .*" \
		-r "$WEB" --top --by=process
	refused 1 "cannot write to '/nowhere/log': No such file or directory" -r "$WEB" --flow-log=/nowhere/log
}

# One line, and this status.
refused() { # STATUS PATTERN OPTION...
	expect_status "$1" "$SNIFFER" "${@:3}"
	expect_line err "^bpfsniff: $2\$"
	equal "lines" 1 "$(line_count err)"
}

run_tests "$@"
