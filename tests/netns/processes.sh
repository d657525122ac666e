#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --process, --uid, --cgroup and a command behind `--`: the packets of some processes. Copies of bash under the names
# alice and bob send datagrams.
#
source "$(dirname "$0")/../netlib.sh"

# What `alice` and `bob` run.
SEND='for ((i = 0; i < $1; i++)); do echo hello >/dev/udp/127.0.0.1/9; done'

listen() { # OPTION...
	namespace here
	ln -s /bin/bash alice
	ln -s /bin/bash bob
	sniff_in here -q -i lo --loopback --port=9 "$@"
}

# Have a process send datagrams, and wait for its end.
talk() { # NAME N
	in_namespace here "./$1" -c "$SEND" "$1" "$2"
}

# The processes are all that differs. An ICMP message answers each datagram, since nobody takes it, and each of both is
# seen twice.
expect_datagrams() { # ACCEPTED OF_OTHERS
	local -i sent=$(($1 + $2))
	wait_seen $((4 * sent))
	stop
	expect_counts seen $((4 * sent)) accepted "$1" process "$2" duplicate $((2 * sent)) protocol "$sent" lost 0
	equal "lines" "$1" "$(line_count out)"
}

test_by_name() {
	listen --process=alice
	talk alice 3
	talk bob 5
	expect_datagrams 3 5
	expect_no_line out '\(bob\['
	equal "lines of alice" 3 "$(grep -c '(alice\[[0-9]*\])' out)"
}

test_several_names() {
	listen --process=alice --process=carol,bob
	talk alice 3
	talk bob 5
	expect_datagrams 8 0
}

# Of names that are longer than the kernel keeps them, the kept part counts.
test_a_long_name() {
	namespace here
	ln -s /bin/bash a-name-of-twenty-two-c
	sniff_in here -q -i lo --loopback --port=9 --process=a-name-of-twenty-two-c
	talk a-name-of-twenty-two-c 2
	expect_datagrams 2 0
}

# The number is that of this pid namespace.
test_by_number() {
	namespace here
	ln -s /bin/bash alice
	mkfifo go
	start here ./alice -c "read -r <go; $SEND" alice 4
	local alice=$STARTED
	sniff_in here -q -i lo --loopback --port=9 --process="$alice"
	in_namespace here ./alice -c "$SEND" alice 6
	echo >go
	wait "$alice"
	expect_datagrams 4 6
}

test_children_from_before_and_after_the_start() {
	namespace here
	ln -s /bin/bash alice
	ln -s /bin/bash bob
	mkfifo go ready
	start here ./alice -c "./bob -c 'echo >ready; read -r <go; $SEND; ./bob -c \"\$0\" bob 2; true' '$SEND' 4; true"
	local alice=$STARTED
	read -r <ready
	sniff_in here -q -i lo --loopback --port=9 --process=alice
	in_namespace here ./bob -c "$SEND" bob 5
	echo >go
	wait "$alice"
	in_namespace here ./alice -c "./bob -c '$SEND' bob 1; true"
	expect_datagrams 7 5
}

# A process goes on as another program; a child of alice stays one.
test_another_name() {
	listen --process=bob
	in_namespace here ./alice -c "$SEND; exec ./bob -c '$SEND' bob 3" alice 2
	in_namespace here ./bob -c "$SEND; exec ./alice -c '$SEND' alice 4" bob 1
	expect_datagrams 4 6
}

test_by_user() {
	listen --uid=nobody,1234
	in_namespace here setpriv --reuid=1234 --clear-groups ./alice -c "$SEND" alice 3
	in_namespace here setpriv --reuid=65534 --clear-groups ./alice -c "$SEND" alice 2
	talk alice 4
	expect_datagrams 5 4
}

test_all_must_hold_for_one_end() {
	listen --uid=1234 --process=alice
	in_namespace here setpriv --reuid=1234 --clear-groups ./alice -c "$SEND" alice 3
	in_namespace here setpriv --reuid=1234 --clear-groups ./bob -c "$SEND" bob 2
	talk alice 4
	expect_datagrams 3 6
}

