# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034 # used by those who source this file
#
# What the tests on capture files share. They need no root.

source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

SNIFFER=${SNIFFER:-$ROOT/build/bpfsniff} # another build of it, such as build/sanitize/bpfsniff
PYTHON=/usr/bin/python3
FILES=$ROOT/tests/files
CORPUS=$ROOT/../shared/corpus
CAPTURES=$CORPUS/captures
export PYTHONDONTWRITEBYTECODE=1
EVERYTHING=(--loopback --protocol=all) # no frame is rejected

setup() {
	[[ -d $CAPTURES ]] || skip "no captures in $CORPUS"
}

# The statistics in ./err, of which nothing was rejected.
expect_seen() { # N
	expect_line err "^seen $1 = accepted $1 \+ rejected 0$"
}

# Run a command that must end with this status; output goes to ./out, messages to ./err.
expect_status() { # STATUS COMMAND...
	local status=0
	"${@:2}" >out 2>err || status=$?
	equal "exit status of ${*:2}" "$1" "$status"
}

# A capture whose first packets have 66 and 676 bytes.
WEB=$CAPTURES/PcapPlusPlus--ExamplesTest-pcap_examples-http-packets2.pcap
WEB_PACKETS=222

# The packets of a pcap file, COUNT times one after the other, in ./many.pcap.
repeat_packets() { # FILE COUNT
	local i
	tail -c +25 "$1" >packets
	head -c 24 "$1" >many.pcap
	for ((i = 0; i < $2; i++)); do cat packets; done >>many.pcap
	rm packets
}

packet_count() { # FILE
	capinfos -McT "$1" | awk -F '\t' 'NR == 2 { print $2 }'
}
