#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Flows that the kernel counts: --top, --flow-log. No packet is copied, and every one is counted.
#
#     left eth0 --------------- eth0 right (the sniffer)
#     10.9.0.1                  10.9.0.2
#
source "$(dirname "$0")/../netlib.sh"

CAPTURES=$ROOT/../shared/corpus/captures

setup() {
	need jq
	left_and_right
	addresses
}

play() { # FILE
	in_namespace left "$PYTHON" "$ROOT/tests/netns/play.py" eth0 "$1" >sent
}

# The flows of a log, without what depends on the clock of whoever counted.
comparable() { # LOG
	jq -c '.flow | [.source, .source_port, .destination, .destination_port, .protocol, .packets, .bytes, .tcp.flags,
		.tcp.retransmissions]' "$1" | sort
}

sum_of_log() { # WHAT
	jq -s "map(.flow.$1 | add) | add // 0" log
}

# What the statistics say of flows.
flows_say() { # MEMBER
	grep '^{"statistics"' err | tail -n 1 | jq ".statistics.flows.$1"
}

# The log, and what was evicted, are all that was accepted; `stop` has seen the statistics add up too.
expect_sums() { # PACKETS BYTES
	equal "accepted" "$1" "${COUNT[accepted]}"
	equal "packets" "$1" $(($(sum_of_log packets) + $(flows_say evicted_packets)))
	equal "bytes" "$2" $(($(sum_of_log bytes) + $(flows_say evicted_bytes)))
}

# One sniffer writes what another counts; of the file the same is counted.
test_the_kernel_counts_as_a_file_is_counted() {
	[[ -d $CAPTURES ]] || skip "no captures in $CAPTURES"
	local capture writer
	for capture in PcapPlusPlus--ExamplesTest-pcap_examples-http-packets2.pcap zeek--smb-smb2.pcap \
		zeek--ipv4-fragmented-4.pcap tcpdump--beep-oobr.pcap; do
		sniff -i eth0 --protocol=all --loopback -w file.pcapng
		writer=$SNIFFER_PID
		mv err writer_err
		sniff -i eth0 --protocol=all --loopback --top --json --flow-log=log
		play "$CAPTURES/$capture"
		wait_seen "$(<sent)"
		stop
		kill -INT "$writer"
		wait "$writer"
		"$SNIFFER" -r file.pcapng --protocol=all --loopback --flow-log=file_log --idle=1000 2>file_err
		comparable log >kernel
		comparable file_log | diff - kernel || fail "$capture"
		equal "accepted" "$(<sent)" "${COUNT[accepted]}"
		equal "delivered" "$(<sent)" "${COUNT[delivered]}"
	done
}

test_connections() {
	serve_web right 10.9.0.2 80
	sniff -i eth0 --top --json --flow-log=log
	in_namespace left curl -s -o /dev/null http://10.9.0.2/
	wait_for 10 has_counted packets 8
	stop
	equal "end" '["10.9.0.1","10.9.0.2",80,6,"fin"]' \
		"$(jq -c '.flow | [.source, .destination, .destination_port, .protocol, .end]' log)"
	jq -e '.flow | .tcp.rtt_ns > 0 and .tcp.handshake_ns > 0 and .packets[0] > 3 and .bytes[1] > 500 and
		.last > .first' log
	expect_sums "${COUNT[accepted]}" "$(flows_say bytes)"
	# The table had the connection, too.
	jq -e -s 'map(.[].flow.destination_port) | any(. == 80)' out
}

# A question and an answer of 128 bytes with their IP headers.
test_no_room() {
	local room
	serve_datagrams right 10.9.0.2 5000
	for room in 1 16 200; do
		sniff -i eth0 --top --json --flow-log=log --flow-table=$room
		in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 100 5
		wait_seen 1000
		stop
		expect_sums 1000 128000
		equal "flows" "$((room < 100 ? room : 100))" "$(line_count log)"
		(((room < 100) == ($(flows_say evicted) > 0))) || fail "room for $room, evicted $(flows_say evicted)"
	done
}

# The filter changes, and each frame is counted by one of the two.
test_changes_of_the_filter() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --top=0.2 --json --flow-log=log
	start left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 50 200
	local client=$STARTED changes=0
	while kill -0 "$client" 2>/dev/null; do
		"$SNIFFER" --set-filter="$SNIFFER_PID" --port=$((changes % 2 ? 5000 : 1)) udp >answer
		((++changes))
	done
	wait "$client"
	wait_seen 20000
	stop
	((changes > 1)) || fail "only $changes changes"
	((COUNT[port] > 0 && COUNT[accepted] > 0)) || fail "one of the filters saw nothing: $(tail -n 1 err)"
	expect_sums "${COUNT[accepted]}" $((COUNT[accepted] * 128))
	equal "packets that the log has, at most" 1 $(($(sum_of_log packets) <= 20000))
}

