#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The picture of a terminal in the README, from what the sniffer really prints: sudo tests/demo_picture.sh >tests/demo.svg
#
#     left eth0 ------------- eth0 right: the sniffer, a web server
#     10.9.0.1                10.9.0.2
#
source "$(dirname "$0")/netlib.sh"

go_inside "$@"

# A command as it would be typed, and what comes of it while a page is fetched and a name asked for.
show() { # OPTION...
	printf '$ sudo bpfsniff -i eth0 %s\n' "$*"
	sniff -i eth0 --color=always "$@"
	in_namespace left curl -sS -o page http://10.9.0.2/hello.txt
	ask left 10.9.0.2 53 1
	in_namespace left arping -q -c 1 -I eth0 10.9.0.2
	if kill -0 "$SNIFFER_PID" 2>/dev/null; then stop; else ended; fi
	cat out
	sed '/listening on/d' err
}

set -Eeuo pipefail
enter
cd "$TMP"
namespace left
namespace right
cable left right eth0
addresses
mkdir www
echo 'Hello from the other end.' >www/hello.txt
serve_web right 10.9.0.2 80
serve_datagrams right 10.9.0.2 53
{
	show --port=80 --tcp-flags=psh -c 1
	echo
	show -q -A --first=6
} >shown
"$ROOT/tests/ansi_to_svg.py" <shown
