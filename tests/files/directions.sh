#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Which way a packet of a file went, and through what kind of device: -Q, --loopback and what is shown and written follow
# what the file says.
#
source "$(dirname "$0")/fileslib.sh"

SMALL=$CORPUS/small

# The lines of ./err about what was seen and rejected.
expect_verdicts() { # SEEN ACCEPTED REASONS FILE OPTION...
	expect_status 0 "$SNIFFER" -r "${@:4}" -q -t -e
	expect_line err "^seen $1 = accepted $2 \+ rejected $(($1 - $2))$"
	if [[ $3 ]]; then expect_line err "^rejected: $3$"; else expect_no_line err "^rejected"; fi
}

# A file may have only one of the two copies that a loopback device shows, so none is a duplicate there.
test_loopback_with_directions() {
	expect_verdicts 2 0 "loopback 2" "$SMALL/lo_outbound.pcapng"
	expect_verdicts 2 2 "" "$SMALL/lo_outbound.pcapng" --loopback
	equal "directions" "lo out lo in" "$(cut -d ' ' -f 1,2 out | xargs)"
	expect_verdicts 2 1 "direction 1" "$SMALL/lo_outbound.pcapng" --loopback -Q out
	expect_verdicts 2 1 "direction 1" "$SMALL/lo_outbound.pcapng" --loopback -Q in
	expect_verdicts 2 2 "" "$SMALL/lo_outbound.pcapng" --loopback --explain
}

# Linux cooked headers, of both versions.
test_cooked_headers() {
	need jq tshark
	local file
	for file in "$SMALL/sll_direction.pcap" "$SMALL/sll2_direction.pcap"; do
		expect_verdicts 2 2 "" "$file"
		equal "directions in $file" "in out" "$(cut -d ' ' -f 1 out | xargs)"
		expect_verdicts 2 1 "direction 1" "$file" -Q out
		equal "direction" out "$(cut -d ' ' -f 1 out)"
		expect_verdicts 2 1 "direction 1" "$file" -Q in
		expect_status 0 "$SNIFFER" -r "$file" --json
		equal "JSON" "in out" "$(jq -r .direction out | xargs)"
		expect_status 0 "$SNIFFER" -r "$file" -w flags.pcapng
		equal "flags" "0x00000001 0x00000002" "$(tshark -r flags.pcapng -T fields -e frame.packet_flags | xargs)"
	done
	expect_verdicts 1 0 "loopback 1" "$SMALL/sll_loopback.pcap"
	expect_verdicts 1 1 "" "$SMALL/sll_loopback.pcap" --loopback
	equal "direction" out "$(cut -d ' ' -f 1 out)"
}

# Of a file without directions, every packet is kept, and that is said.
test_no_directions() {
	expect_verdicts 44 40 "not-ip 2, protocol 2" "$ROOT/tests/examples/office.pcap" -Q in
	expect_line err '^bpfsniff: -Q had no effect on 44 packets: the file does not say in which direction they went$'
	"$SNIFFER" -r "$ROOT/tests/examples/office.pcap" -c 1 -w one.pcap 2>writing.log
	expect_status 0 "$SNIFFER" -r one.pcap -Q in -q
	expect_line err '^bpfsniff: -Q had no effect on 1 packet: the file does not say in which direction it went$'
	expect_verdicts 44 40 "not-ip 2, protocol 2" "$ROOT/tests/examples/office.pcap" -Q inout
	expect_no_line err 'had no effect'
	expect_verdicts 2 1 "direction 1" "$SMALL/sll_direction.pcap" --direction=out
	expect_no_line err 'had no effect'
}

# The byte in front of a PPP header.
test_ppp_with_direction() {
	"$PYTHON" - <<-'PYTHON'
		import struct
		ip = bytes.fromhex("4500001c000100004011b6cec0000201c63364020035003500080000")
		with open("ppp.pcap", "wb") as file:
		    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 204))
		    for direction in 0, 1, 1:
		        frame = bytes([direction, 0xff, 3, 0, 0x21]) + ip
		        file.write(struct.pack("<IIII", 1700000000, 0, len(frame), len(frame)) + frame)
	PYTHON
	expect_verdicts 3 2 "direction 1" ppp.pcap -Q out
	expect_verdicts 3 1 "direction 2" ppp.pcap -Q in
}

# Tunnels of macOS have the link type of its loopback device.
test_a_tunnel_is_no_loopback_device() {
	expect_verdicts 1 1 "" "$SMALL/utun.pcapng"
	expect_line out '^utun3 null .*UDP '
}

run_tests "$@"
