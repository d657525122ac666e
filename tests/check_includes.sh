#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Who may know whom: the table of the folders in the Makefile (USES_folder), held against every include and every call.
#
source "$(dirname "$0")/lib.sh"

# The folders of the table in its order, each with those that it uses.
table() { # MAKEFILE
	local folders folder
	folders=$(sed -n 's/^FOLDERS *:= *//p' "$1")
	for folder in $folders; do
		echo "$folder $(sed -n "s/^USES_$folder *:= *//p" "$1")"
	done
}

# "NAME USED" for each folder that NAME may include and call, itself among them.
arrows() { # MAKEFILE
	local folder used one
	while read -r folder used; do
		for one in $folder $used; do echo "$folder $one"; done
	done < <(table "$1")
}

# Beside the table: files | what they must not include.
RULES='
user/!(filter)/*.[ch]                       <pcap
user/filter/!(expression).[ch]              <pcap
user/!(ebpf|owner)/*.[ch]                   <bpf/|"[a-z_]*\.skel\.h
user/!(sandbox)/*.[ch]                      <cap-ng|<seccomp|<linux/landlock
user/!(savefile)/*.[ch]                     <z(lib|std)\.h
user/savefile/!(decompress).[ch]            <z(lib|std)\.h
user/!(capture|sandbox)/*.[ch]              <netpacket/|<linux/if_packet
user/!(cli)/*.[ch]                          <argp
user/!(top)/*.[ch]                          <(n?curses|term)\.h
user/@(base|packet|decode|print|flow|filter|stats)/*.[ch] <sys/socket|<net/
user/@(decode|print)/*.[ch]                  <fcntl|<unistd|<sys/
user/decode/*.[ch]                          <stdio\.h>|"base/(log|output)\.h"
user/*.[ch]                                 <(pcap|bpf/|cap-ng|seccomp|linux/landlock|z(lib|std)\.h|netpacket/|linux/if_packet|argp|n?curses)|"[a-z_]*\.skel\.h
user/*.[ch]                                 "vmlinux\.h"|"\.\./
user/*/*.[ch]                               "vmlinux\.h"|"\.\./
include/*.h                                 <(?!linux/types\.h)|"[a-z]*/
bpf/*.[ch]                                  <(?!bpf/)|"[a-z]*/
'

# "FILE: include line" for each include in a tree that breaks one of the rules.
rule_violations() { # TREE
	local pattern forbidden
	local -a files
	shopt -s extglob nullglob
	while read -r pattern forbidden; do
		# shellcheck disable=SC2206 # a pattern
		files=("$1"/$pattern)
		[[ ! $pattern || ! ${files[*]} ]] || grep -HP "^\s*#\s*include\s*($forbidden)" "${files[@]}" || true
	done <<<"$RULES"
}

# "FILE includes HEADER" for each include in a tree that has no arrow in the table: of another folder, of what is another
# folder's own (*_internal.h), or without a folder, though the header is in one. user/main.c and run/ stand above all.
include_violations() { # TREE
	(
		cd "$1" || return
		grep -oPH '^\s*#\s*include\s*"\K[^"]+' -r user --include='*.[ch]' || true
	) |
		awk -F: -v arrows="$(arrows "$1/Makefile")" -v own="$(ls "$1/include")" '
		BEGIN {
			count = split(arrows, list, "\n")
			for (i = 1; i <= count; i++) allowed[list[i]] = 1
			count = split(own, list, "\n")
			for (i = 1; i <= count; i++) shared[list[i]] = 1
		}
		{
			folders = split($1, path, "/")
			folder = folders == 3 ? path[2] : "run"
			parts = split($2, header, "/")
			if (parts == 1 && ($2 in shared || $2 ~ /\.skel\.h$/)) next
			if (parts == 2 && (folder " " header[1]) in allowed && (header[1] == folder || $2 !~ /_internal\.h$/)) next
			print $1 " includes " $2
		}'
}

# "USER DEFINER SYMBOL" for each call from one object below a build folder to another.
calls() { # BUILD
	(
		cd "$1/user"
		nm -A --defined-only --extern-only ./*/*.o | awk '{ sub(/:.*/, "", $1); print $NF, $1 }' | sort >"$TMP/defined"
		nm -A --undefined-only ./*/*.o | awk '{ sub(/:.*/, "", $1); print $NF, $1 }' | sort >"$TMP/undefined"
		join -o 1.2,2.2,0 "$TMP/undefined" "$TMP/defined" | sed 's|\./||g'
	)
}

