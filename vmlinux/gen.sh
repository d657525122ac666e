#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Make vmlinux.h: of a kernel's BTF only the types that bpf/ uses.
#   vmlinux/gen.sh [/sys/kernel/btf/vmlinux] >vmlinux/vmlinux.h
#
# struct __sk_buff is what a program of ours sees of a frame. It is UAPI, its layout is fixed; so its attribute
# preserve_access_index is left out, and loading needs no BTF of the running kernel.
set -eu

btf=${1:-/sys/kernel/btf/vmlinux}
types='__sk_buff bpf_map_type bpf_hdr_start_off'

cat <<'END'
/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0 WITH Linux-syscall-note */
/* Made by vmlinux/gen.sh from a kernel's BTF. */
#ifndef BPFSNIFF_VMLINUX_H
#define BPFSNIFF_VMLINUX_H

typedef unsigned char __u8;
typedef short int __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long int __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

struct bpf_flow_keys;
struct bpf_sock;
END
bpftool btf dump file "$btf" format c | awk -v types="$types" '
	BEGIN { n = split(types, name, " "); for (i = 1; i <= n; i++) wanted[name[i]] = 1 }
	/^(struct|enum) [a-z_0-9]+ \{$/ && $2 in wanted { printing = 1; print "" }
	printing { print }
	/^}/ { printing = 0 }'
printf '\n#endif\n'
