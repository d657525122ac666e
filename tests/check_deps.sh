#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What deps.sh would do on other machines: the commands that it looks for and calls are stand-ins here.
#
source "$(dirname "$0")/lib.sh"

# A machine with the commands of this one but for some, where apt-get only writes down what it is asked to do.
machine() { # ID WITHOUT...
	local name
	mkdir bin
	echo "ID=$1" >os-release
	for name in awk bash bpftool cat clang echo gcc llvm-strip make sort xargs; do
		[[ " ${*:2} " == *" $name "* ]] || printf '#!/bin/bash\nexec %q "$@"\n' "$(type -P "$name")" >"bin/$name"
	done
	printf '#!/bin/bash\n[[ $* == --exists* && " %s " != *" $2 "* ]]\n' "${*:2}" >bin/pkg-config
	printf '#!/bin/bash\necho "apt-get $*" >>%q\n' "$TMP/apt.log" >bin/apt-get
	printf '#!/bin/bash\necho "Package: $2"\n' >bin/apt-cache
	chmod +x bin/*
	: >apt.log
}

deps() { # PURPOSE...
	OS_RELEASE=$TMP/os-release ONLY_PATH=$TMP/bin "$ROOT/tests/deps.sh" "$@"
}

test_nothing_is_missing() {
	machine debian
	deps build >out 2>&1
	equal "output" "" "$(<out)"
	equal "calls of apt-get" "" "$(<apt.log)"
}

test_debian() {
	((EUID == 0)) || skip "needs root, as apt-get does"
	machine debian clang libbpf
	deps build >out
	equal "calls of apt-get" "apt-get -qq -y update
apt-get -qq -y install --no-install-recommends clang libbpf-dev" "$(<apt.log)"
}

test_debian_without_privilege() {
	need setpriv
	((EUID == 0)) || skip "needs root to become somebody else"
	machine debian libpcap
	cp "$ROOT/tests/deps.sh" .
	local status=0
	OS_RELEASE=os-release ONLY_PATH=$TMP/bin setpriv --reuid=65534 --clear-groups ./deps.sh build >out 2>err || status=$?
	equal "exit status" 1 "$status"
	equal "message" "deps: missing: libpcap-dev; install them with: sudo make deps-test" "$(<err)"
}

# A command of that name is not enough where it must not need libraries.
test_a_static_program() {
	((EUID == 0)) || skip "needs root, as apt-get does"
	local name
	machine debian
	for name in cpio depmod ldd qemu-system-x86_64 xz; do
		printf '#!/bin/bash\n' >"bin/$name"
		chmod +x "bin/$name"
	done
	ln -s bash bin/busybox # ldd names no fault: it is dynamic
	deps kernels >out
	expect_line apt.log 'install --no-install-recommends busybox-static$'
	: >apt.log
	printf '#!/bin/bash\nexit 1\n' >bin/ldd
	deps kernels >out
	equal "calls of apt-get" "" "$(<apt.log)"
}

# Where a command is there by chance, its tests would be skipped on the next machine.
test_what_the_tests_need() {
	local command
	sed -nE 's/^[[:space:]]*need ([a-z0-9 -]+)$/\1/p' "$ROOT"/tests/*.sh "$ROOT"/tests/*/*.sh | xargs -n 1 | sort -u >needed
	((16 < $(line_count needed))) || fail "few: $(xargs <needed)"
	while read -r command; do
		grep -qE "^(build|demo|test) +$command " "$ROOT/tests/deps.sh" || fail "deps.sh does not install '$command'"
	done < <(grep -vx 'bash' needed)
}

test_fedora_and_arch_are_told() {
	local system status wanted sudo=
	((EUID == 0)) || sudo='sudo ' # which root may not have
	while read -r system wanted; do
		status=0
		rm -rf bin
		machine "$system" clang libcap-ng
		deps build >out 2>err || status=$?
		equal "exit status" 1 "$status"
		equal "message" "deps: something is missing; install it with: $sudo$wanted" "$(<err)"
		equal "calls of apt-get" "" "$(<apt.log)"
	done <<-'SYSTEMS'
		fedora dnf install clang libcap-ng-devel
		arch pacman -S --needed clang libcap-ng
	SYSTEMS
}

run_tests "$@"
