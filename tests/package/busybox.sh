#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The static program on a small system that has another C library, or none: BusyBox for all commands. make check-package.
#
source "$(dirname "$0")/../netlib.sh"

# Once: the program, and BusyBox out of its package, which is not installed.
if [[ ${1-} != --inside ]]; then
	FRESH=$(mktemp -d)
	export FRESH
	undo rm -rf "$FRESH"
	chmod 755 "$FRESH"
	make --no-print-directory -C "$ROOT" static >&2
	(cd "$FRESH" && apt-get -qq download -o APT::Sandbox::User=root busybox-static && dpkg -x busybox-static_*.deb package)
	mkdir -p "$FRESH"/root/{bin,dev,etc,proc,tmp,www}
	find "$FRESH/package" -name busybox -type f -exec install {} "$FRESH/root/bin/busybox" \;
	install "$ROOT/build/static/bpfsniff" "$FRESH/root/bin/bpfsniff"
	chroot "$FRESH/root" /bin/busybox --install -s /bin
fi

test_everything_by_its_own_programs() {
	cp -a "$FRESH/root" root
	mount -t proc proc root/proc
	mknod -m 666 root/dev/null c 1 3
	echo 'Hello from a small system.' >root/www/index.html
	chroot root /bin/sh -e <<-'SCRIPT'
		ip link set lo up
		httpd -h /www -p 127.0.0.1:80
		bpfsniff -i lo --loopback -Q in -w - --dst-port=80 -c 4 >/tmp/capture 2>/tmp/err &
		until grep -qs '^bpfsniff: listening on lo ' /tmp/err; do kill -0 $! && usleep 10000; done
		wget -q -O /tmp/page http://127.0.0.1/
		wait $!
		bpfsniff -r /tmp/capture --loopback -q -t 'tcp[tcpflags] & tcp-syn != 0' >/tmp/out 2>/tmp/figures
	SCRIPT
	equal "page" "Hello from a small system." "$(<root/tmp/page)"
	expect_line root/tmp/err '^accepted 4 = delivered 4 \+ lost 0$'
	equal "lines" 1 "$(line_count root/tmp/out)"
	expect_line root/tmp/out '^TCP 127\.0\.0\.1:[0-9]+ > 127\.0\.0\.1:80 +S  seq '
	expect_line root/tmp/figures '^seen 4 = accepted 1 \+ rejected 3$'
}

run_tests "$@"
