#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The sniffer under settings of the kernel that cannot be changed back, or that concern the whole machine. Only in a kernel
# that is thrown away afterwards (see boot.sh).
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

[[ $$ == 1 || $(tr ' ' '\n' </proc/cmdline) == *kernel=linux-image-* ]] || fail 'not on a machine that is used'

setup() {
	namespace left
	namespace right
	cable left right eth0
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
		(
			SNIFFER=$TMP/granted
			start right setpriv --reuid=65534 --clear-groups ./granted -i eth0 -p -q --host=10.9.0.0/24 'udp port 53' >out 2>err
			wait_listening
			send left eth0 <<<'3 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
			wait_seen 3
			stop
			expect_counts accepted 3
		)
	done
}

# Global up to Linux 6.7, later of each namespace.
test_little_option_memory() {
	local path=/proc/sys/net/core/optmem_max
	echo 1000 >$path
	! in_namespace right test -e $path || in_namespace right sh -c "echo 1000 >$path"
	sniff_some --host=10.9.0.0/24 --first=10 'udp port 53 and ip'
}

# What the kernel interprets, if it can, is judged like what it has compiled.
test_without_the_compiler() {
	local path=/proc/sys/net/core/bpf_jit_enable
	sh -c "echo 0 >$path" 2>jit.err || skip "this kernel has no interpreter: $(<jit.err)"
	equal "compiler" 0 "$(<$path)"
	sniff_some --host=10.9.0.0/24 --first=10 'udp port 53 and ip'
	echo 1 >$path
}

run_tests "$@"
