#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Whatever comes over the socket of a running sniffer, the capture goes on: not a frame is lost, nothing stays behind.
#
#     sequence_send out ~~~> eth0 left (the sniffer) ------ eth0 right
#
source "$(dirname "$0")/../sequencelib.sh"

setup() {
	setup_sequences
	gcc -D_GNU_SOURCE -O2 -shared -fPIC -I "$ROOT/user" -I "$ROOT/include" -o spoil_client.so "$ROOT/tests/netns/spoil_client.c" -ldl
}

# A sniffer under load whose filter has been changed once.
sniff_under_load() {
	sniff_and_check 1 -i eth0
	send_stream 0 out eth0 0
	change_filter 1
	wait_for 10 is_at_rest
}

# The sniffer has nothing open but the parts of one filter and four sockets: for packets, its spare, for what happens to
# devices, and the one that it answers on.
is_at_rest() {
	local -a open
	mapfile -t open < <(readlink "/proc/$SNIFFER_PID"/fd/* | sed -nE 's/^(anon_inode:bpf-(map|prog)|socket).*/\1/p' |
		sort | uniq -c | xargs -n 2)
	[[ ${open[*]} == "9 anon_inode:bpf-map 4 anon_inode:bpf-prog 4 socket" ]]
}

has_news() { # COUNT
	(($(news | wc -l) == $1))
}

# The maps and the programs of a sniffer, a line each.
kernel_objects() {
	cat "/proc/$SNIFFER_PID"/fdinfo/* 2>/dev/null | sed -nE 's/^(map|prog)_id:\s*/\1 /p' | sort -u
}

# An ill-meaning client.
ill_client() { # WHAT COUNT
	in_namespace left "$PYTHON" "$ROOT/tests/netns/control_client.py" "$SNIFFER_PID" "$@"
}

