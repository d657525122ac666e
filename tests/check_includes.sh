#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Who may know whom: no file includes what its place in the program forbids.
#
source "$(dirname "$0")/lib.sh"

# Files | what they must not include. Packets flow from the left of this program to its right (source, pipeline, decode,
# sink), and nothing calls a stage on its left.
RULES='
user/!(expr).[ch]                             <pcap
user/!(filter*|owner).[ch]                    <bpf/|"[a-z]*\.skel\.h
user/@(sets|xlate*|cursor|decode*|text|pcap*).[ch] <sys/socket|<net/|<netinet/(?!in\.h)|<netpacket/|<linux/if_packet|"(ring|filter|control|stats|privs|options)\.h"
user/@(xlate*|cursor|decode*|text).[ch]       <stdio\.h>|"log\.h"
user/@(ring|pcap_read*|pcapng*).[ch]          "(decode|sink|pipeline|out_[a-z]*|filter)\.h"
user/decode*.[ch]                             "(sink|output|pipeline|pcap_[a-z]*)\.h"
user/out_*.[ch]                               "(ring|filter|pipeline|decode|pcap_[a-z]*|control|stats)\.h"
user/*.[ch]                                   "vmlinux\.h"|"\.\./
include/*.h                                   <(?!linux/types\.h)
bpf/*.[ch]                                    <(?!bpf/)|"(frame|packet|decode|options)\.h"
'

# "FILE: include line" for each include in a tree that breaks a rule.
violations() { # TREE
	local pattern forbidden
	local -a files
	shopt -s extglob nullglob
	while read -r pattern forbidden; do
		# shellcheck disable=SC2206 # a pattern
		files=("$1"/$pattern)
		[[ ! $pattern || ! ${files[*]} ]] || grep -HP "^\s*#\s*include\s*($forbidden)" "${files[@]}" || true
	done <<<"$RULES"
}

test_includes() {
	local found
	found=$(violations "$ROOT")
	[[ ! $found ]] || fail "$found"
}

# The test would notice: a tree with one offence for each rule.
test_each_rule_is_enforced() {
	mkdir -p user include bpf
	local file line
	while read -r file line; do
		echo "#include $line" >"$file"
	done <<-'TREE'
		user/main.c      <pcap/pcap.h>
		user/ring.c      <bpf/bpf.h>
		user/options.c   "sniff.skel.h"
		user/text.c      <stdio.h>
		user/pcap_read.c "decode.h"
		user/decode_ip.c "sink.h"
		user/out_json.c  "ring.h"
		user/stats.c     "vmlinux.h"
		include/walk.h   <stdint.h>
		bpf/sniff.bpf.c  <stdio.h>
	TREE
	violations . | sort -u >found
	equal "violations" 10 "$(line_count found)"
}

run_tests "$@"
