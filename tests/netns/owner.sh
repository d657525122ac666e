#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --owner: the process at each end of a packet. The programs of owner_workers.py tell the truth; owner_check.py compares.
#
source "$(dirname "$0")/../netlib.sh"

WORKERS=$ROOT/tests/netns/owner_workers.py

# /proc of the pid namespace whose numbers the sniffer tells: that in which this script was started. Its tests have others.
FIRST_PROC=/proc/self/fd/9
[[ ${1-} == --inside ]] || exec 9</proc

# Run a scenario on the loopback device of a namespace, and compare.
scenario() { # NAME MESSAGES
	namespace here
	play here "$1" --loopback -i lo
	compare "messages $2 unknown 0 wrong 0"
}

prepare() { # NAMESPACE NAME OPTION...
	start "$1" "$PYTHON" "$WORKERS" "$2"
	WORKING=$STARTED
	wait_for 10 test -e ready
	sniff_in "$1" --json --owner "${@:3}"
	expect_no_line err 'does not tell'
}

finish() {
	wait "$WORKING" || fail "the programs failed"
	stop
	equal lost 0 "${COUNT[lost]}"
}

play() { # NAMESPACE NAME OPTION...
	prepare "$@"
	touch go
	finish
}

compare() { # RESULT
	"$PYTHON" "$ROOT/tests/netns/owner_check.py" out truth >result 2>differences || fail "$(<differences)"
	cat result
	equal "$(tail -n 1 result); $(head -c 2000 differences)" "$1" "$(head -n 1 result)"
}

# The shares of the ways in which ends are known: "exact 22 bound 3".
hows() {
	sed -n '2s/^right [0-9]*: //p' result
}

test_tcp() {
	scenario tcp 4
}

test_tcp_over_ipv6() {
	[[ -d /proc/sys/net/ipv6 ]] || skip "this kernel has no IPv6"
	namespace here
	in_namespace here sh -c 'echo 0 >/proc/sys/net/ipv6/conf/lo/disable_ipv6'
	play here ipv6 --loopback -i lo
	compare 'messages 4 unknown 0 wrong 0'
}

test_tcp_from_before_the_start() {
	scenario old_connection 6
	equal "how all are known" "exact" "$(hows | sed 's/ [0-9]*//')"
}

test_dual_stack_listener_from_before_the_start() {
	scenario old_listener 4
}

test_udp_from_before_the_start() {
	scenario old_datagrams 6
}

test_connected_udp() {
	scenario connected_datagrams 6
}

test_udp_that_is_only_received() {
	scenario receive_only 5
	equal "how they are known" "bound 5 exact 5" "$(hows)"
}

test_one_port_number_in_tcp_and_udp() {
	scenario same_port 8
}

test_three_listeners_on_one_port() {
	scenario reuseport 48
}

test_three_processes_accept_from_one_listener() {
	scenario prefork 48
}

test_fork_per_connection() {
	scenario fork_per_connection 16
}

# Before the second process has used the socket, nobody can know: the sniffer looks when all is over.
test_passed_descriptor() {
	namespace here
	prepare here passed_descriptor --loopback -i lo
	pause
	touch go
	wait "$WORKING" || fail "the programs failed"
	go_on
	finish
	compare 'messages 8 unknown 0 wrong 0'
}

test_inherited_udp_socket() {
	scenario inherited_datagrams 10
}

test_socket_activation() {
	scenario activated 4
}

test_short_lives() {
	scenario short_lives 0
}

test_closed_port() {
	scenario closed_port 0
	equal "how they are known" "exact 2 kernel 2" "$(hows)"
}

test_addresses_and_ports_used_again() {
	scenario reused_tuple 6
}

test_the_owner_has_exited() {
	scenario time_wait 0
}

test_raw_socket() {
	scenario raw 0
}

