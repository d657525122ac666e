#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Lines that users of tcpdump and tshark type from memory, lines of the README, and wrong ones. Each works and prints what is
# meant, or is refused in one line that says what to write.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/../netlib.sh"

# Send the frames of a capture again and again, about a thousand a second.
play() { # NAMESPACE DEVICE FILE
	start "$1" "$PYTHON" -c '
import socket, struct, sys, time
data, at, frames = open(sys.argv[2], "rb").read(), 24, []
while at < len(data):
    length = struct.unpack_from("<I", data, at + 8)[0]
    frames.append(data[at + 16:at + 16 + length])
    at += 16 + length
device = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
device.bind((sys.argv[1], 0))
while True:
    for frame in frames:
        device.send(frame)
    time.sleep(len(frames) / 1000)' "$2" "$3"
}

setup() {
	left_and_right
	cp "$ROOT/tests/examples/office.pcap" one.pcap
	echo one.pcap >list
	echo 'tcp port 80' >filter
	echo 'no capture' >no.pcap
	printf '10.0.0.1\n10.0.0.x\n' >bad.hosts
	mkdir folder
}

# The bytes that a file begins with.
magic() { # FILE
	od -An -tx1 -N4 "$1" | tr -d ' '
}

# Run a line in `right`; with an option that ends it, unless it ends by itself.
run_line() { # LINE [OPTION...]
	local -a words
	eval "words=($1)"
	[[ $1 =~ (^| )-[a-z]*r|-c|-d|-D|-h|--version|-V ]] || words=("${@:2}" "${words[@]}")
	STATUS=0
	in_namespace right timeout $((10 * SLOWNESS)) "$SNIFFER" "${words[@]}" >out 2>err || STATUS=$?
}

# A line has worked: what it must print is a pattern for some line of its output, a file that it must write, or none.
expect_done() { # LINE KIND WHAT
	local file
	equal "status of $1: $(<err)" 0 "$STATUS"
	case $2 in
	prints) has_line out "$3" || fail "$1: no line matches $3 in: $(head -n 5 out)" ;;
	pipes) equal "$1" "$3" "$(magic out)" ;;
	writes)
		equal "output of $1" "" "$(<out)"
		file=$(compgen -G "$3") || fail "$1: no $3 among $(echo *)"
		has_packets "$file" || fail "$1: no packets in $file"
		rm "$file"
		;;
	*) fail "$1: what is '$2'?" ;;
	esac
}

has_packets() { # FILE
	[[ $("$SNIFFER" -r "$1" --protocol=all --count 2>/dev/null) =~ ^[1-9] ]]
}

expect_refused() { # LINE STATUS PATTERN
	equal "status of $1: $(<err)" "$2" "$STATUS"
	equal "lines of $1: $(<err)" 1 "$(line_count err)"
	has_line err "^bpfsniff: .*$3" || fail "$1: it says $(<err)"
	equal "output of $1" "" "$(<out)"
}

# Each row: what is typed => what it does, and prints or says.
run_table() { # [OPTION...]
	local line kind what
	ROWS=0
	while IFS= read -r line; do
		[[ $line ]] || continue
		what=${line##* => } line=${line%% => *}
		kind=${what%% *} what=${what#* }
		run_line "$line" "$@"
		case $kind in
		1 | 2) expect_refused "$line" "$kind" "$what" ;;
		*) expect_done "$line" "$kind" "$what" ;;
		esac
		((ROWS += 1))
	done
}