# Beside the log the packets are shown, or written.
test_packets_beside() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --json --flow-log=log
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 3 4
	wait_seen 24
	stop
	equal "packets" 24 "$(line_count out)"
	expect_sums 24 3072
	equal "each flow" '[4,4] [4,4] [4,4]' "$(jq -c .flow.packets log | xargs)"
}

# A flow ends while the sniffer runs, and is told then.
test_told_at_once() {
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --flow-log=log --idle=1
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 1 1
	wait_for 10 has_line log '"end":"idle"'
	kill -INT "$SNIFFER_PID"
	wait "$SNIFFER_PID"
	has_line err '^flows 1: accepted 2 = counted 2 \+ evicted 0; bytes 256 = counted 256 \+ evicted 0$' ||
		fail "$(<err)"
	equal "bytes on standard output" 0 "$(stat -c %s out)"
}

# The screen of the sniffer in tmux, in ./screen: does it have this line?
shows() { # PATTERN
	tmux -L "$SCREEN" capture-pane -p >screen 2>/dev/null && has_line screen "$1"
}

press() { # KEY...
	tmux -L "$SCREEN" send-keys "$@"
}

# Run a sniffer on the terminal of tmux, in a shell that says how it has ended; stty(1) shows that the terminal is as before.
on_terminal() { # COMMAND_BEFORE OPTION...
	need tmux
	SCREEN=bpfsniff-$$
	undo tmux -L "$SCREEN" kill-server
	rm -f before after ended err
	cat >session <<-SESSION
		stty -a >before
		$1
		ip netns exec right '$SNIFFER' -i eth0 --loopback ${*:2} 2>err
		echo "\$?" >ended
		stty -a >after
		echo back
		sleep 60
	SESSION
	tmux -L "$SCREEN" -f /dev/null new-session -d -x 80 -y 24 "bash '$PWD/session'"
	wait_for 10 has_line err '^bpfsniff: listening on '
}

# It has ended well, and the terminal is as it was. The size is no mode.
expect_restored() {
	wait_for 10 test -s after
	equal "status" 0 "$(<ended)"
	sed -i 's/rows [0-9]*; columns [0-9]*;//' before after
	diff before after
	wait_for 10 shows '^back'
	! shows 'q quit' || fail "the table is still there"
}

test_keys_of_a_terminal() {
	serve_datagrams right 10.9.0.2 5000
	serve_web right 10.9.0.2 80
	on_terminal : --top=0.2
	wait_for 10 shows '^bpfsniff  flows by rate: 0 *$'
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 40 5
	in_namespace left curl -s -o /dev/null http://10.9.0.2/
	wait_for 10 shows '^bpfsniff  flows by rate: 41 *$'
	wait_for 10 shows '^41 flows: packets 4[0-9]* \+ evicted 0, bytes 5[0-9]* \+ evicted 0'
	shows_rows() { shows . && (($(grep -cE '10.9.0.1:[0-9]* > 10.9.0.2' screen) == 20)); }
	wait_for 10 shows_rows
	equal "last row" 24 "$(grep -n '^41 flows: ' screen | cut -d : -f 1)"
	awk 'length > 80 { exit 1 }' screen
	press s s
	wait_for 10 shows '^bpfsniff  flows by packets: 41'
	wait_for 10 shows '^ +0 +1.28K +10 +[0-9]+s UDP +- +- 10.9.0.1:20[0-9]+ > 10.9.0.2:5000'
	press '<' r
	wait_for 10 shows '^bpfsniff  flows by bytes, reversed: 41'
	press r / 8 0 Space T C P
	wait_for 10 shows '^bpfsniff  flows by bytes: 41, with "80 TCP": 1'
	press BSpace BSpace BSpace c l o
	wait_for 10 shows '^bpfsniff  flows by bytes: 41, with "80 clo": 1'
	wait_for 10 shows '^ +0 .* closed +0 +[0-9.]+.s 10.9.0.1:[0-9]+ > 10.9.0.2:80 *$'
	press Escape b
	wait_for 10 shows '^bpfsniff  hosts by bytes: 2'
	wait_for 10 shows '41 10.9.0.1'
	press b
	wait_for 10 shows '^bpfsniff  ports by bytes: 2'
	wait_for 10 shows '^ +0 51.2K +400 25.6K 25.6K +40 UDP 5000'
	press Space
	wait_for 10 shows 'by bytes: 2  PAUSED'
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 3 2
	press '?'
	wait_for 10 shows 'Any key leads back'
	press x b
	wait_for 10 shows '^bpfsniff  flows by bytes: 41  PAUSED'
	press Space
	wait_for 10 shows '^bpfsniff  flows by bytes: 4[1-4] *$'
	tmux -L "$SCREEN" resize-window -x 200 -y 50
	shows_all() { shows '^4[1-4] flows: ' && tail -n 1 screen | grep -q '^4[1-4] flows: ' && (($(grep -cE '10.9.0.1:20[0-9]* > 10.9.0.2:5000' screen) >= 40)); }
	wait_for 10 shows_all
	tmux -L "$SCREEN" resize-window -x 80 -y 24
	wait_for 10 shows '^bpfsniff  flows'
	press End
	wait_for 10 shows 'from row 2'
	press q
	expect_restored
	has_line err '^flows 4[1-4]: accepted [0-9]+ = counted [0-9]+ \+ evicted 0; '
}

