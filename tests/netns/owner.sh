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
	expect_hooks
}

# What this kernel cannot tell is said, and nothing else.
expect_hooks() {
	local -i major minor
	IFS=. read -r major minor _ < <(uname -r)
	if ((major > 6 || (major == 6 && minor >= 3))); then
		expect_no_line err 'does not report'
	else
		expect_line err '^bpfsniff: --owner: this kernel does not report who sends through a shared socket or passes one on, who receives through a shared socket$'
	fi
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

# When all is over, nobody can know which of them a connection was for.
test_a_listener_of_two_that_nobody_accepts_from() {
	namespace here
	prepare here never_accepted --loopback -i lo --protocol=tcp
	pause
	touch go
	wait "$WORKING" || fail "the program failed"
	go_on
	finish
	jq -r '.owner.destination | select(.how == "bound" or .how == "several").how' out | sort -u >hows
	equal "how the listener is known" several "$(<hows)"
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

test_three_that_share_a_socket() {
	scenario three_that_share 4
	equal "how the receivers are known" several "$(jq -r .owner.destination.how out | sort -u)"
}

# Both have it open while the connection comes; the sniffer looks when all is over.
test_passed_listener() {
	namespace here
	prepare here passed_listener --loopback -i lo
	! has_line err 'does not report .* or passes one on' || skip "before Linux 6.3 no one is told that a socket is passed on"
	pause
	touch go
	wait "$WORKING" || fail "the programs failed"
	go_on
	finish
	compare 'messages 0 unknown 0 wrong 0'
	equal "how the listener is known" several "$(jq -r '.owner | .source, .destination | select(.command == "giver").how' out | sort -u)"
}

test_inherited_udp_socket() {
	scenario inherited_datagrams 10
}

test_one_port_at_two_addresses() {
	scenario two_addresses 4
}

test_another_name_just_after_a_packet() {
	scenario renamed 4
	equal "names of the senders" "before new old speaks_once" "$(jq -r .owner.source.command out | sort -u | paste -sd ' ')"
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

# A server in another namespace, and its client; the sniffer is with either.
far_server_and_client() { # NAMESPACE OF THE SNIFFER
	left_and_right
	addresses
	start right "$PYTHON" "$WORKERS" far_server
	wait_for 10 test -e far_ready
	start left "$PYTHON" "$WORKERS" far_client
	WORKING=$STARTED
	wait_for 10 test -e ready
	sniff_in "$1" --json --owner -i eth0
	touch go
	finish
	compare 'messages 4 unknown 0 wrong 0'
}

# The other end is known as a sender.
test_at_the_client_of_another_namespace() {
	far_server_and_client left
	equal "how the server is known" sender "$(jq -r '.owner | .source, .destination | select(.command == "far_server").how' out | sort -u)"
}

test_at_the_server_of_another_namespace() {
	far_server_and_client right
	equal "how the client is known" sender "$(jq -r '.owner | .source, .destination | select(.command == "client").how' out | sort -u)"
}

# A container `box` behind a router `left`, which translates addresses, and `right`, which is far away.
container() { # RULE...
	left_and_right
	addresses
	namespace box
	cable left box port0
	ip -n left address add 10.8.0.1/24 dev port0
	ip -n box address add 10.8.0.2/24 dev port0
	ip -n box route add default via 10.8.0.1
	in_namespace left sysctl -qw net.ipv4.ip_forward=1
	in_namespace left nft -f - <<-NFT
		table ip nat {
			chain before { type nat hook prerouting priority -100; $1; }
			chain after { type nat hook postrouting priority 100; $2; }
		}
	NFT
}

# Every packet between the router's address and the far one is between these two.
expect_ends() { # AT_THE_ROUTER FAR_AWAY
	jq -r '.owner | .source.command, .destination.command' out | paste - - | sort -u >got
	printf '%s\n' "$1	$2" "$2	$1" | sort | diff - got
	((COUNT[delivered] >= 10)) || fail "only ${COUNT[delivered]} packets"
}

test_container_behind_a_masquerade() {
	need nft
	container counter 'oifname "eth0" masquerade'
	start right "$PYTHON" "$WORKERS" far_server
	wait_for 10 test -e far_ready
	start box "$PYTHON" "$WORKERS" far_client
	WORKING=$STARTED
	wait_for 10 test -e ready
	sniff_in left --json --owner -i eth0
	touch go
	finish
	equal addresses "10.9.0.1 10.9.0.2" "$(jq -r '.ip | .source, .destination' out | sort -u | paste -sd ' ')"
	expect_ends client far_server
}

test_published_port_of_a_container() {
	need nft
	container 'iifname "eth0" tcp dport 8080 dnat to 10.8.0.2:8000' 'counter'
	start left "$PYTHON" "$WORKERS" proxy
	wait_for 10 test -e proxy_ready
	start box "$PYTHON" "$WORKERS" box_server
	wait_for 10 test -e far_ready
	start right "$PYTHON" "$WORKERS" published_client
	WORKING=$STARTED
	wait_for 10 test -e ready
	sniff_in left --json --owner -i eth0
	touch go
	finish
	# Nobody knows before the reply that the SYN goes elsewhere: shown before that, it is for whoever is bound to the port.
	jq -c 'select(.statistics or .tcp.flags != ["SYN"] or .owner.destination.how != "bound")' out >but_the_first
	mv but_the_first out
	expect_ends box_server client
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

# What is forgotten is counted, and learnt again from the next packet of the socket.
test_more_flows_than_are_remembered() {
	namespace here
	play here flood --loopback -i lo --protocol=tcp
	compare 'messages 4 unknown 0 wrong 0'
	local forgotten
	forgotten=$(grep -oP '"owners_forgotten":\K[0-9]+' err)
	((forgotten >= 20000 - 16384)) || fail "forgotten: $forgotten"
}

test_without_the_option_nothing_is_loaded() {
	need strace
	local option
	namespace here
	for option in '' --owner; do
		start here strace -f -e trace=bpf,openat,open -o "calls$option" "$SNIFFER" -i lo --loopback -q --duration=0.01 ${option:+"$option"} >out 2>err
		wait "$STARTED" || fail "it failed: $(<err)"
	done
	expect_line calls--owner 'BPF_LINK_CREATE'
	expect_line calls--owner 'mountinfo'
	expect_no_line calls 'BPF_LINK_CREATE|BPF_ITER_CREATE|map_name="ow_|mountinfo'
}

# Bytes of the sniffer's own memory, and of its maps and programs, of which it may have several descriptors.
memory_of() { # PID
	awk '/^RssAnon:/ { sum += $2 * 1024 } /^memlock:/ { size = $2 } /^(map|prog)_id:/ && !seen[$1, $2]++ { sum += size }
		END { print sum }' "/proc/$1/status" "/proc/$1"/fdinfo/*
}

test_memory() {
	local without
	namespace here
	sniff_in here -i lo --loopback -q
	without=$(memory_of "$SNIFFER_PID")
	stop
	sniff_in here -i lo --loopback -q --process=nobody
	echo "$(($(memory_of "$SNIFFER_PID") - without)) bytes more"
	(($(memory_of "$SNIFFER_PID") - without <= 10 * 1024 * 1024)) || fail "more than 10 MiB"
	stop
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

# A file has what was known of each end as comments, which tshark shows; read back, it is the same.
test_in_a_file() {
	need tshark
	namespace here
	start here "$PYTHON" "$WORKERS" tcp
	WORKING=$STARTED
	wait_for 10 test -e ready
	sniff_in here --json --owner --loopback -i lo -w some.pcapng --print
	touch go
	finish
	compare 'messages 4 unknown 0 wrong 0'
	"$SNIFFER" -r some.pcapng --loopback --json --owner >again 2>/dev/null
	jq -c '[.number, .owner]' out >wanted
	jq -c '[.number, .owner]' again | diff wanted -
	"$SNIFFER" -r some.pcapng --loopback -q --owner 2>/dev/null >brief
	equal "lines with an owner" "$(line_count wanted)" "$(grep -c '\[[0-9]*\]' brief)"
	"$SNIFFER" -r some.pcapng --loopback --json 2>/dev/null >without
	equal "owners without the option" 0 "$(jq -r 'select(.owner)' without | wc -l)"
	tshark -r some.pcapng -T fields -e frame.comment >comments
	equal "packets with a comment" "$(line_count wanted)" "$(grep -c '^PID: [0-9]*' comments)"
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
