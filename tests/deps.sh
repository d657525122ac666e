#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Install what is missing: deps.sh build, deps.sh build demo test
#
# Debian and Ubuntu are served through apt-get, without questions, and only when something is missing. On other systems
# the packages are named, and the rest is left to the user.
set -euo pipefail

SUDO='sudo '
((EUID != 0)) || SUDO=

# A test may put another system in the place of this one.
OS_RELEASE=${OS_RELEASE:-/etc/os-release}
PATH=${ONLY_PATH:-$PATH:/usr/local/sbin:/usr/sbin:/sbin}

# What for, how to see that it is there (a command, also a static one, a file, a library or a Python module), and its package on Debian and
# Ubuntu, on Fedora, and on Arch.
NEEDS='
build  gcc                      gcc             gcc                gcc
build  make                     make            make               make
build  clang                    clang           clang              clang
build  llvm-strip               llvm            llvm               llvm
build  bpftool                  bpftool         bpftool            bpf
build  pkg-config               pkg-config      pkgconf            pkgconf
build  /usr/include/stdio.h     libc6-dev       glibc-devel        glibc
build  /usr/include/linux/bpf.h linux-libc-dev  kernel-headers     linux-api-headers
build  library:libbpf           libbpf-dev      libbpf-devel       libbpf
build  library:libpcap          libpcap-dev     libpcap-devel      libpcap
build  library:libcap-ng        libcap-ng-dev   libcap-ng-devel    libcap-ng
build  library:libseccomp       libseccomp-dev  libseccomp-devel   libseccomp
build  library:libelf           libelf-dev      elfutils-devel     libelf
build  /usr/include/uthash.h   uthash-dev      uthash-devel       uthash
build  /usr/include/fixbuf/public.h libfixbuf-dev libfixbuf-devel libfixbuf
build  library:ncursesw         libncurses-dev  ncurses-devel      ncurses
build  library:zlib             zlib1g-dev      zlib-devel         zlib
build  library:libzstd          libzstd-dev     libzstd-devel      zstd
demo   ip                       iproute2        iproute            iproute2
demo   ping                     iputils-ping    iputils            iputils
demo   arping                   iputils-arping  iputils            iputils
demo   curl                     curl            curl               curl
demo   /usr/bin/python3         python3         python3            python
demo   unshare                  util-linux      util-linux         util-linux
test   fuzzer                   libclang-rt-dev compiler-rt        compiler-rt
test   library:cmocka           libcmocka-dev   libcmocka-devel    cmocka
test   module:scapy             python3-scapy   python3-scapy      scapy
test   tcpdump                  tcpdump         tcpdump            tcpdump
test   tshark                   tshark          wireshark-cli      wireshark-cli
test   dropbear                 dropbear-bin    dropbear           dropbear
test   dropbearkey              dropbear-bin    dropbear           dropbear
test   dbclient                 dropbear-bin    dropbear           dropbear
test   ethtool                  ethtool         ethtool            ethtool
test   capinfos                 wireshark-common wireshark-cli     wireshark-cli
test   editcap                  wireshark-common wireshark-cli     wireshark-cli
test   mergecap                 wireshark-common wireshark-cli     wireshark-cli
test   nft                      nftables        nftables           nftables
test   tmux                     tmux            tmux               tmux
test   bc                       bc              bc                 bc
test   setpriv                  util-linux      util-linux         util-linux
test   jq                       jq              jq                 jq
test   gzip                     gzip            gzip               gzip
test   /etc/services            netbase         setup              iana-etc
test   zstd                     zstd            zstd               zstd
test   script                   bsdutils        util-linux         util-linux
test   setcap                   libcap2-bin     libcap             libcap
test   strace                   strace          strace             strace
test   clickhouse-server        clickhouse-server clickhouse-server clickhouse
test   clickhouse-client        clickhouse-client clickhouse-client clickhouse
test   nfacctd                  pmacct          pmacct             pmacct
test   nfcapd                   nfdump          nfdump             nfdump
test   nfdump                   nfdump          nfdump             nfdump
test   promtool                 prometheus      golang-github-prometheus prometheus
test   /usr/share/zoneinfo/UTC  tzdata          tzdata             tzdata
test   valgrind                 valgrind        valgrind           valgrind
test   mandoc                   mandoc          mandoc             mandoc
test   groff                    groff-base      groff-base         groff
test   pgrep                    procps          procps-ng          procps-ng
test   /usr/share/bash-completion/bash_completion bash-completion bash-completion bash-completion
test   zsh                      zsh             zsh                zsh
test   fish                     fish            fish               fish
test   groupadd                 passwd          shadow-utils       shadow
test   readelf                  binutils        binutils           binutils
test   dpkg-parsechangelog      dpkg-dev        dpkg-dev           dpkg
test   clang-format             clang-format    clang-tools-extra  clang
test   clang-tidy               clang-tidy      clang-tools-extra  clang
test   shellcheck               shellcheck      ShellCheck         shellcheck
package dpkg-buildpackage       dpkg-dev        dpkg               dpkg
package dh                      debhelper       debhelper          debhelper
package lintian                 lintian         lintian            lintian
package debootstrap             debootstrap     debootstrap        debootstrap
kernels qemu-system-x86_64      qemu-system-x86 qemu-system-x86    qemu-system-x86
kernels static:busybox          busybox-static  busybox            busybox
kernels cpio                    cpio            cpio               cpio
kernels depmod                  kmod            kmod               kmod
kernels xz                      xz-utils        xz                 xz
bench  ip                       iproute2        iproute            iproute2
bench  unshare                  util-linux      util-linux         util-linux
bench  /usr/bin/python3         python3         python3            python
bench  tcpdump                  tcpdump         tcpdump            tcpdump
bench  tshark                   tshark          wireshark-cli      wireshark-cli
bench  dumpcap                  wireshark-common wireshark-cli     wireshark-cli
bench  netsniff-ng              netsniff-ng     netsniff-ng        netsniff-ng
bench  iftop                    iftop           iftop              iftop
bench  nethogs                  nethogs         nethogs            nethogs
bench  jq                       jq              jq                 jq
'

