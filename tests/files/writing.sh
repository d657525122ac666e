#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Files that are written over some time: rotation, sudden ends, full disks and vanished readers.
#
source "$(dirname "$0")/fileslib.sh"

COPIES=60
MANY=$((COPIES * WEB_PACKETS)) # packets, in more than 4 MB

setup() {
	[[ -d $CAPTURES ]] || skip "no captures in $CORPUS"
	need capinfos
	repeat_packets "$WEB" "$COPIES"
}

write_many() { # OPTION...
	expect_status 0 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" "$@"
	expect_seen "$MANY"
	equal "standard output" "" "$(<out)"
}

# Files have so many packets, in their order from the first on, and other programs read them.
expect_packets() { # N FILE...
	local file
	equal "packets" "$1" "$("$PYTHON" "$FILES/prefix.py" "$WEB" "${@:2}")"
	for file in "${@:2}"; do
		packet_count "$file" >capinfos.out 2>capinfos.err
		expect_no_line capinfos.err '^capinfos: '
	done
}

# Start a sniffer that writes what comes through descriptor 3.
sniff_pipe() { # OPTION...
	mkfifo pipe
	"$SNIFFER" -r - "${EVERYTHING[@]}" "$@" <pipe >out 2>err &
	SNIFFER_PID=$!
	exec 3>pipe
	rm pipe
}

# Bytes of many.pcap go down the pipe.
feed() { # FIRST LAST
	head -c "$2" many.pcap | tail -c +"$1" >&3
}

end_pipe() {
	exec 3>&-
	wait "$SNIFFER_PID"
}

test_rotation_by_size() {
	local file
	write_many -C 1 -w part.pcap
	equal "files" "part-0.pcap part-1.pcap part-2.pcap part-3.pcap part-4.pcap" "$(echo part*.pcap)"
	expect_packets "$MANY" part-*.pcap
	write_many -C 1 -w part.pcapng
	expect_packets "$MANY" part-*.pcapng
	for file in part-{0..3}.pcap part-{0..3}.pcapng; do
		(($(stat -c %s "$file") > 1000000)) || fail "$file is too small"
		(($(stat -c %s "$file") < 1000000 + 2000)) || fail "$file is too large"
	done
}

# Of a circle of files the last packets are left, and nothing is between them.
test_a_circle_of_files() {
	write_many -w one.pcap
	write_many -C 1 -W 3 -w part.pcap
	equal "files" "part-0.pcap part-1.pcap part-2.pcap" "$(echo part*.pcap)"
	tail -q -c +25 part-{2,0,1}.pcap >left
	(($(stat -c %s left) > 2000000)) || fail "too little is left"
	tail -c "$(stat -c %s left)" one.pcap | cmp - left
	# All names have the same length.
	write_many -C 1 -W 100 -w wide.pcap
	equal "files" "wide-00.pcap wide-01.pcap wide-02.pcap wide-03.pcap wide-04.pcap" "$(echo wide*.pcap)"
}

