#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Wireshark, by way of tshark, captures through the sniffer: as a program of its extcap folder, and from a pipe.
#
#     left eth0 ------ eth0 right (tshark, the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	need tshark tcpdump
	export TMPDIR=$TMP # the name of tshark's fifo is that of the second: in /tmp two would meet
	left_and_right
}

# Put a link to the sniffer where tshark looks for such programs, as root: other folders it takes only from users.
install_extcap() {
	local folder
	folder=$(tshark -G folders 2>/dev/null | sed -n 's/^Extcap path:[[:space:]]*//p')
	[[ -d $folder ]] || fail "tshark has no extcap folder"
	mount -t tmpfs tmpfs "$folder"
	ln -s "$SNIFFER" "$folder/bpfsniff"
}

# Have tshark capture into file.pcapng, and wait until the sniffer that it starts listens.
start_tshark() { # INTERFACE OPTION...
	start right tshark -i "$@" -w file.pcapng 2>err
	TSHARK_PID=$STARTED
	wait_for 10 sniffer_answers
}

sniffer_answers() {
	SNIFFER_PID=$(pgrep -x bpfsniff) && in_namespace right "$SNIFFER" --status="$SNIFFER_PID" >status 2>/dev/null
}

has_seen() { # N
	sniffer_answers && has_line status "^seen $1 "
}

has_written() { # N
	[[ $(tcpdump -r file.pcapng 2>/dev/null | wc -l) == "$1" ]]
}

stop_tshark() {
	kill -INT "$TSHARK_PID"
	wait "$TSHARK_PID"
	! pgrep -x bpfsniff || fail "the sniffer is still there"
}

# What the sniffer said when it ended: tshark repeats it.
read_repeated_statistics() {
	sed -i 's/^tshark: Error by extcap pipe: //; /^$/d; /packets\? captured$/d' err
	read_statistics
}

send_a_mixture() {
	send left eth0 <<-'FRAMES'
		5  accepted    eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		4  port        eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
		2  expression  eth/IP(src=A, dst=B)/TCP(sport=1, dport=53)
		1  not-ip      eth/ARP(psrc=A, pdst=B)
	FRAMES
}

test_interfaces() {
	install_extcap
	in_namespace right tshark -D >out 2>err
	expect_line out '^[0-9]+\. bpfsniff-any \('
	expect_line out '^[0-9]+\. bpfsniff-eth0 \('
	expect_line out '^[0-9]+\. bpfsniff-lo \('
	equal "interfaces" 3 "$(grep -c bpfsniff- out)"
}

test_link_types() {
	install_extcap
	in_namespace right ip tuntap add tunnel0 mode tun
	in_namespace right tshark -i bpfsniff-eth0 -L >out 2>err
	expect_line out '^ +EN10MB \(Ethernet\)'
	in_namespace right "$SNIFFER" --extcap-interface bpfsniff-tunnel0 --extcap-dlts >out
	expect_line out '^dlt \{number=101\}'
}