# However it ends, the terminal is as before.
test_ends_on_a_terminal() {
	local end
	on_terminal : --top
	wait_for 10 shows 'q quit'
	kill -TERM "$(sniffer_on_terminal)"
	expect_restored
	tmux -L "$SCREEN" kill-server
	# The terminal goes away, with a signal or without.
	for end in : "trap '' HUP"; do
		on_terminal "$end" --top
		wait_for 10 shows 'q quit'
		tmux -L "$SCREEN" kill-server
		wait_for 10 has_line err '^flows 0: accepted 0 = '
	done
}

sniffer_on_terminal() {
	sed -n 's/.*(pid \([0-9]*\),.*/\1/p' err
}

# Without what ncurses needs to know, a table takes the place of the one before, cut to the size of the terminal.
test_a_terminal_without_keys() {
	serve_datagrams right 10.9.0.2 5000
	on_terminal 'export TERM=unheard-of' --top=0.2
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 40 5
	wait_for 10 shows '^40 flows: packets 400 \+ evicted 0, bytes 51200 \+ evicted 0$'
	expect_line screen '^no keys: ncurses does not know this terminal'
	equal "rows at 80x24" 20 "$(grep -c 'UDP 10.9.0.1:' screen)"
	awk 'length > 80 { exit 1 }' screen
	tmux -L "$SCREEN" resize-window -x 200 -y 50
	shows_all() { shows '^40 flows: ' && (($(grep -c 'UDP 10.9.0.1:200.. > 10.9.0.2:5000' screen) == 40)); }
	wait_for 10 shows_all
	press C-c
	wait_for 10 has_line err '^flows 40: accepted 400 = counted 400 \+ evicted 0; '
}

# The processes at both ends, also when they have ended: curl before the first period has.
test_owners() {
	serve_web right 10.9.0.2 80
	sniff -i eth0 --owner --top --json --flow-log=log
	in_namespace left curl -s -o /dev/null http://10.9.0.2/
	wait_for 10 has_counted packets 8
	stop
	jq -c '.flow.owner | [.source.command, .source.how, .destination.command, .destination.how]' log >owners
	equal "owners" '["curl","sender","python3","exact"]' "$(<owners)"
	jq -e '.flow.owner.destination | .pid > 1 and (.arguments | test("http.server")) and .uid == 0' log
	jq -e -s 'map(.[].flow.owner.destination.command) | any(. == "python3")' out
	sniff -i eth0 --by=process --top --json
	in_namespace left curl -s -o /dev/null http://10.9.0.2/
	wait_for 10 has_counted packets 8
	stop
	jq -s -c 'map(select(. != [])) | last | map(.process | [.command, .flows]) | sort' out >processes
	equal "processes" '[["curl",1],["python3",1]]' "$(<processes)"
	jq -e -s 'map(select(. != [])) | last | map(.process) | .[0].bytes == (.[1].bytes | reverse)' out
	on_terminal : --top=0.2 --owner
	in_namespace left curl -s -o /dev/null http://10.9.0.2/
	wait_for 10 shows '10.9.0.1:[0-9]+ \(curl\['
	press b b b
	wait_for 10 shows '^bpfsniff  processes by rate: 2'
	wait_for 10 shows ' 1 python3\[[0-9]+\] *$'
	press q
	expect_restored
}

# The maps of the sniffer.
show_maps() {
	cat "/proc/$SNIFFER_PID/fdinfo/"* 2>/dev/null | awk '/^map_id:/ && !seen[$2]++ { print $2 }' |
		while read -r id; do bpftool map show id "$id"; done
}

# What is off has no map, or an empty one where old kernels look at code that is never reached.
test_maps() {
	need bpftool
	sniff -i eth0 -q
	show_maps >maps
	expect_line maps 'name bs_cpus'
	stop
	! grep -A 1 bs_flow_ maps | grep -E 'max_entries ([2-9]|1[0-9])' || fail "maps for what is off"
	sniff -i eth0 --top
	show_maps >maps
	kill -INT "$SNIFFER_PID"
	wait "$SNIFFER_PID"
	equal "maps" 5 "$(grep -c bs_flow_ maps)"
	equal "places of flows" 3 "$(grep -A 1 bs_flow_ maps | grep -c 'max_entries 131073 ')"
}

run_tests "$@"