test_live_lines_from_memory() {
	play left eth0 one.pcap
	run_table -c 1 <<-'TABLE'
		-i eth0 => prints ^  IPv[46]  
		-n -i eth0 => prints ^  IPv[46]  
		-ni eth0 => prints ^  IPv[46]  
		-i any => prints ^  IPv[46]  
		-i any -nn tcp => prints ^  TCP  
		tcp => prints ^  TCP  
		-nni eth0 port 80 => prints \.[12]:80 
		-nn -i eth0 tcp port 80 => prints ^  TCP  
		-v -i eth0 => prints ^  IPv[46]  
		-vv -n -i eth0 udp => prints ^  UDP  
		-vvv -nn -i eth0 icmp => prints ICMP 10\.9\.0\.[12] > 10\.9\.0\.[12] 
		icmp => prints ICMP 10\.9\.0
		-i eth0 arp => prints ARP 02:00
		-i eth0 icmp or arp => prints ^#?.*(ICMP|ARP) 
		-e -i eth0 => prints ^  Link  ethernet  02:
		-nn -e -i eth0 vlan => prints vlan 10
		-i eth0 -q => prints 10\.9\.0\.[12]|fd09::
		-i eth0 -A port 80 => prints ^  TCP  
		-i eth0 -X port 80 => prints ^0000   45 00 
		-i eth0 -XX port 80 => prints ^0000   02 00 00 00 00 0[12] 
		-i eth0 -x => prints ^0000   [46]
		-i eth0 -xx => prints ^0000   02 00 
		-nnvvXS -i eth0 => prints ^0000   
		-nnvXSs 0 -c1 -i eth0 port 80 => prints ^0000   45 00 
		-i eth0 host 10.9.0.1 => prints 10\.9\.0\.1
		-i eth0 src 10.9.0.1 and dst port 443 => prints 10\.9\.0\.1:[0-9]+ > 10\.9\.0\.2:443
		-i eth0 'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0' => prints flags (SYN|FIN)
		-i eth0 'tcp[13] & 2 != 0' => prints flags SYN
		-i eth0 net 10.9.0.0/16 => prints 10\.9\.0
		-i eth0 not port 22 and not arp => prints ^  IPv[46]  
		-i eth0 udp port 53 => prints :53 
		-i eth0 ip6 => prints ^  IPv6  
		-i eth0 greater 100 => prints frame [1-9][0-9][0-9]
		-i eth0 -t => prints ^#1  eth0 in 
		-i eth0 -tt => prints ^[0-9]{10}\.[0-9]{9}  
		-i eth0 -tttt => prints ^20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{9}  
		-i eth0 -s 0 => prints ^  IPv[46]  
		-i eth0 -s 40 => prints captured 40
		-i eth0 --snapshot-length=40 => prints captured 40
		-l -i eth0 => prints ^  IPv[46]  
		-p -i eth0 => prints ^  IPv[46]  
		-Q in -i eth0 => prints eth0 in 
		-B 4096 -i eth0 => prints ^  IPv[46]  
		-i eth0 --immediate-mode => prints ^  IPv[46]  
		-KONU -i eth0 => prints ^  IPv[46]  
		-S -i eth0 tcp => prints ^  TCP   .*seq [0-9]
		-i eth0 -# -q => prints ^1 
		-i eth0 -Z root => prints ^  IPv[46]  
		-i eth0 --micro -tt => prints ^[0-9]{10}\.[0-9]{6}  
		-i eth0 -w out.pcap => writes out.pcap
		-i eth0 -s0 -w out.pcapng => writes out.pcapng
		-i eth0 -nn -vv -U -w out.pcap port 80 => writes out.pcap
		-i any -w out.pcap => writes out.pcap
		-i eth0 -C 1 -W 3 -w out.pcap => writes out-0.pcap
		-i eth0 -G 3600 -w out-%Y.pcap => writes out-20[0-9][0-9].pcap
		-i eth0 -U -w - => pipes 0a0d0d0a
		-f 'tcp port 80' -i eth0 => prints ^  TCP  
		-i eth0 -w out.pcap --print => prints 10\.9\.0\.[12]|fd09::
	TABLE
	((ROWS >= 55)) || fail "only $ROWS rows"
}

