/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time_units.h"
#include "parse_options.h"
#include "tcp_event.h"

/* What every option does to struct options. Errors are in test_options_wrong.c. */

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define FIELD(field)  offsetof(struct options, field), sizeof(((struct options *)0)->field)

static const struct number_row {
	const char *name, *line;
	size_t offset, size;
	uint64_t value;
} numbers[] = {
	{"interface", "-i eth0", FIELD(interface_count), 1},
	{"interface", "--interface=eth0 -i wlan0 -i eth0", FIELD(interface_count), 2},
	{"list-interfaces", "-D", FIELD(list_interfaces), true},
	{"list-interfaces", "--list-interfaces", FIELD(list_interfaces), true},
	{"no-promiscuous", "-p", FIELD(no_promiscuous), true},
	{"no-promiscuous", "--no-promiscuous", FIELD(no_promiscuous), true},
	{"snaplen", "-q", FIELD(snaplen), 262144},
	{"snaplen", "-s 96", FIELD(snaplen), 96},
	{"snaplen", "-s96", FIELD(spec.config.snaplen), 96},
	{"snaplen", "--snaplen=1", FIELD(snaplen), 1},
	{"snaplen", "--snaplen 262144", FIELD(snaplen), 262144},
	{"snaplen", "-s 0", FIELD(snaplen), 262144},
	{"buffer-size", "-q", FIELD(buffer_size), 33554432},
	{"buffer-size", "-B 1", FIELD(buffer_size), 1024},
	{"buffer-size", "--buffer-size=4194303", FIELD(buffer_size), 4294966272},
	{"packets", "-c 1", FIELD(count), 1},
	{"packets", "--packets=18446744073709551615", FIELD(count), UINT64_MAX},
	{"duration", "--duration=2", FIELD(duration_ns), 2000000000},
	{"duration", "--duration=0.25", FIELD(duration_ns), 250000000},
	{"duration", "--duration=1e-9", FIELD(duration_ns), 1},

	{"loopback", "--loopback", FIELD(spec.config.loopback), LOOPBACK_ONCE},
	{"protocol", "--protocol=132", FIELD(spec.config.protocols[132 / 8]), 1 << 132 % 8},
	{"protocol", "--protocol=132", FIELD(spec.config.protocols[0]), 0},
	{"protocol", "--protocol=all --protocol=ALL", FIELD(spec.config.every_protocol), true},
	{"host", "--host=10.0.0.0/8 --host=::1", FIELD(spec.config.address_lists), LIST_EITHER},
	{"host", "--host=10.0.0.0/8 --host=::1", FIELD(spec.table.layout.ipv4_length_count), 1},
	{"host", "--host=10.0.0.0/8 --host=::1", FIELD(spec.table.layout.length_count), 1},
	{"host", "--host=example.org,10.0.0.0/8,printer --src=printer", FIELD(host_names.count), 3},
	{"host", "--host=example.org,10.0.0.0/8,printer --src=printer", FIELD(spec.prefixes.count), 1},
	{"host", "--host=::1,10.0.0.0/8,fe80::", FIELD(host_names.count), 0},
	{"interface", "-i eth0,wlan0 -i eth0,any", FIELD(interface_count), 3},
	{"src", "--src=10.0.0.1", FIELD(spec.config.address_lists), LIST_SOURCE},
	{"dst", "--dst=10.0.0.1", FIELD(spec.config.address_lists), LIST_DESTINATION},
	{"not-host", "--not-host=10.0.0.1", FIELD(spec.config.address_lists), LIST_NOT},
	{"host-file", "--host-file=/dev/null", FIELD(spec.config.address_lists), LIST_EITHER},
	{"not-host-file", "--not-host-file=/dev/null", FIELD(spec.config.address_lists), LIST_NOT},
	{"port", "--port=53,80-90 --port=https", FIELD(spec.lists_of_port[443]), LIST_EITHER},
	{"port", "--port=53,80-90 --port=https", FIELD(spec.lists_of_port[90]), LIST_EITHER},
	{"src-port", "--src-port=53", FIELD(spec.lists_of_port[53]), LIST_SOURCE},
	{"dst-port", "--dst-port=53", FIELD(spec.lists_of_port[53]), LIST_DESTINATION},
	{"not-port", "--not-port=53", FIELD(spec.lists_of_port[53]), LIST_NOT},
	{"port", "--port=DOMAIN", FIELD(spec.lists_of_port[53]), LIST_EITHER},
	{"protocol", "--protocol=HopOpt", FIELD(spec.config.protocols[0]), 1},
	{"port", "--port=53 --host=10.0.0.1 port 80", FIELD(spec.lists_of_port[53]), LIST_EITHER},
	{"host", "--port=53 --host=10.0.0.1 tcp port 80", FIELD(spec.config.address_lists), LIST_EITHER},
	{"tcp-flags", "--tcp-flags=syn,!ack", FIELD(spec.config.tcp_flags_set), 0x02},
	{"tcp-flags", "--tcp-flags=syn,!ack", FIELD(spec.config.tcp_flags_clear), 0x10},
	{"tcp-event", "-q", FIELD(spec.config.tcp_events), 0},
	{"tcp-event", "--tcp-event=zero-window --tcp-event=Reset", FIELD(spec.config.tcp_events),
	 TCP_EVENT_ZERO_WINDOW | TCP_EVENT_RESET},
	{"tcp-event", "--tcp-event=any", FIELD(spec.config.tcp_events), 0x94d9},
	{"direction", "-q", FIELD(spec.config.directions), DIRECTION_BIT_IN | DIRECTION_BIT_OUT},
	{"direction", "-Q in", FIELD(spec.config.directions), DIRECTION_BIT_IN},
	{"direction", "--direction=out", FIELD(spec.config.directions), DIRECTION_BIT_OUT},
	{"direction", "-Q in -Q inout", FIELD(spec.config.directions), DIRECTION_BIT_IN | DIRECTION_BIT_OUT},
	{"first", "--first=4294967295", FIELD(spec.config.first), UINT32_MAX},
	{"flow-table", "-q", FIELD(spec.flow_table_size), 65536},
	{"flow-table", "--first=1 --flow-table=1000", FIELD(spec.flow_table_size), 1000},
	{"flow-table", "--tcp-event=any --flow-table=1000", FIELD(spec.flow_table_size), 1000},
	{"buffer-size", "--tcp-event=any", FIELD(spec.told_room), 131072},
	{"buffer-size", "--tcp-event=any -B 1024 -i lo,eth0", FIELD(spec.told_room), 14563},
	{"buffer-size", "--tcp-event=any -w x", FIELD(spec.told_room), 0},
	{"sample", "--sample=10", FIELD(spec.config.sample), 10},
	{"dump-filter", "-d tcp", FIELD(dump_filter), 1},
	{"dump-filter", "-dd", FIELD(dump_filter), 2},
	{"dump-filter", "--dump-filter tcp", FIELD(dump_filter), 1},
	{"explain", "--explain", FIELD(explain), true},

	{"top", "-r f --top", FIELD(flows.top_ns), NSEC_PER_SEC},
	{"top", "-r f --top=0.5", FIELD(flows.top_ns), NSEC_PER_SEC / 2},
	{"top", "-r f --top --json", FIELD(prints), false},
	{"top", "-r f --top", FIELD(spec.config.counts_flows), 1},
	{"by", "-r f --top --by=port", FIELD(flows.by), FLOWS_BY_PORT},
	{"by", "--top --by=process", FIELD(flows.by), FLOWS_BY_PROCESS},
	{"by", "--top --by=process", FIELD(owner), true},
	{"by", "--top --by=host", FIELD(owner), false},
	{"owner", "--top --owner", FIELD(owner), true},
	{"owner", "-w f --flow-log=g --owner", FIELD(owner), true},
	{"top", "--top --process=a", FIELD(spec.config.asks_owner), 1},
	{"flow-log", "--flow-log=f -- ls", FIELD(spec.config.counts_flows), 1},
	{"ipfix", "--ipfix=127.0.0.1 --uid=0", FIELD(spec.config.counts_flows), 1},
	{"flow-log", "-r f --flow-log=g", FIELD(prints), false},
	{"flow-log", "-r f --flow-log=g -q", FIELD(prints), true},
	{"flow-log", "-r f -q", FIELD(spec.config.counts_flows), 0},
	{"idle", "-r f --top", FIELD(flows.idle_ns), 30 * (uint64_t)NSEC_PER_SEC},
	{"idle", "-r f --top --idle=5", FIELD(flows.idle_ns), 5 * (uint64_t)NSEC_PER_SEC},
	{"active", "-r f --flow-log=g --active=60", FIELD(flows.active_ns), 60 * (uint64_t)NSEC_PER_SEC},

	{"owner", "-q", FIELD(owner), false},
	{"owner", "--owner", FIELD(owner), true},
	{"process", "--process=curl", FIELD(owner), true},
	{"process", "--process=curl,7 --process=nginx", FIELD(spec.who.processes.count), 3},
	{"process", "--process=7", FIELD(spec.who.processes.items[0].pid), 7},
	{"cgroup", "--cgroup=/system.slice", FIELD(owner), true},
	{"uid", "--uid=0,1234", FIELD(spec.who.uids[1]), 1234},
	{"own-session", "-w f", FIELD(keep_own_session), false},
	{"own-session", "-w - --own-session", FIELD(keep_own_session), true},
	{"rotate-size", "-w f -C 2", FIELD(rotation.bytes), 2000000},
	{"rotate-size", "-w f --rotate-size=1", FIELD(rotation.bytes), 1000000},
	{"rotate-seconds", "-w f -G 60", FIELD(rotation.seconds), 60},
	{"rotate-seconds", "-w f --rotate-seconds=1", FIELD(rotation.seconds), 1},
	{"rotate-count", "-w f -C 1 -W 5", FIELD(rotation.keep), 5},
	{"rotate-count", "-w f -G 1 --rotate-count=1000000", FIELD(rotation.keep), 1000000},

	{"set-filter", "--set-filter=4194304 --port=53 tcp", FIELD(set_filter_pid), 4194304},
	{"status", "--status=1 --json", FIELD(status_pid), 1},

	{"brief", "-l", FIELD(format), FORMAT_FULL},
	{"brief", "-q", FIELD(format), FORMAT_BRIEF},
	{"brief", "--brief", FIELD(format), FORMAT_BRIEF},
	{"json", "--json", FIELD(format), FORMAT_JSON},
	{"hexdump", "-qX", FIELD(style.hexdump), true},
	{"hexdump", "--hexdump", FIELD(style.hexdump), true},
	{"link", "-e", FIELD(style.link), true},
	{"link", "--link", FIELD(style.link), true},
	{"ascii", "-A", FIELD(style.ascii), true},
	{"ascii", "--ascii", FIELD(style.ascii), true},
	{"time", "-q", FIELD(style.time), TIME_CLOCK},
	{"time", "-t", FIELD(style.time), TIME_NONE},
	{"time", "-tt", FIELD(style.time), TIME_EPOCH},
	{"time", "-t -tt", FIELD(style.time), TIME_DELTA},
	{"time", "-tttt", FIELD(style.time), TIME_DATE},
	{"time", "-ttttt", FIELD(style.time), TIME_ELAPSED},
	{"time", "--time", FIELD(style.time), TIME_NONE},
	{"color", "-q", FIELD(style.color), false}, /* standard output is a file here */
	{"color", "--color=auto", FIELD(style.color), false},
	{"color", "--color=always", FIELD(style.color), true},
	{"color", "--color=always --color=never", FIELD(style.color), false},
	{"line-buffered", "-l", FIELD(line_buffered), true},
	{"line-buffered", "--line-buffered", FIELD(line_buffered), true},
	{"line-buffered", "-l -w f", FIELD(line_buffered), true},
	{"numeric", "-nq", FIELD(format), FORMAT_BRIEF},
	{"numeric", "-nn --numeric", FIELD(format), FORMAT_FULL},
	{"number", "-q -#", FIELD(style.number), true},
	{"number", "-q --number", FIELD(style.number), true},
	{"lengths", "--lengths", FIELD(style.lengths), true},
	{"micro", "--micro", FIELD(style.micro), true},
	{"micro", "--time-stamp-precision=micro", FIELD(style.micro), true},
	{"micro", "-q", FIELD(style.micro), true},
	{"micro", "--explain", FIELD(style.micro), true},
	{"micro", "-w f --print", FIELD(style.micro), true},
	{"micro", "-w f --print -A", FIELD(style.micro), false},
	{"nano", "-tt", FIELD(style.micro), false},
	{"nano", "-q --nano", FIELD(style.micro), false},
	{"nano", "--time-stamp-precision=nano -q", FIELD(style.micro), false},
	{"nano", "--nano --time-stamp-precision=nano", FIELD(style.micro), false},
	{"count", "-r f --count", FIELD(count_only), true},
	{"read", "-r a -r b -r a", FIELD(read_count), 3},
	{"print", "-w f --print", FIELD(format), FORMAT_BRIEF},
	{"print", "-w f --print", FIELD(text), true},
	{"print", "-w f --print -X", FIELD(format), FORMAT_FULL},
	{"print", "-w f -q -AS", FIELD(style.absolute), true},
	{"print", "-w f --print -AS", FIELD(style.ascii), true},
	{"print", "--print", FIELD(format), FORMAT_FULL},
	{"hexdump", "-x", FIELD(style.hexdump), true},
	{"hexdump", "-q -x", FIELD(style.link), false},
	{"hexdump", "-q -X", FIELD(style.link), false},
	{"hexdump", "-q -xX", FIELD(style.link), false},
	{"hexdump", "-q -xx", FIELD(style.link), true},
	{"hexdump", "-q -XX", FIELD(style.link), true},
	{"hexdump", "-q -X -X", FIELD(style.hexdump), true},
	{"absolute-sequence", "-q", FIELD(style.absolute), false},
	{"absolute-sequence", "-S", FIELD(style.absolute), true},
	{"absolute-sequence", "--absolute-sequence", FIELD(style.absolute), true},
	{"absolute-sequence", "--absolute-tcp-sequence-numbers", FIELD(style.absolute), true},
	{"snaplen", "--snapshot-length=96", FIELD(snaplen), 96},
	{"no-promiscuous", "--no-promiscuous-mode", FIELD(no_promiscuous), true},
	{"brief", "-vvvKOUNfq --immediate-mode --packet-buffered", FIELD(format), FORMAT_BRIEF},
	{"list-interfaces", "-D -nv --netns=x", FIELD(list_interfaces), true},
	{"write", "-w f.pcap -nvU --micro --color=never", FIELD(text), false},
	{"write", "-w f -q -t -e -# --color=always", FIELD(style.number), true},
	{"json", "--json --color=auto --nano", FIELD(format), FORMAT_JSON},
	{"duration", "-r - --duration=2", FIELD(duration_ns), 2000000000},
	{"duration", "-r f -V /etc/hostname -r /dev/null --duration=2", FIELD(duration_ns), 2000000000},
	{"status", "--status=1 -n -v", FIELD(status_pid), 1},
	{"stats", "-q", FIELD(stats_ns), 0},
	{"stats", "--stats", FIELD(stats_ns), 1000000000},
	{"stats", "--stats=0.5", FIELD(stats_ns), 500000000},
};

