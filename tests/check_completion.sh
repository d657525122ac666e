#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The Tab key, in the shells that make install serves.
#
source "$(dirname "$0")/netlib.sh"

# What each line becomes when Tab is pressed at its end; $ stands for its end.
LINES='
bpfsniff --tcp-f              |bpfsniff --tcp-flags=$
bpfsniff --tcp-event=dup      |bpfsniff --tcp-event=duplicate-ack$
bpfsniff --snap               |bpfsniff --snaplen=$
bpfsniff -q --js              |bpfsniff -q --json $
bpfsniff --list               |bpfsniff --list-interfaces $
bpfsniff -i l                 |bpfsniff -i lo$
bpfsniff --interface=an       |bpfsniff --interface=any$
bpfsniff -qi an               |bpfsniff -qi any$
bpfsniff -Q inou              |bpfsniff -Q inout $
bpfsniff --direction=ou       |bpfsniff --direction=out $
bpfsniff --color al           |bpfsniff --color always $
bpfsniff --port=22,goph       |bpfsniff --port=22,gopher$
bpfsniff --not-port ss        |bpfsniff --not-port ssh$
bpfsniff --tcp-flags=syn,ac   |bpfsniff --tcp-flags=syn,ack$
bpfsniff -r ./some            |bpfsniff -r ./some.pcapng $
bpfsniff --read=./some        |bpfsniff --read=./some.pcapng $
bpfsniff --expression-file som|bpfsniff --expression-file some.pcapng $
bpfsniff --netns=blu          |bpfsniff --netns=blue $
bpfsniff --user=daem          |bpfsniff --user=daemon $
bpfsniff portr                |bpfsniff portrange $
'

setup() {
	make --no-print-directory -C "$ROOT" install DESTDIR="$TMP/root" >make.log
	SHARE=$TMP/root/usr/local/share
	export PATH=$TMP/root/usr/local/bin:$PATH HOME=$TMP XDG_CONFIG_HOME=$TMP
	: >some.pcapng
	ip link set lo up
	namespace blue
	sed -nE 's/^([^|]+[^ |]) *\|.*/\1/p' <<<"$LINES" >typed
	sed -nE 's/^[^|]+\|(.*)\$$/\1/p' <<<"$LINES" >wanted
	"$SNIFFER" --help | sed -nE 's/^ +(-., )?(--[a-z-]+)(=?).*/\2\3/p' | sort >options
	(($(line_count options) > 40)) || fail "too few options in --help: $(<options)"
}

# Two sniffers, and another program of that name; the first is $SNIFFER_PID.
start_sniffers() {
	start blue bpfsniff -i lo --loopback -q >out 2>err
	wait_listening
	cp "$(type -P sleep)" bpfsniff
	./bpfsniff 60 &
	wait_for 5 grep -qx bpfsniff "/proc/$!/comm"
}

# What the shell makes of each line of standard input.
in_bash() {
	BASH_COMPLETION_USER_DIR=$SHARE/bash-completion "$PYTHON" "$ROOT/tests/press_tab.py" bash --norc --noprofile -i -- \
		'source /usr/share/bash-completion/bash_completion' 'bind "set completion-query-items 0"' \
		'bind -x '\''"\C-xp": printf "<""<%s>>\n" "$READLINE_LINE"'\'
}

in_zsh() {
	"$PYTHON" "$ROOT/tests/press_tab.py" zsh -f -i -- "fpath=($SHARE/zsh/site-functions \$fpath)" \
		"autoload -Uz compinit; compinit -u -d $TMP/zcompdump" 'show() { print -r -- "<""<$BUFFER>>" }' \
		'zle -N show; bindkey "^Xp" show'
}

in_fish() { # COMMAND_LINE
	XDG_DATA_DIRS=$SHARE:/usr/share fish --no-config -c 'set fish_complete_path '"$SHARE"'/fish/vendor_completions.d $fish_complete_path
		complete -C $argv[1]' -- "$1" | cut -f 1
}

test_bash() {
	need bash
	in_bash <typed >got
	diff wanted got
	echo 'sudo bpfsniff --snap' | in_bash >got
	equal "after sudo" "sudo bpfsniff --snaplen=" "$(<got)"
}

# Every option, asked for in the way that bash does.
test_bash_options() {
	# shellcheck source=/dev/null
	source "$SHARE/bash-completion/completions/bpfsniff"
	compopt() { :; }
	COMP_WORDS=(bpfsniff --) COMP_CWORD=1
	_bpfsniff bpfsniff
	printf '%s\n' "${COMPREPLY[@]}" | sort | diff options -
}

test_bash_sniffers() {
	start_sniffers
	printf 'bpfsniff --%s' $'set-filter=\n' $'status=\n' | in_bash >got
	equal "completed" "bpfsniff --set-filter=$SNIFFER_PID bpfsniff --status=$SNIFFER_PID " "$(xargs <got) "
	stop
}

test_zsh() {
	need zsh
	in_zsh <typed | sed -E 's/(port|flags|event|-i|-qi|interface)([ =].*),$/\1\2/' >got # it takes another member of a list for certain
	diff wanted got
}

# Every option that is clear without its last letter.
test_zsh_options() {
	need zsh
	# It offers the `=` also of a value that can be left out.
	"$SNIFFER" --help | sed -nE 's/^ +(-., )?(--[a-z-]+)\[?(=?).*/\2\3/p' | sort >offered
	sed -E 's/=?$//; s/.$//' offered >stems
	paste -d ' ' stems offered | while read -r stem option; do
		(($(grep -c -- "^$stem" stems) > 1)) || echo "$stem $option"
	done >clear
	(($(line_count clear) > 30)) || fail "too few: $(<clear)"
	sed 's/^/bpfsniff /; s/ [^ ]*$//' clear | in_zsh | sed -E 's/^bpfsniff //; s/ $//' >got
	cut -d ' ' -f 2 clear | diff - got
}

test_zsh_sniffers() {
	need zsh
	start_sniffers
	printf 'bpfsniff --%s' $'set-filter=\n' $'status=\n' | in_zsh >got
	equal "completed" "bpfsniff --set-filter=$SNIFFER_PID bpfsniff --status=$SNIFFER_PID " "$(xargs <got) "
	stop
}

# fish says itself what it would offer.
test_fish() {
	need fish
	local -a lines words
	local i
	mapfile -t lines <typed
	mapfile -t words < <(sed -E 's/.* ([^ ]+) ?$/\1/; s/=$//' wanted)
	for i in "${!lines[@]}"; do
		equal "${lines[i]}" "${words[i]}" "$(in_fish "${lines[i]}" | xargs)"
	done
}

test_fish_options() {
	need fish
	in_fish 'bpfsniff --' | sed 's/=$//' | sort -u >got
	sed 's/=$//' options | sort | diff - got
}

test_fish_sniffers() {
	need fish
	start_sniffers
	equal "offered" "--status=$SNIFFER_PID" "$(in_fish 'bpfsniff --status=')"
	equal "offered" "--set-filter=$SNIFFER_PID" "$(in_fish 'bpfsniff --set-filter=')"
	stop
}

run_tests "$@"
