# SPDX-License-Identifier: BSD-2-Clause
#
# Completion of bpfsniff's command line in fish. The options, what they do and what kind of value each takes come from its
# --help.

# The first column of a file as /etc/services.
function __bpfsniff_names # FILE
    string match -rg '^([a-z][^ \t#]*)' <$argv[1] 2>/dev/null
end

# The members of a list, after those that have been typed.
function __bpfsniff_list # OPTION
    set -l typed (string replace -r '^(--[a-z-]*=)?((.*,)?)[^,]*$' '$2' -- (commandline -ct))
    switch $argv[1]
        case '*port'
            printf '%s\n' $typed(__bpfsniff_names /etc/services)
        case protocol
            printf '%s\n' $typed(printf '%s\n' all icmp6 sctp; __bpfsniff_names /etc/protocols)
        case interface
            __bpfsniff_interfaces | string replace -r '^' -- "$typed"
        case tcp-flags
            printf '%s\n' $typed{,!}{fin,syn,rst,psh,ack,urg,ece,cwr}
        case tcp-event
            printf '%s\n' $typed{retransmission,out-of-order,lost-segment,duplicate-ack,zero-window,window-full,keep-alive,reset,any}
    end
end

function __bpfsniff_interfaces
    bpfsniff --list-interfaces 2>/dev/null | string replace -rf '^(?:\d+\.)?(\S+) (.*)' '$1\t$2'
end

# Of the processes of that name those that answer (their sockets have it too), with their command lines.
function __bpfsniff_sniffers
    for pid in (pgrep -x bpfsniff)
        if grep -q "@bpfsniff-$pid-" /proc/$pid/net/unix 2>/dev/null
            printf '%s\t%s\n' $pid "$(tr '\0' ' ' </proc/$pid/cmdline)"
        end
    end
end

function __bpfsniff_value # KIND OPTION
    switch $argv[1]
        case 'NAME|PATH|PID'
            ip netns list 2>/dev/null | string match -r '^\S+'
            __fish_complete_path (string replace -r '^--netns=' '' -- (commandline -ct))
        case USER
            __fish_complete_users
        case PID
            __bpfsniff_sniffers
        case LIST
            __bpfsniff_list $argv[2]
        case '*|*'
            string split '|' -- $argv[1]
    end
end

complete -c bpfsniff -f -a 'and or not host net port portrange src dst ether vlan mpls pppoes
    ip ip6 arp rarp tcp udp icmp icmp6 sctp proto broadcast multicast less greater'
# A text that is wrapped goes on behind many blanks.
for line in (bpfsniff --help 2>/dev/null | sed -zE 's/\n {20,}/ /g')
    string match -rq '^ +(-(?<letter>[A-Za-z#]), )?--(?<name>[a-z][a-z-]*)(?<value>\[?=[^ ]*)? *(?<text>.*)' -- $line
    or continue
    set -l option -c bpfsniff -l $name -d $text
    test -z "$letter"; or set -a option -s $letter
    switch "$value"
        case ''
            complete $option -f
        case '[=*'
            complete $option -f -a "(__bpfsniff_value '"(string trim -c '[=]' -- $value)"' $name)"
        case =FILE
            complete $option -r -F
        case '*'
            complete $option -x -a "(__bpfsniff_value '"(string sub -s 2 -- $value)"' $name)"
    end
end