test_by_control_group() {
	local root group
	root=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
	[[ $root ]] || skip "cgroup2 is not mounted"
	group=bpfsniff-test-$$-$RANDOM
	mkdir -p "$root/$group/below"
	undo rmdir "$root/$group/below" "$root/$group"
	listen --cgroup="/$group"
	(
		echo "$BASHPID" >"$root/$group/below/cgroup.procs"
		exec ip netns exec here ./alice -c "$SEND" alice 3
	)
	talk alice 2
	expect_datagrams 3 2
	expect_no_line err "no control group"
	in_namespace here "$SNIFFER" --cgroup=/no/such --duration=0.1 2>said
	expect_line said "^bpfsniff: --cgroup: no control group '/no/such' exists yet; its packets are shown once it does$"
}

test_a_file() {
	namespace here
	ln -s /bin/bash alice
	ln -s /bin/bash bob
	sniff_in here -i lo --loopback --port=9 --process=alice -w some.pcapng
	talk bob 5
	talk alice 3
	wait_seen 32
	stop
	expect_counts accepted 3 process 5 duplicate 16 protocol 8 lost 0
	equal "packets of the file" 3 "$("$SNIFFER" -r some.pcapng --loopback --count 2>/dev/null | cut -d" " -f1)"
}

# The choice changes with the whole filter.
test_another_choice_while_it_runs() {
	listen --process=alice
	talk alice 3
	talk bob 5
	wait_seen 32
	in_namespace here "$SNIFFER" --set-filter --loopback --port=9 --process=bob >set.out
	wait_for 10 grep -q 'filter changed to: --loopback --port=9 --process=bob$' err
	talk alice 2
	talk bob 4
	wait_seen 56
	in_namespace here "$SNIFFER" --set-filter --loopback --port=9 >set.out
	wait_for 10 grep -q 'filter changed to: --loopback --port=9$' err
	talk alice 1
	talk bob 1
	wait_seen 64
	stop
	expect_counts accepted 9 process 7 duplicate 32 protocol 16 lost 0
}

# The ring has no room for them, and nobody reads it meanwhile. Its four blocks hold the others, though each may come after
# the time in which a block is closed.
test_packets_of_others_are_not_copied() {
	listen -B 512 --process=alice
	pause
	talk bob 5000
	talk alice 3
	go_on
	in_namespace here "$SNIFFER" --set-filter --loopback --port=9 --uid=1234 >set.out
	wait_for 10 grep -q 'filter changed to: --loopback --port=9 --uid=1234$' err
	pause
	talk alice 5000
	in_namespace here setpriv --reuid=1234 --clear-groups ./bob -c "$SEND" bob 2
	go_on
	expect_datagrams 5 10000
}

# What is counted of flows and connections, is counted of chosen packets.
test_the_first_packets_of_the_chosen() {
	listen --first=2 --process=alice
	serve here udp 9 "$PYTHON" -c 'import socket, time; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 9)); time.sleep(100)'
	local name
	for name in alice bob; do
		in_namespace here "./$name" -c 'exec 3>/dev/udp/127.0.0.1/9; for i in 1 2 3 4 5; do echo hello >&3; done'
	done
	wait_seen 20
	stop
	expect_counts seen 20 accepted 2 process 5 flow-limit 3 duplicate 10 lost 0
}

# Flows are counted in the kernel, and what it was in doubt of is judged when they are read: bob has given the socket to
# a child that does not use it.
test_flows_of_the_chosen() {
	namespace here
	ln -s /bin/bash alice
	ln -s /bin/bash bob
	local in_doubt='for ((i = 0; i < $1; i++)); do exec 3>/dev/udp/127.0.0.1/9; sleep 0 & wait; echo hello >&3; done'
	sniff_in here -i lo --loopback --port=9 --top --json --flow-log=log --process=alice
	talk alice 3
	in_namespace here ./bob -c "$in_doubt" bob 5
	wait_seen 32
	in_namespace here "$SNIFFER" --set-filter --loopback --port=9 --process=bob >set.out
	wait_for 10 grep -q 'filter changed to: --loopback --port=9 --process=bob$' err
	talk alice 2
	in_namespace here ./bob -c "$in_doubt" bob 6
	wait_seen 64
	stop
	equal "accepted, and of others" '9 7' "${COUNT[accepted]} ${COUNT[process]}"
	equal "packets of each" 'alice 3 bob 6' "$(jq -r '.flow | "\(.owner.source.command) \(.packets[0])"' log |
		awk '{ sum[$1] += $2 } END { for (name in sum) print name, sum[name] }' | sort | xargs)"
	in_namespace here "$SNIFFER" -i lo --loopback --port=9 --flow-log=log -- bash -c "$SEND" bash 4 2>err
	has_line err '^flows 4: accepted 4 = counted 4 \+ evicted 0; bytes 136 = ' || fail "$(<err)"
}