# A command that needs no libraries, for a file system that has none.
is_static() { # COMMAND
	local path
	path=$(type -P "$1") || return 1
	if ldd "$path" >/dev/null 2>&1; then return 1; fi
}

is_here() { # NEED
	case $1 in
	library:*) pkg-config --exists "${1#*:}" 2>/dev/null ;;
	module:*) /usr/bin/python3 -c "import ${1#*:}" 2>/dev/null ;;
	static:*) is_static "${1#*:}" ;;
	/*) [[ -e $1 ]] ;;
	# Part of the compiler, yet a package of its own.
	fuzzer) compgen -G "$(clang -print-runtime-dir 2>/dev/null)/libclang_rt.fuzzer*" >/dev/null ;;
	# On Ubuntu the command may be there and the program of this kernel behind it not.
	bpftool) bpftool version >/dev/null 2>&1 || compgen -G '/usr/lib/linux-tools/*/bpftool' >/dev/null ;;
	*) type -P "$1" >/dev/null ;;
	esac
}

# The packages of what is missing, from one column of the table, each once.
missing_packages() { # COLUMN PURPOSE...
	local -a row
	while read -ra row; do
		[[ ${row[0]-} && " ${*:2} " == *" ${row[0]} "* ]] || continue
		is_here "${row[1]}" || echo "${row[$1]}"
	done <<<"$NEEDS" | sort -u
}

# Ubuntu has bpftool among the tools of its kernel.
ubuntu_name() {
	if [[ $1 == bpftool && ! $(apt-cache show --no-all-versions bpftool 2>/dev/null) ]]; then
		echo linux-tools-generic
	else
		echo "$1"
	fi
}

install_by_apt() { # PURPOSE...
	local package
	local -a missing names=()
	mapfile -t missing < <(missing_packages 2 "$@")
	((${#missing[@]})) || return 0
	if ((EUID != 0)); then
		echo "deps: missing: ${missing[*]}; install them with: sudo make deps-test" >&2
		return 1
	fi
	echo "deps: installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq -y update </dev/null
	for package in "${missing[@]}"; do
		names+=("$(ubuntu_name "$package")")
	done
	apt-get -qq -y install --no-install-recommends "${names[@]}" </dev/null
}

name_packages() { # COLUMN COMMAND PURPOSE...
	local missing
	missing=$(missing_packages "$1" "${@:3}" | xargs)
	[[ $missing ]] || return 0
	echo "deps: something is missing; install it with: $2 $missing" >&2
	return 1
}

main() {
	local ID='' ID_LIKE=''
	# shellcheck source=/dev/null
	source "$OS_RELEASE"
	case " $ID $ID_LIKE " in
	*\ debian\ * | *\ ubuntu\ *) install_by_apt "$@" ;;
	*\ arch\ *) name_packages 4 "${SUDO}pacman -S --needed" "$@" ;;
	*\ fedora\ * | *\ rhel\ *) name_packages 3 "${SUDO}dnf install" "$@" ;;
	*) name_packages 3 '(names as on Fedora)' "$@" || name_packages 4 '(names as on Arch)' "$@" ;;
	esac
}

main "${@:-build}"
