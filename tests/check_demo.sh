#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The demonstration works, is quick, and leaves nothing behind.
#
source "$(dirname "$0")/lib.sh"

((EUID == 0)) || skip_all "needs root: network namespaces are made here"

test_demo() {
	local start=$EPOCHSECONDS
	ip netns list >before
	"${AHEAD[@]}" "$ROOT/tests/demo.sh" >demo.log
	ip netns list | diff before -
	((EPOCHSECONDS - start < 15)) || fail "it took $((EPOCHSECONDS - start)) s"
	expect_line demo.log '  IPv4 TCP 10\.9\.0\.1:[0-9]+ > 10\.9\.0\.2:80  frame [0-9]+$'
	expect_line demo.log '  IPv4 UDP 10\.9\.0\.2:53 > 10\.9\.0\.1:[0-9]+  frame [0-9]+$'
	expect_line demo.log '^0000   45 00 '
	expect_line demo.log '   .*Hello from the'
	expect_line demo.log '^   seen [0-9]+ = accepted [0-9]+ \+ rejected [0-9]+$'
	expect_line demo.log '^   rejected: loopback 20, not-ip [0-9]+, protocol 6$'
	expect_line demo.log ' lost 0$'
}

# The picture of the README can be made anew, and is as large: other numbers, the same lines.
test_picture() {
	"$ROOT/tests/demo_picture.sh" >picture.svg
	/usr/bin/python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' picture.svg
	expect_line picture.svg 'class="c">IPv4</tspan>'
	expect_line picture.svg 'class="b g">S</tspan>'
	expect_line picture.svg 'length [0-9]+ "GET /hello.txt HTTP/1.1"'
	expect_line picture.svg 'accepted 8 = delivered 8 \+ lost 0'
	equal "lines" "$(grep -c '<text' "$ROOT/tests/demo.svg")" "$(grep -c '<text' picture.svg)"
}

# A chroot of a plain folder has no mount point for its root, until one is made of it.
test_demo_in_a_chroot() {
	unshare --mount bash -s "$ROOT" >out 2>err <<-'CHROOT' || fail "$(<err)"
		set -e
		mkdir root && cd root
		mkdir proc tmp root run
		for folder in bin sbin lib lib64; do [ ! -e /$folder ] || ln -s usr/$folder $folder; done
		for folder in usr etc dev sys; do mkdir $folder && mount --rbind /$folder $folder; done
		mount -t proc proc proc
		mkdir tree && mount --rbind "$1" tree
		cd ..
		chroot root tree/tests/demo.sh 2>refused && exit 1
		mount --rbind root root
		chroot root tree/tests/demo.sh
	CHROOT
	equal "message" "demo: the root directory of this chroot is not a mount point: before chroot, run: mount --rbind FOLDER FOLDER" "$(<refused)"
	expect_line out '^   seen [0-9]+ = accepted [0-9]+ \+ rejected [0-9]+$'
}

test_demo_without_privilege() {
	need setpriv
	local status=0
	cp -r "$ROOT/tests" tests
	setpriv --reuid=65534 --clear-groups tests/demo.sh >out 2>err || status=$?
	equal "exit status" 1 "$status"
	equal "message" "demo: making network namespaces needs root: sudo make demo" "$(<err)"
}

run_tests "$@"
