#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Format and static analysis of everything that is written here. `make lint` runs only this.
#
source "$(dirname "$0")/lib.sh"

TEST_SECONDS=500 # two minutes of processor time, on a machine that has other things to do too

c_files() {
	find "$ROOT"/{user,bpf,include,tests} -name '*.[ch]'
}

shell_files() {
	find "$ROOT"/{tests,user,.ci} -name '*.sh' -o -name '*.bash' -o -path '*/.ci/run'
}

test_clang_format() {
	need clang-format
	c_files | tr '\n' '\0' | xargs -0 clang-format --dry-run -Werror --style="file:$ROOT/.clang-format"
}

test_clang_tidy() {
	need clang-tidy
	make --no-print-directory -s -k -j2 -C "$ROOT" tidy
}

test_gcc_analyzer() {
	make --no-print-directory -s -k -j2 -C "$ROOT" analyze
}

test_shellcheck() {
	need shellcheck
	shell_files | tr '\n' '\0' | xargs -0 shellcheck
}

# "FILE:LINE: statement" for each statement `! command` of shell scripts: `set -e` passes it over, whatever comes of it.
# Where something is done about it, as in `! command || fail`, and in conditions, it can stay.
negations() { # FILE...
	awk '
	FNR == 1 { statement = "" }
	statement == "" { first = FNR }
	{
		statement = statement $0
		gsub(/\[\[([^]]|\][^]])*\]\]/, "[[]]", statement) # what stands between is no command
		gsub(/(if|while|until) [^;]*;/, "", statement)
		if (statement ~ /([|][|]|&&|[|]|\\)$/) { sub(/\\$/, "", statement); next }
		if (statement ~ /(^|[;{(]|&&|[|][|]|then|do|else)[ \t]*! / && statement !~ /! .*[|][|]/) print FILENAME ":" first ": " statement
		statement = ""
	}' "$@"
}

test_no_negation_is_taken_for_an_assertion() {
	local -a files
	mapfile -t files < <(shell_files)
	equal "negations" "" "$(negations "${files[@]}")"
}

test_negations_are_found() {
	sed 's/NOT/!/g' >some.sh <<-'SCRIPT'
		NOT false
		NOT false || fail "fine"
		if NOT false; then NOT true; fi
		while false || NOT true; do true; done
		f() { NOT true; }
		true && NOT true
		NOT true |
			cat
		NOT true ||
			fail "fine"
		NOT grep x \
			file
		[[ a && NOT b ]]
	SCRIPT
	equal "lines" "1 3 5 6 7 11" "$(negations some.sh | cut -d : -f 2 | xargs)"
}

run_tests "$@"