static const struct string_row {
	const char *name, *line;
	size_t offset;
	const char *value; /* NULL: not set */
} strings[] = {
	{"netns", "--netns=blue", offsetof(struct options, netns), "blue"},
	{"netns", "-q", offsetof(struct options, netns), NULL},
	{"metrics", "--metrics=f", offsetof(struct options, metrics_path), "f"},
	{"ipfix", "--ipfix=collector:1", offsetof(struct options, flows.collector), "collector:1"},
	{"flow-log", "--flow-log=f", offsetof(struct options, flows.log_path), "f"},
	{"user", "-Z root", offsetof(struct options, user), "root"},
	{"user", "--user=root", offsetof(struct options, user), "root"},
	{"user", "-q", offsetof(struct options, user), NULL},
	{"user", "-Z root", offsetof(struct options, user), "root"},
	{"user", "--user=root", offsetof(struct options, user), "root"},
	{"write", "-w b.pcap", offsetof(struct options, write_path), "b.pcap"},
	{"write", "--write -", offsetof(struct options, write_path), "-"},
	{"write", "-w -5", offsetof(struct options, write_path), "-5"},
	{"write", "-w =x", offsetof(struct options, write_path), "=x"},
	{"write", "--write==x", offsetof(struct options, write_path), "=x"},
	{"expression", "-q", offsetof(struct options, expression), NULL},
	{"expression", "tcp port 80", offsetof(struct options, expression), "tcp port 80"},
	{"expression", "tcp -q and port 80 -n", offsetof(struct options, expression), "tcp and port 80"},
	{"expression", "host www.tcp.port or net 10.0.0.0/8", offsetof(struct options, expression),
	 "host www.tcp.port or net 10.0.0.0/8"},
	{"expression", "tcp[13] & 2 != 0 and ip[8] == 5", offsetof(struct options, expression),
	 "tcp[13] & 2 != 0 and ip[8] == 5"},
	{"filter text", "-q", offsetof(struct options, filter_text), NULL},
	{"filter text", "-Qin -q --port 53 udp or tcp", offsetof(struct options, filter_text),
	 "--direction=in --port=53 udp or tcp"},
};

