#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The manual page is in order, and has every option as --help has it.
#
source "$(dirname "$0")/lib.sh"

SNIFFER=$ROOT/build/bpfsniff
PAGE=$ROOT/build/bpfsniff.8

# The options as both have them, "-i, --interface=NAME", in order.
options_of_help() {
	"$SNIFFER" --help | sed -nE 's/^ +((-[A-Za-z], )?--[a-z][^ ]*).*/\1/p' | sort
}

# On the page they are lines by themselves.
options_of_page() { # FILE
	sed -nE 's/^ {5}((-[A-Za-z], )?--[a-z][^ ]*)$/\1/p' "$1" | sort
}

render() {
	mandoc -T ascii -O width=100 "$PAGE" | sed 's/.\x08//g'
}

capture_of_nothing() {
	printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0'
}

test_mandoc_finds_nothing() {
	need mandoc
	# Whether the pages that it refers to are installed is not its own business.
	mandoc -T lint "$PAGE" 2>/dev/null | grep -v 'referenced manual not found' >lint.txt || true
	equal "complaints" "" "$(<lint.txt)"
}

test_options_are_those_of_the_help() {
	need mandoc
	render >page.txt
	options_of_help >help.options
	(($(line_count help.options) > 40)) || fail "too few options in --help: $(<help.options)"
	options_of_page page.txt | diff - help.options
}

# The reasons that the statistics know, in their order.
test_every_reason_is_explained() {
	need mandoc jq
	capture_of_nothing >none.pcap
	"$SNIFFER" -r none.pcap --json 2>&1 | jq -r '.statistics.rejected | keys_unsorted[]' >reasons
	expect_line reasons '^flow-limit$'
	render | sed -e '1,/first of these reasons:$/d' -e '/^     When /,$d' | sed -nE 's/^ {5}([a-z-]+).*/\1/p' | diff - reasons
}

# Every command of the page, but those for a running sniffer, is one that the program understands: each reads an empty file.
test_examples_are_understood() {
	need mandoc
	local command
	capture_of_nothing >none.pcap
	render | grep -v -e --set-filter -e --status | sed -nE 's/.*(sudo|\$) bpfsniff ([^|]*).*/\2/p' >commands
	(($(line_count commands) > 8)) || fail "too few: $(<commands)"
	while read -r command; do
		eval "\"$SNIFFER\" $command -r none.pcap" >out 2>err || fail "$command: $(<err)"
	done <commands
}

test_version() {
	need mandoc
	local version
	version=$("$SNIFFER" --version)
	render >page.txt
	expect_line page.txt "This is version ${version#bpfsniff };"
	expect_line "$ROOT/README.md" "^- \*\*${version#bpfsniff }\*\* "
	equal "places" user/base/version.h "$(cd "$ROOT" && grep -rlF "\"${version#bpfsniff }\"" user include bpf Makefile)"
}

# man(1) of the system shows it too: groff reads another dialect of mdoc(7) than mandoc.
test_groff_shows_the_same_options() {
	need groff
	groff -mandoc -Tascii -P -cbou "$PAGE" >page.txt 2>warnings.txt
	equal "warnings" "" "$(<warnings.txt)"
	options_of_help >help.options
	options_of_page page.txt | diff - help.options
}

run_tests "$@"