# Those calls that have no arrow in the table.
call_violations() { # MAKEFILE BUILD
	calls "$2" | awk -v arrows="$(arrows "$1")" '
		BEGIN {
			count = split(arrows, list, "\n")
			for (i = 1; i <= count; i++) allowed[list[i]] = 1
		}
		{
			split($1, user, "/")
			split($2, definer, "/")
			if (!((user[1] " " definer[1]) in allowed)) print $1 " calls " $3 " of " $2
		}'
}

# The files that call each other in a circle.
circles() { # BUILD
	calls "$1" | awk '$1 != $2 { print $1, $2 }' | tsort >/dev/null 2>loops || true
	cat loops
}

test_the_table_has_no_circle() {
	local folder used known=" " one
	table "$ROOT/Makefile" >folders
	while read -r folder used; do
		for one in $used; do
			[[ $known == *" $one "* ]] || fail "$folder uses $one, which does not stand above it"
		done
		known+="$folder "
	done <folders
	find "$ROOT/user" -mindepth 1 -maxdepth 1 -type d ! -name package -printf '%f\n' | sort >there
	cut -d ' ' -f 1 folders | sort | diff - there
	find "$ROOT/user" -maxdepth 1 -type f -printf '%f\n' >files
	equal "files beside the folders" "README.md main.c" "$(sort files | xargs)"
}

# user/README.md shows the table: folder, what it is for, what it uses.
test_the_readme_has_the_table() {
	sed -nE 's/^\| `user\/([a-z]+)\/` \|.*\| ([a-z, ]*)\|$/\1 \2/p' "$ROOT/user/README.md" | tr -d , | sed 's/ *$//' >shown
	table "$ROOT/Makefile" | sed 's/ *$//' | diff - shown
}

test_includes() {
	local found
	found=$(rule_violations "$ROOT" && include_violations "$ROOT")
	[[ ! $found ]] || fail "$found"
}