# Change the filter with a question spoiled, see spoil_client.c; $STATUS is the exit status.
change_spoiled() { # SPOIL NUMBER
	STATUS=0
	# shellcheck disable=SC2086 # words
	SPOIL=$1 LD_PRELOAD=$PWD/spoil_client.so "$SNIFFER" --set-filter="$SNIFFER_PID" ${FILTERS[$2 % ${#FILTERS[@]}]} \
		>answer 2>refusal || STATUS=$?
}

# The sniffer answers, and the filter in force is that of FILTERS.
expect_in_force() { # NUMBER
	"$SNIFFER" --status="$SNIFFER_PID" >status
	equal "the filter in force" "filter: ${FILTERS[$1 % ${#FILTERS[@]}]}" "$(grep '^filter: ' status)"
}

test_rubbish() {
	sniff_under_load
	ill_client rubbish 300
	expect_in_force 1
	change_filter 2
	expect_in_force 2
	wait_for 10 is_at_rest
	stop_and_compare 2
}

test_many_connections() {
	sniff_under_load
	ill_client flood 1000
	expect_in_force 1
	change_filter 2
	wait_for 10 is_at_rest
	stop_and_compare 2
}

test_connections_that_stay() {
	sniff_under_load
	start left "$PYTHON" "$ROOT/tests/netns/control_client.py" "$SNIFFER_PID" hold 500 >held
	local holder=$STARTED
	wait_for 30 has_line held '^held 500$'
	expect_in_force 1
	change_filter 2
	expect_in_force 2
	kill "$holder"
	wait_for 10 is_at_rest
	stop_and_compare 2
}

# Before and after each of the two questions of --set-filter.
test_clients_that_die() {
	local when
	sniff_under_load
	for when in before:1 after:1 before:2; do
		change_spoiled "$when" 2
		equal "status of one that dies $when" 137 "$STATUS"
		expect_in_force 1
	done
	change_filter 2
	wait_for 10 is_at_rest
	stop_and_compare 2
}

rings() { # how many packet sockets of the namespace listen
	in_namespace left awk '$4 == "0003"' /proc/net/packet | wc -l
}

has_rings() { # COUNT
	(($(rings) == $1))
}

# Rings that were set up for a filter that never comes are put away, and set up again for the next one.
test_rings_that_nobody_uses() {
	sniff_and_check 1 -i eth0
	send_stream 0 out eth0 0
	has_rings 1 || fail "before: $(rings) listen"
	change_spoiled after:1 1
	equal "status of the client that dies" 137 "$STATUS"
	wait_for 10 has_rings 2
	wait_for 20 has_rings 1
	change_filter 1
	expect_in_force 1
	wait_for 10 is_at_rest
	stop_and_compare 1
}

# A filter of which nobody waits to hear any more is not put in force: who has waited in vain has said that it is not.
test_a_client_that_gives_up() {
	local status=0
	sniff_under_load
	SPOIL=late:2 LD_PRELOAD=$PWD/spoil_client.so "$SNIFFER" --set-filter="$SNIFFER_PID" "${FILTERS[2]}" >answer &
	local client=$!
	wait_for 10 has_line "/proc/$client/status" '^State:.T'
	kill -STOP "$SNIFFER_PID"
	kill -CONT "$client"
	wait "$client" || status=$?
	equal "status of the client" 137 "$status"
	kill -CONT "$SNIFFER_PID"
	expect_in_force 1
	wait_for 10 is_at_rest
	stop_and_compare 1
}

test_clients_that_hang() {
	sniff_under_load
	HANGING=()
	for _ in {1..5}; do hang 1; done
	wait_for 10 has_rings 2 # one of them has asked
	hang 2
	wait_for 10 has_news 2
	change_filter 3
	expect_in_force 3
	kill "${HANGING[@]}"
	wait_for 10 is_at_rest
	stop_and_compare 3
}

# A client that puts a question and then does nothing any more.
hang() { # QUESTION
	SPOIL=hang:$1 LD_PRELOAD=$PWD/spoil_client.so "$SNIFFER" --set-filter="$SNIFFER_PID" "${FILTERS[2]}" >answer &
	HANGING+=($!)
}

# A filter comes with 13 descriptors.
test_wrong_descriptors() {
	local number spoil
	local -a spoils=(count:2:0 count:2:1 count:2:12 count:2:14 count:2:139 count:2:140 count:2:253 count:1:3)
	for number in {0..12}; do spoils+=("file:2:$number" "repeat:2:$number:$(((number + 4) % 13))"); done
	spoils+=(map:2:11:2 map:2:12:6) # whose turn it is, and what each CPU has noted of it: maps of the right form, but not those
	sniff_under_load
	for spoil in "${spoils[@]}"; do
		change_spoiled "$spoil" 2
		if [[ $spoil == count:1:3 ]]; then # of no use to the first question, and of no harm
			equal "status with $spoil" 0 "$STATUS"
			change_filter 1
			continue
		fi
		equal "status with $spoil" 1 "$STATUS"
		equal "lines on standard error with $spoil" 1 "$(line_count refusal)"
		expect_in_force 1
	done
	wait_for 10 is_at_rest
	change_filter 2
	stop_and_compare 4
}

# Both get their will, one after the other; the last to be told is in force.
test_two_clients_at_once() {
	local round
	sniff_under_load
	for round in {1..10}; do
		change_filter 2 &
		local first=$!
		change_filter 3 &
		local second=$!
		wait "$first"
		wait "$second"
		wait_for 10 has_news $((1 + 2 * round))
		"$SNIFFER" --status="$SNIFFER_PID" >status
		equal "the filter in force" "filter: $(news | tail -n 1)" "$(grep '^filter: ' status)"
	done
	wait_for 10 is_at_rest
	stop_and_compare 21
}

# What the older filters had in the kernel is gone, and memory does not grow.
test_nothing_of_the_older_filters_stays() {
	local before after
	need bpftool
	start left "$SNIFFER" -i eth0 -w - 2>err > >(cat >/dev/null)
	wait_listening
	SENDERS=()
	send_stream 0 out eth0 0
	change_filter 1
	wait_for 10 is_at_rest
	kernel_objects >objects
	use_all_of_the_buffer
	watch_memory 20 >memory
	before=$(sort -n memory | head -n 1)
	change_filters 160
	watch_memory 20 >memory
	after=$(sort -n memory | head -n 1)
	((after <= before + 32)) || fail "memory has grown from $before to $after KiB"
	wait_for 10 is_at_rest
	kernel_objects >objects.now
	equal "maps and programs" "$(line_count objects)" "$(line_count objects.now)"
	expect_there objects.now
	wait_for 10 all_freed
	stop_senders
	stop
}

# The buffer of the output takes memory as far as it was ever filled: here to the end, with what has come meanwhile.
use_all_of_the_buffer() {
	kill -STOP "$SNIFFER_PID"
	wait_for 30 device_has_sent $(($(sent_by_device) + 200000))
	kill -CONT "$SNIFFER_PID"
}

sent_by_device() {
	in_namespace left cat /sys/class/net/eth0/statistics/tx_packets
}

device_has_sent() { # FRAMES
	(($(sent_by_device) >= $1))
}

# Private memory in KiB after each of so many changes. A change itself takes some for a while: the least is what stays.
watch_memory() { # CHANGES
	local number
	for ((number = 1; number <= $1; number++)); do
		change_filter "$number"
		sed -nE 's/^RssAnon:\s*([0-9]+) kB/\1/p' "/proc/$SNIFFER_PID/status"
	done
}

# The kernel knows what a sniffer has.
expect_there() { # FILE
	local kind id
	while read -r kind id; do
		bpftool "$kind" show id "$id" >bpftool.log 2>&1 || fail "$(<bpftool.log)"
	done <"$1"
}

# Of those that were there after the first change, only what all filters share is there.
all_freed() {
	local kind id
	while read -r kind id; do
		! bpftool "$kind" show id "$id" >bpftool.log 2>&1 || return 1
		expect_line bpftool.log ': No such file or directory$'
	done < <(comm -23 objects objects.now)
}

run_tests "$@"
