# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What the tests on the network share. Each test runs in fresh network, mount and process namespaces with an empty /run,
# so names like "left" and "right" are its own; the kernel takes everything down with the test, processes too.

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ENCLOSE=(unshare --net --mount --pid --fork --kill-child --mount-proc)
SNIFFER=${SNIFFER:-$ROOT/build/bpfsniff} # another build of it, such as build/sanitize/bpfsniff
PYTHON=/usr/bin/python3 # the distribution's, which has scapy
declare -A COUNT=()     # the last statistics: seen, accepted, delivered, lost, rejected, and each reason

# How a privileged sniffer reads headers; Linux 6.1 cannot do so in place.
HEADERS='read in place'
printf '%s\n' 6.2 "$(uname -r)" | sort -VC || HEADERS='copied by a helper'
export HEADERS

LEFT_MAC=02:00:00:00:00:01 RIGHT_MAC=02:00:00:00:00:02

if ((EUID != 0)); then
	skip_all "needs root: network namespaces are made here"
fi

# What a test does first, inside its namespaces.
enter() {
	mount -t tmpfs -o mode=755 tmpfs /run
	mkdir /run/netns
}

# What keeps this shell from namespaces of its own, and the way out; nothing if nothing does. The root of a mount namespace
# must be a mount point, which a folder that chroot(2) entered need not be.
obstacle() {
	local words
	! words=$("${ENCLOSE[@]}" true 2>&1) || return 0
	if [[ $words == *'root filesystem propagation: Invalid argument'* ]]; then
		echo "the root directory of this chroot is not a mount point: before chroot, run: mount --rbind FOLDER FOLDER"
	else
		echo "$words"
	fi
}

# For a script that is no test: run it in namespaces of its own, with a directory $TMP that goes when it ends.
go_inside() { # [--inside]
	[[ ${1-} != --inside ]] || return 0
	local name obstacle
	name=$(basename "$0" .sh) obstacle=$(obstacle)
	if [[ $obstacle ]]; then
		echo "$name: $obstacle" >&2
		exit 1
	fi
	TMP=$(mktemp -d)
	export TMP
	undo rm -rf "$TMP"
	"${ENCLOSE[@]}" bash "$0" --inside
	exit
}

# A network namespace with a loopback device, and without IPv6's own noise.
namespace() { # NAME
	ip netns add "$1"
	ip -n "$1" link set lo up
	in_namespace "$1" sh -c 'for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
		[ ! -e "$all" ] || echo 1 >"$all"; done'
}

in_namespace() { # NAME COMMAND...
	ip netns exec "$@"
}

# Start a command in the background; $STARTED is its process id. Redirect the call to redirect the command.
start() { # NAMESPACE COMMAND...
	ip netns exec "$@" &
	STARTED=$!
}

# A cable between two namespaces; both ends have the same name. No addresses: whatever is sent stays unanswered.
cable() { # LEFT RIGHT DEVICE
	ip -n "$1" link add "$3" address "$LEFT_MAC" type veth peer name "$3" address "$RIGHT_MAC" netns "$2"
	ip -n "$1" link set "$3" up
	ip -n "$2" link set "$3" up
}

# What most tests begin with: two namespaces, and a cable from eth0 to eth0.
left_and_right() {
	namespace left
	namespace right
	cable left right eth0
}

# 10.9.0.1 for `left` and 10.9.0.2 for `right` on eth0, neighbours known: no ARP.
addresses() {
	address left 10.9.0.1/24 10.9.0.2 "$RIGHT_MAC"
	address right 10.9.0.2/24 10.9.0.1 "$LEFT_MAC"
}

# fd09::1 and fd09::2. Multicast listener reports (ICMPv6) still come when they like: count no totals.
addresses_ipv6() {
	[[ -d /proc/sys/net/ipv6 ]] || skip "this kernel has no IPv6"
	local side
	for side in left right; do
		in_namespace $side sh -c 'cd /proc/sys/net/ipv6/conf/eth0
			echo 0 >router_solicitations
			echo 1 >addr_gen_mode
			echo 0 >disable_ipv6'
	done
	address left fd09::1/64 fd09::2 "$RIGHT_MAC" nodad
	address right fd09::2/64 fd09::1 "$LEFT_MAC" nodad
}

address() { # NAMESPACE ADDRESS/LENGTH NEIGHBOUR MAC [FLAG]
	ip -n "$1" address add "$2" dev eth0 ${5+"$5"}
	ip -n "$1" neighbour replace "$3" lladdr "$4" dev eth0 nud permanent
}