# What learns of processes must have been loaded before the sniffer gave up its privileges.
test_no_choice_without_the_programs() {
	listen
	refused 1 'this sniffer cannot filter by process, because it was started without --owner or --process; restart it with one of them$' \
		ip netns exec here "$SNIFFER" --set-filter --process=bob
	stop
}

# Sniff on the loopback device while a command runs. Its status is in $STATUS.
run_command() { # WORD...
	STATUS=0
	in_namespace here "$SNIFFER" -q -i lo --loopback --port=9 "$@" >out 2>err || STATUS=$?
}

sniff_command() { # WORD...
	run_command "$@"
	read_statistics
}

test_a_command() {
	namespace here
	ln -s /bin/bash bob
	start here ./bob -c 'while :; do echo hello >/dev/udp/127.0.0.1/9; sleep 0.01; done'
	sniff_command -- bash -c "echo begun; $SEND; exit 3" bash 4
	kill "$STARTED"
	equal "exit status" 3 $STATUS
	equal "first line" begun "$(head -n 1 out)"
	equal "its packets" 4 "$(grep -c '(bash\[[0-9]*\])' out)"
	equal accepted 4 "${COUNT[accepted]}"
	((COUNT[process] > 0)) || fail "nothing of the other process was seen"
}

# The sniffer waits for all of them, although their parents have gone.
test_children_of_a_command() {
	namespace here
	sniff_command -- bash -c "(setsid bash -c 'sleep 0.2; $SEND' bash 2 &) ; exit 4"
	equal "exit status" 4 $STATUS
	expect_counts accepted 2 duplicate 4 protocol 2 lost 0
}

test_statuses_of_a_command() {
	namespace here
	run_command -- no-such-command
	equal "exit status" 127 $STATUS
	expect_line err "^bpfsniff: cannot run 'no-such-command': No such file or directory; '--' begins a COMMAND, and an EXPRESSION stands before it$"
	echo precious >old.pcap
	run_command -w old.pcap -- ./no-such-command
	equal "exit status" 127 $STATUS
	equal "what was there" precious "$(<old.pcap)"
	run_command -- sh -c 'kill -9 $$'
	equal "exit status" 137 $STATUS
}

# What the command says does not mix with what a program reads of the sniffer.
test_the_words_of_a_command_beside_data() {
	namespace here
	in_namespace here "$SNIFFER" -i lo --loopback --port=9 -w - -- bash -c "echo words; $SEND" bash 2 >capture 2>err
	equal "packets" "2 packets" "$("$SNIFFER" -r capture --loopback --count 2>count.err)"
	expect_line err '^words$'
	in_namespace here "$SNIFFER" -i lo --loopback --port=9 --json -- bash -c "echo words; $SEND" bash 2 >out 2>err
	equal "packets" 2 "$(jq .number out | wc -l)"
	expect_line err '^words$'
}

test_a_command_runs_where_its_packets_are() {
	namespace here
	"$SNIFFER" --netns=here -q -i lo --loopback --port=9 -- bash -c "readlink /proc/self/ns/net >there; $SEND" bash 2 >out 2>err
	equal "packets" 2 "$(line_count out)"
	equal "network namespace" "$(in_namespace here readlink /proc/self/ns/net)" "$(<there)"
}

# A process is judged by the user and the group that it has when it uses its socket.
test_a_process_becomes_another_user() {
	namespace here
	sniff_in here -q -i lo --loopback --port=9 --uid=65534
	in_namespace here "$PYTHON" -c '
import os, socket
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"root", ("127.0.0.1", 9))
os.setuid(65534)
for _ in range(3): s.sendto(b"nobody", ("127.0.0.1", 9))'
	stop
	equal "packets" 3 "$(line_count out)"
}

