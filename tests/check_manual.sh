#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The manual page is in order, and has every option as --help has it; the READMEs name files that exist.
#
source "$(dirname "$0")/lib.sh"

SNIFFER=$ROOT/build/bpfsniff
PAGE=$ROOT/build/bpfsniff.8

# The options as both have them, "-i, --interface=NAME", in order.
options_of_help() {
	"$SNIFFER" --help | sed -nE 's/^ +((-[A-Za-z#], )?--[a-z][^ ]*).*/\1/p' | sort
}

# On the page they are lines by themselves.
options_of_page() { # FILE
	sed -nE 's/^ {5}((-[A-Za-z#], )?--[a-z][^ ]*)$/\1/p' "$1" | sort
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

# A screen of 24 lines has room for it and for the next prompt.
test_the_short_help_fits_a_screen() {
	"$SNIFFER" -h >short
	(($(line_count short) < 24)) || fail "it has $(line_count short) lines"
	awk 'length > 79' short >long
	equal "lines that are too long" "" "$(<long)"
	"$SNIFFER" --help >whole
	grep -oE -- '(^|[ ,(])--?[A-Za-z][a-z-]*' short | tr -d ' ,(' | sort -u >options
	(($(line_count options) > 15)) || fail "too few options: $(<options)"
	while read -r option; do
		expect_line whole "^ +(-., )?$option([=, ]|\$)"
	done <options
}

# The examples of -h are understood too.
test_the_short_help_has_five_examples() {
	local command count=0
	capture_of_nothing >web.pcapng
	while read -r command; do
		eval "\"$SNIFFER\" ${command/-i eth0/} -r web.pcapng -w none.pcapng" >out 2>err || fail "$command: $(<err)"
		((count += 1))
	done < <("$SNIFFER" -h | sed -nE '1,/^Examples:/d; s/ -[rw] web.pcapng//; s/^  (sudo )?bpfsniff (.*)   .*/\2/p')
	equal "examples" 5 "$count"
}

# By task, in the order of the table, with nothing of argp's own.
test_the_help_is_in_groups() {
	"$SNIFFER" --help | grep -E '^[A-Z].*:$' >groups
	(($(line_count groups) >= 7)) || fail "groups: $(<groups)"
	"$SNIFFER" --help >help
	expect_no_line help 'Mandatory or optional'
	expect_line <(sed -n '/^Read and write/,/^$/p' help | sed -n 2p) '^  -r, --read=FILE '
}

# The reasons that the statistics know, in their order.
test_every_reason_is_explained() {
	need mandoc jq
	capture_of_nothing >none.pcap
	"$SNIFFER" -r none.pcap --json 2>&1 | jq -r '.statistics.rejected | keys_unsorted[]' >reasons
	expect_line reasons '^flow-limit$'
	render | sed -e '1,/first of these reasons:$/d' -e '/^     When /,$d' | sed -nE 's/^ {5}([a-z-]+).*/\1/p' | diff - reasons
}

# Every command of the page, but those for a running sniffer, is one that the program understands: each reads an empty file in
# place of an interface or another file.
test_examples_are_understood() {
	need mandoc
	local command
	capture_of_nothing >none.pcap
	render | grep -v -e --set-filter -e --status | sed -nE 's/.*(sudo|\$) bpfsniff ([^|]*).*/\2/p' | sed -E 's/-i (eth0|lo)|--owner|-r web.pcapng|--netns=\$\([^)]*\)//g' >commands
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

# The words in backquotes in a README that look like paths: they have a slash or the suffix of a source file. Left out are
# products of a build, other than test programs, which stand for their sources, and paths outside of the tree.
paths_of_readme() { # README
	grep -oE '`[^`]+`' "$1" | tr -d '`' | tr ' ' '\n' | sed -E 's|^build/(tests/(.*/)?test_[a-z_]+)$|\1.c|' |
		grep -E '/|\.(c|h|sh|py|md|mk|svg)$' | grep -vE '^(build|\.\.|[0-9.]+)?/' | sort -u
}

# "README: PATH" for each path that does not exist, relative to the root of a tree or the folder of the README (of the first,
# user/).
missing_paths() { # TREE
	local readme folder path
	cd "$1"
	for readme in README.md user/README.md tests/README.md tests/bench/README.md; do
		[[ $readme == */* ]] && folder=${readme%/*} || folder=user
		while read -r path; do
			path=${path%/} # compgen takes any path with a slash at its end for a match
			{ compgen -G "$path" || compgen -G "$folder/$path"; } >/dev/null || echo "$readme: $path"
		done < <(paths_of_readme "$readme")
	done
}

test_files_of_the_readmes_exist() {
	local count
	count=$(for readme in "$ROOT"/{,user/,tests/,tests/bench/}README.md; do paths_of_readme "$readme"; done | wc -l)
	((count > 60)) || fail "only $count paths are found"
	equal "files that do not exist" "" "$(missing_paths "$ROOT")"
}

test_a_file_that_does_not_exist_is_found() {
	mkdir -p user/base tests/bench
	: >user/base/text.c
	echo 'See `base/text.c`, `user/*/text.c` and `user/text.c`; `sudo build/bpfsniff`, `10.0.0.0/8`, `../shared/corpus`, `base/`.' >README.md
	echo '`PACKETS=1 build/tests/unit/test_text` and `base/`' >tests/README.md
	: >tests/bench/README.md
	: >user/README.md
	missing_paths . | diff - <(printf '%s\n' 'README.md: user/text.c' 'tests/README.md: base' 'tests/README.md: tests/unit/test_text.c')
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
