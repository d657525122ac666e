#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The build, in a copy of the tree.
#
source "$(dirname "$0")/lib.sh"

TEST_SECONDS=200
SOURCES=(Makefile LICENSE bpf user include tests vmlinux)

# A copy as it comes from a clone, in a folder of that name.
copy_tree() { # FOLDER
	local part
	mkdir "$1"
	for part in "${SOURCES[@]}"; do
		cp -r "$ROOT/$part" "$1/"
	done
}

# A whole build, where the folder has blanks in its name and where PATH has no sbin folder.
test_folder_with_blanks_and_bpftool_in_sbin() {
	copy_tree "dir with blanks"
	cd "dir with blanks"
	PATH=/usr/bin:/bin make -j2 >../make.log 2>&1
	build/bpfsniff --version >../version
	cd ..
	expect_line version '^bpfsniff '
	expect_no_line make.log '[Ww]arning'
	make --no-print-directory -C "dir with blanks" >again.log
	expect_no_line again.log ' (CC|BPF|SKEL|LINK) '
	make --no-print-directory -C "dir with blanks" V=1 -n -W user/main.c >verbose.log
	expect_line verbose.log '^gcc .*-c -o build/user/main\.o user/main\.c$'
}

# What is compiled again when a header changes, in the tree that has been built.
recompiled() { # HEADER
	make --no-print-directory -C "$ROOT" -n -W "$1" | grep -oE ' (BPF|CC|SKEL|LINK) +[^ ]+$' | tr -s ' ' | sed 's/^ //' | sort
}

test_header_dependencies() {
	recompiled include/dissect.h >dissect
	expect_line dissect '^BPF build/sniff\.bpf\.o$'
	expect_line dissect '^SKEL build/sniff\.skel\.h$'
	expect_line dissect '^LINK build/bpfsniff$'
	recompiled user/packet/sink.h >sink
	expect_line sink '^CC build/user/print/out_json\.o$'
	expect_no_line sink '^BPF '
}

# What make check would build for the tests of a name.
goals() { # TESTS
	env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -C "$ROOT" -n check TESTS="$1" |
		sed -nE 's/^.*--no-print-directory( -j[0-9]+)? +//p' | xargs
}

test_check_builds_only_what_it_runs() {
	equal "of a unit test" "build/tests/unit/base/test_escape sanitize-tests" "$(goals base/test_escape)"
	equal "of packets through the filter" build/tests/ebpf/test_cbpf_run "$(goals cbpf_run)"
	equal "of a script" all "$(goals vlan:inline)"
	equal "of the fuzz targets" "all fuzz-targets" "$(goals fuzz.sh)"
	equal "of sanitized captures" "all sanitize-tests" "$(goals files/memory)"
}

# Also what root had built before, and where the build fails; then the user can go on.
test_what_sudo_builds_is_for_its_user() {
	need setpriv
	((EUID == 0)) || skip "needs root, which sudo makes one"
	unset MAKELEVEL MAKEFLAGS # of the make that runs this: sudo starts another
	copy_tree clone
	mkdir clone/build
	: >clone/build/older
	SUDO_UID=65534 SUDO_GID=65533 make -C clone -j2 build/user/base.a >make.log 2>&1
	(($(find clone/build -name '*.o' | wc -l) > 5)) || fail "too little was built: $(<make.log)"
	equal "files of others" "" "$(find clone/build ! \( -uid 65534 -gid 65533 \))"
	local status=0
	: >clone/build/newer
	SUDO_UID=65534 SUDO_GID=65533 make -C clone nonsense >make.log 2>&1 || status=$?
	equal "exit status" 2 "$status"
	equal "owner" 65534 "$(stat -c %u clone/build/newer)"
	touch clone/user/base/text.c
	setpriv --reuid=65534 --regid=65533 --clear-groups make -C clone build/user/base.a >again.log
	expect_line again.log ' AR '
	# Root itself, or a user who has built as such, gives nothing away.
	SUDO_UID=0 SUDO_GID=0 make -C clone -W user/base/json.c build/user/base.a >make.log
	equal "owner" 0 "$(stat -c %u clone/build/user/base.a)"
	make -C clone -W user/base/json.c build/user/base.a >make.log
	equal "owner" 0 "$(stat -c %u clone/build/user/base.a)"
}

test_help_lists_the_targets() {
	make --no-print-directory -C "$ROOT" help >targets
	local target
	for target in all tests check demo deps deps-test lint help clean; do
		expect_line targets "^  $target +[^ ]"
	done
	equal "lines" "$(cat "$ROOT"/{Makefile,user/package/package.mk,tests/tests.mk} | grep -c '^## ')" "$(line_count targets)"
}

run_tests "$@"