# Each end is known in its own namespace, and in that of the other end as a sender.
test_two_namespaces() {
	left_and_right
	addresses
	start right "$PYTHON" "$WORKERS" far_server
	wait_for 10 test -e far_ready
	local side
	for side in left right; do
		rm -f ready go
		prepare $side far_client -i eth0
		[[ $side == left ]] || break
		kill "$WORKING"
		stop
	done
	kill "$WORKING" 2>/dev/null || true
	start left "$PYTHON" "$WORKERS" far_client
	WORKING=$STARTED
	touch go
	finish
	compare 'messages 4 unknown 0 wrong 0'
	jq -e -s 'all(.owner.source.how == (if .ip.source == "10.9.0.1" then "sender" else .owner.source.how end))' out >/dev/null ||
		fail "the far end is not called a sender"
}

# The number, user, arguments and control group of a process.
test_what_is_told_of_a_process() {
	local cgroup pid started
	cgroup=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
	[[ $cgroup ]] || skip "cgroup2 is not mounted"
	namespace here
	sniff_in here --json --owner --loopback -i lo -c 3
	install -m 666 /dev/null truth
	cgroup+=/bpfsniff-test-$$-$RANDOM
	mkdir "$cgroup"
	undo rmdir "$cgroup"
	(
		echo "$BASHPID" >"$cgroup/cgroup.procs"
		exec ip netns exec here setpriv --reuid=1234 --clear-groups "$PYTHON" "$WORKERS" speaker
	) &
	started=$!
	ended
	jq -s -r '.[0].owner.source | "\(.command) \(.uid) \(.how) \(.cgroup) \(.arguments)"' out >told
	equal told "speaker 1234 exact /${cgroup##*/} $PYTHON $WORKERS speaker" "$(<told)"
	pid=$(jq -s '.[0].owner.source.pid' out)
	equal "number of the process here" "$started" "$(awk '/^NSpid:/ { print $NF }' "$FIRST_PROC/$pid/status")"
	kill "$started"
	wait "$started" || true
}

# Fill in $AS_NOBODY, what to put before a command.
as_nobody() { # CAPABILITIES
	local some=-all,+${1//,/,+}
	AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="$some" --ambient-caps="$some" --bounding-set="$some")
}

test_without_root() {
	namespace here
	start here "$PYTHON" "$WORKERS" tcp
	WORKING=$STARTED
	wait_for 10 test -e ready
	as_nobody net_raw,bpf,perfmon,net_admin
	# ip-netns(8) would hide cgroup2, which takes root to mount again.
	nsenter --net=/run/netns/here "${AS_NOBODY[@]}" "$SNIFFER" -i lo --loopback --json --owner >out 2>err &
	STARTED=$!
	wait_listening
	touch go
	finish
	compare 'messages 4 unknown 0 wrong 0'
}

test_a_missing_capability_is_named() {
	namespace here
	as_nobody net_raw,bpf,perfmon
	! "${AS_NOBODY[@]}" "$SNIFFER" --owner 2>err || fail "it started"
	expect_line err '^bpfsniff: missing CAP_NET_ADMIN: .*cap_net_raw,cap_bpf,cap_perfmon,cap_net_admin\+ep'
	as_nobody net_raw,bpf
	! "${AS_NOBODY[@]}" "$SNIFFER" --owner 2>err || fail "it started"
	expect_line err '^bpfsniff: missing CAP_PERFMON and CAP_NET_ADMIN: '
}

test_not_of_a_file() {
	local status=0
	"$SNIFFER" -r /dev/null --owner 2>err || status=$?
	equal "exit status" 2 $status
	expect_line err '^bpfsniff: --owner and --read cannot go together'
}

# No process is named wrongly, and at most one end in a hundred is unknown.
test_ten_thousand_short_connections() {
	namespace here
	play here many --loopback -i lo
	"$PYTHON" "$ROOT/tests/netns/owner_check.py" out truth >result 2>differences || fail "$(<differences)"
	cat result
	[[ $(head -n 1 result) =~ ^messages\ 0\ unknown\ ([0-9]+)\ wrong\ 0$ ]] || fail "$(<result) $(head -c 2000 differences)"
	local unknown=${BASH_REMATCH[1]} packets
	packets=$(line_count out)
	((packets >= 50000)) || fail "only $packets packets"
	((unknown * 100 <= packets * 2)) || fail "$unknown ends of $packets packets are unknown"
}

run_tests "$@"
