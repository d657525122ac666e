#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Processes that pass for a sniffer, or for the user of one: nobody gets a packet socket by asking for it.
#
#     left eth0 ------ eth0 right (the sniffer, the impostor)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need setpriv
	left_and_right
	# The tree may be in a folder that others cannot enter.
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
	install -m 755 "$ROOT/tests/netns/impostor.py" "$TMP/impostor.py"
	SNIFFER=$TMP/bpfsniff
}

# A command as a user without rights but for these capabilities, as ${AS_USER[@]}.
as_user() { # UID CAPABILITIES
	AS_USER=(setpriv --reuid="$1" --regid="$1" --clear-groups --inh-caps="-all$2" --ambient-caps="-all$2"
		--bounding-set="-all$2")
}

# $IMPOSTOR is a process of ${AS_USER[@]} that answers as the sniffer PID does.
start_impostor() { # PID|-|ANSWER
	start right "${AS_USER[@]}" "$PYTHON" "$TMP/impostor.py" "$1" >impostor
	IMPOSTOR=$STARTED
	wait_for 10 has_line impostor "^listening $IMPOSTOR$"
}

# It has been asked nothing, and nothing was handed to it.
expect_nothing_got() {
	kill "$IMPOSTOR"
	equal "what the impostor got" "listening $IMPOSTOR" "$(grep -v '^done$' impostor)"
}

# It has the answers of a sniffer that its user has started, and yet it is not root's.
test_root_brings_nothing_to_a_user() {
	as_user 4242 ,+net_raw,+bpf
	start right "${AS_USER[@]}" "$SNIFFER" -i eth0 -q --port=53 >out 2>err
	wait_listening
	as_user 4242 ''
	start_impostor "$SNIFFER_PID"
	refused 1 "sniffer $IMPOSTOR was started by user 4242, so root does not trust it" \
		"$SNIFFER" --set-filter="$IMPOSTOR" --port=80
	expect_nothing_got
	stop
}

# To root, the status of a user's sniffer is only what that user says.
test_whose_word_a_status_is() {
	local note
	as_user 4242 ,+net_raw,+bpf
	start right "${AS_USER[@]}" "$SNIFFER" -i eth0 -q --port=53 >out 2>err
	wait_listening
	note="bpfsniff: sniffer $SNIFFER_PID was started by user 4242: what follows is that user's word"
	equal "as root" "$note filter: --port=53" \
		"$(in_namespace right "$SNIFFER" --status="$SNIFFER_PID" 2>&1 | grep -E '^(bpfsniff|filter)' | xargs -d '\n')"
	equal "as the user" "" "$(in_namespace right "${AS_USER[@]}" "$SNIFFER" --status="$SNIFFER_PID" 2>&1 >status)"
	stop
	sniff -i eth0 -q --port=53
	equal "of root" "" "$(in_namespace right "$SNIFFER" --status="$SNIFFER_PID" 2>&1 >status)"
	stop
}

test_a_user_brings_nothing_to_another() {
	as_user 4242 ''
	start_impostor -
	as_user 4343 ,+net_raw,+bpf
	refused 1 "sniffer $IMPOSTOR does not answer you" \
		ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$IMPOSTOR" --port=80
	refused 1 "sniffer $IMPOSTOR does not answer you" \
		ip netns exec right "${AS_USER[@]}" "$SNIFFER" --status="$IMPOSTOR"
	expect_nothing_got
}

# One's own process answers as no sniffer does: each failure is one line.
test_answers_of_no_sniffer() {
	local answer line
	while read -r answer line; do
		as_user 4242 ,+net_raw,+bpf
		start_impostor "$answer"
		refused 1 "${line/PID/"$IMPOSTOR"}" \
			ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$IMPOSTOR" --port=80
		if [[ $answer != [bn]* ]]; then
			refused 1 "${line/PID/"$IMPOSTOR"}" ip netns exec right "${AS_USER[@]}" "$SNIFFER" --status="$IMPOSTOR"
		fi
		kill "$IMPOSTOR"
	done <<-'TABLE'
		refuse not today
		silent sniffer PID refuses and does not say why
		bare   sniffer PID does not hand over the maps of its filter
		null   cannot enter the sniffer's network namespace: Invalid argument
	TABLE
}

# Even who is trusted gets the parts of a filter and not a socket: the impostor relays the answers of the sniffer.
test_whoever_is_trusted_gets_no_socket() {
	local user
	for user in 0 4242; do
		as_user "$user" ,+net_raw,+bpf,+setuid,+setgid,+setpcap
		start right "${AS_USER[@]}" "$SNIFFER" -i eth0 -q --port=53 >out 2>err
		wait_listening
		start_impostor "$SNIFFER_PID"
		refused 1 "sniffer $IMPOSTOR closed the connection" \
			ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$IMPOSTOR" --port=80
		wait_for 10 has_line impostor '^done$'
		equal "descriptors" 13 "$(grep -c '^got anon_inode:bpf-' impostor)"
		expect_no_line impostor '^got.*socket'
		kill "$IMPOSTOR"
		stop
	done
}

# A client of root's sniffer who is somebody else: it gets no answer, and so none of the maps.
test_a_stranger_as_client() {
	sniff -i eth0 -q --port=53
	as_user 65534 ,+net_raw,+bpf # the user that the sniffer has become
	refused 1 "sniffer $SNIFFER_PID does not answer you" \
		ip netns exec right "${AS_USER[@]}" "$SNIFFER" --set-filter="$SNIFFER_PID" --port=80
	in_namespace right "${AS_USER[@]}" "$PYTHON" - "$TMP" "$SNIFFER_PID" <<-'CLIENT' >answer
		import socket, sys, pathlib
		name = [line.split("@")[1] for line in pathlib.Path("/proc/net/unix").read_text().splitlines()
		        if f" @bpfsniff-{sys.argv[2]}-" in line][0]
		client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		client.connect("\0" + name)
		try:
		    print(client.recvmsg(65536, 4096)[:2])
		except ConnectionResetError:
		    print("closed")
	CLIENT
	expect_line answer "^(closed|\(b'', \[\]\))$"
	stop
}

run_tests "$@"
