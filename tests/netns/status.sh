#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --status: what a running sniffer says about itself; and where it can be asked from.
#
#     left eth0 ------ eth0 right (the sniffer)
#          eth1 ------ eth1
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need jq
	left_and_right
	cable left right eth1
}

# The status, with what differs from run to run taken out.
status() { # OPTION...
	"$SNIFFER" --status="$SNIFFER_PID" "$@" | sed -E 's/20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/TIME/'
}

# When the filter in force came there, in seconds since 1970.
since() {
	date -d "$("$SNIFFER" --status="$SNIFFER_PID" | sed -n 's/^since: //p')" +%s
}

send_udp() { # COUNT PORT
	send left eth0 <<<"$1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=$2)"
}

test_text() {
	sniff -i eth0 -i eth1 -q --port=53,80 'udp or tcp'
	send_udp 3 53
	send_udp 2 54
	wait_seen 5
	equal "status" "seen 5 = accepted 3 + rejected 2
rejected: port 2
accepted 3 = delivered 3 + lost 0
filter: --port=53,80 udp or tcp
since: TIME
interfaces: eth0, eth1
output: brief style
headers: $HEADERS" "$(status)"
	stop
}

test_json() {
	sniff -i eth0 -i eth1 --port=53 'udp or ip[0] & 15 > 5'
	send_udp 3 53
	send_udp 2 54
	wait_seen 5
	status --json >object
	equal "lines" 1 "$(line_count object)"
	equal "keys" "statistics filter since interfaces output headers" "$(jq -r 'keys_unsorted | join(" ")' object)"
	equal "statistics" "5 3 3 0 2" \
		"$(jq -r '.statistics | "\(.seen) \(.accepted) \(.delivered) \(.lost) \(.rejected.port)"' object)"
	equal "the rest" '["--port=53 udp or ip[0] & 15 > 5","TIME",["eth0","eth1"],"full style"]' \
		"$(jq -c '[.filter, .since, .interfaces, .output]' object)"
	stop
}

test_text_is_escaped_in_json() {
	sniff -i eth0 -q
	printf '10.9.0.1\n' >$'a "host"\\file\t\n'
	"$SNIFFER" --set-filter="$SNIFFER_PID" --host-file=$'a "host"\\file\t\n' >answer
	status --json >object
	equal "filter" $'--host-file=a "host"\\file\t\n' "$(jq -r .filter object)"$'\n'
	stop
}

# What is too long for an answer is cut, and what stands behind it is not.
test_a_long_filter() {
	local list
	printf -v list '%s,' 10.9.{0..31}.{0..255}
	sniff -i eth0 -q --host="${list%,}"
	expect_line <(status) '^filter: --host=10\.9\.0\.0,.*\.\.\.$'
	expect_line <(status) '^output: brief style$'
	equal "JSON" "--host=10.9.0.0, brief style" "$(status --json | jq -r '"\(.filter[:16]) \(.output)"')"
	stop
}

# Each line: what it says of the output, then the options.
test_output() {
	local wanted options
	while IFS='|' read -r wanted options; do
		read -ra options <<<"$options"
		sniff -i eth0 "${options[@]}"
		equal "output" "output: $wanted" "$(status | grep '^output')"
		stop
	done <<-'TABLE'
		full style|-X
		brief style|-q
		JSON|--json
		capture.pcapng|-w capture.pcapng
	TABLE
}

test_every_interface_and_the_default_filter() {
	sniff
	equal "status" "filter: (the default)
since: TIME
interfaces: any
output: full style
headers: $HEADERS" "$(status | tail -n 5)"
	equal "filter in JSON" '""' "$(status --json | jq .filter)"
	stop
}

test_after_a_change() {
	local start change
	sniff -i eth0 -q --port=53
	start=$(since)
	wait_for 5 is_later_than "$start"
	change=$(date +%s)
	"$SNIFFER" --set-filter="$SNIFFER_PID" --port=80 >answer
	equal "filter" "filter: --port=80" "$(status | grep '^filter')"
	(($(since) > start && $(since) >= change && $(since) <= $(date +%s))) ||
		fail "started at $start, changed at $change, in force since $(since)"
	send_udp 2 53
	send_udp 1 80
	wait_seen 3
	equal "statistics" "seen 3 = accepted 1 + rejected 2" "$(status | head -n 1)"
	stop
}

is_later_than() { # SECONDS
	(($(date +%s) > $1))
}

# A sniffer that has entered another namespace is asked where it was started; one that was started there, from anywhere.
test_across_network_namespaces() {
	"$SNIFFER" --netns=right -i eth0 -q --port=53 >out 2>err &
	STARTED=$!
	wait_listening
	ask_from_everywhere
	send_udp 2 80
	wait_seen 2
	stop
	expect_counts accepted 2
	sniff -i eth0 -q --port=53
	ask_from_everywhere
	send_udp 2 80
	wait_seen 2
	stop
	expect_counts accepted 2
}

ask_from_everywhere() {
	local from
	for from in "" "ip netns exec left" "ip netns exec right"; do
		$from "$SNIFFER" --status="$SNIFFER_PID" >status
		expect_line status '^filter: --port=(53|80)$'
		$from "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80 >answer
		expect_line answer 'changed to: --port=80$'
	done
}