# Start the sniffer in namespace `right` and wait until it listens. Output goes to ./out, messages to ./err.
sniff() { # OPTION...
	sniff_in right "$@"
}

sniff_in() { # NAMESPACE OPTION...
	start "$1" "$SNIFFER" "${@:2}" >out 2>err
	wait_listening
}

# What was started last is a sniffer, its messages in ./err: wait until it listens.
wait_listening() {
	SNIFFER_PID=$STARTED
	wait_for 10 sniffer_listens
}

sniffer_listens() {
	has_line err '^bpfsniff: listening on ' && return
	kill -0 "$SNIFFER_PID" 2>/dev/null || fail "the sniffer did not start: $(<err)"
	return 1
}

# Stop the sniffer (SIGSTOP): what comes now waits in its ring. Its blocks last for some hundred milliseconds.
pause() {
	kill -STOP "$SNIFFER_PID"
	wait_for 10 is_stopped
}

is_stopped() {
	[[ $(awk '{ print $3 }' "/proc/$SNIFFER_PID/stat") == T ]]
}

go_on() {
	kill -CONT "$SNIFFER_PID"
}

# Ask the sniffer for its statistics: has it seen (accepted, delivered) at least so many frames?
has_counted() { # WHAT N
	local now
	kill -USR1 "$SNIFFER_PID" || fail "the sniffer has ended: $(tail -n 5 err)"
	now=$(grep -oE "(^|[ \"])$1\"?[ :][0-9]+" err | tail -n 1 | grep -oE '[0-9]+$') && ((now >= $2))
}

wait_seen() { # N
	wait_for 10 has_counted seen "$1"
}

# End the sniffer as a user does; it must end well.
stop() { # [SIGNAL]
	kill "-${1-INT}" "$SNIFFER_PID"
	ended
}

# Wait until the sniffer has ended by itself; read its statistics, which must add up.
ended() {
	local status=0
	wait "$SNIFFER_PID" || status=$?
	equal "exit status" 0 "$status"
	read_statistics
}

read_statistics() {
	local name value
	COUNT=([seen]=0 [accepted]=0 [rejected]=0 [delivered]=0 [lost]=0 [unjudged]=0 [in_flight]=0)
	if has_line err '^{"statistics"'; then
		json_statistics >statistics
	else
		text_statistics >statistics
	fi
	while read -r name value; do COUNT[$name]=$value; done <statistics
	equal "seen = accepted + rejected" "${COUNT[seen]}" $((COUNT[accepted] + COUNT[rejected] + COUNT[unjudged]))
	equal "accepted = delivered + lost" "${COUNT[accepted]}" $((COUNT[delivered] + COUNT[lost] + COUNT[in_flight]))
	has_line err '^bpfsniff: (cannot write |the output is incomplete)' || expect_no_line err 'neither .* nor '
}

# The last statistics as "name number" lines.
json_statistics() {
	grep '^{"statistics"' err | tail -n 1 | jq -r '.statistics | (.rejected | to_entries[]), (del(.rejected) | to_entries[]),
		{key: "rejected", value: (.rejected | add)} | "\(.key) \(.value)"'
}

# The same of the text; its form is checked on the way. Without rejects there is no line for them.
text_statistics() {
	local number='([1-9][0-9]*|0)' reason='[a-z-]+ [1-9][0-9]*' rejected
	tail -n 3 err | sed -n '/^seen/,$p' >last
	[[ $(head -n 1 last) =~ ^seen\ $number\ =\ accepted\ $number\ \+\ rejected\ $number(\ \+\ in\ flight\ ([0-9]+))?$ ]] ||
		fail "no statistics in: $(<err)"
	printf '%s\n' "seen ${BASH_REMATCH[1]}" "accepted ${BASH_REMATCH[2]}" "rejected ${BASH_REMATCH[3]}" "unjudged ${BASH_REMATCH[5]:-0}"
	rejected=${BASH_REMATCH[3]}
	if ((rejected)); then
		[[ $(sed -n 2p last) =~ ^rejected:(( $reason,)*\ $reason)$ ]] || fail "no reasons in: $(<err)"
		tr ',' '\n' <<<"${BASH_REMATCH[1]}" | awk '{ print $1, $2 }'
	fi
	equal "lines of statistics" $((rejected ? 3 : 2)) "$(line_count last)"
	[[ $(tail -n 1 last) =~ ^accepted\ $number\ =\ delivered\ $number\ \+\ lost\ $number(\ \+\ in\ flight\ ([0-9]+))?$ ]] || fail "no last line in: $(<err)"
	printf '%s\n' "accepted ${BASH_REMATCH[1]}" "delivered ${BASH_REMATCH[2]}" "lost ${BASH_REMATCH[3]}" "in_flight ${BASH_REMATCH[5]:-0}"
}

