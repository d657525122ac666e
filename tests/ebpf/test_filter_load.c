/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "filter_rows.h"
#include "prefix_hash.h"

/* Filters with expressions and with memory of flows, large lists, and the privilege to load them. */

#define BETWEEN_PORTS(source, destination) PACKET(ETHERNET(T_IPV4), IPV4(P_UDP, 8), UDP(source, destination))
#define BACK(source, destination) \
	PACKET(ETHERNET(T_IPV4), IPV4_FROM(HOST_B, HOST_A, P_UDP, 8), UDP(source, destination))

#define BETWEEN_NETS(source, destination) \
	PACKET(ETHERNET(T_IPV6), IPV6_FROM(source, 7ull, destination, 7ull, P_UDP, 8), UDP(9, 9))

/* Run packets through one filter, and close it. */
static void expect_rows(struct kernel_filter *filter, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rows_expect(filter, &rows[i], device);
	kernel_filter_close(filter);
}

static void expressions(void **state)
{
	static const struct sock_filter reject[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
	static const struct sock_filter accept[] = {BPF_STMT(BPF_RET | BPF_K, 1)};
	static const struct sock_filter past_the_end[] = {BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 100),
							  BPF_STMT(BPF_RET | BPF_K, 1)};
	static const struct {
		struct kernel_filter_expression expression;
		enum verdict udp, tcp; /* with --port=53 */
	} cases[] = {
		{{reject, LENGTH(reject), CBPF_LINK}, VERDICT_EXPRESSION, VERDICT_PORT},
		{{accept, LENGTH(accept), CBPF_LINK}, VERDICT_ACCEPTED, VERDICT_PORT},
		{{past_the_end, LENGTH(past_the_end), CBPF_LINK}, VERDICT_EXPRESSION, VERDICT_PORT},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct row rows[] = {
			{"UDP", "--port=53", cases[i].udp, PACKET(UDP4)},
			{"TCP", "--port=53", cases[i].tcp, PACKET(TCP4)},
		};

		expect_rows(rows_load("--port=53", &cases[i].expression), rows, LENGTH(rows));
	}
}

static void first_packets_of_each_flow(void **state)
{
	static const char flags[] = "--protocol=all --first=2";
	const struct row rows[] = {
		{"first", flags, VERDICT_ACCEPTED, BETWEEN_PORTS(1, 2)},
		{"second, of the other direction", flags, VERDICT_ACCEPTED, BACK(2, 1)},
		{"third", flags, VERDICT_FLOW_LIMIT, BETWEEN_PORTS(1, 2)},
		{"fourth, of the other direction", flags, VERDICT_FLOW_LIMIT, BACK(2, 1)},
		{"another port", flags, VERDICT_ACCEPTED, BETWEEN_PORTS(1, 3)},
		{"the ports the other way round", flags, VERDICT_ACCEPTED, BETWEEN_PORTS(2, 1)},
		{"another protocol", flags, VERDICT_ACCEPTED,
		 PACKET(ETHERNET(T_IPV4), IPV4(P_TCP, 20), TCP(1, 2, SYN))},
		{"another tag", flags, VERDICT_FLOW_LIMIT,
		 PACKET(ETHERNET(T_VLAN), TAG(T_IPV4), IPV4(P_UDP, 8), UDP(1, 2))},
		{"IPv6, first", flags, VERDICT_ACCEPTED, PACKET(UDP6)},
		{"IPv6, second", flags, VERDICT_ACCEPTED, PACKET(UDP6)},
		{"IPv6, third", flags, VERDICT_FLOW_LIMIT, PACKET(UDP6)},
		{"same half, first", flags, VERDICT_ACCEPTED, BETWEEN_NETS(1ull, 2ull)},
		{"same half, second, of the other direction", flags, VERDICT_ACCEPTED, BETWEEN_NETS(2ull, 1ull)},
		{"same half, third", flags, VERDICT_FLOW_LIMIT, BETWEEN_NETS(1ull, 2ull)},
		{"fragments, first", flags, VERDICT_ACCEPTED,
		 PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(MORE_FRAGMENTS, P_UDP, 8), UDP(5, 6))},
		{"fragments, second", flags, VERDICT_ACCEPTED,
		 PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(1, P_UDP, 8), UDP(7, 7))},
		{"fragments, third", flags, VERDICT_FLOW_LIMIT,
		 PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(2, P_UDP, 8), UDP(8, 8))},
		{"after the fragments", flags, VERDICT_FLOW_LIMIT, BETWEEN_PORTS(5, 6)},
		{"ARP is no flow", flags, VERDICT_ACCEPTED, PACKET(ARP)},
		{"ARP is no flow, again", flags, VERDICT_ACCEPTED, PACKET(ARP)},
		{"ARP is no flow, and again", flags, VERDICT_ACCEPTED, PACKET(ARP)},
	};

	(void)state;
	expect_rows(rows_load(flags, NULL), rows, LENGTH(rows));
}