# "NAME USED" for each arrow that no include of a tree follows.
unused_arrows() { # TREE
	local folder used
	while read -r folder used; do
		[[ $folder == "$used" ]] || grep -qE "^\s*#\s*include\s*\"$used/" "$1/user/$folder"/*.[ch] || echo "$folder $used"
	done < <(arrows "$1/Makefile")
}

test_no_arrow_is_unused() {
	equal "arrows that nothing follows" "" "$(unused_arrows "$ROOT")"
	mkdir -p user/{base,packet}
	printf '%s\n' 'FOLDERS := base packet' 'USES_base :=' 'USES_packet := base' >Makefile
	echo '#include "packet/frame.h"' >user/packet/packet.c
	equal "arrows that nothing follows" "packet base" "$(unused_arrows .)"
}

test_calls() {
	local found
	found=$(call_violations "$ROOT/Makefile" "$ROOT/build")
	[[ ! $found ]] || fail "$found"
	(($(calls "$ROOT/build" | wc -l) > 300)) || fail "nm shows no calls"
}

test_no_circle_of_calls() {
	local found
	found=$(circles "$ROOT/build")
	[[ ! $found ]] || fail "$found"
}

# "FILE: line" for each use of what belongs to the command line, in a tree's folders that know none.
command_line_users() { # TREE
	grep -rHP '\bstruct options\b|\bEXIT_(SUCCESS|FAILURE|USAGE)\b' "$1/user" --include='*.[ch]' |
		grep -vE '/user/(cli/|run/|main\.c:)' || true
}

test_the_command_line_stays_above() {
	local found
	found=$(command_line_users "$ROOT")
	[[ ! $found ]] || fail "$found"
	mkdir -p user/{base,run}
	echo 'void print(const struct options *options);' | tee user/base/text.h >user/run/live.h
	equal "users" 1 "$(command_line_users . | wc -l)"
}

# "OBJECT NAME" for each variable in the folders that keep no state.
variables() { # BUILD
	objdump -t "$1"/user/{decode,print,filter}/*.o |
		awk '/file format/ { object = $1 } $3 == "O" && $4 ~ /^\.(bss|data$|data\.rel$|data\.rel\.local$)/ { print object, $NF }'
}

test_no_variables() {
	local found
	found=$(variables "$ROOT/build")
	[[ ! $found ]] || fail "$found"
	mkdir -p build/user/{decode,print,filter}
	for folder in decode print filter; do
		gcc -x c -c -o "build/user/$folder/a.o" - <<<'static int calls; const int limit = 3; int count(void) { return calls += limit; }'
	done
	equal "variables" 3 "$(variables build | wc -l)"
}

# The tests would notice: a tree with one offence for each rule.
test_each_rule_is_enforced() {
	mkdir -p user/{base,cli,control,decode,filter,print,run,savefile,stats} include bpf
	local file line
	while read -r file line; do
		echo "#include $line" >"$file"
	done <<-'TREE'
		user/main.c             "vmlinux.h"
		user/other.c            <pcap/pcap.h>
		user/base/text.c        <sys/socket.h>
		user/cli/options.c      "sniff.skel.h"
		user/cli/extcap.c       <pcap/pcap.h>
		user/control/control.c  <bpf/bpf.h>
		user/decode/decode.c    <stdio.h>
		user/filter/prefix.c    <pcap/pcap.h>
		user/print/color.c      <fcntl.h>
		user/run/live.c         <seccomp.h>
		user/run/pipeline.c     <linux/if_packet.h>
		user/run/replay.c       <argp.h>
		user/savefile/rotate.c  <zlib.h>
		user/stats/stats.c      "../run/live.h"
		include/dissect.h       <stdint.h>
		bpf/sniff.bpf.c         <stdio.h>
	TREE
	rule_violations . | sort -u >found
	equal "violations" 16 "$(line_count found)"
}

test_each_arrow_is_enforced() {
	mkdir -p user/{base,decode,packet,savefile} include
	cp "$ROOT/Makefile" .
	touch include/abi.h
	printf '#include "%s"\n' abi.h packet/packet.h decode/decode_internal.h >user/decode/decode.c
	include_violations . >found
	equal "violations where all is allowed" '' "$(<found)"
	printf '#include "%s"\n' base/text.h print/style.h decode.h >user/decode/decode.c
	printf '#include "%s"\n' packet/frame.h sandbox/confine_internal.h >user/savefile/rotate.c
	printf '#include "%s"\n' packet/packet.h >user/base/text.c
	include_violations . | sort >found
	diff found - <<-'FOUND'
		user/base/text.c includes packet/packet.h
		user/decode/decode.c includes base/text.h
		user/decode/decode.c includes decode.h
		user/decode/decode.c includes print/style.h
		user/savefile/rotate.c includes sandbox/confine_internal.h
	FOUND
}

# A call that has no include: declared by hand. Three files in a circle, one of which calls up.
test_each_call_is_looked_at() {
	mkdir -p build/user/{base,decode}
	compile() { # FILE CODE
		gcc -x c -c -o "build/user/$1.o" - <<<"$2"
	}
	compile base/text 'int up(void); int text(void) { return up(); }'
	compile decode/up 'int text(void), around(void); int up(void) { return text() + around(); }'
	compile decode/around 'int up(void); int around(void) { return up(); }'
	call_violations "$ROOT/Makefile" build | sort >found
	diff found - <<-'FOUND'
		base/text.o calls up of decode/up.o
		decode/up.o calls text of base/text.o
	FOUND
	circles build >found
	expect_line found 'contains a loop'
	expect_line found 'decode/around\.o'
	rm build/user/{base/text,decode/around}.o
	equal "circles in what is left" '' "$(circles build)"
}

# The second guard: a unit test that needs what its folder may not call does not link.
test_a_call_upwards_does_not_link() {
	local part
	mkdir tree
	for part in Makefile bpf include tests user vmlinux; do cp -r "$ROOT/$part" tree/; done
	echo 'int options_release(void *options); int text_calls_up(void) { return options_release(0); }' >>tree/user/base/escape.c
	sed -i '1i int text_calls_up(void);' tree/user/base/escape.c
	if make --no-print-directory -C tree unit TEST=escape >log 2>&1; then
		fail "a test of base/ links with cli/"
	fi
	expect_line log "undefined reference to .options_release'"
}

run_tests "$@"
