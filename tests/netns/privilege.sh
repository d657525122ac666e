#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# CAP_NET_RAW and CAP_BPF are enough, and what is missing is named.
#
#     left eth0 ------ eth0 right (the sniffer, as user 65534)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need setpriv setcap
	left_and_right
	# The tree may be in a folder that others cannot enter.
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
}

# A command as a user without rights but for these capabilities, as ${AS_USER[@]}.
as_user() { # CAPABILITIES
	AS_USER=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="-all$1" --ambient-caps="-all$1"
		--bounding-set="-all$1")
}

test_no_capability() {
	as_user ""
	refused 1 'missing CAP_NET_RAW and CAP_BPF: .*sudo setcap cap_net_raw,cap_bpf\+ep ' ip netns exec right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0
}

test_only_one_capability() {
	as_user ,+net_raw
	refused 1 'missing CAP_BPF: ' ip netns exec right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0
	as_user ,+bpf
	refused 1 'missing CAP_NET_RAW: ' ip netns exec right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0
}

test_both_are_enough() {
	as_user ,+net_raw,+bpf
	start right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0 -q >out 2>err
	wait_listening
	send left eth0 <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2  not-ip    eth/ARP(psrc=A, pdst=B)
	FRAMES
	wait_seen 5
	expect_line <("$SNIFFER" --status="$SNIFFER_PID") '^headers: copied by a helper$'
	stop
	expect_counts accepted 3 not-ip 2
}

# A third one makes the filter faster.
test_three_read_in_place() {
	as_user ,+net_raw,+bpf,+perfmon
	start right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0 -q >out 2>err
	wait_listening
	send left eth0 <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2  not-ip    eth/ARP(psrc=A, pdst=B)
	FRAMES
	wait_seen 5
	expect_line <("$SNIFFER" --status="$SNIFFER_PID") "^headers: $HEADERS\$"
	stop
	expect_counts accepted 3 not-ip 2
}

# CAP_SYS_ADMIN stands for CAP_BPF, and enters namespaces; nothing else is asked for.
test_administrator() {
	as_user ,+net_raw,+sys_admin
	start right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0 -q -c 1 >out 2>err
	wait_listening
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	ended
	expect_counts accepted 1
	start left "${AS_USER[@]}" "$TMP/bpfsniff" --netns=right -i eth0 -q -c 1 >out 2>err
	wait_listening
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	ended
	expect_counts accepted 1
	as_user ,+net_raw,+bpf
	refused 1 'missing CAP_SYS_ADMIN: run it with sudo$' \
		ip netns exec left "${AS_USER[@]}" "$TMP/bpfsniff" --netns=right -i eth0
	as_user ''
	refused 1 'missing CAP_NET_RAW, CAP_BPF and CAP_SYS_ADMIN: run it with sudo$' \
		ip netns exec left "${AS_USER[@]}" "$TMP/bpfsniff" --netns=right -i eth0
}

# sudo makes nobody more than root.
test_root_without_capabilities() {
	refused 1 'missing CAP_BPF, which root lacks here: add cap_net_raw,cap_bpf to the capabilities of the container or service$' \
		ip netns exec right setpriv --inh-caps=-all '--bounding-set=-all,+net_raw' "$SNIFFER" -i eth0
}

# Root with no more than that cannot become `nobody`, and nobody can become another.
test_no_way_to_become_another() {
	local root=(setpriv --inh-caps=-all '--bounding-set=-all,+net_raw,+bpf')
	refused 1 "CAP_SETUID.*'nobody'.* -Z root" ip netns exec right "${root[@]}" "$SNIFFER" -i eth0
	start right "${root[@]}" "$SNIFFER" -i eth0 -q -Z root >out 2>err
	wait_listening
	stop
	as_user ,+net_raw,+bpf
	refused 1 "CAP_SETUID.*'root'.* -Z" ip netns exec right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0 -Z root
}