/* A packet that the expression rejects, here by its time to live, does not count as a packet of its flow. */
static void expression_before_flow_limit(void **state)
{
	static const struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, ETH_HLEN + 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 64, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	static const struct kernel_filter_expression expression = {program, LENGTH(program), CBPF_LINK};
	uint8_t near[] = {UDP4}, far[] = {UDP4};
	const struct row rows[] = {
		{"far", "--first=1", VERDICT_EXPRESSION, {far, sizeof(far)}},
		{"near", "--first=1", VERDICT_ACCEPTED, {near, sizeof(near)}},
		{"near again", "--first=1", VERDICT_FLOW_LIMIT, {near, sizeof(near)}},
		{"far again", "--first=1", VERDICT_EXPRESSION, {far, sizeof(far)}},
	};

	(void)state;
	far[ETH_HLEN + 8] = 63;
	expect_rows(rows_load("--first=1", &expression), rows, LENGTH(rows));
}

/* One flow in four is sampled as a whole: both directions and the fragments of its datagrams get the same verdict. */
static void a_sample_of_the_flows(void **state)
{
	enum { FLOWS = 2000 };
	struct kernel_filter *filter = rows_load("--sample=4 --first=4", NULL);
	unsigned int sampled = 0;

	(void)state;
	for (unsigned int port = 0; port < FLOWS; port++) {
		const struct packet_bytes packets[] = {
			BETWEEN_PORTS(port, 53),
			BACK(53, port),
			PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(MORE_FRAGMENTS, P_UDP, 8), UDP(port, 53)),
			PACKET(ETHERNET(T_IPV4), IPV4_FRAGMENT(1, P_UDP, 8), UDP(0, 0)),
			BETWEEN_PORTS(port, 53),
		};
		enum verdict verdict = rows_judge(filter, &packets[0], device);

		assert_true(verdict == VERDICT_ACCEPTED || verdict == VERDICT_SAMPLE);
		for (size_t i = 1; i < 4; i++)
			assert_int_equal(rows_judge(filter, &packets[i], device), verdict);
		assert_int_equal(rows_judge(filter, &packets[4], device),
				 verdict == VERDICT_ACCEPTED ? VERDICT_FLOW_LIMIT : VERDICT_SAMPLE);
		sampled += verdict == VERDICT_ACCEPTED;
	}
	assert_in_range(sampled, FLOWS / 4 - FLOWS / 20, FLOWS / 4 + FLOWS / 20);
	kernel_filter_close(filter);
}

/* The filter returns the snaplen for an accepted frame, whatever the length of the frame. */
static void snaplen(void **state)
{
	const struct packet_bytes udp = PACKET(UDP4), arp = PACKET(ARP);
	struct kernel_filter *filter = rows_load("-s 96", NULL);

	(void)state;
	assert_int_equal(rows_run(filter, &udp, device), 96);
	assert_int_equal(rows_run(filter, &arp, device), 0);
	kernel_filter_close(filter);
}

/* An address for each prefix length: all bits are one except the last bit of the prefix. */
static void address_of_length(unsigned int bits, uint8_t address[16])
{
	memset(address, 0xff, 16);
	if (bits)
		address[(bits - 1) / 8] ^= (uint8_t)(0x80 >> (bits - 1) % 8);
}