# By the clock: every second a new file, also when there is nothing to put into it.
test_rotation_by_time() {
	local -a files
	sniff_pipe -G 1 -w part-%s.pcapng
	feed 1 24
	wait_for 10 has_files 3
	feed 25 2000000
	wait_for 10 has_files 5
	feed 2000001 5000000
	end_pipe
	expect_seen "$MANY"
	files=(part-*)
	expect_packets "$MANY" "${files[@]}"
	# Each name is a second of its own, and none is left out.
	equal "names" "$(seq -f 'part-%.0f.pcapng' "${files[0]//[!0-9]/}" "${files[-1]//[!0-9]/}")" "$(printf '%s\n' "${files[@]}")"
}

has_files() { # N
	(($(find . -name 'part-*' | wc -l) >= $1))
}

# Names are of the local clock, also where that is no whole hours from UTC; of the files the newest are kept.
test_names_of_times() {
	local before oldest
	export TZ=Asia/Kathmandu
	before=$(date +%Y-%m-%d-%H.pcap)
	write_many -G 3600 -w '%Y-%m-%d-%H.pcap'
	[[ -e $before || -e $(date +%Y-%m-%d-%H.pcap) ]] || fail "names: $(echo 20*)"
	sniff_pipe -G 1 -W 2 -w part-%s.pcap
	feed 1 2000000
	wait_for 10 has_files 1
	oldest=$(find . -name 'part-*' | sort | head -n 1)
	wait_for 10 is_gone "$oldest"
	feed 2000001 5000000
	end_pipe
	expect_seen "$MANY"
	equal "files" 2 "$(find . -name 'part-*' | wc -l)"
}

is_gone() { # FILE
	[[ ! -e $1 ]]
}

# What the sniffer took before it was idle is in the file, whatever happens then.
test_killed_when_idle() {
	local file whole
	head -c 100000 many.pcap >begin.pcap
	expect_status 1 "$SNIFFER" -r begin.pcap "${EVERYTHING[@]}" -q
	whole=$(line_count out)
	for file in killed.pcapng killed.pcap; do
		sniff_pipe -w "$file"
		feed 1 100000
		wait_for 10 has_packets "$file" "$whole"
		kill -KILL "$SNIFFER_PID"
		wait "$SNIFFER_PID" || true
		exec 3>&-
		expect_packets "$whole" "$file"
	done
}

has_packets() { # FILE N
	[[ -s $1 && $(packet_count "$1" 2>/dev/null) == "$2" ]]
}

# Killed in full flight, a write may have been cut in two, and the last packet with it; all others are there.
test_killed_in_flight() {
	local file count
	for file in killed.pcapng killed.pcap; do
		"$SNIFFER" -r - "${EVERYTHING[@]}" -w "$file" < <(endless_packets 2>feeder.log) 2>err &
		SNIFFER_PID=$!
		wait_for 30 is_larger "$file" 5000000
		kill -KILL "$SNIFFER_PID"
		wait "$SNIFFER_PID" || true
		"$SNIFFER" -r "$file" "${EVERYTHING[@]}" -w "whole-$file" 2>err ||
			expect_line err 'is damaged at offset [0-9]+: the file ends after [0-9]+ of the [0-9]+ bytes of a (packet|block)( header)?$'
		count=$("$PYTHON" "$FILES/prefix.py" "$WEB" "whole-$file")
		((count > 10000)) || fail "only $count packets"
		expect_packets "$count" "whole-$file"
	done
}

endless_packets() {
	cat many.pcap
	while tail -c +25 many.pcap; do :; done
}

is_larger() { # FILE BYTES
	[[ -e $1 ]] && (($(stat -c %s "$1") > $2))
}

# The error, the statistics, and a file that is whole as far as it goes.
expect_cut_short() { # ERROR FILE
	local count
	count=$("$PYTHON" "$FILES/prefix.py" "$WEB" "$2")
	expect_packets "$count" "$2"
	expect_output_failed err "'$2'" "$1"
	expect_line err "^accepted [0-9]+ = delivered $count \+ lost 0( \+ in flight [0-9]+)?$"
	((count > 3000 && count < MANY)) || fail "$count packets were written"
}

test_disk_full() {
	((EUID == 0)) || skip "needs root: a small file system is mounted here"
	local file
	mkdir small
	for file in full.pcapng full.pcap; do
		expect_status 1 unshare --mount sh -c 'mount -t tmpfs -o size=2m,mode=777 tmpfs small && cd small
			status=0
			"$@" || status=$?
			mv full.* ..
			exit $status' - "$SNIFFER" -r "$TMP/many.pcap" "${EVERYTHING[@]}" -w "$file"
		expect_cut_short "No space left on device" "$file"
	done
}

test_file_too_large() {
	local file
	for file in large.pcapng large.pcap; do
		(
			ulimit -f 2000
			expect_status 1 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w "$file"
		)
		expect_cut_short "File too large" "$file"
	done
}

test_reader_vanishes() {
	"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w - 2>err | head -c 2000000 >read.pcapng # pipefail: both end with 0
	equal "lines on standard error" 0 "$(line_count err)"
	local style
	for style in -q --json -A; do
		"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" "$style" 2>err | head -n 100 >out
		equal "lines on standard error" 0 "$(line_count err)"
		equal "lines of output" 100 "$(line_count out)"
	done
}

# Other programs read while we write.
test_through_a_pipe() {
	need tcpdump tshark
	"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w - 2>err | tcpdump -n -r - 2>tcpdump.log | wc -l >count
	equal "packets" "$MANY" "$(<count)"
	equal "what tcpdump says" "reading from file -, link-type EN10MB (Ethernet), snapshot length 65535" "$(<tcpdump.log)"
	"$SNIFFER" -r "$WEB" "${EVERYTHING[@]}" -w - 2>err | tshark -n -r - 2>tshark.log | wc -l >count
	equal "packets" "$WEB_PACKETS" "$(<count)"
	expect_no_line tshark.log '^tshark: '
	"$SNIFFER" -r "$WEB" "${EVERYTHING[@]}" -w - 2>err | "$SNIFFER" -r - "${EVERYTHING[@]}" -w second.pcap
	expect_packets "$WEB_PACKETS" second.pcap
}

test_text_at_once() {
	local style
	for style in -q --json; do
		expect_status 0 "$SNIFFER" -r "$WEB" "$style"
		mv out wanted
		expect_status 0 "$SNIFFER" -r "$WEB" "$style" -w copy.pcapng
		cmp wanted out
	done
	expect_status 0 "$SNIFFER" -r "$WEB" -w copy.pcapng
	equal "standard output" "" "$(<out)"
}

test_what_cannot_be_written() {
	expect_status 1 "$SNIFFER" -r "$WEB" -w nowhere/file.pcapng
	expect_line err "^bpfsniff: cannot write to 'nowhere/file.pcapng': No such file or directory$"
	expect_status 1 "$SNIFFER" -r "$WEB" -w .
	equal "standard error" "bpfsniff: cannot write to '.': Is a directory" "$(<err)"
	expect_status 1 "$SNIFFER" -r "$WEB" -w ./
	equal "standard error" "bpfsniff: cannot write to './': Is a directory" "$(<err)"
	# A pcap file has one link type; what came before the second is written.
	expect_status 1 "$SNIFFER" -r "$WEB" -r "$CAPTURES/tcpdump--ppp_ip_udp_dns.pcap" "${EVERYTHING[@]}" -w mixed.pcap
	expect_line err "^bpfsniff: cannot write more to 'mixed.pcap': a pcap file has one link type, .* write pcapng"
	equal "packets" "$(grep -oE 'delivered [0-9]+' err)" "delivered $(packet_count mixed.pcap)"
	# The file that is read is not written over.
	cp "$WEB" same.pcap
	expect_status 2 "$SNIFFER" -r same.pcap -w ./same.pcap
	expect_line err "^bpfsniff: cannot read and write './same.pcap' at the same time; "
	cmp "$WEB" same.pcap
}

# What cannot be read as a capture leaves the outputs as they were.
test_outputs_of_no_capture() {
	local input
	head -c 3 "$WEB" >cut.pcap
	head -c 23 "$WEB" >header.pcap
	for input in /etc/passwd . cut.pcap header.pcap /dev/null; do
		printf 'precious' | tee old.pcap old.pcapng >old.log
		expect_status 1 "$SNIFFER" -r "$input" -w old.pcap
		expect_status 1 "$SNIFFER" -r "$input" -r "$WEB" -w old.pcapng
		expect_status 1 "$SNIFFER" -r "$input" --flow-log=old.log
		equal "outputs after $input" "preciouspreciousprecious" "$(cat old.pcap old.pcapng old.log)"
	done
	# Nor does an expression that does not compile for the link type of the capture.
	expect_status 2 "$SNIFFER" -r "$WEB" -w old.pcap inbound
	expect_status 2 "$SNIFFER" -r "$WEB" --flow-log=old.log inbound
	equal "outputs after 'inbound'" preciousprecious "$(cat old.pcap old.log)"
	# A capture takes the place of all that was there.
	head -c 100000 /dev/zero | tee old.pcap >old.log
	expect_status 0 "$SNIFFER" -r "$WEB" -w old.pcap --flow-log=old.log
	equal "packets" "$(grep -oE 'delivered [0-9]+' err)" "delivered $(packet_count old.pcap)"
	jq -es 'all(.flow)' old.log
}

# The files of a rotation have names of their own.
test_a_rotation_leaves_what_is_read() {
	cp many.pcap part-1.pcap
	cp many.pcap "day-$(date +%Y).pcap"
	echo 10.9.0.1 >list-0.pcap
	cp part-1.pcap read
	expect_status 1 "$SNIFFER" -r part-1.pcap "${EVERYTHING[@]}" -w part.pcap -C 1
	expect_line err "^bpfsniff: cannot write to 'part-1.pcap': the name leads to a file that is being read; choose another one$"
	ln part-1.pcap last-1.pcap
	expect_status 1 "$SNIFFER" -r many.pcap -r part-1.pcap "${EVERYTHING[@]}" -w last.pcap -C 1
	expect_status 1 "$SNIFFER" -r "day-$(date +%Y).pcap" "${EVERYTHING[@]}" -w day-%Y.pcap -G 3600
	expect_line err "^bpfsniff: cannot write to 'day-%Y.pcap': the name leads to a file that is being read; choose another one$"
	expect_status 1 "$SNIFFER" -r many.pcap --host-file=list-0.pcap -w list.pcap -C 1
	equal "the list" 10.9.0.1 "$(<list-0.pcap)"
	cmp part-1.pcap read
	cmp "day-$(date +%Y).pcap" read
	for log in ./new-7.pcap new-%Y.pcap new-2026-12.pcap; do
		expect_status 2 "$SNIFFER" -r many.pcap -w new-%Y.pcap -C 1 -G 3600 "--flow-log=$log"
	done
	expect_status 2 "$SNIFFER" -r many.pcap -w new.pcap -C 1 --flow-log=new-10.pcap
	equal "error" "bpfsniff: 'new-10.pcap' is named for two outputs, and one would overwrite the other; name another file" "$(<err)"
	expect_status 0 "$SNIFFER" -r many.pcap -w new.pcap -C 1 --flow-log=new-x.pcap
}

# One file cannot be two of what the command line names.
test_one_file_for_two() {
	local option words
	cp "$WEB" same.pcap
	echo 10.9.0.1 >list
	echo same.pcap >names
	ln -s list link
	ln list hard
	for option in '-w list' --flow-log=./list --metrics="$PWD/list" '-w link' --flow-log=hard; do
		read -ra words <<<"$option"
		expect_status 2 "$SNIFFER" -r same.pcap --host-file=list "${words[@]}"
		equal "error of $option" "bpfsniff: cannot read and write '${option#*[ =]}' at the same time; write to another file" "$(<err)"
		expect_status 2 "$SNIFFER" -r same.pcap -F list "${words[@]}"
	done
	expect_status 2 "$SNIFFER" -V names -w names
	for option in --flow-log=same.pcap --metrics=./same.pcap; do
		expect_status 2 "$SNIFFER" -r same.pcap "$option"
		expect_status 2 "$SNIFFER" "$option" -r - <same.pcap
		equal "error of $option" "bpfsniff: cannot read and write '${option#*=}' at the same time; write to another file" "$(<err)"
	done
	expect_status 2 "$SNIFFER" -r same.pcap -w new --flow-log=./new
	equal "error" "bpfsniff: './new' is named for two outputs, and one would overwrite the other; name another file" "$(<err)"
	expect_status 2 "$SNIFFER" -r same.pcap --flow-log=hard --metrics=list
	expect_status 2 "$SNIFFER" -r same.pcap -w new --metrics="$PWD/new"
	equal "list" 10.9.0.1 "$(<list)"
	equal "names" same.pcap "$(<names)"
	cmp "$WEB" same.pcap
	[[ ! -e new ]]
}

# A FIFO is written once somebody reads it; before that, and when nobody takes the bytes any more, a signal ends it.
test_fifo() {
	local signal
	mkfifo fifo
	for signal in INT TERM; do
		"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w fifo >out 2>err &
		SNIFFER_PID=$!
		wait_for 10 waits_for_reader "$SNIFFER_PID"
		end_within_a_second "$SNIFFER_PID" "$signal"
		equal "standard error" "" "$(<err)"
	done
	"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w fifo >out 2>err &
	SNIFFER_PID=$!
	wait_for 10 waits_for_reader "$SNIFFER_PID"
	cat fifo >read.pcapng
	wait "$SNIFFER_PID"
	expect_packets "$MANY" read.pcapng
}

# It handles signals itself, so it is past the start, and cannot be past the open.
waits_for_reader() { # PID
	((0x$(awk '/^SigBlk/ { print $2 }' "/proc/$1/status") & 1 << 14))
}

end_within_a_second() { # PID SIGNAL
	local start=${EPOCHREALTIME/./}
	kill "-$2" "$1"
	wait "$1"
	((${EPOCHREALTIME/./} - start < 1000000 * SLOWNESS)) || fail "it took longer than a second"
}

# At the next name of a rotation only a regular file is opened, and never through a link.
test_what_a_rotation_does_not_open() {
	mkfifo part-1.pcap first-0
	expect_status 1 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w part.pcap -C 1
	expect_line err "^bpfsniff: cannot write to 'part-1.pcap': it is not a regular file$"
	expect_status 1 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w first -C 1
	expect_line err "^bpfsniff: cannot write to 'first': it is not a regular file$"
	rm part-1.pcap
	echo precious >other
	ln -s other part-1.pcap
	expect_status 1 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w part.pcap -C 1
	expect_line err "^bpfsniff: cannot write to 'part-1.pcap': it is a symbolic link: name the file itself$"
	ln -s other link.pcap
	expect_status 1 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w link.pcap
	equal "standard error" "bpfsniff: cannot write to 'link.pcap': it is a symbolic link: name the file itself" "$(<err)"
	equal "the other file" precious "$(<other)"
}

test_other_users_files() {
	((EUID == 0)) || skip "needs root: a file of another user is made here"
	echo precious >other.pcap
	chown 4242 other.pcap
	expect_status 1 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w other.pcap
	equal "standard error" \
		"bpfsniff: cannot write to 'other.pcap': it belongs to another user: choose another name, or remove it first" "$(<err)"
	equal "the other file" precious "$(<other.pcap)"
	SUDO_UID=4242 SUDO_GID=4343 expect_status 0 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w other.pcap
	expect_packets "$MANY" other.pcap
}

# What is open already may be written, by whatever name.
test_standard_output_by_name() {
	write_many -w one.pcapng
	"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w /dev/stdout 2>err | cmp - one.pcapng
	"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w /dev/stdout >two.pcapng 2>err
	cmp one.pcapng two.pcapng
	"$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w >(cat >three.pcapng) 2>err
	wait $!
	cmp one.pcapng three.pcapng
	expect_status 0 "$SNIFFER" -r many.pcap "${EVERYTHING[@]}" -w /dev/null
}

run_tests "$@"
