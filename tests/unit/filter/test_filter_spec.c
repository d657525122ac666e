/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "filter/filter_spec.h"

static int setup(void **state)
{
	struct filter_spec *spec = malloc(sizeof(*spec));

	assert_non_null(spec);
	filter_spec_init(spec);
	*state = spec;
	return 0;
}

static int teardown(void **state)
{
	filter_spec_release(*state);
	free(*state);
	return 0;
}

/* The spec keeps exactly these protocols. */
static void expect_protocols(const struct filter_spec *spec, const uint8_t *wanted, size_t count)
{
	uint8_t bits[32] = {0};

	for (size_t i = 0; i < count; i++)
		bits[wanted[i] / 8] |= (uint8_t)(1 << wanted[i] % 8);
	assert_memory_equal(spec->config.protocols, bits, sizeof(bits));
}

#define EXPECT_PROTOCOLS(spec, ...) \
	expect_protocols(spec, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void without_any_option(void **state)
{
	const struct filter_spec *spec = *state;
	static const uint8_t no_ports[PORTS];

	EXPECT_PROTOCOLS(spec, 6, 17);
	assert_int_equal(spec->config.every_protocol, 0);
	assert_int_equal(spec->config.directions, DIRECTION_BIT_IN | DIRECTION_BIT_OUT);
	assert_int_equal(spec->config.loopback, LOOPBACK_DROP);
	assert_int_equal(spec->config.address_lists, 0);
	assert_int_equal(spec->config.port_lists, 0);
	assert_int_equal(spec->config.tcp_flags_set, 0);
	assert_int_equal(spec->config.tcp_flags_clear, 0);
	assert_memory_equal(spec->lists_of_port, no_ports, sizeof(no_ports));
	assert_int_equal(filter_spec_finish(*state), 0);
	assert_int_equal(spec->config.prefixes.length_count, 0);
}

static void protocols_take_the_place_of_the_default(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(filter_spec_add_protocols(spec, 0, "icmp,132", &error), 0);
	EXPECT_PROTOCOLS(spec, 1, 132);
	assert_int_equal(filter_spec_add_protocols(spec, 0, "0,255,tcp", &error), 0);
	EXPECT_PROTOCOLS(spec, 0, 1, 6, 132, 255);
	assert_int_equal(spec->config.every_protocol, 0);
}

/* The names that need no /etc/protocols, in capitals too. */
static void names_of_protocols(void **state)
{
	static const struct {
		const char *name;
		uint8_t number;
	} rows[] = {
		{"icmp", 1},  {"igmp", 2},   {"tcp", 6},    {"udp", 17},    {"gre", 47},  {"esp", 50},   {"ah", 51},
		{"pim", 103}, {"sctp", 132}, {"icmp6", 58}, {"icmpv6", 58}, {"ospf", 89}, {"ICMP6", 58}, {"Sctp", 132},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct filter_spec_error error;
		struct filter_spec *spec = *state;

		filter_spec_release(spec);
		filter_spec_init(spec);
		assert_int_equal(filter_spec_add_protocols(spec, 0, rows[i].name, &error), 0);
		EXPECT_PROTOCOLS(spec, rows[i].number);
	}
}

static void all_protocols(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(filter_spec_add_protocols(spec, 0, "icmp,All", &error), 0);
	assert_int_equal(spec->config.every_protocol, 1);
	assert_int_equal(filter_spec_add_protocols(spec, 0, "udp", &error), 0);
	assert_int_equal(spec->config.every_protocol, 1);
}

static void ports_accumulate(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;
	uint8_t wanted[PORTS] = {0};

	assert_int_equal(filter_spec_add_ports(spec, LIST_EITHER, "53,8000-8002", &error), 0);
	assert_int_equal(spec->config.port_lists, LIST_EITHER);
	assert_int_equal(filter_spec_add_ports(spec, LIST_EITHER, "https", &error), 0);
	assert_int_equal(filter_spec_add_ports(spec, LIST_SOURCE, "0", &error), 0);
	assert_int_equal(filter_spec_add_ports(spec, LIST_DESTINATION, "8001-8003", &error), 0);
	assert_int_equal(filter_spec_add_ports(spec, LIST_NOT, "65535", &error), 0);
	assert_int_equal(spec->config.port_lists, LIST_EITHER | LIST_SOURCE | LIST_DESTINATION | LIST_NOT);
	wanted[0] = LIST_SOURCE;
	wanted[53] = wanted[443] = wanted[8000] = LIST_EITHER;
	wanted[8001] = wanted[8002] = LIST_EITHER | LIST_DESTINATION;
	wanted[8003] = LIST_DESTINATION;
	wanted[65535] = LIST_NOT;
	assert_memory_equal(spec->lists_of_port, wanted, sizeof(wanted));
}

static void every_port(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(filter_spec_add_ports(spec, LIST_NOT, "0-65535", &error), 0);
	for (int port = 0; port < PORTS; port++)
		assert_int_equal(spec->lists_of_port[port], LIST_NOT);
}

static void tcp_flags_accumulate(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(filter_spec_add_tcp_flags(spec, 0, "syn,!ack", &error), 0);
	assert_int_equal(filter_spec_add_tcp_flags(spec, 0, "!rst,FIN", &error), 0);
	assert_int_equal(spec->config.tcp_flags_set, 0x03);
	assert_int_equal(spec->config.tcp_flags_clear, 0x14);
}

static void hosts_accumulate(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(filter_spec_add_hosts(spec, LIST_SOURCE, "10.0.0.0/8,2001:db8::/32", &error), 0);
	assert_int_equal(spec->config.address_lists, LIST_SOURCE);
	assert_int_equal(filter_spec_add_hosts(spec, LIST_NOT, "10.0.0.1,10.0.0.0/8", &error), 0);
	assert_int_equal(spec->config.address_lists, LIST_SOURCE | LIST_NOT);
	assert_int_equal(spec->prefixes.count, 4);
	assert_int_equal(filter_spec_finish(spec), 0);
	/* Sorted, IPv4 first, and merged. */
	assert_int_equal(spec->prefixes.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(spec->prefixes.items[i].lists, i < 2 ? LIST_SOURCE | LIST_NOT : LIST_SOURCE);
	assert_int_equal(spec->config.prefixes.ipv4_length_count, 2);
	assert_int_equal(spec->config.prefixes.ipv4_host_bits[0], 0);
	assert_int_equal(spec->config.prefixes.ipv4_host_bits[1], 24);
	assert_int_equal(spec->config.prefixes.length_count, 1);
	assert_int_equal(spec->config.prefixes.lengths[0].bits, 32);
	assert_memory_equal(&spec->config.prefixes, &spec->table.layout, sizeof(spec->table.layout));
}

/* The error quotes the wrong word, wherever it is in the list. */
static void wrong_words(void **state)
{
	static const struct {
		int (*add)(struct filter_spec *spec, enum list list, const char *text, struct filter_spec_error *error);
		const char *text, *word;
	} rows[] = {
		{filter_spec_add_hosts, "", ""},
		{filter_spec_add_hosts, "10.0.0.1,", ""},
		{filter_spec_add_hosts, ",10.0.0.1", ""},
		{filter_spec_add_hosts, "10.0.0.1,10.0.0.x,10.0.0.y", "10.0.0.x"},
		{filter_spec_add_hosts, "10.0.0.1, 10.0.0.2", " 10.0.0.2"},
		{filter_spec_add_ports, "53,70000", "70000"},
		{filter_spec_add_ports, "53,,80", ""},
		{filter_spec_add_protocols, "tcp,nonsense", "nonsense"},
		{filter_spec_add_protocols, "alle", "alle"},
		{filter_spec_add_tcp_flags, "syn,!ak", "!ak"},
		{filter_spec_add_tcp_flags, "finn", "finn"},
		{filter_spec_add_ports, "53,81-80", "81-80"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct filter_spec_error error = {.word = "untouched"};

		assert_int_equal(rows[i].add(*state, LIST_EITHER, rows[i].text, &error), -EINVAL);
		assert_string_equal(error.word, rows[i].word);
	}
}

/* Write a file of hosts and read it. */
static int add_host_file(struct filter_spec *spec, const char *text, struct filter_spec_error *error)
{
	char path[] = "/tmp/test_filter_spec.XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	ret = filter_spec_add_host_file(spec, LIST_NOT, path, error);
	unlink(path);
	return ret;
}

static void host_files(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(add_host_file(spec,
				       "# all of it\n"
				       "10.0.0.0/8\n"
				       "\n"
				       "  2001:db8::/32  \n"
				       "\t192.0.2.1# here\n"
				       "192.0.2.2 # there\r\n"
				       "   # nothing\n"
				       "192.0.2.3",
				       &error),
			 0);
	assert_int_equal(spec->prefixes.count, 5);
	assert_int_equal(spec->config.address_lists, LIST_NOT);
	assert_int_equal(spec->prefixes.items[4].lists, LIST_NOT);
	assert_int_equal(spec->prefixes.items[4].bits, 128);
}

static void an_empty_host_file_is_a_list(void **state)
{
	struct filter_spec *spec = *state;
	struct filter_spec_error error;

	assert_int_equal(add_host_file(spec, "# none yet\n", &error), 0);
	assert_int_equal(spec->prefixes.count, 0);
	assert_int_equal(spec->config.address_lists, LIST_NOT);
	assert_int_equal(filter_spec_finish(spec), 0);
}

static void wrong_lines(void **state)
{
	static const struct {
		const char *text, *word;
		size_t line;
	} rows[] = {
		{"10.0.0.x", "10.0.0.x", 1},
		{"10.0.0.1\n\n# c\n10.0.0.2/33\n", "10.0.0.2/33", 4},
		{"10.0.0.1 10.0.0.2\n", "10.0.0.1 10.0.0.2", 1},
		{"10.0.0.1\r\n10.0.0.1,10.0.0.2\r\n", "10.0.0.1,10.0.0.2", 2},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct filter_spec_error error = {.word = "untouched"};

		assert_int_equal(add_host_file(*state, rows[i].text, &error), -EINVAL);
		assert_string_equal(error.word, rows[i].word);
		assert_int_equal(error.line, rows[i].line);
	}
}

static int add_host_bytes(struct filter_spec *spec, const char *bytes, size_t length, struct filter_spec_error *error)
{
	char path[] = "/tmp/test_filter_spec.XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	close(fd);
	ret = filter_spec_add_host_file(spec, LIST_NOT, path, error);
	unlink(path);
	return ret;
}

/* A line may have 256 bytes, with its comment. */
static void long_lines(void **state)
{
	char text[2 * HOST_LINE_MAX] = "10.0.0.1\n10.0.0.2 #";
	struct filter_spec *spec = *state;
	struct filter_spec_error error;
	const size_t first = strlen("10.0.0.1\n");

	memset(text + strlen(text), 'c', sizeof(text) - strlen(text));
	text[first + HOST_LINE_MAX] = '\n';
	assert_int_equal(add_host_bytes(spec, text, first + HOST_LINE_MAX + 1, &error), 0);
	assert_int_equal(spec->prefixes.count, 2);
	text[first + HOST_LINE_MAX] = 'c';
	assert_int_equal(add_host_bytes(spec, text, first + HOST_LINE_MAX + 1, &error), -EMSGSIZE);
	assert_int_equal(error.line, 2);
}

static void no_text(void **state)
{
	static const char bytes[] = "10.0.0.1\n10.0.0.2\0\n";
	struct filter_spec_error error;

	assert_int_equal(add_host_bytes(*state, bytes, sizeof(bytes) - 1, &error), -EILSEQ);
	assert_int_equal(error.line, 2);
	assert_int_equal(filter_spec_add_host_file(*state, LIST_NOT, "/dev/zero", &error), -EILSEQ);
	assert_int_equal(error.line, 1);
}

/* Write the same line for ever. */
static pid_t start_endless_writer(const char *path, const char *line)
{
	pid_t writer = fork();
	int fd;

	if (writer)
		return writer;
	fd = open(path, O_WRONLY);
	while (write(fd, line, strlen(line)) > 0)
		;
	_exit(0);
}

static void files_without_end(void **state)
{
	static const char *const lines[] = {"10.0.0.1\n", "\n\n\n\n\n\n\n\n\n\n"};
	static const size_t last[] = {HOST_FILE_MAX + 1, 16 * HOST_FILE_MAX + 1};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char path[] = "/tmp/test_filter_spec.XXXXXX";
		struct filter_spec_error error;
		pid_t writer;

		assert_non_null(mkdtemp(path));
		rmdir(path);
		assert_int_equal(mkfifo(path, 0600), 0);
		writer = start_endless_writer(path, lines[i]);
		assert_int_equal(filter_spec_add_host_file(*state, LIST_NOT, path, &error), -E2BIG);
		assert_int_equal(error.line, last[i]);
		unlink(path);
		assert_int_equal(waitpid(writer, NULL, 0), writer); /* SIGPIPE ends it */
	}
}

static void no_file(void **state)
{
	struct filter_spec_error error;

	assert_int_equal(filter_spec_add_host_file(*state, LIST_NOT, "/nonexistent", &error), -ENOENT);
	assert_int_equal(filter_spec_add_host_file(*state, LIST_NOT, "/", &error), -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_any_option, setup, teardown),
		cmocka_unit_test_setup_teardown(protocols_take_the_place_of_the_default, setup, teardown),
		cmocka_unit_test_setup_teardown(all_protocols, setup, teardown),
		cmocka_unit_test_setup_teardown(names_of_protocols, setup, teardown),
		cmocka_unit_test_setup_teardown(ports_accumulate, setup, teardown),
		cmocka_unit_test_setup_teardown(every_port, setup, teardown),
		cmocka_unit_test_setup_teardown(tcp_flags_accumulate, setup, teardown),
		cmocka_unit_test_setup_teardown(hosts_accumulate, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_words, setup, teardown),
		cmocka_unit_test_setup_teardown(host_files, setup, teardown),
		cmocka_unit_test_setup_teardown(long_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(no_text, setup, teardown),
		cmocka_unit_test_setup_teardown(files_without_end, setup, teardown),
		cmocka_unit_test_setup_teardown(an_empty_host_file_is_a_list, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(no_file, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
