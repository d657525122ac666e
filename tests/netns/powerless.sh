#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A sniffer that runs has no power: user, capabilities, no_new_privs, seccomp, open files; and all works without.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need setpriv tcpdump strace
	left_and_right
	# The tree may be in a folder that others cannot enter.
	install -m 755 "$SNIFFER" "$TMP/bpfsniff"
	SNIFFER=$TMP/bpfsniff
}

send_udp() { # COUNT [BYTES]
	send left eth0 <<<"$1 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)/(b'x' * ${2-100})"
}

# What /proc says of the power of a process, a line each.
power_of() { # PID
	sed -nE 's/^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):\s*/\1 /p' "/proc/$1/status" |
		tr '\t' ' ' | sed 's/ *$//' | sort
}

# A process is that user and group and can do nothing, but for what is named.
expect_power() { # PID USER GROUP [NAME VALUE]...
	local none=0000000000000000 pid=$1 name
	local -A power=([Uid]="$2 $2 $2 $2" [Gid]="$3 $3 $3 $3" [Groups]=$3 [NoNewPrivs]=1 [Seccomp]=2
		[CapInh]=$none [CapPrm]=$none [CapEff]=$none [CapBnd]=$none [CapAmb]=$none)
	shift 3
	while (($#)); do
		power[$1]=$2
		shift 2
	done
	for name in "${!power[@]}"; do echo "$name ${power[$name]}" | sed 's/ *$//'; done | sort >wanted
	power_of "$pid" >got
	diff wanted got || fail "the process has not the power that it should have"
}

# The one child of a process.
child_of() { # PID
	local -a children
	mapfile -t children < <(pgrep -P "$1")
	equal "children" 1 "${#children[@]}"
	echo "${children[0]}"
}

# What a process has open: kinds, or paths.
open_in() { # PID
	readlink "/proc/$1"/fd/* | sed 's/:.*//' | sort | xargs
}

# A capture file with UDP from port 1 to 53, and one TCP packet to port 25.
make_capture() {
	start right tcpdump -i eth0 -U -Z root -c 4 -w capture.pcap 2>tcpdump.log
	wait_for 10 has_line tcpdump.log 'listening on eth0'
	send left eth0 <<-'FRAMES'
		3  accepted  eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		1  accepted  eth/IP(src=A, dst=B)/TCP(sport=1, dport=25)
	FRAMES
	wait "$STARTED"
}

# The sniffer reads a pipe that is held open, so that it can be looked at; $READER is its process id.
read_slowly() { # COMMAND...
	make_capture
	mkfifo pipe
	"$@" -r - -q <pipe >out 2>err &
	READER=$!
	exec 5>pipe
	cat capture.pcap >&5
	wait_for 10 all_lines_out
}

all_lines_out() {
	(($(line_count out) == 4))
}

end_of_pipe() {
	exec 5>&-
	wait "$READER"
}

test_live_as_root() {
	sniff -i eth0 -q
	expect_power "$SNIFFER_PID" 65534 65534
	equal "other processes" "" "$(pgrep -P "$SNIFFER_PID")"
	send_udp 3
	wait_seen 3
	stop
	expect_counts accepted 3
}

test_another_user() {
	local -a rows=("4242:4343 4242 4343" "$(id -u nobody):0 65534 0" "65534 65534 65534") row
	for row in "${rows[@]}"; do
		read -r -a row <<<"$row"
		sniff -i eth0 -q -Z "${row[0]}"
		expect_power "$SNIFFER_PID" "${row[1]}" "${row[2]}"
		stop
	done
	refused 2 "-Z: '4242' has no entry in passwd\(5\), so its group is unknown; write 4242:GROUP" "$SNIFFER" -Z 4242
}

# Where the package has made one.
test_the_user_of_the_package() {
	{ cat /etc/passwd && echo '_bpfsniff:x:4242:4343::/nonexistent:/usr/sbin/nologin'; } >passwd
	chmod 644 passwd
	mount --bind passwd /etc/passwd
	sniff -i eth0 -q
	expect_power "$SNIFFER_PID" 4242 4343
	stop
	# An expression's compiler becomes the same.
	read_slowly "$SNIFFER" 'udp or tcp'
	expect_power "$READER" 4242 4343
	expect_power "$(child_of "$READER")" 4242 4343 Seccomp 0
	end_of_pipe
}

# The kernel gives the files in /proc of a process that is not dumpable to root (proc(5)), and lets its user not trace it.
expect_closed() { # PID
	equal "owner of /proc/$1/environ" 0 "$(stat -c %u "/proc/$1/environ")"
	! setpriv --reuid=65534 --regid=65534 --clear-groups cat "/proc/$1/environ" >stolen 2>/dev/null || fail "its user reads $1"
}

# The change of user alone does not close it: here there is none.
test_no_other_process_of_the_user_looks_inside() {
	start right setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+net_raw,+bpf --ambient-caps=-all,+net_raw,+bpf \
		--bounding-set=-all,+net_raw,+bpf "$SNIFFER" -i eth0 -q --explain udp >out 2>err
	wait_listening
	expect_closed "$SNIFFER_PID"
	expect_closed "$(child_of "$SNIFFER_PID")"
	stop
}

# The descriptors of packet sockets.
packet_sockets() { # PID
	local inode
	awk 'NR > 1 { print $9 }' "/proc/$1/net/packet" | while read -r inode; do
		find "/proc/$1/fd" -lname "socket:\[$inode\]" -printf '%f\n'
	done
}

has_packet_sockets() { # DESCRIPTOR...
	[[ $(packet_sockets "$SNIFFER_PID" | sort | xargs) == "$*" ]]
}

# Sent to, a packet socket sends frames; so it has a number that the filter of system calls refuses to send to.
test_no_frames_are_sent() {
	sniff -i eth0 -i lo -q
	wait_for 10 has_packet_sockets 512 513 514 515 # two of them for the next filter
	"$SNIFFER" --set-filter="$SNIFFER_PID" --port=53
	has_packet_sockets 512 513 514 515 || fail "it has $(packet_sockets "$SNIFFER_PID" | xargs)"
	stop
}

# Nothing else gets the number of a standard descriptor that is closed, or what is printed.
test_closed_standard_descriptors() {
	local status=0
	start right "$SNIFFER" -i eth0 -q -c 3 -w file.pcap 2>err <&- >&-
	wait_listening
	send_udp 3
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	expect_line err '^bpfsniff: cannot write.*: Bad file descriptor'
	tcpdump -nr file.pcap >frames 2>tcpdump.err
	expect_no_line tcpdump.err truncated
	expect_line frames '10.9.0.1.1 > 10.9.0.2.53'
}

# With the groups that the user has.
test_live_as_another_user() {
	echo 'sniffer:x:4242:4343::/:/bin/false' >>passwd
	printf '%s\n' 'sniffer:x:4343:' 'pcap:x:4444:sniffer' 'wheel:x:4545:sniffer,root' 'adm:x:4646:root' >>group
	mount --bind passwd /etc/passwd
	mount --bind group /etc/group
	sniff -i eth0 -q -Z sniffer
	expect_power "$SNIFFER_PID" 4242 4343 Groups "4343 4444 4545"
	send_udp 3
	wait_seen 3
	stop
	expect_counts accepted 3
}

test_root_without_power() {
	sniff -i eth0 -q --user=root
	expect_power "$SNIFFER_PID" 0 0 Groups "$(power_of $$ | sed -n 's/^Groups *//p')"
	stop
}

test_live_with_capabilities() {
	start right setpriv --reuid=4242 --regid=4343 --clear-groups --inh-caps=-all,+net_raw,+bpf \
		--ambient-caps=-all,+net_raw,+bpf "$SNIFFER" -i eth0 -q >out 2>err
	wait_listening
	# Only CAP_SETPCAP may empty the bounding set; no_new_privs makes it void.
	expect_power "$SNIFFER_PID" 4242 4343 Groups "" CapBnd "$(power_of $$ | awk '/^CapBnd/ { print $2 }')"
	send_udp 3
	wait_seen 3
	stop
	expect_counts accepted 3
}

test_unknown_user() {
	refused 2 "'nosuchuser'" ip netns exec right "$SNIFFER" -i eth0 -Z nosuchuser
	refused 2 "'nosuchuser'" "$SNIFFER" -r /dev/null --user=nosuchuser
}

test_a_user_that_one_may_not_become() {
	local status=0
	make_capture
	setpriv --reuid=4242 --regid=4343 --clear-groups "$SNIFFER" -r - -Z nobody <capture.pcap >out 2>err || status=$?
	equal "exit status" 1 "$status"
	equal "standard output" "" "$(<out)"
	equal "standard error" \
		"bpfsniff: missing CAP_SETUID and CAP_SETGID to become 'nobody': run it with sudo, or leave out -Z" "$(<err)"
}

test_reading_as_root() {
	read_slowly "$SNIFFER"
	expect_power "$READER" 65534 65534
	equal "other processes" "" "$(pgrep -P "$READER")"
	end_of_pipe
}

test_reading_as_nobody() {
	read_slowly setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$SNIFFER"
	expect_power "$READER" 65534 65534 Groups ""
	end_of_pipe
}

# Not a byte is read before.
test_reading_begins_without_power() {
	make_capture
	strace -f -o trace "$SNIFFER" -r capture.pcap -q >out 2>err
	equal "lines of output" 4 "$(line_count out)"
	awk '/SECCOMP_SET_MODE_FILTER, 0, \{/ { confined = 1 }
		/openat\(.*"capture.pcap"/ { file = $NF }
		file && $0 ~ "read\\(" file "," { print confined ? "after" : "before"; exit }' trace >when
	equal "the first byte is read" after "$(<when)"
}

# The expression is compiled by a process that may look up names.
test_names_in_an_expression() {
	make_capture
	"$SNIFFER" -r capture.pcap -q port domain >out 2>err
	equal "port domain" 3 "$(line_count out)"
	"$SNIFFER" -r capture.pcap -q tcp port smtp >out 2>err
	equal "port smtp" 1 "$(line_count out)"
	"$SNIFFER" -r capture.pcap -q ip proto \\tcp and not host localhost >out 2>err
	equal "proto tcp" 1 "$(line_count out)"
	refused 2 "unknown port 'nosuchport'" "$SNIFFER" -r capture.pcap -q port nosuchport
}

test_the_compiler_of_expressions() {
	local compiler
	read_slowly "$SNIFFER" port domain or port smtp
	expect_power "$READER" 65534 65534
	compiler=$(child_of "$READER")
	expect_power "$compiler" 65534 65534 Seccomp 0
	equal "what it has open" "socket" "$(open_in "$compiler")"
	end_of_pipe
	[[ ! -e /proc/$compiler ]] || fail "the compiler is still there"
}

# The opener of files stays root, with CAP_DAC_OVERRIDE and one directory.
test_the_opener_of_files() {
	local opener kept=0000000000000002
	mkdir -m 700 private
	sniff -i eth0 -w private/file.pcap -C 1
	expect_power "$SNIFFER_PID" 65534 65534
	opener=$(child_of "$SNIFFER_PID")
	expect_power "$opener" 0 0 Groups "$(power_of $$ | sed -n 's/^Groups *//p')" CapPrm $kept CapEff $kept
	equal "what it has open" "$PWD/private socket" "$(open_in "$opener")"
	stop
	[[ ! -e /proc/$opener ]] || fail "the opener is still there"
}

is_gone() { # PID
	[[ ! -e /proc/$1 || $(awk '/^State/ { print $2 }' "/proc/$1/status") == Z ]]
}

test_the_opener_ends_with_the_sniffer() {
	local opener
	sniff -i eth0 -w file.pcap -G 3600
	opener=$(child_of "$SNIFFER_PID")
	kill -KILL "$SNIFFER_PID"
	wait_for 10 is_gone "$opener"
}

# Into a directory that only root may enter; every file is root's, and every frame is in one.
test_rotation_by_size() {
	mkdir -m 700 private
	sniff -i eth0 -w private/file.pcapng -C 1
	send_udp 3000 1000
	wait_seen 3000
	stop
	expect_counts accepted 3000 lost 0
	equal "files" "private/file-0.pcapng private/file-1.pcapng private/file-2.pcapng private/file-3.pcapng" "$(echo private/*)"
	equal "owners" "root root 600" "$(stat -c '%U %G %a' private/* | sort -u)"
	equal "frames" 3000 "$(for file in private/*; do tcpdump -nr "$file" 2>/dev/null; done | wc -l)"
}

# So that they can be read afterwards: files are for the user of -Z, or else for who called sudo; nobody else reads them.
test_owners_of_files() {
	mkdir -m 700 private
	sniff -i eth0 -Z daemon -w private/file.pcapng -C 1
	send_udp 2000 1000
	wait_seen 2000
	stop
	equal "files" 3 "$(find private -type f | wc -l)"
	equal "owners" "daemon daemon 600" "$(stat -c '%U %G %a' private/* | sort -u)"
	rm private/*
	export SUDO_UID=4242 SUDO_GID=4343
	sniff -i eth0 -w private/file.pcapng -C 1
	expect_power "$SNIFFER_PID" 65534 65534
	send_udp 2000 1000
	wait_seen 2000
	stop
	equal "files" 3 "$(find private -type f | wc -l)"
	equal "owners" "4242 4343 600" "$(stat -c '%u %g %a' private/* | sort -u)"
	rm private/*
	SUDO_UID=1x sniff -i eth0 -w private/file.pcapng
	stop
	equal "owners" "0 0 600" "$(stat -c '%u %g %a' private/*)"
}

test_rotation_in_a_circle() {
	mkdir -m 700 private
	sniff -i eth0 -w private/file.pcap -C 1 -W 2
	send_udp 5000 1000
	wait_seen 5000
	stop
	equal "files" "private/file-0.pcap private/file-1.pcap" "$(echo private/*)"
}

files_written() { # AT LEAST
	local -a files=(private/*)
	((${#files[@]} >= $1))
}

# Old files are deleted, and the names know the time zone although no file can be read any more.
test_rotation_by_time() {
	[[ -e /etc/localtime ]] || skip "there is no /etc/localtime to put something in the place of"
	mkdir -m 700 private
	cp /usr/share/zoneinfo/Asia/Tokyo zone
	mount --bind zone /etc/localtime
	sniff -i eth0 -w 'private/%s-%H' -G 1
	wait_for 10 files_written 2
	cp /usr/share/zoneinfo/America/New_York zone
	wait_for 10 files_written 4
	stop
	local file name
	for file in private/*; do
		name=${file#private/}
		equal "hour of $name" "$(TZ=UTC-9 date -d "@${name%-*}" +%H)" "${name#*-}"
	done
}

# A terminal tells ^C to all processes in front of it, also the one that opens the files: half of the frames are still
# to come.
test_rotation_goes_on_after_an_interrupt() {
	mkdir -m 700 private
	start right setsid "$SNIFFER" -i eth0 -w private/file.pcap -C 1 2>err
	wait_listening
	pause
	send_udp 2500 1000
	kill -INT -- "-$SNIFFER_PID"
	go_on
	ended
	expect_counts accepted 2500 lost 0
	equal "files" "private/file-0.pcap private/file-1.pcap private/file-2.pcap" "$(echo private/*)"
	equal "frames" 2500 "$(for file in private/*; do tcpdump -nr "$file" 2>/dev/null; done | wc -l)"
}

test_rotation_deletes() {
	mkdir -m 700 private
	sniff -i eth0 -w 'private/%s' -G 1 -W 2
	wait_for 10 files_written 2
	local -a first=(private/*)
	wait_for 10 test ! -e "${first[0]}"
	equal "owners" "root" "$(stat -c '%U' private/* | sort -u)"
	stop
	files_written 2
	! files_written 3 || fail "too many files: $(echo private/*)"
}

# The directory has gone: one line, status 1.
test_rotation_into_nowhere() {
	local status=0
	mkdir -m 700 private
	sniff -i eth0 -w private/file.pcap -C 1
	rm -r private
	send_udp 1100 1000
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	expect_line err '^bpfsniff: .*No such file or directory'
}

# What fits is kept whole.
test_a_full_disk() {
	local status=0
	mkdir small
	mount -t tmpfs -o size=64k tmpfs small
	sniff -i eth0 -w small/file.pcap
	send_udp 1000 1000
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 1 "$status"
	expect_output_failed err "'small/file.pcap'" "No space left on device"
	tcpdump -nr small/file.pcap >frames 2>tcpdump.err
	expect_no_line tcpdump.err truncated
	((10 < $(line_count frames))) || fail "only $(line_count frames) frames are in the file"
}

run_tests "$@"