# Whatever is offered is an option, and whatever it says is what --help says.
test_arguments() {
	local name
	"$SNIFFER" --extcap-interface=bpfsniff-any --extcap-config >out
	"$SNIFFER" --help >help
	grep -oP '^arg .*\{call=\K--[a-z-]+' out >names
	(($(line_count names) >= 15))
	equal "twice" "" "$(sort names | uniq -d)"
	while read -r name; do
		expect_line help "(^| )$name($|[ =])"
	done <names
	install_extcap
	in_namespace right tshark -G currentprefs >preferences 2>err
	while read -r name; do
		name=${name//-/}
		expect_line preferences "^#?extcap\.bpfsniff_eth0\.$name:"
	done <names
}

test_capture() {
	install_extcap
	start_tshark bpfsniff-eth0 -o extcap.bpfsniff_eth0.port:53 -f udp
	send_a_mixture
	wait_for 10 has_seen 12
	wait_for 10 has_written 5
	stop_tshark
	read_repeated_statistics
	expect_counts accepted 5 port 4 expression 2 not-ip 1 delivered 5 lost 0
	equal "ports" "53" "$(tshark -r file.pcapng -T fields -e udp.dstport 2>/dev/null | sort -u)"
	equal "interface" "eth0" "$(tshark -r file.pcapng -T fields -e frame.interface_name 2>/dev/null | sort -u)"
}

# Every kind of argument: a list, a choice, a switch, a number.
test_every_kind_of_argument() {
	install_extcap
	start_tshark bpfsniff-any -o extcap.bpfsniff_any.protocol:udp,icmp -o extcap.bpfsniff_any.direction:in \
		-o extcap.bpfsniff_any.loopback:true -o extcap.bpfsniff_any.first:2
	send_a_mixture
	in_namespace right ping -q -c 1 127.0.0.1
	wait_for 10 has_seen 16
	wait_for 10 has_written 6
	expect_line status '^filter: --protocol=udp,icmp --direction=in --loopback --first=2$'
	stop_tshark
	read_repeated_statistics
	expect_counts accepted 6 flow-limit 5 protocol 2 not-ip 1 direction 2
}

# tshark has enough, and closes the pipe; no frame comes any more that would tell the sniffer.
test_the_pipe_is_closed() {
	mkfifo fifo
	in_namespace right "$SNIFFER" --capture --extcap-interface=bpfsniff-eth0 --fifo=fifo 2>err &
	exec 3<fifo
	wait_for 10 sniffer_answers
	exec 3<&-
	wait $!
	read_statistics
	expect_counts accepted 0
}

test_nobody_opens_the_pipe() {
	local status=0
	mkfifo fifo
	"$SNIFFER" --capture --extcap-interface bpfsniff-eth0 --fifo fifo &
	wait_for 10 pgrep -x bpfsniff
	kill $!
	wait $! || status=$?
	equal "exit status" 143 $status
}

# Wireshark colours the field while one types: no output means that all is well.
test_capture_filter_is_checked() {
	in_namespace right "$SNIFFER" --extcap-capture-filter 'udp port 53' --extcap-interface bpfsniff-eth0 >out
	equal "standard output" "" "$(<out)"
	in_namespace right "$SNIFFER" --extcap-capture-filter 'udp prt 53' --extcap-interface bpfsniff-eth0 >out
	expect_line out 'syntax error'
	in_namespace right "$SNIFFER" --extcap-capture-filter 'ether host nobody' --extcap-interface bpfsniff-any >out
	equal "lines" 1 "$(line_count out)"
}

# The words of the sniffer come through.
test_a_wrong_argument() {
	local status=0
	install_extcap
	in_namespace right tshark -i bpfsniff-eth0 -o extcap.bpfsniff_eth0.port:nowhere -w file.pcapng 2>err || status=$?
	((status))
	expect_line err "bpfsniff: --port: 'nowhere' is not a port"
	refused 2 "--fifo" "$SNIFFER" --capture --extcap-interface=bpfsniff-eth0
	refused 1 "nowhere/fifo" "$SNIFFER" --capture --extcap-interface=bpfsniff-eth0 --fifo=nowhere/fifo
}

# A user who has put the program into a folder of his own, and given it its capabilities.
test_an_ordinary_user() {
	need setpriv setcap
	mkdir extcap home
	chown 65534 home
	install -m 755 "$SNIFFER" extcap/bpfsniff
	setcap cap_net_raw,cap_bpf+ep extcap/bpfsniff
	start right setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$TMP/home" TMPDIR="$TMP/home" WIRESHARK_EXTCAP_DIR="$TMP/extcap" \
		tshark -i bpfsniff-eth0 -c 5 -o extcap.bpfsniff_eth0.port:53 -f udp >out 2>err
	TSHARK_PID=$STARTED
	wait_for 10 sniffer_answers
	send_a_mixture
	wait "$TSHARK_PID"
	equal "packets" 5 "$(grep -c 'UDP 42 1 → 53' out)"
}

# The other way: what the sniffer writes to a pipe, tshark reads as a file...
test_pipe_to_a_reader() {
	in_namespace right "$SNIFFER" -i eth0 -w - -c 5 --port=53 udp 2>err | tshark -r - >out 2>tshark.log &
	wait_for 10 has_line err 'listening on eth0'
	send_a_mixture
	wait $!
	equal "packets" 5 "$(grep -c 'UDP 42 1 → 53' out)"
}

# ... and as an interface. When it has enough, the sniffer ends.
test_pipe_to_an_interface() {
	local status=0
	in_namespace right "$SNIFFER" -i eth0 -w - --port=53 udp 2>err | tshark -i - -c 5 >out 2>tshark.log &
	wait_for 10 has_line err 'listening on eth0'
	send_a_mixture
	wait $! || status=$?
	equal "exit status of the sniffer" 0 $status
	equal "packets" 5 "$(grep -c 'UDP 42 1 → 53' out)"
	equal "lines on standard error" 1 "$(line_count err)" # that it listens
}

run_tests "$@"