test_other_lines_from_memory() {
	run_table -c 1 <<-'TABLE'
		-D => prints ^[0-9]+\.eth0 .*up
		-d port 80 => prints ^expression:
		-dd port 80 => prints ^ +0: 
		--version => prints ^bpfsniff [0-9]
		-h => prints ^Usage: bpfsniff
		-r one.pcap => prints ^  IPv[46]  
		-nr one.pcap => prints ^  IPv[46]  
		-nn -X -r one.pcap => prints ^0000   45 00 
		-ttttnnr one.pcap => prints ^2025-11-24 
		-r one.pcap --count => prints ^40 packets$
		-r one.pcap --count icmp => prints ^2 packets$
		-r one.pcap -w two.pcap tcp => writes two.pcap
		-V list --count => prints ^40 packets$
		-r one.pcap -c 1 -q => prints 10\.9\.0\.1:40000 > 10\.9\.0\.2:53
		-r one.pcap -A tcp port 80 => prints GET /
		-F filter -r one.pcap --count => prints ^28 packets$
		-I -i eth0 => 2 -I is not supported: .*iw\(8\)
		-L -i eth0 => 2 -L is not supported: .*-q -e
		-j host -i eth0 => 2 -j is not supported: .*--nano
		-J => 2 -J is not supported: .*--nano
		-y EN10MB -i eth0 => 2 -y is not supported: .*leave it out
		-E secret -r one.pcap => 2 -E is not supported: .*-w FILE
		-T vxlan -i eth0 => 2 -T is not supported: .*-w FILE
		-w out.pcap -G 60 -z gzip => 2 -z is not supported: .*-w - \| COMMAND
		-M secret -i eth0 => 2 -M is not supported: .*-w FILE
		-H -i wlan0 => 2 -H is not supported: .*-w FILE
		-i eth0 -Y http => 2 -Y is not supported: use 'tcp port 80'
		-r one.pcap -Y 'tcp.port == 80' => 2 -Y is not supported: use 'tcp port 80'
		-r one.pcap -Y 'ip.addr == 10.9.0.1 && tcp' => 2 -Y is not supported: use 'host 10.9.0.1 and tcp'
		-r one.pcap -T json => 2 -T is not supported: use --json
		-r one.pcap -T fields -e ip.src => 2 -T is not supported: .*jq .ip.source
		-i eth0 -a duration:5 => 2 -a is not supported: use --duration=5
		-i eth0 -b filesize:1000 -w out.pcap => 2 -b is not supported: use -C MB
		-r one.pcap -V => 2 option '-V' needs a value: write -V FILE
		-r one.pcap -t ad => 2 '-t ad' is an option of tshark: write -tttt
		-q -z io,stat,1 -r one.pcap => 2 -z is not supported: use --stats
		-r one.pcap -2 -R dns => 2 -2 is not supported: leave it out
		-i eth0 -P -w out.pcap => 2 -P is not supported: use --print
		-r one.pcap tcp.port==80 => 2 'tcp.port==80' is a Wireshark display filter: write 'tcp port 80'
		-r one.pcap http.request => 2 'http.request' is a Wireshark display filter: write an expression
		one.pcap => 2 'one.pcap' is a file, .*write -r one.pcap
		eth0 => 2 'eth0' is an interface, .*write -i eth0$
		-r one.pcap 10.9.0.1 => 2 expression '10.9.0.1': .*syntax error; did you mean 'host 10.9.0.1'\?$
		-r one.pcap TCP port 80 => 2 expression 'TCP port 80': .*; did you mean 'tcp port 80'\?$
		-i eth0 host 10.9.0.0/24 => 2 Mask syntax for networks only; did you mean 'net 10.9.0.0/24'\?$
		-r one.pcap port 80, 443 => 2 ; did you mean 'port 80 or 443'\?$
		-r one.pcap port 80 443 => 2 ; did you mean 'port 80 or 443'\?$
		-i eth0 10.9.0.1 and port 80 => 2 ; did you mean 'host 10.9.0.1 and port 80'\?$
		tcp 80 => 2 ; did you mean 'tcp port 80'\?$
		-r one.pcap port http,https => 2 ; did you mean 'port http or https'\?$
		-r one.pcap nonsense => 2 expression 'nonsense': .*syntax error$
		-r one.pcap --udp => 2 unknown option '--udp': use --protocol=udp$
		lo => 2 'lo' is an interface, .*write -i lo --loopback$
		no.pcap => 2 'no.pcap' is a file, .*write -r no.pcap
		list => 2 'list' is a file, .*write -r list
		nofile.pcap => 2 'nofile.pcap' is not an expression, and there is no such file; -r FILE reads a capture file$
		-version => 2 unknown option '-version': did you mean --version\?$
		-i=eth0 => 2 -i: '=eth0' begins with '=', .*write -i eth0$
		-r=one.pcap => 2 -r: '=one.pcap' begins with '=', .*write -r one.pcap$
		-V -r one.pcap => 2 option '-V' needs a value, but '-r' is an option: .*the default shows every field, as tshark -V does$
		--port '80, 443' -r one.pcap => 2 --port: '80, 443' has a blank; write --port=80,443 without blanks$
		-r one.pcap --port 80, 443 => 2 --port: '80,' ends at a blank; write --port=80,443 without blanks$
	TABLE
	((ROWS >= 40)) || fail "only $ROWS rows"
}

