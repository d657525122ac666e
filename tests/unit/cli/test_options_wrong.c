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
#define ONE_COMMA   ": put one comma between items, and none at the ends"
#define NO_PROTOCOL "is not an IP protocol, such as tcp, icmp6 or 132; all keeps every frame"
#define NO_FLAG     "is not a TCP flag: fin, syn, rst, psh, ack, urg, ece or cwr, with ! before it when it must be clear"
#define NO_SECONDS  "is not a number of seconds above 0, such as 2 or 0.5"
#define UNKNOWN     ": bpfsniff --help lists the options"
#define NO_QUESTION " cannot be combined with --status=PID: only --json can"

static const struct {
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
	{"-port 80", "unknown option '-o': did you mean --port?"},
	{"-json", "unknown option '-j': did you mean --json?"},
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

	{"-s 262145", "--snaplen: '262145' is not a number from 0 to 262144"},
	{"-s -1", "--snaplen: '-1' is not a number from 0 to 262144"},
	{"-s 96k", "--snaplen: '96k' is not a number from 0 to 262144"},
	{"--snaplen=", "--snaplen: '' is not a number from 0 to 262144"},
	{"--snaplen=0x60", "--snaplen: '0x60' is not a number from 0 to 262144"},
	{"-s 18446744073709551616", "--snaplen: '18446744073709551616' is not a number from 0 to 262144"},
	{"-B 0", "--buffer-size: '0' is not a number from 1 to 4194303"},
	{"-B 4194304", "--buffer-size: '4194304' is not a number from 1 to 4194303"},
	{"-c 0", "--packets: '0' is not a number from 1 to 18446744073709551615"},
	{"-c 18446744073709551616", "--packets: '18446744073709551616' is not a number from 1 to 18446744073709551615"},
	{"-c +1", "--packets: '+1' is not a number from 1 to 18446744073709551615"},
	{"--duration=0", "--duration: '0' " NO_SECONDS},
	{"--duration=-1", "--duration: '-1' " NO_SECONDS},
	{"--duration=1e-10", "--duration: '1e-10' " NO_SECONDS},
	{"--duration=2s", "--duration: '2s' " NO_SECONDS},
	{"--duration=nan", "--duration: 'nan' " NO_SECONDS},
	{"--duration=inf", "--duration: 'inf' " NO_SECONDS},
	{"--duration=", "--duration: '' " NO_SECONDS},
	{"--stats=0", "--stats: '0' " NO_SECONDS},
	{"--stats=x", "--stats: 'x' " NO_SECONDS},
	{"-Z no-such-user",
	 "--user: 'no-such-user' is not a user of this system: write a name, a number, or USER:GROUP"},
	{"--user=", "--user: '' is not a user of this system: write a name, a number, or USER:GROUP"},

	{"--protocol=tcp,nonsense,udp", "--protocol: 'nonsense' " NO_PROTOCOL},
	{"--protocol=256", "--protocol: '256' " NO_PROTOCOL},
	{"--protocol=", "--protocol: '' is an empty list: write an item, or leave the option out"},
	{"--host=10.0.0.1,10.0.0.256", "--host: '10.0.0.256' " NO_ADDRESS},
	{"--src=example/org", "--src: 'example/org' " NO_ADDRESS},
	{"--dst=10.0.0.0/33",
	 "--dst: '10.0.0.0/33' has a wrong prefix length: IPv4 has 0 to 32 bits, such as 10.0.0.0/24"},
	{"--not-host=2001:db8::/129",
	 "--not-host: '2001:db8::/129' has a wrong prefix length: IPv6 has 0 to 128 bits, such as 2001:db8::/64"},
	{"--port=53,65536", "--port: '65536' is too large: ports go from 0 to 65535"},
	{"--src-port=20-10", "--src-port: '20-10' is a reversed range: write 10-20"},
	{"--dst-port=no-such-service", "--dst-port: 'no-such-service' " NO_PORT},
	{"--not-port=53,,80", "--not-port: '53,,80' has an empty item" ONE_COMMA},
	{"--port=,53", "--port: ',53' has an empty item" ONE_COMMA},
	{"--tcp-flags=syn,", "--tcp-flags: 'syn,' has an empty item" ONE_COMMA},
	{"--host=10.0.0.1,,10.0.0.2", "--host: '10.0.0.1,,10.0.0.2' has an empty item" ONE_COMMA},
	{"--host=", "--host: '' is an empty list: write an item, or leave the option out"},
	{"-i eth0,,lo", "--interface: 'eth0,,lo' has an empty item: put one comma between names"},
	{"-i eth0,", "--interface: 'eth0,' has an empty item: put one comma between names"},
	{"--port=80-", "--port: '80-' is half a range: write 80-65535"},
	{"--port=-80", "--port: '-80' is half a range: write 0-80"},
	{"--port=80-70000", "--port: '80-70000' is too large: ports go from 0 to 65535"},
	{"--port=80:90", "--port: '80:90' is not a range: write 80-90"},
	{"--port=80-90-100", "--port: '80-90-100' " NO_PORT},
	{"--host=fe80::1%eth0", "--host: 'fe80::1%eth0' has a zone, which packets do not carry: write fe80::1, and -i "
				"eth0 to listen there only"},
	{"--src=10.0.0.1-10.0.0.9",
	 "--src: '10.0.0.1-10.0.0.9' is a range of addresses: write prefixes, such as 10.0.0.0/8"},
	{"--dst=10.0.0.1:80",
	 "--dst: '10.0.0.1:80' has a port or brackets: write the address alone, and the port with --port"},
	{"--dst=[2001:db8::1]",
	 "--dst: '[2001:db8::1]' has a port or brackets: write the address alone, and the port with --port"},
	{"--host=10.0.0.0/x",
	 "--host: '10.0.0.0/x' has a wrong prefix length: IPv4 has 0 to 32 bits, such as 10.0.0.0/24"},
	{"--tcp-flags=syn,!ak", "--tcp-flags: '!ak' " NO_FLAG},
	{"-Q inward", "--direction: 'inward' is not a direction: write in, out or inout"},
	{"--direction=", "--direction: '' is not a direction: write in, out or inout"},
	{"--first=0", "--first: '0' is not a number from 1 to 4294967295"},
	{"--first=4294967296", "--first: '4294967296' is not a number from 1 to 4294967295"},
	{"--sample=0", "--sample: '0' is not a number from 1 to 4294967295"},
	{"--flow-table=0", "--flow-table: '0' is not a number from 1 to 16777216"},
	{"--flow-table=16777217", "--flow-table: '16777217' is not a number from 1 to 16777216"},
	{"--host-file=/nonexistent", "--host-file: cannot read '/nonexistent': No such file or directory"},
	{"--not-host-file=/", "--not-host-file: cannot read '/': Is a directory"},
	{"-F /nonexistent", "--expression-file: cannot read '/nonexistent': No such file or directory"},
	{"-F /", "--expression-file: cannot read '/': Is a directory"},

	{"-w f -C 0", "--rotate-size: '0' is not a number from 1 to 4294967295"},
	{"-w f -G x", "--rotate-seconds: 'x' is not a number from 1 to 4294967295"},
	{"-w f -W 1000001", "--rotate-count: '1000001' is not a number from 1 to 1000000"},
	{"--set-filter=0", "--set-filter: '0' is not a number from 1 to 4194304"},
	{"--status=4194305", "--status: '4194305' is not a number from 1 to 4194304"},
	{"--set-filter=1 --status=1", "--set-filter and --status cannot be combined"},
	{"--set-filter=1 -s 96", "--snaplen cannot be changed while it runs: --set-filter takes filter options "
				 "and an expression"},
	{"--set-filter=1 --json", "--json cannot be changed while it runs: --set-filter takes filter options "
				  "and an expression"},
	{"--status=1 -w f", "--write" NO_QUESTION},
	{"--status=1 --explain --json", "--explain" NO_QUESTION},
	{"--status=1 --port=80", "'--port=80'" NO_QUESTION},
	{"--status=1 --port=80 tcp or udp", "'--port=80 tcp or udp'" NO_QUESTION},
	{"--status=1 tcp", "'tcp'" NO_QUESTION},
	{"-C 1", "-C, -G and -W need -w FILE"},
	{"-w f -W 3", "-W 3 needs -C or -G, which start new files"},
	{"-w - -G 3", "-w '-' is standard output, which cannot be rotated; use -w FILE"},
	{"-w - -q", "-w '-' and text cannot both go to standard output; use -w FILE"},

	{"--color=red", "--color: 'red' is not one of auto, always and never"},
	{"--color=", "--color: '' is not one of auto, always and never"},
	{"-tttttt", "--time: 'tttttt' is one t too many: -ttttt is the last"},

	/* Options of tcpdump and tshark. */
	{"-a duration:5", "unknown option '-a': use --duration=5"},
	{"-aduration:2.5 -q", "unknown option '-a': use --duration=2.5"},
	{"-a packets:7", "unknown option '-a': use --packets=7"},
	{"-a filesize:7", "unknown option '-a': use --duration=SECONDS or --packets=N to stop"},
	{"-a", "unknown option '-a': use --duration=SECONDS or --packets=N to stop"},
	{"-b duration:60", "unknown option '-b': use -G 60 to start a new file every so many seconds"},
	{"-b files:3", "unknown option '-b': use -W 3 with -C or -G to keep that many files"},
	{"-b filesize:1000", "unknown option '-b': use -C MB, -G SECONDS and -W N to rotate the file of -w"},
	{"-b", "unknown option '-b': use -C MB, -G SECONDS and -W N to rotate the file of -w"},
	{"-r f -2", "unknown option '-2': leave it out; every packet is judged once, as it comes"},
	{"-Y tcp.port==80", "unknown option '-Y': use 'tcp port 80'"},
	{"-Ytcp.port==80", "unknown option '-Y': use 'tcp port 80'"},
	{"-Y tls.handshake.type==1", "unknown option '-Y': write the filter as an EXPRESSION (pcap-filter(7)), such as "
				     "'tcp port 80', or with options "
				     "such as --port=80"},
	{"-R dns", "unknown option '-R': write the filter as an EXPRESSION, such as 'tcp port 80'"},
	{"-T json", "unknown option '-T': use --json"},
	{"-T fields -e ip.src",
	 "unknown option '-T': use --json and pick the fields with jq(1), such as | jq .ip.source"},
	{"-T text", "unknown option '-T': use -q for one line per packet; the default shows every field"},
	{"-T vxlan",
	 "unknown option '-T': payloads are not interpreted; write packets with -w FILE and open that in Wireshark"},
	{"-w f.pcap.gz", "-w 'f.pcap.gz': bpfsniff cannot compress what it writes yet; pipe -w - into gzip or zstd"},
	{"-w f.zst", "-w 'f.zst': bpfsniff cannot compress what it writes yet; pipe -w - into gzip or zstd"},
	{"-w /dev/null -C 1", "-w '/dev/null' is not a regular file, which cannot be rotated; use -w FILE"},
	{"-w /proc/self/exe -G 1", "-w '/proc/self/exe' is not a regular file, which cannot be rotated; use -w FILE"},
	{"-w f -G 60 -z gzip",
	 "unknown option '-z': no command is run on a finished file; use -w - | COMMAND, such as -w - | "
	 "gzip >FILE"},
	{"-q -z io,stat,1", "unknown option '-z': use --stats for counts every second, or --json and jq(1) for others"},
	{"-E x",
	 "unknown option '-E': packets are not decrypted here; write them with -w FILE and open that in Wireshark"},
	{"-I", "unknown option '-I': put the interface into monitor mode with iw(8) first, then name it with -i"},
	{"-i wlan0 --monitor-mode",
	 "unknown option '--monitor-mode': put the interface into monitor mode with iw(8) first, then name it with -i"},
	{"-j adapter", "unknown option '-j': times are the kernel's; --micro and --nano set the digits"},
	{"--time-stamp-type=host",
	 "unknown option '--time-stamp-type': times are the kernel's; --micro and --nano set the digits"},
	{"-J", "unknown option '-J': times are the kernel's; --micro and --nano set the digits"},
	{"-y EN10MB", "unknown option '-y': a device has one link type, its own; leave it out"},
	{"-L", "unknown option '-L': a device has one link type, its own; -q -e shows it with each packet"},
	{"-M secret", "unknown option '-M': TCP-MD5 signatures are not checked; write packets with -w FILE and open "
		      "that in Wireshark"},
	{"-H",
	 "unknown option '-H': 802.11s headers are not decoded; write packets with -w FILE and open that in Wireshark"},
	{"-w f -P", "unknown option '-P': use --print to print packets while -w writes them"},
	{"--count=5",
	 "unknown option '--count': use -c N or --packets=N to stop after N packets; --count takes no value"},
	{"--time-stamp-precision=milli", "--time-stamp-precision: 'milli' is not one of micro and nano"},

	/* What is no expression. */
	{"lo", "'lo' is an interface, not an expression: write -i lo"},
	{"tcp.port == 80", "'tcp.port == 80' is a display filter of Wireshark: write 'tcp port 80'"},
	{"ip.src == 10.0.0.0/8", "'ip.src == 10.0.0.0/8' is a display filter of Wireshark: write 'src net 10.0.0.0/8'"},
	{"-q ip.addr==10.0.0.1 && udp.dstport != 53", "'ip.addr==10.0.0.1 && udp.dstport != 53' is a display filter of "
						      "Wireshark: write 'host 10.0.0.1 and (udp and not "
						      "udp dst port 53)'"},
	{"ip.ttl == 1 || tcp.port == 1 && udp.port == 2",
	 "'ip.ttl == 1 || tcp.port == 1 && udp.port == 2' is a display filter of Wireshark: write an expression of "
	 "pcap-filter(7), such as 'tcp port 80', or options such as --port=80"},
	{"tcp.flags.syn == 1 && tcp.flags.ack == 0", "'tcp.flags.syn == 1 && tcp.flags.ack == 0' is a display filter "
						     "of Wireshark: write 'tcp[tcpflags] & tcp-syn != 0 "
						     "and not tcp[tcpflags] & tcp-ack != 0'"},
	{"!(arp || ip.src == 10.0.0.1)",
	 "'!(arp || ip.src == 10.0.0.1)' is a display filter of Wireshark: write 'not (arp or src host 10.0.0.1)'"},
	{"frame.len > 1000", "'frame.len > 1000' is a display filter of Wireshark: write 'len > 1000'"},
	{"http", "'http' is a display filter of Wireshark: write 'tcp port 80'"},
	{"http.request.method == GET", "'http.request.method == GET' is a display filter of Wireshark: write an "
				       "expression of pcap-filter(7), such as 'tcp "
				       "port 80', or options such as --port=80"},
	{"trace.pcap", "'trace.pcap' is a file, not an expression: write -r trace.pcap"},
	{"-q /nowhere/a.pcapng.gz",
	 "'/nowhere/a.pcapng.gz' is a file, not an expression: write -r /nowhere/a.pcapng.gz"},
	{"/etc/passwd", "'/etc/passwd' is a file, not an expression: write -r /etc/passwd"},
	{"-F /dev/null udp", "-F and an EXPRESSION cannot go together: leave out one of them, -F or 'udp'"},
	{"udp -F /dev/null", "-F and an EXPRESSION cannot go together: leave out one of them, -F or 'udp'"},

	/* One of two would be ignored. */
	{"-r f -i eth0",
	 "--interface and --read cannot go together, since a file is read as it is: leave out one of them"},
	{"--netns=x -V /etc/hostname",
	 "--netns and --read-list cannot go together, since a file is read as it is: leave out one of them"},
	{"-B 1 -r f",
	 "--buffer-size and --read cannot go together, since a file is read as it is: leave out one of them"},
	{"-r f --owner", "--owner and --read cannot go together, since a file is read as it is: leave out one of them"},
	{"-r f --own-session",
	 "--own-session and --read cannot go together, since a file is read as it is: leave out one of them"},
	{"--json -q",
	 "--brief and --json cannot go together, since each asks for a different style: leave out one of them"},
	{"--json -X", "--hexdump and --json cannot go together, since a JSON object has all of it, and the time with "
		      "nine digits: leave "
		      "out one of them"},
	{"-tttt --json", "--time and --json cannot go together, since a JSON object has all of it, and the time with "
			 "nine digits: leave out "
			 "one of them"},
	{"-AX",
	 "--ascii and --hexdump cannot go together, since each shows the payload in its own way: leave out one of "
	 "them"},
	{"-q -A -xx",
	 "--ascii and --hex cannot go together, since each shows the payload in its own way: leave out one of "
	 "them"},
	{"-r f --count -w g",
	 "--write and --count cannot go together, since then nothing but the number is printed: leave out one of them"},
	{"-r f --count --json",
	 "--json and --count cannot go together, since then nothing but the number is printed: leave out one of them"},
	{"--count", "--count counts the packets of a file: add -r FILE; -c N stops after N packets"},
	{"--flow-table=10", "--flow-table is for what counts packets by flow: add --first=N, or leave it out"},
	{"--flow-table=10 --sample=2",
	 "--flow-table is for what counts packets by flow: add --first=N, or leave it out"},
	{"--protocol=all,tcp",
	 "--protocol=all,tcp: 'all' keeps every frame, so the others add nothing; leave out 'all', or them"},
	{"--protocol=udp --protocol=all",
	 "--protocol=udp,all: 'all' keeps every frame, so the others add nothing; leave out 'all', or them"},

	{"-V /nonexistent", "--read-list: cannot read '/nonexistent': No such file or directory"},
	{"-V /dev/null", "--read-list: '/dev/null' names no file: write one name per line"},

	/* Of two errors, the first. */
	{"-s x --bogus", "--snaplen: 'x' is not a number from 0 to 262144"},
	{"--bogus -s x", "unknown option '--bogus'" UNKNOWN},
};

static void wrong_uses(void **state)
{
	struct parsed *parsed = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *line = strdup(rows[i].line), wanted[512];

		snprintf(wanted, sizeof(wanted), "bpfsniff: %s\n", rows[i].said);
		parse_line(line, parsed);
		if (strcmp(parsed->err, wanted) != 0)
			fail_msg("%s: %s", rows[i].line, parsed->err);
		assert_int_equal(parsed->status, EXIT_USAGE);
		assert_string_equal(parsed->out, "");
		options_release(&parsed->options);
		free(line);
	}
}

/* The error is one line even if the word has blanks or is very long. */
static void strange_words(void **state)
{
	static char longest[3000] = "--host=:";
	char *words[][2] = {
		{"--host=10.0.0.1, 10.0.0.2", "bpfsniff: --host: ' 10.0.0.2' is not"},
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
		cmocka_unit_test(strange_words),
		cmocka_unit_test(a_wrong_line_of_a_file),
	};

	return cmocka_run_group_tests(tests, parsed_setup, parsed_teardown);
}
