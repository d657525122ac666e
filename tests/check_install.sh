#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# make install, uninstall and static; and who can use what they make, where.
#
#     left eth0 ------ eth0 right (the sniffer)
#
source "$(dirname "$0")/netlib.sh"

run_make() { # ARGUMENT...
	make --no-print-directory -C "$ROOT" "$@"
}

# Changes of a folder of this machine stay in the test.
shadow() { # FOLDER
	mkdir -p "/run/shadow$1/"{start,work}
	mount -t overlay overlay -o "lowerdir=$1,upperdir=/run/shadow$1/start,workdir=/run/shadow$1/work" "$1"
}

test_install_and_uninstall() {
	need tshark
	run_make install DESTDIR="$TMP/some root" >make.log
	(cd "some root" && find . ! -type d -printf '%m %P\n' | sort -k 2) >installed
	diff - <(grep -v ' usr/lib/' installed) <<-'FILES'
		755 usr/local/bin/bpfsniff
		644 usr/local/share/bash-completion/completions/bpfsniff
		644 usr/local/share/fish/vendor_completions.d/bpfsniff.fish
		644 usr/local/share/man/man8/bpfsniff.8
		644 usr/local/share/zsh/site-functions/_bpfsniff
	FILES
	# In the folder in which Wireshark looks there is a link.
	ls -l "some root$(tshark -G folders 2>/dev/null | sed -n 's/^[GE].*xtcap path:[ \t]*//p')" >links
	expect_line links ' bpfsniff -> /usr/local/bin/bpfsniff$'
	"some root/usr/local/bin/bpfsniff" --version >version
	expect_line version '^bpfsniff [0-9]'
	run_make uninstall DESTDIR="$TMP/some root"
	equal "files that are left" "" "$(find "some root" ! -type d)"
}

test_prefix() {
	run_make install DESTDIR="$TMP/root" PREFIX=/opt/bpfsniff >make.log
	equal "elsewhere" "" "$(find root -type f ! -path 'root/opt/bpfsniff/*')"
	[[ -x root/opt/bpfsniff/bin/bpfsniff ]]
	run_make uninstall DESTDIR="$TMP/root" PREFIX=/opt/bpfsniff
	equal "files that are left" "" "$(find root -type f)"
}

test_a_group_may_sniff() {
	need setpriv setcap groupadd
	local program=/usr/local/bin/bpfsniff
	shadow /etc
	shadow /usr/local
	left_and_right
	sed -i /^bpfsniff:/d /etc/group
	run_make install SETCAP=1 EXTCAPDIR=/usr/local/lib/extcap >make.log
	expect_line make.log 'usermod -aG bpfsniff '
	equal "owner and mode" "root bpfsniff 750" "$(stat -c '%U %G %a' "$program")"
	equal "capabilities" "$program cap_net_raw,cap_bpf=ep" "$(getcap "$program")"
	# Again: the group is there, and a new program has lost nothing.
	run_make install SETCAP=1 EXTCAPDIR=/usr/local/lib/extcap >make.log
	equal "capabilities" "$program cap_net_raw,cap_bpf=ep" "$(getcap "$program")"

	# Through env(1): setpriv itself still has root's capabilities.
	setpriv --reuid=12345 --regid=12345 --clear-groups env "$program" --version 2>err && fail "anybody may run it"
	expect_line err 'Permission denied'
	start right setpriv --reuid=12345 --regid=12345 --groups="$(getent group bpfsniff | cut -d : -f 3)" \
		env "$program" -i eth0 -q >out 2>err
	wait_listening
	send left eth0 <<<'3 accepted eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)'
	wait_seen 3
	stop
	expect_counts accepted 3
	equal "lines" 3 "$(line_count out)"
}

test_setcap_is_for_this_machine() {
	local status=0
	run_make install SETCAP=1 DESTDIR="$TMP/root" >out 2>err || status=$?
	equal "exit status" 2 "$status"
	expect_line err 'SETCAP=1 .*leave out DESTDIR'
	[[ ! -e root ]]
}

# A root file system with one program, and nothing that it may want: no libraries, no /sys, no users, no services.
# tests/package/busybox.sh has one with more.
bare_root() {
	mkdir -p root/{bin,etc,proc}
	install "$ROOT/build/static/bpfsniff" root/bin/bpfsniff
	mount -t proc proc root/proc
}

test_static() {
	need readelf
	run_make static >make.log
	readelf -dl "$ROOT/build/static/bpfsniff" >elf
	expect_no_line elf 'NEEDED|INTERP'
	bare_root
	left_and_right
	chroot root /bin/bpfsniff --version >version
	equal "version" "$("$SNIFFER" --version)" "$(<version)"

	# As nobody, whom this system does not know; libpcap looks at the interface for `vlan`.
	start right chroot root /bin/bpfsniff -i eth0 -q --port=53 'udp or vlan 7' >out 2>err
	wait_listening
	equal "user" "65534 65534 65534 65534" "$(awk '$1 == "Uid:" { print $2, $3, $4, $5 }' "/proc/$SNIFFER_PID/status")"
	send left eth0 <<-'FRAMES'
		2  accepted    eth/IP(src=A, dst=B)/UDP(sport=1, dport=53)
		3  accepted    eth/Dot1Q(vlan=7)/IP(src=A, dst=B)/TCP(sport=1, dport=53)
		4  expression  eth/IP(src=A, dst=B)/TCP(sport=1, dport=53)
		1  port        eth/IP(src=A, dst=B)/UDP(sport=1, dport=54)
	FRAMES
	wait_seen 10
	stop
	expect_counts accepted 5 expression 4 port 1
	equal "lines" 5 "$(line_count out)"
}

# Names come from files; what nsswitch.conf asks for beyond them would be plug-ins for another C library.
test_static_knows_names_from_files() {
	run_make static >make.log
	bare_root
	namespace right
	ip -n right link add eth0 type veth peer name eth1
	refused 2 "--port: 'domain' is not a port" ip netns exec right chroot root /bin/bpfsniff -i eth0 --port=domain
	refused 2 "-Z: 'somebody' is not a user" ip netns exec right chroot root /bin/bpfsniff -i eth0 -Z somebody
	printf '%s: files systemd sss db\n' passwd group initgroups services protocols hosts >root/etc/nsswitch.conf
	echo 'somebody:x:4711:4712::/:/bin/sh' >root/etc/passwd
	echo 'some:x:4713:somebody' >root/etc/group
	echo 'domain 53/udp' >root/etc/services
	echo '10.9.0.2 peer' >root/etc/hosts
	start right chroot root /bin/bpfsniff -i eth0 --port=domain --protocol=udp -Z somebody 'host peer' >out 2>err
	wait_listening
	equal "user" "4711 4712 4713" "$(awk '/^(Uid|Gid|Groups):/ { print $NF }' "/proc/$SNIFFER_PID/status" | xargs)"
	stop
}

run_tests "$@"
