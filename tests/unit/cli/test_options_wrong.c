/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parse_options.h"

/* Wrong command lines: exit status 2, nothing on standard output, and one line that quotes what was typed. */

#define NO_ADDRESS  "is not an address or prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32"
#define NO_PORT     "is not a port, a range or a service name, such as 53, 8000-8100 or https"
#define ONE_COMMA   "; put one comma between items, and none at the ends"
#define NO_PROTOCOL "is not an IP protocol, such as tcp, icmp6 or 132; all keeps every frame"
#define NO_FLAG \
	"is not a TCP flag; write fin, syn, rst, psh, ack, urg, ece or cwr, with ! before one that must be clear"
#define NO_SECONDS     "is not a number of seconds above 0, such as 2 or 0.5"
#define UNKNOWN        ": bpfsniff --help lists the options"
#define NO_COUNTERPART "write an expression of pcap-filter(7), such as 'tcp port 80', or options such as --port=80"

static const struct row {
	const char *line, *said;
} rows[] = {
	{"--bogus", "unknown option '--bogus'" UNKNOWN},
	{"--bogus=3", "unknown option '--bogus=3'" UNKNOWN},
	{"-q --bogus -e", "unknown option '--bogus'" UNKNOWN},
	{"--hosts=10.0.0.1", "unknown option '--hosts=10.0.0.1': did you mean --host?"},
	{"--Host=10.0.0.1", "unknown option '--Host=10.0.0.1': did you mean --host?"},
	{"--hots", "unknown option '--hots': did you mean --host?"},
	{"--staus", "unknown option '--staus': did you mean --status or --stats?"},
	{"--tcpflags=syn", "unknown option '--tcpflags=syn': did you mean --tcp-flags?"},
	{"--colour", "unknown option '--colour': did you mean --color?"},
	{"--src-prot=1", "unknown option '--src-prot=1': did you mean --src-port?"},
	{"--prt", "unknown option '--prt': did you mean --port?"},
	{"--zz", "unknown option '--zz'" UNKNOWN},
	{"--an-option-that-is-longer-than-any-of-ours",
	 "unknown option '--an-option-that-is-longer-than-any-of-ours'" UNKNOWN},
	{"-port 80", "unknown option '-port': did you mean --port?"},
	{"-json", "unknown option '-json': did you mean --json?"},
	{"-k", "unknown option '-k'" UNKNOWN},
	{"-kq", "unknown option '-k'" UNKNOWN},
	{"-qk", "unknown option '-k'" UNKNOWN},
	{"-q -k -e", "unknown option '-k'" UNKNOWN},
	{"-q -ekq -e", "unknown option '-k'" UNKNOWN},
	{"tcp -k", "unknown option '-k'" UNKNOWN},
	{"tcp -kq udp", "unknown option '-k'" UNKNOWN},
	{"-i eth0 -kq", "unknown option '-k'" UNKNOWN},
	{"-?", "unknown option '-?'" UNKNOWN},
	{"--sta", "option '--sta' is ambiguous: write --status or --stats"},
	{"--not=10.0.0.1", "option '--not=10.0.0.1' is ambiguous: write --not-host or --not-host-file or --not-port"},
	{"-i", "option '-i' needs a value: write -i LIST"},
	{"-q -s", "option '-s' needs a value: write -s BYTES"},
	{"-qs", "option '-s' needs a value: write -s BYTES"},
	{"tcp -Q", "option '-Q' needs a value: write -Q in|out|inout"},
	{"--host", "option '--host' needs a value: write --host=LIST"},
	{"--snap", "option '--snap' needs a value: write --snaplen=BYTES"},
	{"--brief=yes", "option '--brief=yes' takes no value: write --brief"},
	{"--loop=1", "option '--loop=1' takes no value: write --loopback"},
	{"--help=host", "option '--help=host' takes no value: write --help"},

	{"-s 262145", "-s: '262145' is not a number from 0 to 262144"},
	{"-s -1", "-s: '-1' is not a number from 0 to 262144"},
	{"-s 96k", "-s: '96k' is not a number from 0 to 262144"},
	{"--snaplen=", "--snaplen: '' is not a number from 0 to 262144"},
	{"--snaplen=0x60", "--snaplen: '0x60' is not a number from 0 to 262144"},
	{"-s 18446744073709551616", "-s: '18446744073709551616' is not a number from 0 to 262144"},
	{"-B 0", "-B: '0' is not a number from 1 to 4194303"},
	{"-B 4194304", "-B: '4194304' is not a number from 1 to 4194303"},
	{"-c 0", "-c: '0' is not a number from 1 to 18446744073709551615"},
	{"-c 18446744073709551616", "-c: '18446744073709551616' is not a number from 1 to 18446744073709551615"},
	{"-c +1", "-c: '+1' is not a number from 1 to 18446744073709551615"},
	{"--duration=0", "--duration: '0' " NO_SECONDS},
	{"--duration=-1", "--duration: '-1' " NO_SECONDS},
	{"--duration=1e-10", "--duration: '1e-10' " NO_SECONDS},
	{"--duration=2s", "--duration: '2s' has a unit, but the number is in seconds; write 2"},
	{"--duration=nan", "--duration: 'nan' " NO_SECONDS},
	{"--duration=inf", "--duration: 'inf' " NO_SECONDS},
	{"--duration=", "--duration: '' " NO_SECONDS},
	{"--stats=0", "--stats: '0' " NO_SECONDS},
	{"--stats=x", "--stats: 'x' " NO_SECONDS},
	{"-Z no-such-user", "-Z: 'no-such-user' is not a user of this system; write a name, a number, or USER:GROUP"},
	{"--user=", "--user: '' is not a user of this system; write a name, a number, or USER:GROUP"},

	{"--protocol=tcp,nonsense,udp", "--protocol: 'nonsense' " NO_PROTOCOL},
	{"--protocol=256", "--protocol: '256' " NO_PROTOCOL},
	{"--protocol=", "--protocol: '' is an empty list; write an item, or leave the option out"},
	{"--host=10.0.0.1,10.0.0.256", "--host: '10.0.0.256' " NO_ADDRESS},
	{"--src=example/org", "--src: 'example/org' " NO_ADDRESS},
	{"--dst=10.0.0.0/33",
	 "--dst: '10.0.0.0/33' has a wrong prefix length; IPv4 has 0 to 32 bits, such as 10.0.0.0/24"},
	{"--not-host=2001:db8::/129",
	 "--not-host: '2001:db8::/129' has a wrong prefix length; IPv6 has 0 to 128 bits, such as 2001:db8::/64"},
	{"--port=53,65536", "--port: '65536' is too large; ports go from 0 to 65535"},
	{"--src-port=20-10", "--src-port: '20-10' is a reversed range; write 10-20"},
	{"--dst-port=no-such-service", "--dst-port: 'no-such-service' " NO_PORT},
	{"--not-port=53,,80", "--not-port: '53,,80' has an empty item" ONE_COMMA},
	{"--port=,53", "--port: ',53' has an empty item" ONE_COMMA},
	{"--tcp-flags=syn,", "--tcp-flags: 'syn,' has an empty item" ONE_COMMA},
	{"--host=10.0.0.1,,10.0.0.2", "--host: '10.0.0.1,,10.0.0.2' has an empty item" ONE_COMMA},
	{"--host=", "--host: '' is an empty list; write an item, or leave the option out"},
	{"-i eth0,,lo", "-i: 'eth0,,lo' has an empty item; put one comma between names"},
	{"-i eth0,", "-i: 'eth0,' has an empty item; put one comma between names"},
	{"--port=80-", "--port: '80-' is an open range; write 80-65535"},
	{"--port=-80", "--port: '-80' is an open range; write 0-80"},
	{"--port=80-70000", "--port: '80-70000' is too large; ports go from 0 to 65535"},
	{"--port=80:90", "--port: '80:90' is not a range; write 80-90"},
	{"--port=80-90-100", "--port: '80-90-100' " NO_PORT},
	{"--host=fe80::1%eth0", "--host: 'fe80::1%eth0' has a zone, which packets do not carry; write fe80::1, and -i "
				"eth0 to listen there only"},
	{"--src=10.0.0.1-10.0.0.9",
	 "--src: '10.0.0.1-10.0.0.9' is a range of addresses; write a prefix that covers it, such as 10.0.0.0/28"},
	{"--host=2001:db8::10-2001:db8::1f", "--host: '2001:db8::10-2001:db8::1f' is a range of addresses; write a "
					     "prefix that covers it, such as 2001:db8::10/124"},
	{"--host=10.0.0.1-9", "--host: '10.0.0.1-9' is a range of addresses; write prefixes, such as 10.0.0.0/28"},
	{"-Q in -Q out", "-Q: 'out' is a second direction; write inout for both"},
	{"--micro --nano", "--micro and --nano cannot be combined, because each sets the digits of a second; leave out "
			   "one of them"},
	{"--time-stamp-precision=nano --micro", "--time-stamp-precision and --micro cannot be combined, because each "
						"sets the digits of a second; leave out one of them"},
	{"--ipfix=", "--ipfix: '' is not a collector; write HOST, HOST:PORT or [ADDRESS]:PORT"},
	{"--dst=10.0.0.1:80",
	 "--dst: '10.0.0.1:80' has a port or brackets; write the address alone, and the port with --port"},
	{"--dst=[2001:db8::1]",
	 "--dst: '[2001:db8::1]' has a port or brackets; write the address alone, and the port with --port"},
	{"--host=10.0.0.0/x",
	 "--host: '10.0.0.0/x' has a wrong prefix length; IPv4 has 0 to 32 bits, such as 10.0.0.0/24"},
	{"--tcp-flags=syn,!ak", "--tcp-flags: '!ak' " NO_FLAG},
	{"-Q inward", "-Q: 'inward' is not a direction; write in, out or inout"},
	{"--direction=", "--direction: '' is not a direction; write in, out or inout"},
	{"--first=0", "--first: '0' is not a number from 1 to 4294967295"},
	{"--first=4294967296", "--first: '4294967296' is not a number from 1 to 4294967295"},
	{"--sample=0", "--sample: '0' is not a number from 1 to 4294967295"},
	{"--flow-table=0", "--flow-table: '0' is not a number from 1 to 16777216"},
	{"--flow-table=16777217", "--flow-table: '16777217' is not a number from 1 to 16777216"},
	{"-w f -C 0", "-C: '0' is not a number from 1 to 4294967295"},
	{"-w f -G x", "-G: 'x' is not a number from 1 to 4294967295"},
	{"-w f -W 1000001", "-W: '1000001' is not a number from 1 to 1000000"},
	{"--set-filter=0", "--set-filter: '0' is not a number from 1 to 4194304"},
	{"--status=4194305", "--status: '4194305' is not a number from 1 to 4194304"},
	{"--set-filter=1 --status=1", "--set-filter and --status cannot be combined; leave out one of them"},
	{"--set-filter=1 -s 96",
	 "-s cannot be changed while a sniffer runs; --set-filter takes only filter options and an EXPRESSION"},
	{"--set-filter=1 --json",
	 "--json cannot be changed while a sniffer runs; --set-filter takes only filter options and an EXPRESSION"},
	{"--status=1 -w f", "-w has no effect with --status; leave it out"},
	{"--status=1 --explain --json", "--explain has no effect with --status; leave it out"},
	{"--status=1 --port=80", "--port has no effect with --status; leave it out"},
	{"--status=1 --port=80 tcp or udp", "--port has no effect with --status; leave it out"},
	{"--status=1 tcp", "'tcp' has no effect with --status; leave it out"},
	{"-C 1", "-C needs -w FILE, the file to rotate"},
	{"-w f -W 3", "-W needs -C or -G, which start new files"},
	{"-w - -G 3", "-w '-' is standard output, which cannot be rotated; use -w FILE"},
	{"-w - -q", "-w '-' and text cannot both go to standard output; use -w FILE"},

	{"--color=red", "--color: 'red' is not one of auto, always and never"},
	{"--color=", "--color: '' is not one of auto, always and never"},
	{"-tttttt", "-t may be repeated only up to -ttttt; leave out the others"},

	/* Options of tcpdump and tshark. */
	{"-a duration:5", "-a is not supported: use --duration=5"},
	{"-aduration:2.5 -q", "-a is not supported: use --duration=2.5"},
	{"-a packets:7", "-a is not supported: use --packets=7"},
	{"-a filesize:7",
	 "-a is not supported: a capture cannot stop at a size (7 kB); use --packets=N or --duration=SECONDS"},
	{"-a files:7", "-a is not supported: a capture cannot stop after a number of files; use -W 7 with -C or -G to "
		       "keep that many"},
	{"-a", "-a is not supported: use --duration=SECONDS or --packets=N to stop"},
	{"-b duration:60", "-b is not supported: use -G 60 to start a new file every so many seconds"},
	{"-b files:3", "-b is not supported: use -W 3 with -C or -G to keep that many files"},
	{"-b filesize:1000", "-b is not supported: use -C MB, -G SECONDS and -W N to rotate the file of -w"},
	{"-b", "-b is not supported: use -C MB, -G SECONDS and -W N to rotate the file of -w"},
	{"-r f -2", "-2 is not supported: leave it out; every packet is judged once, as it comes"},
	{"-Y tcp.port==80", "-Y is not supported: use 'tcp port 80'"},
	{"-Ytcp.port==80", "-Y is not supported: use 'tcp port 80'"},
	{"-Y tls.handshake.type==1", "-Y is not supported: write the filter as an EXPRESSION (pcap-filter(7)), such as "
				     "'tcp port 80', or with options "
				     "such as --port=80"},
	{"-R dns", "-R is not supported: write the filter as an EXPRESSION, such as 'tcp port 80'"},
	{"-T json", "-T is not supported: use --json"},
	{"-T fields -e ip.src",
	 "-T is not supported: use --json and pick the fields with jq(1), such as | jq .ip.source"},
	{"-T text", "-T is not supported: use -q for one line per packet; the default shows every field"},
	{"-T vxlan",
	 "-T is not supported: payloads are not interpreted; write packets with -w FILE and open that in Wireshark"},
	{"-w f.pcap.gz",
	 "-w 'f.pcap.gz': bpfsniff cannot write compressed files; use -w - and pipe the output into gzip or zstd"},
	{"-w f.zst",
	 "-w 'f.zst': bpfsniff cannot write compressed files; use -w - and pipe the output into gzip or zstd"},
	{"-w /dev/null -C 1", "-w '/dev/null' is not a regular file, so it cannot be rotated; name another file"},
	{"-w /proc/self/exe -G 1",
	 "-w '/proc/self/exe' is not a regular file, so it cannot be rotated; name another file"},
	{"-w f -G 60 -z gzip",
	 "-z is not supported: no command is run on a finished file; use -w - | COMMAND, such as -w - | "
	 "gzip >FILE"},
	{"-z conv,tcp", "-z is not supported: use --top for the flows and what each has sent"},
	{"-q -z endpoints,ip", "-z is not supported: use --top --by=host for what each host has sent and received"},
	{"-z follow,tcp,ascii,0", "-z is not supported: use -A with a filter for one conversation, such as "
				  "--port=40000, to see what it says"},
	{"-z expert", "-z is not supported: use --tcp-event=any for packets at which TCP has trouble"},
	{"-z hosts", "-z is not supported: bpfsniff shows addresses, not names; getent hosts ADDRESS looks one up"},
	{"-z rpc,srt,1", "-z is not supported: use --json and jq(1) for such statistics"},
	{"-ta", "'-ta' is an option of tshark: leave it out, because the time of day is the default"},
	{"-r f -tad", "'-tad' is an option of tshark: write -tttt for date and time"},
	{"-t a", "'-t a' is an option of tshark: leave it out, because the time of day is the default"},
	{"-q -z io,stat,1", "-z is not supported: use --stats for counts every second, or --json and jq(1) for others"},
	{"-E x",
	 "-E is not supported: packets are not decrypted here; write them with -w FILE and open that in Wireshark"},
	{"-I", "-I is not supported: put the interface into monitor mode with iw(8) first, then name it with -i"},
	{"-i wlan0 --monitor-mode",
	 "unknown option '--monitor-mode': put the interface into monitor mode with iw(8) first, then name it with -i"},
	{"-j adapter", "-j is not supported: times are the kernel's; --micro and --nano set the digits"},
	{"--time-stamp-type=host",
	 "unknown option '--time-stamp-type': times are the kernel's; --micro and --nano set the digits"},
	{"-J", "-J is not supported: times are the kernel's; --micro and --nano set the digits"},
	{"-y EN10MB", "-y is not supported: each device has only one link type; leave it out"},
	{"-L", "-L is not supported: each device has only one link type; -q -e shows it with each packet"},
	{"-M secret", "-M is not supported: TCP-MD5 signatures are not checked; write packets with -w FILE and open "
		      "that in Wireshark"},
	{"-H",
	 "-H is not supported: 802.11s headers are not decoded; write packets with -w FILE and open that in Wireshark"},
	{"-w f -P", "-P is not supported: use --print to print packets while -w writes them"},
	{"--count=5",
	 "unknown option '--count': use -c N or --packets=N to stop after N packets; --count takes no value"},
	{"--time-stamp-precision=milli", "--time-stamp-precision: 'milli' is not one of micro and nano"},

	/* What is no expression. */
	{"lo", "'lo' is an interface, not an expression: write -i lo --loopback"},
	{"tcp.port == 80", "'tcp.port == 80' is a Wireshark display filter: write 'tcp port 80'"},
	{"ip.src == 10.0.0.0/8", "'ip.src == 10.0.0.0/8' is a Wireshark display filter: write 'src net 10.0.0.0/8'"},
	{"-q ip.addr==10.0.0.1 && udp.dstport != 53", "'ip.addr==10.0.0.1 && udp.dstport != 53' is a Wireshark display "
						      "filter: write 'host 10.0.0.1 and (udp and not "
						      "udp dst port 53)'"},
	{"ip.ttl == 1 || tcp.port == 1 && udp.port == 2",
	 "'ip.ttl == 1 || tcp.port == 1 && udp.port == 2' is a Wireshark display filter: write an expression of "
	 "pcap-filter(7), such as 'tcp port 80', or options such as --port=80"},
	{"tcp.flags.syn == 1 && tcp.flags.ack == 0",
	 "'tcp.flags.syn == 1 && tcp.flags.ack == 0' is a Wireshark display "
	 "filter: write --tcp-flags='syn,!ack'"},
	{"vlan.id == 5 && tcp.flags.syn",
	 "'vlan.id == 5 && tcp.flags.syn' is a Wireshark display filter: write -i NAME --tcp-flags=syn 'vlan 5'"},
	{"!(arp || ip.src == 10.0.0.1)",
	 "'!(arp || ip.src == 10.0.0.1)' is a Wireshark display filter: write 'not (arp or src host 10.0.0.1)'"},
	{"frame.len > 1000", "'frame.len > 1000' is a Wireshark display filter: write 'len > 1000'"},
	{"http", "'http' is a Wireshark display filter: write 'tcp port 80'"},
	{"http.request.method == GET", "'http.request.method == GET' is a Wireshark display filter: write an "
				       "expression of pcap-filter(7), such as 'tcp "
				       "port 80', or options such as --port=80"},
	{"trace.pcap", "'trace.pcap' is not an expression, and there is no such file; -r FILE reads a capture file"},
	{"-q /nowhere/a.pcapng.gz",
	 "'/nowhere/a.pcapng.gz' is not an expression, and there is no such file; -r FILE reads a capture file"},
	{"/etc/passwd", "'/etc/passwd' is a file, not an expression: write -r /etc/passwd"},
	{"-F /dev/null udp", "-F and an EXPRESSION cannot be combined; leave out -F or 'udp'"},
	{"udp -F /dev/null", "-F and an EXPRESSION cannot be combined; leave out -F or 'udp'"},

	{"http.request", "'http.request' is a Wireshark display filter: " NO_COUNTERPART},
	{"contains", "'contains' is a Wireshark display filter: " NO_COUNTERPART},
	{"http contains foo", "'http contains foo' is a Wireshark display filter: " NO_COUNTERPART},
	{"tcp.port in {80 443}", "'tcp.port in {80 443}' is a Wireshark display filter: " NO_COUNTERPART},
	{"tcp.port gt 80", "'tcp.port gt 80' is a Wireshark display filter: " NO_COUNTERPART},
	{"tcp.analysis.retransmission",
	 "'tcp.analysis.retransmission' is a Wireshark display filter: write --tcp-event=retransmission"},
	{"tls.handshake.type", "'tls.handshake.type' is a Wireshark display filter: " NO_COUNTERPART},
	{"-r f mdns", "'mdns' is a Wireshark display filter: write 'udp port 5353'"},
	{"-r f !mdns", "'!mdns' is a Wireshark display filter: write 'not udp port 5353'"},
	{"-r f not dns", "'not dns' is a Wireshark display filter: write 'not port 53'"},
	{"-r f tcp and http", "'tcp and http' is a Wireshark display filter: write 'tcp and tcp port 80'"},
	{"-r f tcp.len gt 0",
	 "'tcp.len gt 0' is a Wireshark display filter: write '(tcp and ip[2:2] - ((ip[0] & 0xf) << 2) "
	 "- ((tcp[12] & 0xf0) >> 2) > 0)' (IPv4 only)"},
	{"-r f ip.ttl < 5", "'ip.ttl < 5' is a Wireshark display filter: write 'ip[8] < 5'"},
	{"-r f ip.ttl ge 5", "'ip.ttl ge 5' is a Wireshark display filter: write 'ip[8] >= 5'"},
	{"-r f vlan.id == 5", "'vlan.id == 5' is a Wireshark display filter: write 'vlan 5'"},
	{"-r f eth.addr == 00:11:22:33:44:55",
	 "'eth.addr == 00:11:22:33:44:55' is a Wireshark display filter: write 'ether host 00:11:22:33:44:55'"},
	{"-r f ip.proto == tcp", "'ip.proto == tcp' is a Wireshark display filter: write 'ip proto \\tcp'"},
	{"-r f ip.proto == UDP", "'ip.proto == UDP' is a Wireshark display filter: write 'ip proto \\udp'"},
	{"-r f ip.proto == 6", "'ip.proto == 6' is a Wireshark display filter: write 'ip proto 6'"},
	{"-r f eth.type == arp", "'eth.type == arp' is a Wireshark display filter: write 'ether proto \\arp'"},
	{"-r f tcp.flags == 0x02",
	 "'tcp.flags == 0x02' is a Wireshark display filter: write 'tcp[13] == 0x02' (IPv4 only)"},
	{"-r f ip.flags.df", "'ip.flags.df' is a Wireshark display filter: write 'ip[6] & 0x40 != 0'"},
	{"vlan.id == 5", "'vlan.id == 5' is a Wireshark display filter: write -i NAME 'vlan 5'"},
	{"-i any,eth0 eth.addr == 00:11:22:33:44:55",
	 "'eth.addr == 00:11:22:33:44:55' is a Wireshark display filter: write 'ether host 00:11:22:33:44:55'"},
	{"eth.addr == 00:11:22:33:44:55", "'eth.addr == 00:11:22:33:44:55' is a Wireshark display filter: write -i "
					  "NAME 'ether host 00:11:22:33:44:55'"},
	{"eth.type == 0x806", "'eth.type == 0x806' is a Wireshark display filter: write 'ether proto 0x806'"},

	/* Words in the wrong place. */
	{"--status 123", "'123' is read as an EXPRESSION: write --status=123"},
	{"--set-filter 123 tcp", "'123' is read as an EXPRESSION: write --set-filter=123"},
	{"-q --stats 5", "'5' is read as an EXPRESSION: write --stats=5"},
	{"--port 53 80",
	 "'80' is read as an EXPRESSION: put commas between the members of a list, without blanks, as in --port=53,80"},
	{"--dst-port=53 8000-8100 -q", "'8000-8100' is read as an EXPRESSION: put commas between the members of a "
				       "list, without blanks, as in --dst-port=53,8000-8100"},
	{"--port http https", "'https' is read as an EXPRESSION: put commas between the members of a list, without "
			      "blanks, as in --port=http,https"},
	{"--host 10.0.0.1 10.0.0.2 -q", "'10.0.0.2' is read as an EXPRESSION: put commas between the members of a "
					"list, without blanks, as in --host=10.0.0.1,10.0.0.2"},
	{"lo port 80", "'lo' is an interface, not an expression: write -i lo --loopback"},
	{"any", "'any' is an interface, not an expression: write -i any"},
	{"any tcp", "'any' is an interface, not an expression: write -i any"},
	{"-r f tcp.dstport=80", "'tcp.dstport=80' is a Wireshark display filter: write 'tcp dst port 80'"},
	{"help", "'help' is not an EXPRESSION: write --help"},
	{"version", "'version' is not an EXPRESSION: write --version"},
	{"-q status", "'status' is not an EXPRESSION: write --status"},
	{"-ttk", "unknown option '-k'" UNKNOWN},
	{"-t ad", "'-t ad' is an option of tshark: write -tttt for date and time"},
	{"-r f -t e", "'-t e' is an option of tshark: write -tt for seconds since the epoch"},
	{"-t r", "'-t r' is an option of tshark: write -ttttt for the time since the first packet"},
	{"-T pdml", "-T is not supported: use --json; XML is not written"},
	{"-T psml", "-T is not supported: use --json; XML is not written"},
	{"--port=!53",
	 "--port: '!53' cannot be negated here; write --not-port=53, or an EXPRESSION such as 'not src port 53'"},
	{"--host=!10.0.0.0/8", "--host: '!10.0.0.0/8' cannot be negated here; write --not-host=10.0.0.0/8"},
	{"--host=fe80::%", "--host: 'fe80::%' ends in a zone without a name; write fe80::"},
	{"--protocol=ip",
	 "--protocol: 'ip' is not a protocol that IP carries; write the EXPRESSION ip for IPv4, all for "
	 "every frame, or 0 for hop-by-hop options"},
	{"--protocol=tcp,IPv6", "--protocol: 'IPv6' is not a protocol that IP carries; write the EXPRESSION ip6 for "
				"IPv6, or 41 for IPv6 in IPv4"},
	{"--protocol=arp",
	 "--protocol: 'arp' is not a protocol that IP carries; write all, which keeps every frame, or an EXPRESSION"},
	{"--protocol=!tcp",
	 "--protocol: '!tcp' cannot be negated here; write --protocol=all and the EXPRESSION 'not tcp'"},
	{"--protocol=https", "--protocol: 'https' is a service; write --port=https"},
	{"-Z 424242", "-Z: '424242' has no entry in passwd(5), so its group is unknown; write 424242:GROUP"},
	{"-Z nobody:no-such-group", "-Z: 'no-such-group' is not a group of this system; write a name or a number"},
	{"-Z no-such-user:root",
	 "-Z: 'no-such-user' is not a user of this system; write a name, a number, or USER:GROUP"},

	/* One of two would be ignored. */
	{"-r f -i eth0",
	 "-i and -r cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"--netns=x -V /etc/hostname",
	 "--netns and -V cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"-B 1 -r f", "-B and -r cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"-r f --uid=0", "--uid and -r cannot be combined, because a file cannot be filtered by process (--owner shows "
			 "the owners that it records); leave out one of them"},
	{"--top -c 5", "-c cannot limit --top, --flow-log or --ipfix, which count flows in the kernel; use --duration"},
	{"-r f --own-session",
	 "--own-session and -r cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"--json -q",
	 "-q and --json cannot be combined, because each selects a different style; leave out one of them"},
	{"--json -X", "-X and --json cannot be combined, because JSON always has every field; leave out one of them"},
	{"-tttt --json", "-tttt and --json cannot be combined, because times in JSON always have the date and nine "
			 "digits; leave out one of them"},
	{"-AX",
	 "-A and -X cannot be combined, because each shows the payload in a different way; leave out one of them"},
	{"-q -A -xx",
	 "-A and -xx cannot be combined, because each shows the payload in a different way; leave out one of them"},
	{"-r f --count -w g",
	 "-w and --count cannot be combined, because --count prints only a number; leave out one of them"},
	{"-r f --count --json",
	 "--json and --count cannot be combined, because --count prints only a number; leave out one of them"},
	{"--count", "--count needs -r FILE, the file whose packets to count; -c N stops after N packets"},
	{"--flow-table=10",
	 "--flow-table has no effect without --first=N, --tcp-event=LIST, --top, --flow-log=FILE or --ipfix=HOST; add "
	 "one of them, or leave it out"},
	{"--tcp-event=syn", "--tcp-event: 'syn' is not a TCP event; write retransmission, out-of-order, lost-segment, "
			    "duplicate-ack, zero-window, window-full, keep-alive or reset, or any for all of them"},
	{"--flow-table=10 --sample=2",
	 "--flow-table has no effect without --first=N, --tcp-event=LIST, --top, --flow-log=FILE or --ipfix=HOST; add "
	 "one of them, or leave it out"},
	{"--protocol=all,tcp",
	 "--protocol=all,tcp: 'all' already keeps every frame; leave out 'all' or the other protocols"},
	{"--protocol=udp --protocol=all",
	 "--protocol=udp,all: 'all' already keeps every frame; leave out 'all' or the other protocols"},

	{"-r f --no-promiscuous",
	 "--no-promiscuous and -r cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"--interfac=eth0 --read=f",
	 "--interface and --read cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"-qi eth0 -r f",
	 "-i and -r cannot be combined, because reading a file captures nothing; leave out one of them"},
	{"-r f --duration=3",
	 "--duration and -r cannot be combined, because a file is read at once; leave out one of them"},
	{"-w f -w g", "-w: 'g' is a second file; only one can be written"},
	{"-F /dev/null -F /dev/null", "-F: '/dev/null' is a second file; put the whole EXPRESSION into one"},
	{"--netns=a --netns=b", "--netns: 'b' is a second namespace; a capture can be in only one"},
	{"-w f -tt", "-tt changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f --link", "--link changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f -#", "-# changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f --lengths",
	 "--lengths changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f --color=always",
	 "--color changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f.pcapng --micro",
	 "--micro does not apply to pcapng, which always has nanoseconds; leave it out, or end the name in .pcap"},
	{"--json --color=always",
	 "--color and --json cannot be combined, because JSON has no colours; leave out one of them"},
	{"--json -e", "-e and --json cannot be combined, because JSON always has every field; leave out one of them"},
	{"--json --time-stamp-precision=micro", "--time-stamp-precision and --json cannot be combined, because times "
						"in JSON always have the date and nine digits; leave out one of them"},
	{"-r f --count --print",
	 "--print and --count cannot be combined, because --count prints only a number; leave out one of them"},
	{"-r f --count -e",
	 "-e and --count cannot be combined, because --count prints only a number; leave out one of them"},
	{"-D --port=3 -q", "-D only lists interfaces; leave out -q"},
	{"--list-interfaces -i lo", "--list-interfaces only lists interfaces; leave out -i"},
	{"-D tcp", "-D only lists interfaces; leave out 'tcp'"},
	{"-d -w f tcp", "-w and -d cannot be combined, because -d prints only the filter; leave out one of them"},
	{"-d --json tcp", "--json and -d cannot be combined, because -d prints only the filter; leave out one of them"},
	{"-dd -q", "-q and -dd cannot be combined, because -d prints only the filter; leave out one of them"},
	{"-d --explain tcp",
	 "--explain and -d cannot be combined, because -d prints only the filter; leave out one of them"},
	{"-d -c 1 tcp", "-c and -d cannot be combined, because -d prints only the filter; leave out one of them"},
	{"-ddd", "-d may be repeated only as -dd; -d prints the EXPRESSION, -dd the whole filter"},
	{"--rotate-count=3", "--rotate-count needs -w FILE, the file to rotate"},
	{"--write=", "--write: '' is not the name of a file"},
	{"--read=", "--read: '' is not the name of a file"},
	{"--host-file=", "--host-file: '' is not the name of a file"},
	{"--netns=", "--netns: '' is not a network namespace; write a name, a path or a process id"},

	{"-V /dev/null", "-V: '/dev/null' names no file; write one name per line"},

	/* Long options with one dash; a letter with `=`; options for values. */
	{"-version", "unknown option '-version': did you mean --version?"},
	{"-i lo -help", "unknown option '-help': did you mean --help?"},
	{"-port=80", "unknown option '-port=80': did you mean --port?"},
	{"-link", "unknown option '-link': did you mean --link?"},
	{"-i=lo", "-i: '=lo' begins with '=', which only a long option has; write -i lo"},
	{"-nr=f", "-r: '=f' begins with '=', which only a long option has; write -r f"},
	{"-c=5", "-c: '=5' begins with '=', which only a long option has; write -c 5"},
	{"-s= -q", "-s: '=' begins with '=', which only a long option has; write -s BYTES"},
	{"-V -r f",
	 "option '-V' needs a value, but '-r' is an option: write -V FILE; the default shows every field, as "
	 "tshark -V does"},
	{"-r f -V", "option '-V' needs a value: write -V FILE; the default shows every field, as tshark -V does"},
	{"-w -q", "option '-w' needs a value, but '-q' is an option: write -w FILE"},
	{"--host --port=80", "option '--host' needs a value, but '--port=80' is an option: write --host=LIST"},

	/* Lists with blanks. */
	{"--port 80, 443", "--port: '80,' ends at a blank; write --port=80,443 without blanks"},
	{"--port 80 , 443",
	 "',' is read as an EXPRESSION: put commas between the members of a list, without blanks, as "
	 "in --port=80,ITEM"},
	{"--port 80 ,443", "',443' is read as an EXPRESSION: put commas between the members of a list, without blanks, "
			   "as in --port=80,443"},
	{"-i eth0, lo", "-i: 'eth0,' ends at a blank; write -i eth0,lo without blanks"},
	{"--tcp-flags syn, !ack", "--tcp-flags: 'syn,' ends at a blank; write --tcp-flags=syn,!ack without blanks"},

	/* With a file to write, a style or --print is what prints. */
	{"-w f -A", "-A changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f -XX", "-XX changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f -x", "-x changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w f.pcap --owner",
	 "--owner changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"--flow-log=f -w g --process=a",
	 "the flows of chosen processes cannot be counted while their packets are printed or written; leave out "
	 "--flow-log and --ipfix, or what asks for the packets"},
	{"--ipfix=127.0.0.1 -q -- ls",
	 "the flows of chosen processes cannot be counted while their packets are printed or written; leave out "
	 "--flow-log and --ipfix, or what asks for the packets"},
	{"--ipfix=h --owner",
	 "--owner has no effect on --ipfix, which has no field for it; add --top or --flow-log=FILE, or leave it out"},
	{"-dd --owner", "--owner and -dd cannot be combined, because -d prints only the filter; leave out one of them"},
	{"-w f -S", "-S changes what is printed, but -w alone prints nothing; add --print, or leave it out"},
	{"-w - -e", "-e changes what is printed, but -w alone prints nothing; leave it out"},
	{"--json -S", "-S and --json cannot be combined, because JSON always has every field; leave out one of them"},
	{"--status -q", "-q has no effect with --status; leave it out"},
	{"--status -i lo", "-i has no effect with --status; leave it out"},
	{"--status -F /dev/null", "-F has no effect with --status; leave it out"},
	{"--status -Q in", "-Q has no effect with --status; leave it out"},
	{"lo --loopback", "'lo' is an interface, not an expression: write -i lo"},

	/* As other programs have it. */
	{"--tcp-flags=SA", "--tcp-flags: 'SA' uses tcpdump's letters; write syn,ack"},
	{"--tcp-flags=syn+ack", "--tcp-flags: 'syn+ack' joins flags; write syn,ack"},
	{"--tcp-flags=syn|ack|fin", "--tcp-flags: 'syn|ack|fin' joins flags; write syn,ack,fin"},
	{"--port=80/tcp", "--port: '80/tcp' has a protocol; write --protocol=tcp and --port=80"},
	{"--port=udp/53", "--port: 'udp/53' has a protocol; write --protocol=udp and --port=53"},
	{"--port=80..443", "--port: '80..443' is not a range; write 80-443"},
	{"--host=10.9.0.*", "--host: '10.9.0.*' is not a whole address; write 10.9.0.0/24 for the network"},
	{"--host=10.9", "--host: '10.9' is not a whole address; write 10.9.0.0/16 for the network"},
	{"--host=10.256.*", "--host: '10.256.*' " NO_ADDRESS},
	{"--tcp", "unknown option '--tcp': use --protocol=tcp"},
	{"--sport 53", "unknown option '--sport': use --src-port=LIST"},
	{"--filter=x", "unknown option '--filter': write the filter as an EXPRESSION, such as 'tcp port 80'"},
	{"--output=x", "unknown option '--output': use -w FILE or --write=FILE"},
	{"--no-color", "unknown option '--no-color': use --color=never"},

	{"--tcp-event=rst", "--tcp-event: 'rst' is not a TCP event; write reset"},
	{"--tcp-event=any,retransmissions", "--tcp-event: 'retransmissions' is not a TCP event; write retransmission"},
	{"--tcp-event=all", "--tcp-event: 'all' is not a TCP event; write any"},
	{"--duration=5m", "--duration: '5m' has a unit, but the number is in seconds; write 300"},
	{"--stats=1.5s", "--stats: '1.5s' has a unit, but the number is in seconds; write 1.5"},
	{"-Y tcp.analysis.flags", "-Y is not supported: use --tcp-event=any"},
	{"-r f tcp.analysis.duplicate_ack",
	 "'tcp.analysis.duplicate_ack' is a Wireshark display filter: write --tcp-event=duplicate-ack"},
	{"-r f tcp.analysis.ack_rtt", "'tcp.analysis.ack_rtt' is a Wireshark display filter: " NO_COUNTERPART},

	/* Of two errors, the first. */
	{"-s x --bogus", "-s: 'x' is not a number from 0 to 262144"},
	{"--bogus -s x", "unknown option '--bogus'" UNKNOWN},
};

