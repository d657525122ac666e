#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Two sniffers for a long time (make soak MINUTES=120), one writing files by turns, one JSON into a pipe, amid real and
# crafted traffic, each with a new filter every second. Nothing grows, and in the end every frame is accounted for: those
# that the device counted were seen, those delivered are in the files and came through the pipe.
#
#     left eth0 ------ eth0 right: the sniffers, a web server, a datagram server
#
source "$(dirname "$0")/../netlib.sh"

MINUTES=${MINUTES:-1}
# shellcheck disable=SC2034 # lib.sh reads it
TEST_SECONDS=$((MINUTES * 60 + 300))
SECONDS_BETWEEN_SAMPLES=10
HOSTS=10000
LEEWAY_KIB=256 # of memory, between the first half and the second

FILTERS=(
	'--port=80,5353'
	'tcp or udp port 5353'
	'--protocol=all --loopback'
	'--host-file=hosts'
	'--not-host-file=hosts --first=20'
	'--protocol=all ip6 or arp'
	'--tcp-flags=syn,!ack'
	'--sample=3'
	'ip[8] > 30 and not net 192.0.2.0/24'
	'-Q out'
)

setup() {
	left_and_right
	ip -n left link set eth0 multicast off # nobody but us sends anything
	ip -n right link set eth0 multicast off
	addresses
	addresses_ipv6
	seq -f '10.77.%g' 0 255 | sed 's/$/.0\/24/' >hosts
	"$PYTHON" -c "for i in range($HOSTS): print('10.%d.%d.%d' % (100 + i % 99, i // 250, i % 250))" >>hosts
	printf '10.9.0.1\nfd09::/64\n' >>hosts
}

serve_all() {
	mkdir -p www
	head -c 200000 /dev/urandom >www/page
	serve_web right '::' 80
	serve_datagrams right 10.9.0.2 5353
}

CRAFTED='
	20  any  eth/IP(src=A, dst=B)/UDP(sport=1, dport=2)/(b"x" * 1000)
	10  any  eth/Dot1Q(vlan=7)/Dot1Q(vlan=8)/IP(src=A, dst=B)/TCP(sport=1, dport=2, flags="S")
	10  any  eth/IPv6(src=A6, dst=B6)/IPv6ExtHdrDestOpt()/TCP(sport=1, dport=2)
	5   any  eth/IP(src=A, dst=B, flags="MF")/UDP(sport=1, dport=2)/(b"x" * 64)
	5   any  eth/IP(src=A, dst=B, frag=9, proto=17)/(b"x" * 64)
	5   any  eth/ARP(psrc=A, pdst=B)
	5   any  eth/IP(src=A, dst=B, ihl=4)/(b"x" * 20)
	5   any  eth/IP(src="127.0.0.1", dst=B)/TCP()
'

# A second's traffic.
talk() { # ROUND
	local url
	for url in 10.9.0.2 '[fd09::2]'; do
		in_namespace left curl -sS -o fetched "http://$url/page"
		cmp -s fetched www/page
	done
	ask left 10.9.0.2 5353 5 200
	in_namespace right ping -q -c 1 127.0.0.1 >ping.log
	(($1 % 5)) || send left eth0 <<<"$CRAFTED"
}

# Start a sniffer; its messages go to err-NAME.
sniff_as() { # NAME OPTION...
	start right "$SNIFFER" "${@:2}" >"out-$1" 2>"err-$1"
	ln -sf "err-$1" err
	wait_listening
	SNIFFERS[$1]=$SNIFFER_PID
}

