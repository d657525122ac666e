#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# -dd prints the filter as the kernel runs it, -d the expression alone, and ends; nothing is captured or written.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

dump() { # OPTION...
	in_namespace right "$SNIFFER" -dd -i eth0 "$@" >out 2>dump.err
	equal "standard error" "" "$(<dump.err)"
}

sections() {
	grep -E '^[a-z]+:$' out | tr -d '\n'
}

test_sections() {
	dump
	expect_line out "^headers: $HEADERS\$"
	equal "sections" "root:match:" "$(sections)"
	dump udp port 53
	equal "sections" "root:match:expression:accept:" "$(sections)"
	expect_line out '^ +1: r7 = map bs_active$'
	expect_line out '^ +[0-9]+: call skb_dissect$'
	expect_line out '^  skb_dissect\(\):$'
	expect_line out '^ +[0-9]+: call bpf_tail_call$'
	expect_line out '^ +[0-9]+: call bpf_skb_load_bytes_relative$'
	sed -n '/^expression:/,/^accept:/p' out >expression
	expect_line expression '^ +[0-9]+: call bpf_skb_load_helper_16'
	expect_line expression '^ +[0-9]+: if w0 == 0x35 goto pc\+[0-9]+$'
	expect_no_line out '\?|unknown'
}

# What is off is not there.
test_options_make_the_code() {
	dump
	cp out without
	dump --first=3 --host 10.0.0.0/8
	expect_no_line without 'map bs_(flows|prefixes)|find_address_pair'
	expect_line out 'map bs_flows$'
	expect_line out 'map bs_prefixes$'
	expect_line out '^  find_address_pair\(\):$'
}

# What another program reads of the programs that a running sniffer has loaded, in our words.
loaded_by_sniffer() { # NAME
	local id
	# Descriptors come and go; those of programs stay.
	{ cat "/proc/$SNIFFER_PID/fdinfo"/* 2>/dev/null || true; } | sed -n 's/^prog_id:\t//p' | sort -u | while read -r id; do
		"$BPFTOOL" prog show id "$id" | grep -E " name $1( |$)" >/dev/null || continue
		"$BPFTOOL" prog dump xlated id "$id"
	done | grep -E '^ +[0-9]+: ' | sed -E 's/^ +//; s/\([0-9a-f]{2}\) //
		s/call pc.*#bpf_prog_[0-9a-f]+_/call /; s/(call [a-z_0-9]+)#.*/\1/
		s/map\[id:[0-9]+\]\[0\]\+0$/value of map/; s/map\[id:[0-9]+\]\[0\]\+([0-9]+)/value of map + \1/
		s/map\[id:[0-9]+\]/map/'
}

# A pattern for the names of what is dumped under one.
program_of() { # NAME
	case $1 in
	root) echo dispatch ;;
	match) echo '(match|match_hosts|match_in_place|hosts_in_place)' ;;
	*) echo "$1" ;;
	esac
}

dumped() { # NAME
	sed -n "/^$1:/,/^[a-z]*:/p" out | grep -E '^ +[0-9]+: ' | sed -E 's/^ +//; s/map [a-z_.]+/map/'
}

test_it_is_what_the_kernel_runs() {
	local name
	BPFTOOL=$(PATH=$PATH:/usr/sbin:/sbin type -P bpftool) || skip "bpftool is not installed"
	sniff -i eth0 --port=53 --first=3 --tcp-flags=syn --host 10.0.0.0/8 'tcp and not vlan 7'
	dump --port=53 --first=3 --tcp-flags=syn --host 10.0.0.0/8 'tcp and not vlan 7'
	for name in root match expression accept; do
		dumped $name >got
		loaded_by_sniffer "$(program_of $name)" >wanted
		[[ -s wanted ]] || fail "no program $name is loaded"
		diff wanted got >difference || fail "$name is loaded otherwise"
	done
	stop
}

# Whoever has read enough of it has no complaint.
test_into_head() {
	local -a statuses
	"$SNIFFER" -dd -i lo --loopback 2>dump.err | head -n 1 >out
	statuses=("${PIPESTATUS[@]}")
	equal "statuses" "0 0" "${statuses[*]}"
	equal "messages" "" "$(<dump.err)"
	equal "output" "headers: $HEADERS" "$(<out)"
}

test_a_wrong_expression() {
	refused 2 "expression 'icmpp': .*syntax error" ip netns exec right "$SNIFFER" -d -i eth0 icmpp
	refused 2 "expression 'port domainn': " ip netns exec right "$SNIFFER" -d -i eth0 port domainn
}

test_nothing_is_written() {
	echo precious >packets.pcapng
	refused 2 "-w and -dd cannot be combined" ip netns exec right "$SNIFFER" -dd -i eth0 -w packets.pcapng
	equal "the file" precious "$(<packets.pcapng)"
}

test_without_privilege() {
	need setpriv
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
	local -a nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
	refused 1 'CAP_NET_RAW.*CAP_BPF.*(setcap|sudo) ' ip netns exec right "${nobody[@]}" "$TMP/bpfsniff" -dd
}

# Names of helpers take more than sniffing does.
test_with_few_privileges() {
	need setpriv
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
	in_namespace right setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+net_raw,+bpf \
		--ambient-caps=-all,+net_raw,+bpf --bounding-set=-all,+net_raw,+bpf "$TMP/bpfsniff" -dd tcp >out
	expect_line out '^headers: copied by a helper$'
	equal "sections" "root:match:expression:accept:" "$(sections)"
	expect_line out '^ +[0-9]+: call skb_dissect$'
	expect_line out '^ +[0-9]+: call bpf_tail_call$'
}

# Of a file only the expression can be shown: no privilege is needed.
test_for_a_file() {
	sniff -i eth0 -w packets.pcapng
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 1
	stop
	"$SNIFFER" -d -r packets.pcapng udp port 53 >out 2>err
	equal "standard error" "" "$(<err)"
	equal "sections" "expression:" "$(sections)"
	expect_line out '^ +[0-9]+: r0 = \*\(u16 \*\)skb\[12\]$'
	expect_line out '^ +[0-9]+: exit$'
	"$SNIFFER" -d -r - udp port 53 <packets.pcapng >again
	cmp out again
	in_namespace right "$SNIFFER" -d -i eth0 --host=10.0.0.1 udp port 53 >live
	cmp out live
	refused 2 "-d prints an EXPRESSION as eBPF, but there is none" ip netns exec right "$SNIFFER" -d -i eth0 --port=53
	refused 2 "icmpp" "$SNIFFER" -d -r packets.pcapng icmpp
	refused 2 "-d prints an EXPRESSION as eBPF, but there is none" "$SNIFFER" -d -r packets.pcapng --port=53
	refused 2 "-dd prints the filter as the kernel runs it" "$SNIFFER" -dd -r packets.pcapng tcp
	refused 1 "nowhere.pcap" "$SNIFFER" -d -r nowhere.pcap tcp
	printf '%b' '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x01\0\0\0' >empty.pcap
	refused 1 "empty.pcap.*the file has no packets" "$SNIFFER" -d -r empty.pcap tcp
	echo nonsense >damaged.pcap
	refused 1 "damaged.pcap" "$SNIFFER" -d -r damaged.pcap tcp
}

run_tests "$@"
