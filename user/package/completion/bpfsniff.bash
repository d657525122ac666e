# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Completion of bpfsniff's command line in bash. The options, and what kind of value each takes, come from its --help.

# Fill the caller's arrays: value_of[--interface]=NAME, and long_of[-i]=--interface.
_bpfsniff_read_help() { # PROGRAM
	local line option='^ +((-[A-Za-z#]), )?(--[a-z][a-z-]*)(\[?=([^] ]*))?'
	while IFS= read -r line; do
		[[ $line =~ $option ]] || continue
		# shellcheck disable=SC2034 # the caller's
		value_of[${BASH_REMATCH[3]}]=${BASH_REMATCH[5]}
		[[ ${BASH_REMATCH[4]} != \[* ]] || may_stand_alone[${BASH_REMATCH[3]}]=1
		[[ ! ${BASH_REMATCH[2]} ]] || long_of[${BASH_REMATCH[2]}]=${BASH_REMATCH[3]}
	done < <("$1" --help 2>/dev/null)
}

_bpfsniff_interfaces() { # PROGRAM
	"$1" --list-interfaces 2>/dev/null | sed -nE 's/^([0-9]+\.)?([^ ]+) .*/\2/p'
}

# Of the processes of that name those that answer: their sockets have it too (unix(7), abstract names).
_bpfsniff_sniffers() {
	local pid
	for pid in $(pgrep -x bpfsniff); do
		! grep -q "@bpfsniff-$pid-" "/proc/$pid/net/unix" 2>/dev/null || echo "$pid"
	done
}

# The first column of a file as /etc/services.
_bpfsniff_names() { # FILE
	sed -nE 's/^([a-z][^ \t#]*).*/\1/p' "$1" 2>/dev/null
}

# What a list may have in it.
_bpfsniff_members() { # PROGRAM OPTION
	case $2 in
	--interface) _bpfsniff_interfaces "$1" ;;
	*port) _bpfsniff_names /etc/services ;;
	--protocol) echo all icmp6 sctp && _bpfsniff_names /etc/protocols ;;
	--tcp-flags) echo {,!}{fin,syn,rst,psh,ack,urg,ece,cwr} ;;
	--tcp-event) echo retransmission out-of-order lost-segment duplicate-ack zero-window window-full keep-alive reset any ;;
	esac
}

_bpfsniff_values() { # PROGRAM OPTION KIND WORD
	local before=
	case $3 in
	FILE)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$4")
		;;
	'NAME|PATH|PID')
		mapfile -t COMPREPLY < <(compgen -f -W "$(ip netns list 2>/dev/null | cut -d ' ' -f 1)" -- "$4")
		;;
	USER) mapfile -t COMPREPLY < <(compgen -u -- "$4") ;;
	PID) mapfile -t COMPREPLY < <(compgen -W "$(_bpfsniff_sniffers)" -- "$4") ;;
	LIST)
		compopt -o nospace
		before=${4%"${4##*,}"}
		mapfile -t COMPREPLY < <(compgen -W "$(_bpfsniff_members "$1" "$2")" -- "${4##*,}")
		COMPREPLY=("${COMPREPLY[@]/#/$before}")
		;;
	*'|'*) mapfile -t COMPREPLY < <(compgen -W "${3//|/ }" -- "$4") ;;
	esac
}

_bpfsniff_expression_words='and or not host net port portrange src dst ether vlan mpls pppoes ip ip6 arp rarp tcp udp
	icmp icmp6 sctp proto broadcast multicast less greater'

# bash takes --name=value apart into three words.
_bpfsniff() {
	local -A value_of=() long_of=() may_stand_alone=()
	local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	local -a names
	COMPREPLY=()
	_bpfsniff_read_help "$1"
	if [[ $word == = ]]; then
		word=
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ ${may_stand_alone[$option]-} ]]; then
		option=
	elif [[ $option =~ ^-[A-Za-z]+$ ]]; then
		option=${long_of[-${option: -1}]-}
	fi
	if [[ $option == --* && ${value_of[$option]-} ]]; then
		_bpfsniff_values "$1" "$option" "${value_of[$option]}" "${word#[\'\"]}"
	elif [[ $word == -* ]]; then
		names=("${!long_of[@]}")
		for option in "${!value_of[@]}"; do
			[[ ! ${value_of[$option]} || ${may_stand_alone[$option]-} ]] || option+='='
			names+=("$option")
		done
		mapfile -t COMPREPLY < <(compgen -W "${names[*]}" -- "$word")
		[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
	else
		mapfile -t COMPREPLY < <(compgen -W "$_bpfsniff_expression_words" -- "$word")
	fi
}

complete -F _bpfsniff bpfsniff