test_wrong_lines() {
	run_table <<-'TABLE'
		--bogus => 2 unknown option '--bogus': bpfsniff --help lists the options$
		--hots=10.0.0.1 => 2 unknown option '--hots=10.0.0.1': did you mean --host\?$
		-k => 2 unknown option '-k': bpfsniff --help
		-i => 2 option '-i' needs a value: write -i LIST$
		-i nosuch0 => 1 no such interface 'nosuch0'
		-c 0 => 2 -c: '0' is not a number from 1 to 
		-c many => 2 -c: 'many' is not a number from 1 to 
		-s 999999 => 2 -s: '999999' is not a number from 0 to 262144$
		-B 0 => 2 -B: '0' is not a number from 1 to 
		--duration=soon => 2 --duration: 'soon' is not a number of seconds above 0, such as 2 or 0.5$
		--port=70000 => 2 --port: '70000' is too large; ports go from 0 to 65535$
		--port=100-50 => 2 --port: '100-50' is a reversed range; write 50-100$
		--port=53,,80 => 2 --port: '53,,80' has an empty item
		--port=nix => 2 --port: 'nix' is not a port, a range or a service name
		'--port=!53' => 2 --port: '!53' cannot be negated here; write --not-port=53
		--port 53 80 => 2 '80' is read as an EXPRESSION: .*--port=53,80$
		--host=10.0.0.300 => 2 --host: '10.0.0.300' is not an address or prefix
		--host=10.0.0.0/33 => 2 --host: '10.0.0.0/33' has a wrong prefix length; IPv4 has 0 to 32 bits
		--host=fe80::1%eth0 => 2 --host: 'fe80::1%eth0' has a zone, .*write fe80::1, and -i eth0
		--protocol=ipx9 => 2 --protocol: 'ipx9' is not an IP protocol
		--protocol=ip => 2 --protocol: 'ip' is not a protocol that IP carries; write the EXPRESSION ip
		-Q sideways => 2 -Q: 'sideways' is not a direction; write in, out or inout$
		--tcp-flags=xyz => 2 --tcp-flags: 'xyz' is not a TCP flag
		--color=red => 2 --color: 'red' is not one of auto, always and never$
		-i eth0 tcp prot => 2 expression 'tcp prot': .*syntax error$
		-r none.pcap => 1 cannot open 'none.pcap': No such file or directory$
		-r no.pcap => 1 'no.pcap' is not a pcap or pcapng file
		-r folder => 1 'folder'.*: Is a directory
		-r '' => 2 -r: '' is not the name of a file$
		-r one.pcap -w /nowhere/x => 1 cannot write to '/nowhere/x': No such file or directory$
		-r one.pcap -w one.pcap => 2 cannot read and write 'one.pcap' at the same time; write to another file$
		-F none => 1 -F: cannot read 'none': No such file or directory$
		--host-file=none => 1 --host-file: cannot read 'none': No such file or directory$
		--host-file=bad.hosts => 2 --host-file: bad.hosts:2: '10.0.0.x' is not an address
		-V none => 1 -V: cannot read 'none': No such file or directory$
		-C 1 => 2 -C needs -w FILE
		-w - -q => 2 -w '-' and text cannot both go to standard output
		-w a.pcap -w b.pcap => 2 -w: 'b.pcap' is a second file
		-w a.pcap -A => 2 -A changes what is printed, .*add --print, or leave it out$
		-w a.pcap -S => 2 -S changes what is printed, .*add --print, or leave it out$
		-r one.pcap -w a.pcap -w b.pcap -X => 2 -w: 'b.pcap' is a second file
		--status -q => 2 -q has no effect with --status; leave it out$
		--json -tttt => 2 -tttt and --json cannot be combined, because
		tcp and udp => 2 no packet can match 'tcp and udp': .*write 'tcp or udp', or --protocol=tcp,udp$
		--protocol=udp --tcp-event=any => 2 only TCP has such events; leave out one of them$
		-w a.pcap -tttt => 2 -tttt changes what is printed, .*add --print, or leave it out$
		-r one.pcap -i eth0 => 2 -i and -r cannot be combined, .*leave out one of them$
		--json -q => 2 -q and --json cannot be combined
		-D -q => 2 -D only lists interfaces; leave out -q$
		-ddd => 2 -d may be repeated only as -dd
		-F filter udp => 2 -F and an EXPRESSION cannot be combined
		--protocol=tcp icmp => 2 no packet can match --protocol=tcp and 'icmp' together; leave out one of them$
		--host=10.0.0.1 arp => 2 no packet can match --host=10.0.0.1 and 'arp' together
		host 127.0.0.1 => 2 no packet can match 'host 127.0.0.1': .*add --loopback$
		-i lo => 2 no packet can match on 'lo': .*add --loopback$
		--netns=nowhere => 1 no such network namespace 'nowhere'
		-Z nobody:nosuch => 2 -Z: 'nosuch' is not a group of this system
		--status => 1 no running sniffer answers you
		--status 123 => 2 '123' is read as an EXPRESSION: write --status=123$
		--set-filter=4194304 => 1 4194304
		help => 2 'help' is not an EXPRESSION: write --help$
		--first=0 => 2 --first: '0' is not a number from 1 to 
	TABLE
	((ROWS >= 40)) || fail "only $ROWS rows"
}