static void add_host(struct filter_spec *spec, uint32_t address)
{
	const struct prefix prefix = {{0, ADDRESS_MAPPED(SWAP32(address))}, .bits = 128, .lists = LIST_SOURCE};

	assert_int_equal(prefix_list_add(&spec->prefixes, &prefix), 0);
}

/* A prefix of every length of both families, and as many of IPv4 as get buckets. Of IPv6 are even lengths for the
 * source, odd ones for the destination. */
static void spec_of_every_length(struct filter_spec *spec)
{
	filter_spec_init(spec);
	for (unsigned int bits = 0; bits < PREFIX_LENGTHS_MAX; bits++) {
		const uint8_t list = bits == 0 ? LIST_EITHER : bits % 2 ? LIST_DESTINATION : LIST_SOURCE;
		struct prefix prefix = {.bits = (uint8_t)bits, .lists = list};
		uint8_t address[16];
		uint64_t mask[2];

		address_of_length(bits, address);
		memcpy(prefix.address, address, sizeof(address));
		prefix_mask(bits, mask);
		prefix.address[0] &= mask[0];
		prefix.address[1] &= mask[1];
		spec->config.address_lists |= list;
		assert_int_equal(prefix_list_add(&spec->prefixes, &prefix), 0);
	}
	for (uint8_t bits = 0; bits < IPV4_LENGTHS_MAX; bits++) {
		const struct prefix prefix = {{0, ADDRESS_MAPPED(0)}, .bits = 96 + bits, .lists = LIST_SOURCE};

		assert_int_equal(prefix_list_add(&spec->prefixes, &prefix), 0);
	}
	for (uint32_t host = 1; host < IPV4_BUCKETS_MIN; host++)
		add_host(spec, host);
	spec->config.snaplen = SNAPLEN_MAX;
	assert_int_equal(filter_spec_finish(spec), 0);
	assert_int_equal(spec->config.prefixes.length_count, PREFIX_LENGTHS_MAX);
	assert_int_equal(spec->config.prefixes.ipv4_length_count, IPV4_LENGTHS_MAX);
	assert_int_equal(spec->config.prefixes.bucket_count, IPV4_BUCKETS_MIN);
}

static void prefixes_of_every_length(void **state)
{
	enum { SOURCE = ETH_HLEN + 8, DESTINATION = ETH_HLEN + 24 };
	uint8_t frame[] = {UDP6};
	const struct packet_bytes packet = {frame, sizeof(frame)};
	struct kernel_filter *filter;
	struct filter_spec spec;

	(void)state;
	spec_of_every_length(&spec);
	filter = rows_open(&spec, NULL);
	for (unsigned int bits = 1; bits < PREFIX_LENGTHS_MAX; bits++) {
		address_of_length(bits, frame + SOURCE);
		address_of_length(1, frame + DESTINATION);
		assert_int_equal(rows_judge(filter, &packet, device), bits % 2 ? VERDICT_HOST : VERDICT_ACCEPTED);
		address_of_length(2, frame + SOURCE);
		address_of_length(bits, frame + DESTINATION);
		assert_int_equal(rows_judge(filter, &packet, device), bits % 2 ? VERDICT_ACCEPTED : VERDICT_HOST);
	}
	kernel_filter_close(filter);
	filter_spec_release(&spec);
}

/* Whether an address goes into the first bucket while there are as few as possible. */
static bool is_in_first_bucket(uint32_t address)
{
	return !ipv4_bucket_of(ipv4_key(address, 0), IPV4_BUCKETS_MIN);
}

/* Every other address from 10.0.0.0 to 10.0.78.30; and from 11.0.0.0, every other one that goes into the first bucket,
 * which cannot hold them. */
