#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Format and static analysis of everything that is written here. `make lint` runs only this.
#
source "$(dirname "$0")/lib.sh"

TEST_SECONDS=300

c_files() {
	find "$ROOT"/{user,bpf,include,tests} -name '*.[ch]'
}

shell_files() {
	find "$ROOT/tests" "$ROOT/.ci" -name '*.sh' -o -path '*/.ci/run'
}

test_clang_format() {
	need clang-format
	c_files | tr '\n' '\0' | xargs -0 clang-format --dry-run -Werror --style="file:$ROOT/.clang-format"
}

# Each file with the flags that the Makefile compiles it with.
test_clang_tidy() {
	need clang-tidy
	cd "$ROOT"
	make --no-print-directory -s tidy-flags |
		xargs -P 2 -d '\n' -n 1 sh -c 'clang-tidy --quiet "${0%%	*}" -- ${0#*	}' 2>/dev/null
}

test_shellcheck() {
	need shellcheck
	shell_files | tr '\n' '\0' | xargs -0 shellcheck
}

run_tests "$@"
