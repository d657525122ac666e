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

run_tests "$@"