give_filter() { # NAME ROUND
	local filter=${FILTERS[$2 % ${#FILTERS[@]}]}
	# shellcheck disable=SC2086 # options
	"$SNIFFER" --set-filter="${SNIFFERS[$1]}" $filter >answer
	expect_line answer "^filter of ${SNIFFERS[$1]} changed to: "
}

expect_status() { # NAME
	"$SNIFFER" --status="${SNIFFERS[$1]}" --json >status
	jq -e '.statistics | .seen == .accepted + (.rejected | add) and .accepted == .delivered + .lost' status >verdict ||
		fail "the status does not add up: $(<status)"
}

# Private memory in KiB, open descriptors, maps and programs among them.
sample() { # NAME
	local process=/proc/${SNIFFERS[$1]}
	echo "$(awk '/^RssAnon:/ { print $2 }' "$process/status") $(find "$process/fd" -type l | wc -l)" \
		"$(cat "$process"/fdinfo/* | grep -c '^map_id:') $(cat "$process"/fdinfo/* | grep -c '^prog_id:')" >>"samples-$1"
}

# Count the packets of the files that are complete, and remove them.
count_files() { # [all]
	local file newest
	local -a files=(soak-*.pcapng)
	newest=${files[-1]}
	for file in "${files[@]}"; do
		[[ ${1-} == all || $file != "$newest" ]] || continue
		"$SNIFFER" -r "$file" -q --protocol=all --loopback 2>read.err | wc -l >>packets
		tail -n 1 read.err | grep -q ' lost 0$'
		rm "$file"
	done
}

frames_of_device() {
	in_namespace right cat /sys/class/net/eth0/statistics/{rx,tx}_packets | paste -sd + | bc
}

# A sample may meet a change, which has two filters open: what stays is the least of many.
expect_no_growth() { # NAME COLUMN WHAT LEEWAY
	awk -v column="$2" -v leeway="$4" -v what="$1: $3" '
		{ value[NR] = $column }
		END {
			for (i = 1; i <= NR; i++) {
				half = i > NR / 2
				if (!(half in least) || value[i] < least[half]) least[half] = value[i]
			}
			printf "%s: %d in the first half, %d in the second\n", what, least[0], least[1]
			exit least[1] > least[0] + leeway
		}' "samples-$1" >>report || fail "$(tail -n 1 report)"
}

finish() { # NAME
	SNIFFER_PID=${SNIFFERS[$1]}
	ln -sf "err-$1" err
	stop
	echo "$1: seen ${COUNT[seen]} = accepted ${COUNT[accepted]} + rejected ${COUNT[rejected]}" >>report
	echo "$1: accepted ${COUNT[accepted]} = delivered ${COUNT[delivered]} + lost ${COUNT[lost]}" >>report
	expect_no_growth "$1" 1 'KiB of memory' "$LEEWAY_KIB"
	expect_no_growth "$1" 2 'descriptors' 0
	expect_no_growth "$1" 3 'maps' 0
	expect_no_growth "$1" 4 'programs' 0
}

test_soak() {
	local round=0 sampling=$SECONDS before end name
	local -A SNIFFERS=()
	need curl ping jq bc
	serve_all
	mkfifo out-json
	wc -l <out-json >lines &
	before=$(frames_of_device)
	sniff_as files -i eth0 -w 'soak-%Y%m%d%H%M%S.pcapng' -G 20
	sniff_as json --json
	end=$((SECONDS + MINUTES * 60))
	while ((SECONDS < end)); do
		talk $((++round))
		for name in files json; do give_filter $name $round; done
		if ((SECONDS >= sampling)); then
			sampling=$((SECONDS + SECONDS_BETWEEN_SAMPLES))
			for name in files json; do
				sample $name
				expect_status $name
			done
			count_files
		fi
		sleep 0.5
	done
	finish files
	equal "frames seen" $(($(frames_of_device) - before)) "${COUNT[seen]}"
	count_files all
	equal "packets of the files" "${COUNT[delivered]}" "$(paste -sd + packets | bc)"
	finish json
	wait_for 10 test -s lines
	equal "lines of JSON" "${COUNT[delivered]}" "$(<lines)"
	echo "$round changes of each filter in $MINUTES minutes" >>report
	cp report "$ROOT/build/soak" # for who waits for it
}

run_tests "$@"