/* The command line is right, but a file cannot be opened or read: exit status 1. */
static const struct row unreadable[] = {
	{"--host-file=/nonexistent", "--host-file: cannot read '/nonexistent': No such file or directory"},
	{"--not-host-file=/", "--not-host-file: cannot read '/': Is a directory"},
	{"-F /nonexistent", "-F: cannot read '/nonexistent': No such file or directory"},
	{"-F /", "-F: cannot read '/': Is a directory"},
	{"-V /nonexistent", "-V: cannot read '/nonexistent': No such file or directory"},
};

static void expect_line(const struct row *row, int status, struct parsed *parsed)
{
	char *line = strdup(row->line), wanted[512];

	snprintf(wanted, sizeof(wanted), "bpfsniff: %s\n", row->said);
	parse_line(line, parsed);
	if (strcmp(parsed->err, wanted) != 0)
		fail_msg("%s: %s", row->line, parsed->err);
	assert_int_equal(parsed->status, status);
	assert_string_equal(parsed->out, "");
	options_release(&parsed->options);
	free(line);
}

static void wrong_uses(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_line(&rows[i], EXIT_USAGE, *state);
}

static void files_that_cannot_be_read(void **state)
{
	for (size_t i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++)
		expect_line(&unreadable[i], EXIT_FAILURE, *state);
}

