#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Wrong usage ends with status 2, what cannot go on with 1; either says one line, in the user's words.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
}

# Each line: what the message has to quote, then the arguments.
test_wrong_usage() {
	local quoted arguments
	while IFS='|' read -r quoted arguments; do
		[[ $quoted ]] || continue
		read -ra arguments <<<"$arguments"
		refused 2 "$quoted" ip netns exec right "$SNIFFER" "${arguments[@]}"
	done <<-'TABLE'
		--no-such-option|--no-such-option
		--no-such-option|-i eth0 --no-such-option=5
		k|-k
		c|-c
		--port|--port
		many|-c many
		0|-c 0
		-1|--packets=-1
		99999999999999999999|-c 99999999999999999999
		12x|-c 12x
		soon|--duration=soon
		-1|--duration=-1
		much|-B much
		0|-B 0
		long|-s long
		70000|--port=70000
		80-|--port=80-
		100-50|--port=100-50
		no-such-service|--port=53,no-such-service
		10.0.0.300|--host=10.0.0.300
		10.0.0.0/33|--host=10.0.0.0/33
		fd00::/129|--src=fd00::/129
		example.test/24|--dst=example.test/24
		10.0.0.1/|--not-host=10.0.0.1/
		ipx9|--protocol=ipx9
		256|--protocol=tcp,256
		sideways|-Q sideways
		sometimes|--color=sometimes
		often|--stats=often
	TABLE
}

test_empty_lists() {
	refused 2 '--port' ip netns exec right "$SNIFFER" --port=
	refused 2 '--host' ip netns exec right "$SNIFFER" --host=
	refused 2 '--protocol' ip netns exec right "$SNIFFER" --protocol=
	refused 2 '--port' ip netns exec right "$SNIFFER" --port=53,,80
}

# The reason stands behind the expression, however long that is.
test_expressions() {
	local long
	printf -v long 'host 10.9.0.1 or %.0s' {1..500}
	refused 2 "expression 'tcp prot': .*syntax error" ip netns exec right "$SNIFFER" -i eth0 tcp prot
	refused 2 "unknown port 'nix'" ip netns exec right "$SNIFFER" -i eth0 "$long port nix"
	refused 2 "expression 'broadcast': not a broadcast link; name an interface with -i" ip netns exec right "$SNIFFER" broadcast
	refused 2 "expression 'ip protochain 6': it needs a loop" ip netns exec right "$SNIFFER" -i eth0 ip protochain 6
	refused 2 "expression 'ip protochain 6': it needs a loop" ip netns exec right "$SNIFFER" -d ip protochain 6
}

test_no_such_interface() {
	refused 1 'nosuch0' ip netns exec right "$SNIFFER" -i nosuch0
	refused 1 'nosuch0' ip netns exec right "$SNIFFER" -i eth0 -i nosuch0
	refused 1 'name-much-too-long-for-an-interface' ip netns exec right "$SNIFFER" -i name-much-too-long-for-an-interface
}

test_no_such_namespace() {
	refused 1 "--netns: no such network namespace 'nowhere'; list them with ip netns$" "$SNIFFER" --netns=nowhere
	refused 1 '/nowhere/at/all' "$SNIFFER" --netns=/nowhere/at/all
	refused 1 '--netns: no process has the id 999999999' "$SNIFFER" --netns=999999999
	refused 1 "--netns: '/tmp' is not a network namespace" "$SNIFFER" --netns=/tmp
	refused 1 "--netns: no such network namespace 'nowhere'" "$SNIFFER" -D --netns=nowhere
}

test_a_full_device() {
	local status=0
	start right "$SNIFFER" -i eth0 -q >/dev/full 2>err
	wait_listening
	send left eth0 <<<'1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	expect_output_failed err "standard output" "No space left on device"
	expect_line err '^accepted 1 = delivered 0 \+ lost 0 \+ in flight 1$'
}

test_help_and_version() {
	"$SNIFFER" --help >help 2>err
	equal "standard error" "" "$(<err)"
	expect_line help '^Usage: .*bpfsniff '
	expect_line help '--not-port'
	awk 'length > 80 { print "too long: " $0 }' RS='\n' help >long
	awk 'NF > 24 { print NF " lines: " $1 }' RS= FS='\n' help >high
	equal "what does not fit a screen" "" "$(cat long high)"
	"$SNIFFER" --version >version 2>err
	equal "standard error" "" "$(<err)"
	expect_line version '^bpfsniff [0-9]'
}

# The sockets of a capture have high numbers.
test_too_few_descriptors() {
	refused 1 "too few file descriptors: the limit is 512, and packet sockets have numbers from 512 on" ip netns exec right prlimit --nofile=512:512 "$SNIFFER" -i eth0
}

# The kernel's compiler has an end. What a user can do is said, not its error.
test_an_expression_too_long() {
	local number
	for ((number = 0; number < 3000; number++)); do
		echo "or (tcp port $((1000 + number)) and host 10.0.$((number / 250)).$((number % 250)))"
	done | sed '1s/or//' >long
	refused 2 "it is too long for the kernel; --host-file and --port take long lists" \
		ip netns exec right "$SNIFFER" -i eth0 -F long
	(($(wc -c <refused.err) < 1000)) || fail "the message has $(wc -c <refused.err) bytes"
}

# Where the kernel would look at the expression for seconds and refuse it then, it is not asked.
test_an_expression_too_complex() {
	need strace
	local number
	for ((number = 0; number < 400; number++)); do
		echo "or (vlan and host 10.0.$((number / 250)).$((number % 250)))"
	done | sed '1s/or//' >long
	refused 2 "it is too long for the kernel" \
		ip netns exec right strace -f -e trace=bpf -o trace "$SNIFFER" -i eth0 -F long
	equal "programs that the kernel was asked for" "0 1" \
		"$(grep -c '"expression"' trace || true) $(grep -c '"accept"' trace)"
}

run_tests "$@"
