#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Run the tests that ask something of the kernel on the kernels that people run: boot.sh 6.1 6.12
#
# The newest kernel of each series that this machine's package sources offer is fetched (and not installed), started in
# qemu, and finds the machine's own files as its root, read-only, under a file system in memory: the same build, the same
# tests, another kernel. Each tells its result in one line at the end. The first runs them a second time, with eBPF that is
# interpreted.
#
#     TESTS=netns/vlan     only programs whose names contain this
#     SLOWNESS=10          how much longer than on the machine itself things may take (see lib.sh)
#     ACCEL=kvm            by the processor itself, where it can; else it is emulated, in one thread: with a thread for each
#                          processor, qemu may go on with code that another has already patched (int3, text_poke_bp())
#     V=1                  show all that the kernel says
#     SCRIPT=build/try     run this in place of the tests, to look at a kernel
set -euo pipefail
SLOWNESS=${SLOWNESS:-10}
source "$(dirname "$0")/../lib.sh"
PATH=$PATH:/usr/sbin:/sbin

WORK=$ROOT/build/kernels
RUN=$(mktemp -d) # what one guest needs
undo rm -rf "$RUN"
BOOT_MODULES=(virtio_pci virtiofs overlay) # what the root needs; udev is not here, modprobe(8) loads the others
BOOT_PARAMETERS='console=ttyS0 panic=-1 init=/init'
MINUTES=90 # the time that a kernel may take

# The newest package of a series: linux-image-6.1.0-56-cloud-amd64
newest_package() { # SERIES
	apt-cache search --names-only "^linux-image-${1//./\\.}\\.[0-9].*-cloud-amd64\$" | cut -d ' ' -f 1 | sort -V | tail -n 1
}

# Fetch and unpack a package to $WORK/PACKAGE, once.
fetch() { # PACKAGE
	[[ ! -d $WORK/$1 ]] || return 0
	rm -rf "$WORK/new"
	mkdir -p "$WORK/new/deb"
	(cd "$WORK/new/deb" && apt-get -qq download "$1" 2>/dev/null) || fail "$1 cannot be fetched"
	dpkg-deb -x "$WORK"/new/deb/*.deb "$WORK/new/root"
	depmod -b "$WORK/new/root" "$(release_in "$WORK/new/root")"
	mv "$WORK/new/root" "$WORK/$1"
}

# What uname -r will say.
release_in() { # ROOT
	ls "$1/lib/modules"
}

# Busybox, the modules that the root needs, in their order, and init.
make_initramfs() { # ROOT >INITRAMFS
	local tree module number=10
	tree=$(mktemp -d)
	mkdir "$tree/bin" "$tree/modules"
	cp "$(type -P busybox)" "$tree/bin/busybox"
	cp "$(dirname "$0")/init" "$tree/init"
	for module in "${BOOT_MODULES[@]}"; do
		modprobe --dirname "$1" --set-version "$(release_in "$1")" --show-depends "$module"
	done | awk '/^insmod/ && !seen[$2]++ { print $2 }' | while read -r module; do
		cp "$module" "$tree/modules/$((number++))-${module##*/}"
	done
	find "$tree/modules" -name '*.xz' -exec xz -d {} +
	(cd "$tree" && find . | cpio --quiet -o -H newc | gzip -1)
	rm -rf "$tree"
}

# Debian 12 has it among qemu's own programs, later ones have a package of the same name.
virtiofsd() {
	local program
	for program in /usr/libexec/virtiofsd /usr/lib/qemu/virtiofsd /usr/lib/virtiofsd; do
		[[ ! -x $program ]] || exec "$program" "$@"
	done
	echo 'virtiofsd is not installed'
}

# Lend the machine's files to the next guest, which ends this.
share_files() { # SOCKET
	rm -f "$1"
	virtiofsd --socket-path="$1" -o source=/ -o sandbox=chroot -o cache=always -o log_level=err >"$RUN/virtiofsd.log" 2>&1 &
	wait_for 10 test -S "$1"
}

# Start a kernel; what it says goes to standard output.
boot() { # PACKAGE PARAMETER...
	local root=$WORK/$1
	shift
	make_initramfs "$root" >"$RUN/initramfs"
	share_files "$RUN/socket"
	timeout --foreground "${MINUTES}m" qemu-system-x86_64 -nodefaults -no-reboot -display none -serial stdio \
		-machine q35 -accel "${ACCEL:-tcg,thread=single}" -cpu max -smp 2 -m 3G \
		-object memory-backend-memfd,id=memory,size=3G,share=on -numa node,memdev=memory \
		-chardev "socket,id=files,path=$RUN/socket" -device vhost-user-fs-pci,chardev=files,tag=machine \
		-device virtio-rng-pci \
		-kernel "$root"/boot/vmlinuz-* -initrd "$RUN/initramfs" -append "$BOOT_PARAMETERS $*" </dev/null
	wait
}

# Run the tests on a kernel. Whatever it says at the end, its result is one line: KERNEL: N passed, N failed, N skipped.
check_kernel() { # PACKAGE PARAMETER...
	local log=$WORK/$1${2+-${2%=*}}.log shown='/^--- tests/,/^--- end/{/^---/!p}' what result
	[[ ${V-} != 1 ]] || shown=p
	what="$(release_in "$WORK/$1")${2+ ($2)}"
	echo "--- $what"
	boot "$1" root="$ROOT" kernel="$1" slowness="$SLOWNESS" tests="${TESTS-}" script="${SCRIPT-}" bpf_jit_enable=1 "${@:2}" |
		sed -u 's/\r$//' | tee "$log" | sed -nu "$shown"
	result=$(awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped/ { passed += $1; failed += $3; skipped += $5; said = 1 }
		END { if (said) print passed " passed, " failed " failed, " skipped " skipped" }' "$log")
	if [[ ! $result ]]; then
		echo "the last that it said ($log):"
		tail -n 15 "$log"
	fi
	RESULTS+=("$what: ${result:-no result}")
	# Fewer programs run interpreted: TESTS may well name none of those.
	[[ $result == *' 0 failed,'* && ($result != '0 passed'* || (${TESTS-} && ${2-} == *=0)) ]] || FAILED=1
}

if ((EUID != 0)) || [[ $(uname -m) != x86_64 ]]; then
	fail 'kernels are checked as root and on x86-64'
fi
RESULTS=() FAILED=0
for series; do
	package=$(newest_package "$series")
	if [[ ! $package ]]; then
		RESULTS+=("$series: no such kernel among this machine's packages")
		FAILED=1
		continue
	fi
	fetch "$package"
	check_kernel "$package"
	[[ $series != "$1" ]] || check_kernel "$package" bpf_jit_enable=0 # the oldest, without the compiler
done
printf '%s\n' "${RESULTS[@]}"
exit $FAILED