/* The error is one line even if the word has blanks or is very long. */
static void strange_words(void **state)
{
	static char longest[3000] = "--host=:";
	char *words[][2] = {
		{"--host=10.0.0.1, 10.0.0.2", "bpfsniff: --host: '10.0.0.1, 10.0.0.2' has a blank; write "
					      "--host=10.0.0.1,10.0.0.2 without blanks\n"},
		{"--port= 80 443 ,53 ", "bpfsniff: --port: ' 80 443 ,53 ' has a blank; write --port=80,443,53 without"},
		{"-ieth0, lo", "bpfsniff: -i: 'eth0, lo' has a blank; write -i eth0,lo without blanks\n"},
		{longest, "bpfsniff: --host: ':xx"},
	};
	struct parsed *parsed = *state;

	memset(longest + strlen(longest), 'x', sizeof(longest) - 1 - strlen(longest));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		parse_words(2, (char *[]){"bpfsniff", words[i][0], NULL}, parsed);
		assert_int_equal(parsed->status, EXIT_USAGE);
		assert_memory_equal(parsed->err, words[i][1], strlen(words[i][1]));
		assert_ptr_equal(strchr(parsed->err, '\n'), parsed->err + strlen(parsed->err) - 1);
		options_release(&parsed->options);
	}
}

static void a_wrong_line_of_a_file(void **state)
{
	char path[] = "/tmp/test_options.XXXXXX", line[64], wanted[256];
	struct parsed *parsed = *state;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "10.0.0.1\n# ok\n10.0.0.x # bad\n", 29), 29);
	close(fd);
	snprintf(line, sizeof(line), "--host-file=%s", path);
	snprintf(wanted, sizeof(wanted), "bpfsniff: --host-file: %s:3: '10.0.0.x # bad' " NO_ADDRESS "\n", path);
	parse_line(line, parsed);
	unlink(path);
	assert_int_equal(parsed->status, EXIT_USAGE);
	assert_string_equal(parsed->err, wanted);
	options_release(&parsed->options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_uses),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(strange_words),
		cmocka_unit_test(a_wrong_line_of_a_file),
	};

	return cmocka_run_group_tests(tests, parsed_setup, parsed_teardown);
}
