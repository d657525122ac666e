#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The sniffer at work: sudo make demo
#
#     left eth0 ------------- eth0 right: the sniffer, a web server, a name server
#     10.9.0.1                10.9.0.2
#
# All of it happens in namespaces of its own that end with this script, however it ends: nothing on the machine changes.

if ((EUID != 0)); then
	echo "demo: making network namespaces needs root: sudo make demo" >&2
	exit 1
fi
source "$(dirname "$0")/netlib.sh"

go_inside "$@"

step() { # TEXT
	printf '\n== %s\n\n' "$1"
}

# Show a command, run it in a namespace, and indent what it says.
run_in() { # NAMESPACE COMMAND...
	printf '   %s$ %s\n' "$1" "${*:2}"
	in_namespace "$@" | sed 's/^/      /'
}

both_have_said_goodbye() {
	(($(grep -cE '^  TCP .*flags [A-Z ,]*FIN' out) >= 2))
}

# What each reason means, for those that occurred.
explain() {
	local reason text
	while IFS=: read -r reason text; do
		[[ ${COUNT[$reason]-0} == 0 ]] || printf '   %5d  %-10s %s\n' "${COUNT[$reason]}" "$reason" "$text"
	done <<-'REASONS'
		loopback:frames of the loopback device, each tapped on its way out and in
		not-ip:ARP, which asks who has an address
		protocol:ICMP: the pings and their answers
	REASONS
}

set -Eeuo pipefail
trap 'echo "demo: failed at line $LINENO: $BASH_COMMAND" >&2' ERR
enter
cd "$TMP"

step "1. Two computers and a cable: network namespaces 'left' (10.9.0.1) and 'right' (10.9.0.2), joined by eth0"
namespace left
namespace right
cable left right eth0
addresses
mkdir www
echo 'Hello from the other end of the cable.' >www/hello.txt
serve_web right 10.9.0.2 80
serve_datagrams right 10.9.0.2 53
serve_datagrams right 127.0.0.1 53
echo "   On the right run a web server (TCP port 80) and a name server (UDP port 53)."

step "2. The sniffer starts on the right. No options: every interface; TCP and UDP; no loopback"
sniff
echo '   right$ bpfsniff'
sed 's/^/      /' err

step "3. Traffic that it shows: a web page over TCP, a name asked for over UDP"
run_in left curl -sS http://10.9.0.2/hello.txt
echo '   left$ (two questions to the name server)'
ask left 10.9.0.2 53 2

step "4. Noise that the kernel drops: ICMP, ARP, and a conversation over the loopback device"
run_in left ping -q -c 3 -i 0.05 10.9.0.2
run_in left arping -c 1 -I eth0 10.9.0.2
echo '   right$ (five questions to the name server on 127.0.0.1)'
ask right 127.0.0.1 53 5
wait_for 5 has_counted loopback 20
wait_for 5 both_have_said_goodbye
stop

step "5. The survivors, as the sniffer printed them: every header field, then the packet's bytes"
echo '   ("offloaded": on this cable without wires nobody has computed the checksum yet.)'
echo
cat out

step "6. What became of every frame: the sniffer's statistics, printed when it is stopped"
tail -n 3 err | sed 's/^/   /'
printf '\n   %s\n' "So the kernel dropped ${COUNT[rejected]} of ${COUNT[seen]} frames before they were copied:"
explain
