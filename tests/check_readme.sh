#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The README is short, and what it shows is what happens.
#
source "$(dirname "$0")/lib.sh"

README=$ROOT/README.md
PYTHON=/usr/bin/python3 # the distribution's, which has scapy

# A folder that looks like a clone after make.
setup() {
	mkdir build
	ln -s "$ROOT/build/bpfsniff" build/bpfsniff
	ln -s "$ROOT/tests" tests
	export PATH=$TMP/build:$PATH
}

test_it_is_short() {
	(($(line_count "$README") < 250)) || fail "it has $(line_count "$README") lines"
}

# What is to be run, and then what is to come of it: the lines after each "$ " up to the next or to the end of the block, for
# commands that need no network.
test_output_is_as_shown() {
	need tcpdump jq
	awk '/^    / { print substr($0, 5); next } { print "" }' "$README" >blocks
	local line command='' count=0
	while IFS= read -r line; do
		if [[ $line == '$ '* || ! $line ]]; then
			if [[ $command ]]; then
				bash -c "$command" >got 2>&1 || fail "$command: $(<got)"
				diff -u wanted got || fail "$command"
				((count += 1))
			fi
			command=
			: >wanted
			[[ $line != '$ '* || $line == *' sudo '* ]] || command=${line#'$ '}
		else
			echo "$line" >>wanted
		fi
	done <blocks
	equal "commands" 9 "$count"
}

# Each command that sniffs or reads is one that the program understands: it reads an empty file.
test_commands_are_understood() {
	local command
	printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' | tee none.pcap >web.pcapng
	sed -nE 's/^    (\$ )?(sudo -v; )?(sudo )?(build\/)?bpfsniff (.*)/\5/p; s/^    ssh HOST sudo bpfsniff (.*)/\1/p' "$README" |
		grep -v -e --set-filter -e --status -e ' -- ' -e tests/examples | sed -E 's/ +#.*//; s/ \|.*//; s/ &$//; s/-i [a-z0-9]+//' >commands
	(($(line_count commands) > 20)) || fail "too few: $(<commands)"
	while read -r command; do
		[[ $command == *'-r '* ]] || command+=' -r none.pcap'
		eval "bpfsniff $command" >out 2>err || fail "$command: $(<err)"
	done <commands
}

# An anchor is a heading in small letters, with hyphens for blanks.
test_links_lead_somewhere() {
	local link
	sed -nE 's/^#+ //p' "$README" | tr 'A-Z ' 'a-z-' | tr -d '?' >anchors
	grep -oE '\]\([^)]+\)' "$README" | sed -E 's/^\]\(|\)$//g' | grep -v '^http' >links
	(($(line_count links) > 10)) || fail "too few links: $(<links)"
	while read -r link; do
		if [[ $link == '#'* ]]; then
			expect_line anchors "^${link#\#}\$"
		else
			[[ -e $ROOT/$link ]] || fail "there is no $link"
		fi
	done <links
}

test_the_capture_can_be_made_again() {
	"$PYTHON" -c 'import scapy' 2>/dev/null || skip "scapy is not installed"
	"$PYTHON" "$ROOT/tests/examples/make.py" again.pcap
	cmp again.pcap "$ROOT/tests/examples/office.pcap"
}

run_tests "$@"