static void ten_thousand_hosts(void **state)
{
	enum { HOSTS = 10000, CROWD = 2 * IPV4_BUCKET_SLOTS, CROWD_START = 11 << 24, SOURCE = ETH_HLEN + 12 };
	uint32_t crowd[2 * CROWD];
	uint8_t frame[] = {UDP4};
	const struct packet_bytes packet = {frame, sizeof(frame)};
	struct kernel_filter *filter;
	struct filter_spec spec;

	(void)state;
	filter_spec_init(&spec);
	spec.config.address_lists = LIST_SOURCE;
	spec.config.snaplen = SNAPLEN_MAX;
	for (uint32_t address = CROWD_START, i = 0; i < 2 * CROWD; address++)
		if (is_in_first_bucket(address))
			crowd[i++] = address;
	for (uint32_t i = 0; i < 2 * HOSTS; i += 2)
		add_host(&spec, 10 << 24 | i);
	for (uint32_t i = 0; i < 2 * CROWD; i += 2)
		add_host(&spec, crowd[i]);
	assert_int_equal(filter_spec_finish(&spec), 0);
	filter = rows_open(&spec, NULL);
	assert_int_equal(spec.config.prefixes.bucket_count, IPV4_BUCKETS_MIN);
	assert_in_range(spec.config.prefixes.slot_mask + 1, 2 * (CROWD - IPV4_BUCKET_SLOTS), HOSTS);
	for (uint32_t i = 0; i < 2 * (HOSTS + CROWD); i++) {
		const uint32_t address = SWAP32(i < 2 * HOSTS ? 10 << 24 | i : crowd[i - 2 * HOSTS]);

		memcpy(frame + SOURCE, &address, sizeof(address));
		assert_int_equal(rows_judge(filter, &packet, device), i % 2 ? VERDICT_HOST : VERDICT_ACCEPTED);
	}
	kernel_filter_close(filter);
	filter_spec_release(&spec);
}

/* Load filters with only the two capabilities that the manual asks for, with which the verifier is strictest, and with
 * the third that it offers. Returns how many fail. Runs in a child process. */
static int load_with_capabilities(const struct filter_spec *const spec[], size_t count, bool with_third)
{
	static const struct sock_filter program[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, ETH_HLEN),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, ETH_HLEN),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	static const struct kernel_filter_expression expression = {program, LENGTH(program), CBPF_LINK};
	int failed = 0;

	capng_clear(CAPNG_SELECT_BOTH);
	capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_RAW, CAP_BPF, -1);
	if (with_third)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_PERFMON);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return (int)count;
	for (size_t i = 0; i < count; i++) {
		struct kernel_filter *filter = NULL;
		struct kernel_filter_error error;
		int ret = kernel_filter_open(spec[i], &expression, BPF_PROG_TYPE_SOCKET_FILTER, NULL, &filter, &error);

		if (ret)
			fprintf(stderr, "filter %zu: %s\n%s\n", i, strerror(-ret), error.log);
		else
			ways_check(filter, !with_third);
		failed += ret != 0;
		kernel_filter_close(filter);
	}
	return failed;
}

static void expect_to_load(bool with_third)
{
	struct options plain, everything;
	struct filter_spec prefixes;
	const struct filter_spec *const spec[] = {&plain.spec, &everything.spec, &prefixes};
	int status;
	pid_t child;

	rows_parse("", &plain);
	rows_parse("--protocol=all --loopback --src=10.0.0.0/8,2001:db8::/32 --dst=10.0.0.1 --not-port=53 -Q in "
		   "--tcp-flags=syn,!ack --first=10 --sample=2 --tcp-event=any",
		   &everything);
	spec_of_every_length(&prefixes);
	child = fork();
	if (child == 0)
		_exit(load_with_capabilities(spec, LENGTH(spec), with_third));
	assert_return_code(child, errno);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	filter_spec_release(&prefixes);
	options_release(&everything);
	options_release(&plain);
}

static void two_capabilities_are_enough(void **state)
{
	(void)state;
	expect_to_load(false);
}

static void with_a_third_headers_are_read_in_place(void **state)
{
	(void)state;
	expect_to_load(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions),
		cmocka_unit_test(first_packets_of_each_flow),
		cmocka_unit_test(expression_before_flow_limit),
		cmocka_unit_test(a_sample_of_the_flows),
		cmocka_unit_test(snaplen),
		cmocka_unit_test(prefixes_of_every_length),
		cmocka_unit_test(ten_thousand_hosts),
		cmocka_unit_test(two_capabilities_are_enough),
		cmocka_unit_test(with_a_third_headers_are_read_in_place),
	};

	rows_need_privilege();
	return rows_run_group(tests, LENGTH(tests), NULL);
}
