/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_table.h"

#include <stddef.h>

enum group {
	GROUP_CAPTURE = 1,
	GROUP_HEADERS,
	GROUP_FILTER,
	GROUP_INSIGHT,
	GROUP_WHO,
	GROUP_CONTROL,
	GROUP_FILES,
	GROUP_FLOWS,
	GROUP_OUTPUT,
	GROUP_OTHER,
};

const struct argp_option option_table[] = {
	{NULL, 0, NULL, 0, "Where to listen, and for how long:", GROUP_CAPTURE},
	{"interface", 'i', "LIST", 0, "listen on these interfaces (repeatable); the default, any, is every interface",
	 0},
	{"list-interfaces", 'D', NULL, 0, "list the interfaces to listen on, and exit", 0},
	{"netns", KEY_NETNS, "NAME|PATH|PID", 0, "listen in that network namespace", 0},
	{"no-promiscuous", 'p', NULL, 0, "leave named interfaces out of promiscuous mode", 0},
	{"snaplen", 's', "BYTES", 0, "keep at most BYTES of a frame (default 262144)", 0},
	{"buffer-size", 'B', "KIB", 0, "size of the capture ring (default 32768)", 0},
	{"packets", 'c', "N", 0, "stop after N packets", 0},
	{"duration", KEY_DURATION, "SECONDS", 0, "stop after SECONDS (fractions allowed)", 0},
	{"user", 'Z', "USER", 0,
	 "become USER (or USER:GROUP) once everything is open (default for root: _bpfsniff if that user exists, else "
	 "nobody)",
	 0},
	{NULL, 0, NULL, 0, "Keep packets by their headers (a packet must satisfy all of these):", GROUP_HEADERS},
	{"protocol", KEY_PROTOCOL, "LIST", 0, "IP protocols to keep (default tcp,udp); all keeps every frame", 0},
	{"host", KEY_HOST, "LIST", 0, "either address is in LIST: addresses and prefixes", 0},
	{"src", KEY_SRC, "LIST", 0, "the source address is in LIST", 0},
	{"dst", KEY_DST, "LIST", 0, "the destination address is in LIST", 0},
	{"not-host", KEY_NOT_HOST, "LIST", 0, "neither address is in LIST", 0},
	{"host-file", KEY_HOST_FILE, "FILE", 0, "like --host, with one address or prefix per line of FILE", 0},
	{"not-host-file", KEY_NOT_HOST_FILE, "FILE", 0, "like --not-host, with one address or prefix per line of FILE",
	 0},
	{"port", KEY_PORT, "LIST", 0, "either port is in LIST: numbers, ranges, service names", 0},
	{"src-port", KEY_SRC_PORT, "LIST", 0, "the source port is in LIST", 0},
	{"dst-port", KEY_DST_PORT, "LIST", 0, "the destination port is in LIST", 0},
	{"not-port", KEY_NOT_PORT, "LIST", 0, "neither port is in LIST", 0},
	{"tcp-flags", KEY_TCP_FLAGS, "LIST", 0, "these flags are set, or clear where ! precedes one: syn,!ack", 0},

	{NULL, 0, NULL, 0, "Keep packets by where they go, or by flow:", GROUP_FILTER},
	{"loopback", KEY_LOOPBACK, NULL, 0, "keep loopback traffic too", 0},
	{"own-session", KEY_OWN_SESSION, NULL, 0, "keep the SSH session that the output goes through too", 0},
	{"direction", 'Q', "in|out|inout", 0, "keep only incoming or only outgoing packets", 0},
	{"tcp-event", KEY_TCP_EVENT, "LIST", 0,
	 "keep only segments at which one of these is found: retransmission, reset, any", 0},
	{"first", KEY_FIRST, "N", 0, "keep only the first N packets of each flow (both directions together)", 0},
	{"flow-table", KEY_FLOWS, "N", 0, "remember N flows, for all options that count by flow (default 65536)", 0},
	{"sample", KEY_SAMPLE, "N", 0, "keep one flow in N, with all its packets", 0},
	{"expression-file", 'F', "FILE", 0, "read EXPRESSION from FILE", 0},

	{NULL, 0, NULL, 0, "See what the filter does:", GROUP_INSIGHT},
	{"dump-filter", 'd', NULL, 0, "print the expression as eBPF, and exit; -dd: the whole filter", 0},
	{"explain", KEY_EXPLAIN, NULL, 0, "print every packet, whether it passes the filter, and why", 0},

	{NULL, 0, NULL, 0, "See who sends and receives:", GROUP_WHO},
	{"owner", KEY_OWNER, NULL, 0, "name the process at each end that is on this machine, and how that is known", 0},
	{"process", KEY_PROCESS, "LIST", 0,
	 "keep only packets of these processes, by name or number, and of their children", 0},
	{"uid", KEY_UID, "LIST", 0, "keep only packets of processes of these users", 0},
	{"cgroup", KEY_CGROUP, "PATH", 0, "keep only packets of processes in this control group, or below it", 0},

	{NULL, 0, NULL, 0, "Ask or change a running sniffer:", GROUP_CONTROL},
	{"set-filter", KEY_SET_FILTER, "PID", OPTION_ARG_OPTIONAL,
	 "give sniffer PID (or the only one that runs) the filter of this command line; it misses no packet", 0},
	{"status", KEY_STATUS, "PID", OPTION_ARG_OPTIONAL,
	 "print the statistics and filter of sniffer PID (or the only one that runs)", 0},

	{NULL, 0, NULL, 0, "Read and write files:", GROUP_FILES},
	{"read", 'r', "FILE", 0, "read packets from FILE (pcap, pcapng; - is standard input; repeatable)", 0},
	{"read-list", 'V', "FILE", 0, "read the files that FILE names, one per line", 0},
	{"count", KEY_COUNT, NULL, 0, "with -r: print only the number of packets", 0},
	{"write", 'w', "FILE", 0,
	 "write packets to FILE (- is standard output): pcapng, or pcap when FILE ends in .pcap", 0},
	{"print", KEY_PRINT, NULL, 0, "with -w: print the packets too (as -q does, if no style is named)", 0},
	{"rotate-size", 'C', "MB", 0, "start a new file after MB million bytes", 0},
	{"rotate-seconds", 'G', "S", 0,
	 "start a new file every S seconds, by the clock; strftime(3) conversions in FILE", 0},
	{"rotate-count", 'W', "N", 0, "keep the last N files", 0},

	{NULL, 0, NULL, 0, "Count flows, without copying packets:", GROUP_FLOWS},
	{"top", KEY_TOP, "SECONDS", OPTION_ARG_OPTIONAL,
	 "a table of the largest flows every SECONDS (default 1), with keys on a terminal, or as JSON; with -r: one, "
	 "at the end",
	 0},
	{"by", KEY_BY, "flow|host|port|process", 0, "with --top: group flows (default flow)", 0},
	{"flow-log", KEY_FLOW_LOG, "FILE", 0, "a JSON line in FILE for each flow that ends (- is standard output)", 0},
	{"ipfix", KEY_IPFIX, "HOST[:PORT]", 0,
	 "send each flow that ends to an IPFIX collector, over UDP (default port 4739)", 0},
	{"idle", KEY_IDLE, "SECONDS", 0, "a flow ends after SECONDS without a packet (default 30)", 0},
	{"active", KEY_ACTIVE, "SECONDS", 0, "report a long flow every SECONDS (default 1800)", 0},

	{NULL, 0, NULL, 0, "Print packets:", GROUP_OUTPUT},
	{"brief", 'q', NULL, 0, "one line per packet", 0},
	{"hexdump", 'X', NULL, 0, "with -q: a hexdump under each line", 0},
	{"link", 'e', NULL, 0, "the link-level header too", 0},
	{"ascii", 'A', NULL, 0, "the payload as text instead of the hexdump; with -q, its first text", 0},
	{"json", KEY_JSON, NULL, 0, "one JSON object per line", 0},
	{"time", 't', NULL, 0,
	 "-t no time, -tt seconds since the epoch, -ttt since the previous packet, -tttt date and time", 0},
	{"micro", KEY_MICRO, NULL, 0, "six digits of a second (the default with -q), also in a pcap file", 0},
	{"nano", KEY_NANO, NULL, 0, "nine digits of a second (the default without -q)", 0},
	{"number", '#', NULL, 0, "with -q: the packet's number first", 0},
	{"lengths", KEY_LENGTHS, NULL, 0, "the captured length and the length on the wire", 0},
	{"absolute-sequence", 'S', NULL, 0,
	 "sequence numbers as they are on the wire (default: counted from the first)", 0},
	{"color", KEY_COLOR, "auto|always|never", 0, "colour the text (default auto)", 0},
	{"line-buffered", 'l', NULL, 0, "flush after every packet", 0},
	{"numeric", 'n', NULL, 0, "accepted; addresses and ports are always numeric", 0},
	{"stats", KEY_STATS, "SECONDS", OPTION_ARG_OPTIONAL,
	 "print the statistics every SECONDS (default 1) on standard error", 0},
	{"metrics", KEY_METRICS, "FILE", 0, "write the statistics to FILE every second, in Prometheus' text format", 0},

	{NULL, 0, NULL, 0, "Other:", GROUP_OTHER},
	{"version", KEY_VERSION, NULL, 0, "print the version, and exit", 0},
	{NULL, 'h', NULL, 0, "print the common options and examples, and exit", 0},
	{"help", KEY_HELP, NULL, 0, "print this list, and exit", 0},

	/* Words of tcpdump, for what other options do or what is always so. */
	{"snapshot-length", 's', "BYTES", OPTION_HIDDEN, NULL, 0},
	{"no-promiscuous-mode", 'p', NULL, OPTION_HIDDEN, NULL, 0},
	{"relinquish-privileges", 'Z', "USER", OPTION_HIDDEN, NULL, 0},
	{"time-stamp-precision", KEY_TIME_STAMP_PRECISION, "micro|nano", OPTION_HIDDEN, NULL, 0},
	{"absolute-tcp-sequence-numbers", 'S', NULL, OPTION_HIDDEN, NULL, 0},
	{"hex", 'x', NULL, OPTION_HIDDEN, NULL, 0},
	{"verbose", 'v', NULL, OPTION_HIDDEN, NULL, 0},
	{"dont-verify-checksums", 'K', NULL, OPTION_HIDDEN, NULL, 0},
	{"no-optimize", 'O', NULL, OPTION_HIDDEN, NULL, 0},
	{"packet-buffered", 'U', NULL, OPTION_HIDDEN, NULL, 0},
	{"no-domain-names", 'N', NULL, OPTION_HIDDEN, NULL, 0},
	{"foreign-numeric", 'f', NULL, OPTION_HIDDEN, NULL, 0},
	{"immediate-mode", KEY_IMMEDIATE_MODE, NULL, OPTION_HIDDEN, NULL, 0},
	{0},
};

const struct argp_option *option_row(int key)
{
	for (const struct argp_option *option = option_table; option->name || option->doc; option++)
		if (option->key == key && option->name)
			return option;
	return NULL;
}

const char *option_name(int key)
{
	const struct argp_option *option = option_row(key);

	return option ? option->name : "?";
}