static void numbers_arrive(void **state)
{
	struct parsed *parsed = *state;

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		const struct number_row *row = &numbers[i];
		char *line = strdup(row->line);
		uint64_t value = 0;

		parse_line(line, parsed);
		if (parsed->status || *parsed->err || *parsed->out)
			fail_msg("%s: %d, %s", row->line, parsed->status, parsed->err);
		memcpy(&value, (const char *)&parsed->options + row->offset, row->size);
		if (value != row->value)
			fail_msg("%s: %llu, not %llu", row->line, (unsigned long long)value,
				 (unsigned long long)row->value);
		options_release(&parsed->options);
		free(line);
	}
}

static void strings_arrive(void **state)
{
	struct parsed *parsed = *state;

	for (size_t i = 0; i < LENGTH(strings); i++) {
		const struct string_row *row = &strings[i];
		char *line = strdup(row->line), *value;

		parse_line(line, parsed);
		assert_string_equal(parsed->err, "");
		assert_int_equal(parsed->status, 0);
		memcpy(&value, (const char *)&parsed->options + row->offset, sizeof(value));
		if (!row->value)
			assert_null(value);
		else
			assert_string_equal(value, row->value);
		options_release(&parsed->options);
		free(line);
	}
}

static void interfaces_arrive_in_order(void **state)
{
	struct parsed *parsed = *state;
	char line[] = "-i eth0 --interface=wlan0 -ieth0 -i lo";

	parse_line(line, parsed);
	assert_int_equal(parsed->status, 0);
	assert_int_equal(parsed->options.interface_count, 3);
	assert_string_equal(parsed->options.interfaces[0], "eth0");
	assert_string_equal(parsed->options.interfaces[1], "wlan0");
	assert_string_equal(parsed->options.interfaces[2], "lo");
	options_release(&parsed->options);
}

