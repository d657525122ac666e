#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# CAP_NET_RAW and CAP_BPF are enough, and what is missing is named.
#
#     left eth0 ------ eth0 right (the sniffer, as user 65534)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need setpriv
	namespace left
	namespace right
	cable left right eth0
	# The tree may be in a folder that others cannot enter.
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
}

# Run a command in `right` as a user without rights, but for these capabilities.
with() { # CAPABILITIES COMMAND...
	in_namespace right setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="-all$1" \
		--ambient-caps="-all$1" --bounding-set="-all$1" "${@:2}"
}

test_no_capability() {
	refused 1 'CAP_NET_RAW.*CAP_BPF.*(setcap|sudo) ' with "" "$TMP/bpfsniff" -i eth0
}

test_only_one_capability() {
	refused 1 'CAP_BPF' with ,+net_raw "$TMP/bpfsniff" -i eth0
	expect_no_line err 'CAP_NET_RAW[^,+]*(is|are) missing'
	refused 1 'CAP_NET_RAW' with ,+bpf "$TMP/bpfsniff" -i eth0
}

test_both_are_enough() {
	: >err
	with ,+net_raw,+bpf "$TMP/bpfsniff" -i eth0 -q >out 2>err &
	SNIFFER_PID=$!
	wait_for 10 sniffer_listens
	send left eth0 <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2  not-ip    eth/ARP(psrc=A, pdst=B)
	FRAMES
	wait_seen 5
	stop
	expect_counts accepted 3 not-ip 2
}

test_the_command_that_the_message_shows() {
	local command
	with "" "$TMP/bpfsniff" -i eth0 2>err && fail "it worked"
	need setcap
	command=$(grep -oE 'setcap [^ ]+ [^ ]+' err | tr -d "'\"\`")
	[[ $command ]] || fail "no setcap command in: $(<err)"
	bash -c "$command"
	: >err
	in_namespace right setpriv --reuid=65534 --regid=65534 --clear-groups "$TMP/bpfsniff" -i eth0 -q -c 1 >out 2>err &
	SNIFFER_PID=$!
	wait_for 10 sniffer_listens
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	ended
	expect_counts accepted 1
}

test_help_needs_nothing() {
	with "" "$TMP/bpfsniff" --help >out
	with "" "$TMP/bpfsniff" -D >out
}

run_tests "$@"