# The last statistics have exactly these numbers; every reason that is not named is zero.
expect_counts() { # NAME N...
	local name
	local -A wanted=()
	while (($#)); do
		wanted[$1]=$2
		shift 2
	done
	for name in "${!wanted[@]}" "${!COUNT[@]}"; do
		case $name in
		seen | rejected | delivered | lost | unjudged | in_flight) [[ ${wanted[$name]-} ]] || continue ;;
		esac
		equal "$name" "${wanted[$name]-0}" "${COUNT[$name]-0}"
	done
}

# Send the frames of a table (see frames.py) from a device.
send() { # NAMESPACE DEVICE <TABLE
	in_namespace "$1" "$PYTHON" "$ROOT/tests/netns/frames.py" "$2"
}

# "VERDICT N" for each verdict of a table of frames.
expected_counts() { # TABLE
	awk '$1 ~ /^[0-9]+$/ { n[$2] += $1 } END { for (v in n) print v, n[v] }' "$1"
}

# The heart of these tests: run the sniffer with some options, send every frame of the table on standard input from
# `left`, and hold each number of the statistics against the table.
judge() { # OPTION... <TABLE
	judge_from left "$@"
}

# The same; from `right` the frames are seen on their way out.
judge_from() { # NAMESPACE OPTION... <TABLE
	local -a counts
	cat >table
	mapfile -t counts < <(expected_counts table | tr ' ' '\n')
	((${#counts[@]})) || fail "an empty table"
	sniff -i eth0 "${@:2}"
	send "$1" eth0 <table
	wait_seen "$(awk '$1 ~ /^[0-9]+$/ { n += $1 } END { print n }' table)"
	stop
	expect_counts "${counts[@]}"
}

# Start a server and wait until its port is open.
serve() { # NAMESPACE tcp|udp PORT COMMAND...
	start "$1" "${@:4}" >"server-$3.log" 2>&1
	wait_for 10 is_open "$1" "$2" "$3"
}

is_open() { # NAMESPACE tcp|udp PORT
	[[ $(in_namespace "$1" ss -Hln "--$2" "sport = :$3") ]]
}

serve_datagrams() { # NAMESPACE ADDRESS PORT
	serve "$1" udp "$3" "$PYTHON" "$ROOT/tests/netns/datagrams.py" answer "$2" "$3"
}

ask() { # NAMESPACE ADDRESS PORT COUNT [SIZE]
	in_namespace "$1" "$PYTHON" "$ROOT/tests/netns/datagrams.py" ask "${@:2}"
}

# A web server on the files of ./www.
serve_web() { # NAMESPACE ADDRESS PORT
	mkdir -p www
	serve "$1" tcp "$3" "$PYTHON" -m http.server --bind "$2" --directory www "$3"
}

# A second witness: tcpdump writes what matches, as the kernel's classic filter sees it, to second.pcap.
start_tcpdump() { # EXPRESSION
	need tcpdump
	start right tcpdump -i eth0 -B 16384 --immediate-mode -U -Z root -s 0 -w second.pcap "$1" 2>tcpdump.log
	TCPDUMP_PID=$STARTED
	wait_for 10 has_line tcpdump.log 'listening on eth0'
}

stop_tcpdump() {
	kill -INT "$TCPDUMP_PID"
	wait "$TCPDUMP_PID"
	expect_line tcpdump.log '^0 packets dropped by kernel'
}

# Run the sniffer where it has to refuse: exit status, and one line on standard error that matches. Another one may run.
refused() { # STATUS PATTERN COMMAND...
	local wanted=$1 pattern=$2 status=0
	shift 2
	timeout $((10 * SLOWNESS)) "$@" >refused.out 2>refused.err || status=$?
	equal "exit status of $*" "$wanted" "$status"
	equal "lines of $* on standard error" 1 "$(line_count refused.err)"
	expect_line refused.err "^bpfsniff: .*$pattern"
	equal "standard output of $*" "" "$(<refused.out)"
}
