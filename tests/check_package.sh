#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What can be said of the Debian package without building it. The rest is tests/package/debian.sh: make check-package.
#
source "$(dirname "$0")/lib.sh"

DEBIAN=$ROOT/user/package/debian

# The packages that deps.sh has for the build on Debian, without those that every build has there.
test_build_depends_on_what_deps_installs() {
	sed -n "s/^build  *[^ ]*  *\([^ ]*\) .*/\1/p" "$ROOT/tests/deps.sh" | grep -vxE 'gcc|make|libc6-dev|linux-libc-dev' | sort >needed
	(($(line_count needed) > 10)) || fail "too few: $(<needed)"
	sed -n 's/^Build-Depends: //p' "$DEBIAN/control" | tr ',' '\n' | sed -E 's/^ //; s/ .*//' | grep -vx debhelper-compat | sort |
		diff needed -
}

test_version_is_that_of_the_program() {
	need dpkg-parsechangelog
	make --no-print-directory -C "$ROOT" -n deb >commands
	expect_line commands "sed -i 's/@VERSION@/$("$ROOT/build/bpfsniff" --version | cut -d ' ' -f 2)/' build/deb/source/debian/changelog"
	sed 's/@VERSION@/7.8.9/' "$DEBIAN/changelog" >changelog
	equal "version" 7.8.9 "$(dpkg-parsechangelog -l changelog -S Version)"
}

test_scripts() {
	need shellcheck
	shellcheck --shell=sh "$DEBIAN"/post{inst,rm}
	[[ -x $DEBIAN/rules ]]
}

run_tests "$@"