static void paths_arrive_in_order(void **state)
{
	char path[] = "/tmp/test_options.XXXXXX", line[64];
	struct parsed *parsed = *state;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "b.pcap\n\n- c.pcap\r\nd", 19), 19);
	close(fd);
	snprintf(line, sizeof(line), "-r a.pcap -V %s --read=-", path);
	parse_line(line, parsed);
	unlink(path);
	assert_int_equal(parsed->status, 0);
	assert_int_equal(parsed->options.read_count, 5);
	assert_string_equal(parsed->options.read_paths[0], "a.pcap");
	assert_string_equal(parsed->options.read_paths[1], "b.pcap");
	assert_string_equal(parsed->options.read_paths[2], "- c.pcap");
	assert_string_equal(parsed->options.read_paths[3], "d");
	assert_string_equal(parsed->options.read_paths[4], "-");
	options_release(&parsed->options);
}

/* A long option may be abbreviated as long as it is unambiguous. */
static void abbreviations(void **state)
{
	struct parsed *parsed = *state;
	char line[] = "--snap=96 --dur 3 --loop";

	parse_line(line, parsed);
	assert_int_equal(parsed->status, 0);
	assert_int_equal(parsed->options.snaplen, 96);
	assert_int_equal(parsed->options.duration_ns, 3000000000);
	assert_int_equal(parsed->options.spec.config.loopback, LOOPBACK_ONCE);
	options_release(&parsed->options);
}