# What each prints or writes; nothing comes over the loopback device.
expect_shown() { # LINE
	local file
	case $1 in
	*--sample=*) ;; # as chance has it
	*'-i lo'*) equal "$1" "" "$(<shown)" ;;
	*'-w '*)
		file=$(compgen -G '*.pcapng') || fail "$1: no file among $(echo *)"
		has_packets "$file" || fail "$1: no packets in $file"
		rm "$file"
		;;
	*) [[ -s shown ]] || fail "$1: nothing shown, but $(<err)" ;;
	esac
}

# The commands of the README that listen, each until its first packet. Their output is not compared, but for its shape.
test_readme() {
	need jq
	local line status wanted count=0
	addresses # so that `right` resets connections
	play left eth0 one.pcap
	bpfsniff() {
		local -a end=(-c 1 --duration=2)
		[[ $* == *--top* ]] && end=(--duration=2) # it counts flows, and shows no packets
		[[ $* == *' -- '* ]] && end=() # it ends with its command
		in_namespace right "$SNIFFER" "${end[@]}" "$@" 2>err
	}
	sed -nE 's/^    (\$ )?sudo (build\/)?(bpfsniff .*)/\3/p' "$ROOT/README.md" |
		grep -v -e --set-filter -e --status | sed -E 's/ +#.*//' >commands
	while read -r line; do
		status=0 wanted=0
		[[ $line != *' -- curl '* ]] || wanted=7 # to which nobody has answered
		eval "$line" >shown || status=$?
		((status == wanted)) || fail "$line: status $status: $(<err)"
		has_line err '^seen [0-9]+ = |^{"statistics"' || fail "$line: $(<err)"
		expect_shown "$line"
		((count += 1))
	done <commands
	((count >= 16)) || fail "only $count commands: $(<commands)"
	# The lines of the packet in Quick start, without their values.
	in_namespace right "$SNIFFER" -i eth0 -c 1 tcp and port 80 2>err >shown
	sed -n '/sudo bpfsniff -i eth0 -c 1/,/    0000/p' "$ROOT/README.md" | grep -oE '^      (IPv4|TCP  | checksum| +checksum)' | sort -u >wanted
	grep -oE '^  (IPv4|TCP  | +checksum)' shown | sed 's/^/    /' | sort -u | diff wanted -
}

test_a_new_filter_as_in_the_readme() {
	local line
	play left eth0 one.pcap
	sniff -q --port=53
	line=$(grep -oE -- '--set-filter --port=443' "$ROOT/README.md")
	eval "in_namespace right \"$SNIFFER\" $line" >answer
	equal "answer" "filter of $SNIFFER_PID changed to: --port=443" "$(<answer)"
	in_namespace right "$SNIFFER" --status >answer
	expect_line answer '^filter: --port=443$'
	wait_for 10 has_line out '10\.9\.0\.2:443 '
	stop
	expect_line out '10\.9\.0\.2:53 '
}

run_tests "$@"
