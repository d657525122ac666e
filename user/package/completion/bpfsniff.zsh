#compdef bpfsniff
# SPDX-License-Identifier: BSD-2-Clause
#
# Completion of bpfsniff's command line in zsh. The options, what they do and what kind of value each takes come from its
# --help.

# The first column of a file as /etc/services.
_bpfsniff_names() { # FILE
	sed -nE 's/^([a-z][^ \t#]*).*/\1/p' $1 2>/dev/null
}

_bpfsniff_list() { # OPTION
	local -a members
	case $1 in
	*port) members=(${(f)"$(_bpfsniff_names /etc/services)"}) ;;
	--protocol) members=(all icmp6 sctp ${(f)"$(_bpfsniff_names /etc/protocols)"}) ;;
	--interface) members=(${(f)"$(_call_program interfaces $words[1] --list-interfaces | sed -nE 's/^([0-9]+\.)?([^ ]+) .*/\2/p')"}) ;;
	--tcp-flags) members=({,!}{fin,syn,rst,psh,ack,urg,ece,cwr}) ;;
	--tcp-event) members=(retransmission out-of-order lost-segment duplicate-ack zero-window window-full keep-alive reset any) ;;
	*) _message 'addresses and prefixes' && return ;;
	esac
	_sequence compadd - $members
}

# Of the processes of that name those that answer (their sockets have it too), with their command lines.
_bpfsniff_sniffers() {
	local pid
	local -a sniffers
	for pid in ${(f)"$(pgrep -x bpfsniff)"}; do
		if grep -q "@bpfsniff-$pid-" /proc/$pid/net/unix 2>/dev/null; then
			sniffers+=("$pid:${"$(tr '\0' ' ' </proc/$pid/cmdline)"//:/\\:}")
		fi
	done
	_describe 'running sniffer' sniffers
}

_bpfsniff_value() { # KIND OPTION
	case $1 in
	FILE) _files ;;
	'NAME|PATH|PID') compadd - ${(f)"$(ip netns list 2>/dev/null | cut -d ' ' -f 1)"} || _files ;;
	USER) _users ;;
	PID) _bpfsniff_sniffers ;;
	LIST) _bpfsniff_list $2 ;;
	*\|*) compadd - ${(s:|:)1} ;;
	*) _message $1 ;;
	esac
}

_bpfsniff() {
	local line short long kind text value
	local option='^ +((-[A-Za-z#]), )?(--[a-z][a-z-]*)(\[?=([^] ]*)\]?)? *(.*)$'
	local -a specs match mbegin mend
	# A text that is wrapped goes on behind many blanks.
	for line in ${(f)"$(_call_program options $words[1] --help | sed -zE 's/\n {20,}/ /g')"}; do
		[[ $line =~ $option ]] || continue
		short=$match[2] long=$match[3] kind=$match[5] text="[${${match[6]//\[/\\[}//\]/\\]}]"
		value=":$kind:{ _bpfsniff_value '$kind' $long }"
		if [[ ! $kind ]]; then
			specs+=("*$long$text" ${short:+"*$short$text"})
		elif [[ $match[4] == \[* ]]; then
			specs+=("*$long=-$text:$value")
		else
			specs+=("*$long=$text$value" ${short:+"*$short+$text$value"})
		fi
	done
	_arguments -s -S : $specs '*:pcap-filter expression:(and or not host net port portrange src dst ether vlan mpls pppoes
		ip ip6 arp rarp tcp udp icmp icmp6 sctp proto broadcast multicast less greater)'
}

_bpfsniff "$@"
