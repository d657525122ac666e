#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Process 1 of a kernel under test, once its root is there (see init): run the tests and switch off.

# Whether eBPF is compiled (1, the default) or interpreted (0); some kernels have no interpreter.
choose_compiler() { # 0|1
	echo "$1" >/proc/sys/net/core/bpf_jit_enable
	[[ $(</proc/sys/net/core/bpf_jit_enable) == "$1" ]]
}

# What asks something of the kernel; the rest is the same everywhere.
programs() {
	printf '%s\n' build/tests/test_{filter,filter_cut,filter_headers,filter_load,filter_raw,two_homes,cooked,expr} \
		build/tests/test_{xlate_run,xlate_random,confine,landlock} tests/kernels/settings.sh tests/files/live.sh \
		tests/netns/{control,faults,flags,flows,fragments,interfaces,life,many,powerless,privilege}.sh \
		tests/netns/{set_filter,set_filter_end,set_filter_load,set_filter_thousand,status,tun,verdicts,vlan}.sh
}

# The words of the kernel's command line that boot.sh has added.
value_of() { # NAME
	tr ' ' '\n' </proc/cmdline | sed -n "s/^$1=//p" | tail -n 1
}

prepare() {
	local release modules
	release=$(uname -r)
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	mount -t tmpfs tmpfs /dev/shm
	mount -t tmpfs tmpfs /tmp
	mount -t tmpfs tmpfs /run
	ln -sf /proc/self/fd /dev/fd
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
echo '--- tests'
if ! choose_compiler "$(value_of bpf_jit_enable)"; then
	echo '0 passed, 0 failed, 1 skipped: this kernel has no interpreter'
elif [[ $script ]]; then
	"$script"
else
	mapfile -t programs < <(programs)
	setsid tests/run.sh "${programs[@]}"
fi
echo '--- end'
echo o >/proc/sysrq-trigger
sleep 60
