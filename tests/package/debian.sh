#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The Debian package, in a fresh Debian: make check-package.
#
#     left eth0 ------ eth0 right (the sniffer, in a root file system of its own)
#
source "$(dirname "$0")/../netlib.sh"

# shellcheck disable=SC2034 # lib.sh reads it
TEST_SECONDS=300
DEB_FOLDER=$ROOT/build/deb

# Once for all tests: the package, and a Debian with what it depends on.
if [[ ${1-} != --inside ]]; then
	for program in dpkg-buildpackage lintian debootstrap; do
		type -P $program >/dev/null || skip_all "$program is not installed"
	done
	FRESH=$(mktemp -d)
	export FRESH
	undo rm -rf --one-file-system "$FRESH"
	make --no-print-directory -C "$ROOT" deb
	debootstrap --variant=minbase --include="libcap2-bin,$(dpkg-deb -f "$DEB_FOLDER"/bpfsniff_*.deb Depends |
		sed -E 's/ \([^)]*\)//g; s/ //g')" "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$FRESH" >"$FRESH.log" 2>&1 ||
		{ tail "$FRESH.log" >&2 && exit 1; }
	rm "$FRESH.log"
fi

# What tests change goes with them.
setup() {
	mkdir root
	mount -t tmpfs tmpfs root
	mkdir root/{start,work,all}
	mount -t overlay overlay -o "lowerdir=$FRESH,upperdir=root/start,workdir=root/work" root/all
	mount -t proc proc root/all/proc
	cp "$DEB_FOLDER"/bpfsniff_*.deb root/all/tmp/bpfsniff.deb
	export DEBIAN_FRONTEND=noninteractive
}

in_debian() { # COMMAND...
	chroot root/all "$@"
}

# All files but what dpkg itself writes.
files() {
	in_debian find / -xdev ! -path '/proc/*' ! -path '/var/lib/dpkg/*' ! -path '/var/log/*' -printf '%M %u %g %p\n' | sort -k 4
}

# One sniffs, with these words before the program's name.
sniff_there() { # COMMAND...
	start right chroot root/all "$@" bpfsniff -i eth0 -q --protocol=udp >out 2>err
	wait_listening
	send left eth0 <<<'3 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 3
	stop
	expect_counts accepted 3
	equal "lines" 3 "$(line_count out)"
}

wires() {
	left_and_right
}

test_lintian_has_nothing_to_say() {
	lintian --fail-on error,warning "$DEB_FOLDER"/*.changes
}

test_install_sniff_purge() {
	wires
	files >before
	in_debian dpkg -i /tmp/bpfsniff.deb
	equal "version" "bpfsniff $(in_debian dpkg-query -W -f '${Version}' bpfsniff)" "$(in_debian bpfsniff --version)"
	sniff_there
	in_debian dpkg -P bpfsniff
	files | diff before -
	equal "audit" "" "$(in_debian dpkg --audit)"
}

test_a_group_may_sniff() {
	wires
	in_debian dpkg -i /tmp/bpfsniff.deb
	in_debian groupadd --system bpfsniff
	in_debian useradd --groups bpfsniff member
	in_debian dpkg-reconfigure bpfsniff
	sniff_there setpriv --reuid=member --regid=member --init-groups env
	in_debian dpkg -i /tmp/bpfsniff.deb
	sniff_there setpriv --reuid=member --regid=member --init-groups env
	in_debian setpriv --reuid=nobody --regid=nogroup --clear-groups env bpfsniff --version 2>err && fail "anybody may run it"
	expect_line err 'Permission denied'

	# README.Debian says how to go back.
	in_debian groupdel bpfsniff
	in_debian dpkg -i /tmp/bpfsniff.deb
	equal "mode" "root root 755" "$(in_debian stat -c '%U %G %a' /usr/bin/bpfsniff)"
	equal "capabilities" "" "$(in_debian getcap /usr/bin/bpfsniff)"
}

run_tests "$@"