static void expect_file_expression(struct parsed *parsed, const char *text, const char *expression)
{
	char path[] = "/tmp/test_options.XXXXXX", before[64], behind[64];
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	snprintf(before, sizeof(before), "-F %s -q", path);
	snprintf(behind, sizeof(behind), "-q --expression-file=%s", path);
	for (int i = 0; i < 2; i++) {
		parse_line(i ? behind : before, parsed);
		assert_string_equal(parsed->err, "");
		assert_int_equal(parsed->status, 0);
		assert_string_equal(parsed->options.expression ? parsed->options.expression : "", expression);
		options_release(&parsed->options);
	}
	unlink(path);
}

static void an_expression_from_a_file(void **state)
{
	expect_file_expression(*state, "tcp\n and\tport 80\r\n", "tcp and port 80");
	expect_file_expression(*state, "tcp", "tcp");
	expect_file_expression(*state, "", "");
	expect_file_expression(*state, "# web\n tcp #, not quic\n#\nand port 80 #\n\n# tls: 443", "tcp and port 80");
	expect_file_expression(*state, "# nothing yet\n", "");
}

static bool has_row(const char *name, size_t length)
{
	for (size_t i = 0; i < LENGTH(numbers); i++)
		if (strlen(numbers[i].name) == length && !strncmp(numbers[i].name, name, length))
			return true;
	for (size_t i = 0; i < LENGTH(strings); i++)
		if (strlen(strings[i].name) == length && !strncmp(strings[i].name, name, length))
			return true;
	return !strncmp(name, "help", length) || !strncmp(name, "read-list", length) ||
	       !strncmp(name, "version", length) || !strncmp(name, "expression-file", length);
}