test_the_sniffer_ends_before_its_command() {
	namespace here
	sniff_in here -q -i lo --loopback --port=9 -- bash -c "trap 'echo >ended; exit' TERM; echo >begun; while :; do sleep 0.1; done"
	wait_for 10 test -e begun
	stop TERM
	wait_for 10 test -e ended
}

# What the kernel has kept of a verdict gives way before the next packet.
test_sockets_ports_and_names_change_hands() {
	left_and_right
	address left 10.9.0.1/24 10.9.0.2 "$RIGHT_MAC"
	start left "$PYTHON" "$ROOT/tests/netns/owner_changes.py" >wanted
	local changes=$STARTED
	wait_for 10 test -e begun
	sniff_in left -i lo,eth0 --loopback --process=bob -w some.pcapng
	touch listens
	wait_for 10 test -e ready
	in_namespace left "$SNIFFER" --set-filter --loopback --process=carol >set.out
	wait_for 10 grep -q 'filter changed to: --loopback --process=carol$' err
	touch go
	wait "$changes"
	stop
	grep -aoE '(wanted|others) [a-z ]*;' some.pcapng | tr -d ';' >got
	# Before Linux 6.3 nobody tells who sends and receives through a shared socket, or passes one on.
	printf '%s\n' 6.3 "$(uname -r)" | sort -VC || sed -i -E '/ a new user$| a child$| is left$/d' wanted got
	equal "wanted packets" "$(sort wanted)" "$(sort got)"
}

receive() { # NAME PORT
	start right "$PYTHON" -c 'import socket, sys; open("/proc/self/comm", "w").write(sys.argv[1])
s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("", int(sys.argv[2])))
while True: s.recv(100)' "$1" "$2"
	wait_for 10 is_open right udp "$2"
}

# Datagrams that nobody answers. Each is the first one of its flow.
test_a_receiver_in_another_namespace() {
	left_and_right
	addresses
	ln -s /bin/bash alice
	receive bob 1000
	receive carol 1001
	sniff_in left -i eth0 --json --process=bob
	in_namespace left ./alice -c 'for i in 1 2 3 4 5; do ((i > 3)) || echo hello >/dev/udp/10.9.0.2/1000; echo hello >/dev/udp/10.9.0.2/1001; done'
	stop
	expect_counts seen 8 accepted 3 process 5 lost 0
	equal "ends" "alice exact bob sender" "$(jq -r '.owner | "\(.source.command) \(.source.how) \(.destination.command) \(.destination.how)"' out | sort -u)"
}

# Root's sniffer runs it for the one who called sudo.
test_a_command_of_another_user() {
	namespace here
	getent passwd 65534 >/dev/null || skip "there is no user nobody"
	in_namespace here env SUDO_UID=65534 "$SNIFFER" -q -i lo --loopback -- sh -c 'id -u; grep -h CapEff /proc/self/status; echo $HOME' >out 2>err
	equal "user" "65534 CapEff: 0000000000000000 $(getent passwd 65534 | cut -d: -f6)" "$(tr '\t\n' '  ' <out | sed 's/ $//')"
}

# Signals 32 and 33 are the C library's (signal(7)), which whoever starts the tests may ignore.
test_the_command_has_the_default_signals() {
	namespace here
	sniff_command -- grep -hE 'Sig(Blk|Ign)' /proc/self/status
	local name mask
	while read -r name mask; do
		equal "$name" 0 $((0x$mask & ~0x180000000))
	done <out
	equal "masks" 2 "$(line_count out)"
}

test_refusals() {
	refused 2 "no command follows '--'; write the command" "$SNIFFER" -q --
	refused 2 "-r and a command behind '--' cannot be combined; leave out one of them$" "$SNIFFER" -r x -- true
	refused 2 "--process and -r cannot be combined, because a file cannot be filtered by process \\(--owner shows the owners that it records\\); leave out one of them$" "$SNIFFER" -r x --process=a
	refused 2 "--process: there are more than 16 items$" "$SNIFFER" --process=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17
	refused 2 "--process: '0' is not a process; write a name, or a number up to 4194304$" "$SNIFFER" --process=0
	refused 2 "--uid: 'no-such-user' is not a user of this system; write a name or a number$" "$SNIFFER" --uid=no-such-user
	refused 2 "--cgroup: 'x' is not the path of a control group, such as /system.slice$" "$SNIFFER" --cgroup=x
}

run_tests "$@"
