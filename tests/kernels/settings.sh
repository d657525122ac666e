#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The sniffer under settings of the kernel that cannot be changed back, or that concern the whole machine. Only in a kernel
# that is thrown away afterwards (see boot.sh).
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

[[ $(</proc/cmdline) == *kernel=linux-image-* ]] || fail 'not on a machine that is used'

# What holds for the whole machine is seen in the first network namespace only.
[[ ${1-} == --inside ]] || exec 8</proc/self/ns/net
set_everywhere() { # NAME VALUE
	nsenter --net=/dev/fd/8 sysctl -qw "$1=$2"
}

setup() {
	set_everywhere net.core.bpf_jit_enable 1
	left_and_right
}

sniff_some() { # OPTION...
	sniff -i eth0 -q "$@"
	send left eth0 <<<'3 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 3
	"$SNIFFER" --set-filter="$SNIFFER_PID" --port=54 udp >answer
	send left eth0 <<<'2 port eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 5
	stop
	expect_counts accepted 3 port 2 lost 0
}

# As a user who has no more than the capabilities of the program's file.
sniff_as_user() { # EXPRESSION
	local SNIFFER=$TMP/granted
	start right setpriv --reuid=65534 --clear-groups ./granted -i eth0 -p -q --host=10.9.0.0/24 "$1" >out 2>err
	wait_listening
	send left eth0 <<<'3 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 3
	stop
	expect_counts accepted 3
}

# Who has no capability is refused and told so, who has the two is not.
test_bpf_of_unprivileged_users() {
	local state
	cp "$SNIFFER" bare
	cp "$SNIFFER" granted
	setcap cap_net_raw,cap_bpf+ep granted
	for state in 0 2 1; do # 1 is for ever
		sysctl -qw kernel.unprivileged_bpf_disabled=$state
		equal "state" $state "$(</proc/sys/kernel/unprivileged_bpf_disabled)"
		sniff_some
		refused 1 'missing CAP_NET_RAW and CAP_BPF' ip netns exec right setpriv --reuid=65534 --clear-groups ./bare -i eth0
		sniff_as_user 'udp port 53'
	done
}

# Global up to Linux 6.7, later of each namespace.
test_little_option_memory() {
	local path=/proc/sys/net/core/optmem_max
	set_everywhere net.core.optmem_max 1000
	! in_namespace right test -e $path || in_namespace right sh -c "echo 1000 >$path"
	sniff_some --host=10.9.0.0/24 --first=10 'udp port 53 and ip'
	set_everywhere net.core.optmem_max 131072
}

# What the kernel interprets, if it can, is judged like what it has compiled; but it interprets no expressions, and some
# kernels no filter. What is refused is told how to go on.
test_without_the_compiler() {
	local how='.*compiler.* sysctl -w net.core.bpf_jit_enable=1'
	set_everywhere net.core.bpf_jit_enable 0 2>jit.err || skip "this kernel has no interpreter: $(<jit.err)"
	refused 1 "expression 'udp': $how" ip netns exec right "$SNIFFER" -i eth0 udp
	if in_namespace right "$SNIFFER" -i eth0 --duration=0.1 2>err; then
		sniff_interpreted "$how"
	else
		refused 1 "the kernel refused the filter: $how" ip netns exec right "$SNIFFER" -i eth0
	fi
}

sniff_interpreted() { # PATTERN
	sniff -i eth0 -q --port=54
	"$SNIFFER" --set-filter="$SNIFFER_PID" --host=10.9.0.0/24 --port=53 --first=3 >answer
	send left eth0 <<-'FRAMES'
		3 accepted   eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1 flow-limit eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		2 port       eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
	FRAMES
	wait_seen 6
	cp err err-sniffer
	refused 1 "expression 'udp': $1" "$SNIFFER" --set-filter="$SNIFFER_PID" udp
	cp err-sniffer err
	stop
	expect_counts accepted 3 flow-limit 1 port 2 lost 0
}

uptime_seconds() {
	cut -d . -f 1 /proc/uptime
}

# The clock of the machine, back by an hour, and beyond 2^31 seconds: times are what the clock says.
test_the_clock_is_set() {
	local year before=$((EPOCHSECONDS - $(uptime_seconds)))
	sniff -i eth0 -q -tttt -w live.pcapng
	for year in 2030 2029 2040 2026; do
		date -s "$year-02-03 12:00:00" >date.out
		send left eth0 <<<"1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)"
		wait_for 10 has_line out "^$year-02-03 12:0"
	done
	date -s "@$((before + $(uptime_seconds)))" >date.out
	stop
	expect_counts accepted 4 lost 0
	"$SNIFFER" -r live.pcapng -q -tttt >years 2>read.err
	equal "years" "2030 2029 2040 2026" "$(cut -d - -f 1 years | xargs)"
}

run_tests "$@"