/* The help lists exactly the options that are tested here. */
static void help(void **state)
{
	struct parsed *parsed = *state;
	char line[] = "--help", name[64];

	parse_line(line, parsed);
	assert_true(parsed->status < 0);
	assert_string_equal(parsed->err, "");
	options_release(&parsed->options);
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		snprintf(name, sizeof(name), "--%s", numbers[i].name);
		if (!strstr(parsed->out, name))
			fail_msg("no %s in the help", name);
	}
	for (const char *at = parsed->out; at; at = strchr(at, '\n')) {
		const char *option = ++at + strlen("  -x, --");

		if (strncmp(at, "      --", 8) != 0 && (strncmp(at, "  -", 3) != 0 || at[4] != ','))
			continue;
		if (!has_row(option, strcspn(option, "=[ \n")))
			fail_msg("in the help, and not in this test: %.30s", at);
	}
}

/* They end the parsing with success; errors after them are not reported. */
static void help_and_version(void **state)
{
	static const struct {
		const char *line, *out;
	} rows[] = {
		{"-h", "Usage: bpfsniff "},         {"--help", "Usage: bpfsniff "},
		{"-h --bogus", "Usage: bpfsniff "}, {"--help --bogus", "Usage: bpfsniff "},
		{"--version", "bpfsniff 0."},       {"--version --bogus", "bpfsniff 0."},
	};
	struct parsed *parsed = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		char *line = strdup(rows[i].line);

		parse_line(line, parsed);
		assert_true(parsed->status < 0);
		assert_memory_equal(parsed->out, rows[i].out, strlen(rows[i].out));
		assert_string_equal(parsed->err, "");
		options_release(&parsed->options);
		free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_arrive),
		cmocka_unit_test(strings_arrive),
		cmocka_unit_test(abbreviations),
		cmocka_unit_test(interfaces_arrive_in_order),
		cmocka_unit_test(paths_arrive_in_order),
		cmocka_unit_test(help),
		cmocka_unit_test(an_expression_from_a_file),
		cmocka_unit_test(help_and_version),
	};

	return cmocka_run_group_tests(tests, parsed_setup, parsed_teardown);
}
