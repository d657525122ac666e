#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Process 1 of a kernel under test, once its root is there (see init): run the tests and switch off.

# Whether eBPF is compiled (1, the default) or interpreted (0); some kernels have no interpreter.
choose_compiler() { # 0|1
	echo "$1" >/proc/sys/net/core/bpf_jit_enable
	[[ $(</proc/sys/net/core/bpf_jit_enable) == "$1" ]]
}

# What asks something of the kernel; the rest is the same everywhere. What is emulated takes ten times as long: tests that
# would take a quarter of an hour, and find here what a shorter one finds too, are left out.
programs() { # 0|1, whether eBPF is compiled
	printf '%s\n' build/tests/ebpf/test_{kernel_filter,kernel_types,filter_cut,filter_headers,filter_raw,cbpf_run} build/tests/unit/sandbox/test_{confine,landlock} \
		tests/netns/{flags,flows,fragments,tun,verdicts,vlan}.sh
	# With expressions; those are not interpreted.
	(($1 == 0)) || printf '%s\n' build/tests/ebpf/test_{cooked,filter_load,kernel_and_user_agree} \
		tests/netns/{faults,flow_counts,interfaces,own_session,owner,powerless,privilege,processes,set_filter,set_filter_end,tcp_analysis}.sh \
		tests/kernels/gre.sh
}

# Those of them that are wanted.
run() { # PROGRAM...
	local -a wanted
	mapfile -t wanted < <(printf '%s\n' "$@" | grep -F -- "${TESTS%%:*}")
	((${#wanted[@]})) || return 0
	setsid tests/run.sh "${wanted[@]}"
	ran=1
}

# The words of the kernel's command line that boot.sh has added.
value_of() { # NAME
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p" | tail -n 1
}

prepare() {
	local release modules folder
	release=$(uname -r)
	mount -t sysfs sysfs /sys
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	mount -t tmpfs tmpfs /dev/shm
	for folder in /tmp /run; do # below which the tests themselves may lie
		[[ $(value_of root)/ == $folder/* ]] || mount -t tmpfs tmpfs $folder
	done
	ln -sf /proc/self/fd /dev/fd
	ln -sf /proc/self/fd/1 /dev/stdout
	modules=$(value_of root)/build/kernels/$(value_of kernel)/lib/modules/$release
	mkdir -p "/lib/modules/$release"
	mount --bind "$modules" "/lib/modules/$release"
	modprobe tun # the file of its device is udev's business otherwise
	ip link set lo up
}

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root
prepare
cd "$(value_of root)" || exit
export SLOWNESS TESTS
SLOWNESS=$(value_of slowness)
TESTS=$(value_of tests)
script=$(value_of script)
dmesg -n 1 # or what it says stands in the middle of a result
compiler=$(value_of bpf_jit_enable)
echo '--- tests'
if ! choose_compiler "$compiler"; then
	echo '0 passed, 0 failed, 1 skipped: this kernel has no interpreter'
elif [[ $script ]]; then
	"$script"
else
	mapfile -t programs < <(programs "$compiler")
	run "${programs[@]}"
	((compiler == 0)) || run tests/kernels/settings.sh # by itself: they hold for all that runs
	[[ ${ran-} ]] || echo "0 passed, 0 failed, 0 skipped: no program here is named $TESTS"
fi
echo '--- end'
echo o >/proc/sysrq-trigger
sleep 60