test_the_command_that_the_message_shows() {
	local command
	as_user ""
	in_namespace right "${AS_USER[@]}" "$TMP/bpfsniff" -i eth0 2>err && fail "it worked"
	need setcap
	command=$(grep -oE 'setcap [^ ]+ [^ ]+' err | tr -d "'\"\`")
	[[ $command ]] || fail "no setcap command in: $(<err)"
	bash -c "$command"
	start right setpriv --reuid=65534 --regid=65534 --clear-groups "$TMP/bpfsniff" -i eth0 -q -c 1 >out 2>err
	wait_listening
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	ended
	expect_counts accepted 1
}

test_help_needs_nothing() {
	as_user ""
	in_namespace right "${AS_USER[@]}" "$TMP/bpfsniff" --help >out
	in_namespace right "${AS_USER[@]}" "$TMP/bpfsniff" -D >out
}

# A file's lines are nobody's business who may not read it: neither a list's nor an expression's, live and with -r.
expect_nothing_quoted() { # COMMAND...
	refused 2 "--host-file: $TMP/closed:2: the line is not an address or prefix" "$@" --host-file="$TMP/closed"
	refused 2 "cannot use the expression in '$TMP/closed'" "$@" -r "$TMP/one.pcap" -F "$TMP/closed"
	refused 2 "-F has no effect with --status; leave it out" "$@" --status=1 -F "$TMP/closed"
	expect_no_line refused.err secret
	# What the user may read is quoted as ever.
	refused 2 "--host-file: $TMP/open:2: 'secret' is not an address" "$@" --host-file="$TMP/open"
}

test_lines_of_files_that_the_user_may_not_read() {
	local user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	printf '10.9.0.1\nsecret\n' | tee open >closed
	chmod 644 open
	chmod 600 closed
	"$PYTHON" -c 'from scapy.all import Ether, IP, wrpcap
wrpcap("one.pcap", Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="10.9.0.1", dst="10.9.0.2"))'
	chmod 644 one.pcap
	refused 2 "--host-file: $TMP/closed:2: 'secret' is not" "$SNIFFER" --host-file="$TMP/closed"
	expect_nothing_quoted env SUDO_UID=65534 "$SNIFFER"
	expect_nothing_quoted env PKEXEC_UID=65534 "$SNIFFER"
	expect_nothing_quoted env DOAS_USER=nobody "$SNIFFER"
	refused 2 "2: 'secret' is not" env SUDO_UID=0 "$SNIFFER" --host-file="$TMP/closed"
	install -m 755 "$SNIFFER" capable
	setcap cap_dac_read_search+ep capable
	expect_nothing_quoted "${user[@]}" "$TMP/capable"
	install -m 4755 "$SNIFFER" setuid
	expect_nothing_quoted "${user[@]}" "$TMP/setuid"
	# Nor does it help to say that root had started it.
	refused 2 "2: the line is not" "${user[@]}" env SUDO_UID=0 "$TMP/setuid" --host-file="$TMP/closed"
}

# Root of a user namespace has every capability there, and none that bpf(2) asks for; from outside it can be sniffed.
test_a_user_namespace() {
	need unshare
	as_user ""
	refused 1 "CAP_BPF of a user namespace does not count; .* run bpfsniff as root outside of it, with --netns=PID " \
		unshare -Urn "$TMP/bpfsniff" -i lo
	refused 1 "CAP_BPF of a user namespace does not count" "${AS_USER[@]}" unshare -Urn "$TMP/bpfsniff"
	refused 1 "CAP_BPF of a user namespace does not count" "${AS_USER[@]}" unshare -Urn "$TMP/bpfsniff" --set-filter=1 tcp
	# It cannot become another user, and -r needs no privilege.
	equal "packets of a file" "44 packets" "$("${AS_USER[@]}" unshare -Ur "$TMP/bpfsniff" -r - --protocol=all --count <"$ROOT/tests/examples/office.pcap")"
	"${AS_USER[@]}" unshare -Urn sh -c 'ip link set lo up && echo up && exec sleep 1000' >inside &
	local inside=$!
	wait_for 10 has_line inside up
	sniff_in left --netns="$inside" --loopback -i lo -c 1 -q
	nsenter --user --net --preserve-credentials --target "$inside" "$PYTHON" -c 'import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x" * 7, ("127.0.0.1", 53))'
	ended
	expect_line out '127.0.0.1:[0-9]+ > 127.0.0.1:53 +length 7'
	kill "$inside"
}

run_tests "$@"