# The next process gets the same id, so the same name: nothing that was left behind is in its way.
test_killed_sniffers_leave_nothing() {
	local id
	[[ -w /proc/sys/kernel/ns_last_pid ]] || skip "this kernel does not let one choose a process id"
	for _ in 1 2 3; do
		sniff -i eth0 -q --port=53
		id=$SNIFFER_PID
		"$SNIFFER" --set-filter="$SNIFFER_PID" --port=80 >answer
		kill -KILL "$SNIFFER_PID"
		wait "$SNIFFER_PID" || true
		echo $((id - 1)) >/proc/sys/kernel/ns_last_pid
		sniff -i eth0 -q --port=53
		equal "process id" "$id" "$SNIFFER_PID"
		equal "filter" "filter: --port=53" "$(status | grep '^filter')"
		send_udp 1 53
		wait_seen 1
		stop
		equal "messages" 1 "$(grep '^bpfsniff' err | grep -vc 'first 3 seconds')"
	done
}

# Somebody who holds all the names that can be guessed, and accepts nobody there, keeps no sniffer from being asked.
test_names_that_a_stranger_holds() {
	local thief
	start right setpriv --reuid=4242 --regid=4242 --clear-groups "$PYTHON" -c '
import resource, signal, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
kept = []
for number in range(2, 600):
    for name in (f"\0bpfsniff-{number}", f"\0bpfsniff-{number}-0000000000000000", f"\0bpfsniff-{number}-{number:016x}"):
        kept += [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2)]
        kept[-2].bind(name)
        kept[-2].listen(0)
        kept[-1].connect(name)
print("stolen", flush=True)
signal.pause()' >thief
	thief=$STARTED
	wait_for 30 has_line thief stolen
	sniff -i eth0 -q
	((SNIFFER_PID < 600)) || fail "the stranger has not the names of process $SNIFFER_PID"
	equal "lines on standard error" 1 "$(line_count err)"
	in_namespace right "$SNIFFER" --status="$SNIFFER_PID" >status
	expect_line status '^filter: '
	in_namespace right "$SNIFFER" --set-filter="$SNIFFER_PID" --port=53 >answer
	send_udp 2 53
	wait_seen 2
	kill "$thief"
	stop
	expect_counts accepted 2
}

# Without a number the only sniffer that runs is asked, in whatever namespace it is.
test_without_a_number() {
	local first
	refused 1 'no running sniffer answers you; a sniffer answers only root and the user who started it' "$SNIFFER" --status
	refused 1 'no running sniffer answers you; a sniffer answers only root and the user who started it' "$SNIFFER" --set-filter --port=1
	sniff -i eth0 -q --port=53
	"$SNIFFER" --status >status
	expect_line status '^filter: --port=53$'
	"$SNIFFER" --set-filter --port=80 >answer
	expect_line answer "^filter of $SNIFFER_PID changed to: --port=80$"
	refused 1 'no running sniffer answers you' setpriv --reuid=4242 --clear-groups "$SNIFFER" --status
	first=$SNIFFER_PID
	start left "$SNIFFER" -i eth0 -q 2>second
	wait_for 10 has_line second '^bpfsniff: listening'
	refused 1 "2 sniffers answer you \\($first, $STARTED\\); name one, as in --status=$STARTED" "$SNIFFER" --status
	kill "$STARTED"
	wait "$STARTED"
	stop
}

# Another user's does not answer, so it is not among those to choose from.
test_without_a_number_each_user_has_one() {
	local first
	install -m 755 "$SNIFFER" "$TMP/bpfsniff" # the tree may be in a folder that others cannot enter
	SNIFFER=$TMP/bpfsniff
	sniff -i eth0 -q --port=53
	first=$SNIFFER_PID
	start right setpriv --reuid=4242 --clear-groups --inh-caps=+net_raw,+bpf --ambient-caps=+net_raw,+bpf \
		"$SNIFFER" -i eth0 -q --port=80 2>second
	wait_for 10 has_line second '^bpfsniff: listening'
	in_namespace right setpriv --reuid=4242 --clear-groups "$SNIFFER" --status >status
	expect_line status '^filter: --port=80$'
	refused 1 "2 sniffers answer you \\($first, $STARTED\\)" "$SNIFFER" --status
	kill "$STARTED"
	wait "$STARTED"
	stop
}

test_lost() {
	sniff -i eth0 -q -B 256
	pause
	send left eth0 <<<'3000 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b"x" * 1000)'
	go_on
	wait_seen 3000
	status | sed -n 2p >text
	status --json >object
	stop
	expect_counts accepted 3000
	((COUNT[lost] > 2000)) || fail "lost ${COUNT[lost]}"
	equal "text" "accepted 3000 = delivered ${COUNT[delivered]} + lost ${COUNT[lost]}" "$(<text)"
	equal "JSON" "${COUNT[delivered]} ${COUNT[lost]}" "$(jq -r '.statistics | "\(.delivered) \(.lost)"' object)"
}

run_tests "$@"
