/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>

#include "decode_samples.h"
#include "print/json_headers.h"
#include "written.h"

#define ORIGIN "{\"number\":7,\"time\":\"2026-11-23T15:02:33.123456789Z\",\"interface\":\"eth0\",\"direction\":\"in\","
#define LINK                                                                                                      \
	"\"link\":{\"type\":\"ethernet\",\"source\":\"02:00:00:00:00:01\",\"destination\":\"02:00:00:00:00:02\"," \
	"\"ethertype\":"
#define IPV4_FIELDS                                                                                                 \
	"\"ip\":{\"version\":4,\"header_length\":20,\"tos\":16,\"total_length\":32,\"id\":7982,\"flags\":[\"DF\"]," \
	"\"fragment_offset\":0,\"ttl\":64,\"protocol\":17,\"checksum\":1915,\"checksum_status\":\"good\","          \
	"\"source\":\"10.9.0.1\",\"destination\":\"10.9.0.2\"}"
#define UDP_FIELDS                                                                                 \
	"\"udp\":{\"source_port\":40000,\"destination_port\":53,\"length\":12,\"checksum\":35461," \
	"\"checksum_status\":\"good\"},\"payload\":{\"length\":4,\"hex\":\"61626364\"}}\n"
#define IPV6_FIELDS "\"ip\":{\"version\":6,\"traffic_class\":18,\"flow_label\":240589,"
#define RAW         "\"link\":{\"type\":\"raw\"},"

static const struct printed_case cases[] = {
	{LINK_ETHERNET, 0,
	 ETHERNET "08 00 45 00 00 3c 1f 2e 40 00 40 06 1b 3f 0a 09 00 01 0a 09 00 02 "
		  "9c 40 00 50 12 34 56 78 00 00 00 00 a0 02 fa f0 1c 2d 00 00 "
		  "02 04 05 b4 04 02 08 0a 00 00 00 01 00 00 00 00 01 03 03 07",
	 ORIGIN
	 "\"length\":74,\"captured\":74," LINK "2048},"
	 "\"ip\":{\"version\":4,\"header_length\":20,\"tos\":0,\"total_length\":60,\"id\":7982,\"flags\":[\"DF\"],"
	 "\"fragment_offset\":0,\"ttl\":64,\"protocol\":6,\"checksum\":6975,\"checksum_status\":\"bad\","
	 "\"source\":\"10.9.0.1\",\"destination\":\"10.9.0.2\"},"
	 "\"tcp\":{\"source_port\":40000,\"destination_port\":80,\"seq\":305419896,\"ack\":0,\"header_length\":40,"
	 "\"flags\":[\"SYN\"],\"window\":64240,\"checksum\":7213,\"checksum_status\":\"bad\",\"urgent\":0,"
	 "\"options\":\"020405b40402080a000000010000000001030307\"},"
	 "\"payload\":{\"length\":0,\"hex\":\"\"}}\n"},
	{LINK_ETHERNET, 0, ETHERNET "88 a8 70 0a 81 00 00 14 08 00" IPV4_UDP "00 00",
	 ORIGIN "\"length\":56,\"captured\":56," LINK "2048},"
		"\"vlan\":[{\"id\":10,\"priority\":3,\"dei\":true,\"tpid\":34984},"
		"{\"id\":20,\"priority\":0,\"dei\":false,\"tpid\":33024}]," IPV4_FIELDS "," UDP_FIELDS},
	{LINK_ETHERNET, 0, ETHERNET "88 47 00 01 0a 40 00 02 01 3f" IPV4_UDP,
	 ORIGIN "\"length\":54,\"captured\":54," LINK "34887},"
		"\"mpls\":[{\"label\":16,\"traffic_class\":5,\"ttl\":64},{\"label\":32,\"traffic_class\":0,\"ttl\":63}]"
		"," IPV4_FIELDS "," UDP_FIELDS},
	{LINK_ETHERNET, 0, ETHERNET "88 64 11 00 00 05 00 22 00 21" IPV4_UDP,
	 ORIGIN "\"length\":54,\"captured\":54," LINK "34916},\"pppoe\":{\"session\":5}," IPV4_FIELDS "," UDP_FIELDS},
	{LINK_RAW, 0, CHAIN,
	 ORIGIN "\"length\":96,\"captured\":96," RAW IPV6_FIELDS
		"\"payload_length\":56,\"hop_limit\":64,\"protocol\":6,"
		"\"fragment_offset\":0,\"id\":16909060,\"flags\":[],\"source\":\"fd00::1\",\"destination\":\"fd00::2\","
		"\"extensions\":[0,60,43,44]},"
		"\"tcp\":{\"source_port\":40000,\"destination_port\":80,\"seq\":305419896,\"ack\":2596069104,"
		"\"header_length\":20,\"flags\":[\"PSH\",\"ACK\"],\"window\":64240,\"checksum\":30498,"
		"\"checksum_status\":\"good\",\"urgent\":0},\"payload\":{\"length\":4,\"hex\":\"61626364\"}}\n"},
	{LINK_RAW, 0, FRAG6_FIRST,
	 ORIGIN "\"length\":64,\"captured\":64," RAW IPV6_FIELDS
		"\"payload_length\":24,\"hop_limit\":64,\"protocol\":17,"
		"\"fragment_offset\":0,\"id\":16909060,\"flags\":[\"MF\"],\"source\":\"fd00::1\","
		"\"destination\":\"fd00::2\",\"extensions\":[44]},"
		"\"udp\":{\"source_port\":40000,\"destination_port\":53,\"length\":100,\"checksum\":55146,"
		"\"checksum_status\":\"unverified\"},\"payload\":{\"length\":92,\"hex\":\"6162636465666768\"}}\n"},
	{LINK_RAW, 0, FRAG4_LATER,
	 ORIGIN "\"length\":28,\"captured\":28," RAW
		"\"ip\":{\"version\":4,\"header_length\":20,\"tos\":16,\"total_length\":28,"
		"\"id\":7982,\"flags\":[],\"fragment_offset\":16,\"ttl\":64,\"protocol\":17,\"checksum\":18301,"
		"\"checksum_status\":\"good\",\"source\":\"10.9.0.1\",\"destination\":\"10.9.0.2\"},"
		"\"payload\":{\"length\":8,\"hex\":\"6162636465666768\"}}\n"},
	{LINK_RAW, 0, LSRR_ARRIVED,
	 ORIGIN "\"length\":40,\"captured\":40," RAW
		"\"ip\":{\"version\":4,\"header_length\":28,\"tos\":16,\"total_length\":40,"
		"\"id\":7982,\"flags\":[\"DF\"],\"fragment_offset\":0,\"ttl\":64,\"protocol\":17,\"checksum\":26712,"
		"\"checksum_status\":\"good\",\"source\":\"10.9.0.1\",\"destination\":\"10.9.0.2\","
		"\"options\":\"8307080a09090900\"}," UDP_FIELDS},
	/* Not IP */
	{LINK_ETHERNET, 0, ETHERNET "08 06 00 01 08",
	 ORIGIN "\"length\":17,\"captured\":17," LINK "2054},\"payload\":{\"length\":3,\"hex\":\"000108\"}}\n"},
	{147, 0, "01 02",
	 ORIGIN "\"length\":2,\"captured\":2,\"link\":{\"type\":\"unknown\",\"number\":147},"
		"\"payload\":{\"length\":2,\"hex\":\"0102\"}}\n"},
	/* Cut */
	{LINK_ETHERNET, 60, "02 00 00 00 00 02 02",
	 ORIGIN "\"length\":67,\"captured\":7,\"link\":{\"type\":\"ethernet\",\"destination\":\"02:00:00:00:00:02\"},"
		"\"payload\":{\"length\":53,\"hex\":\"\"},\"truncated\":\"link\"}\n"},
	{LINK_RAW, 26, "45 10 00 20 1f 2e",
	 ORIGIN "\"length\":32,\"captured\":6," RAW
		"\"ip\":{\"version\":4,\"header_length\":20,\"tos\":16,\"total_length\":32,"
		"\"id\":7982},\"truncated\":\"ip\"}\n"},
	{LINK_RAW, 58, "61 23 ab cd 00 18",
	 ORIGIN "\"length\":64,\"captured\":6," RAW IPV6_FIELDS "\"payload_length\":24},\"truncated\":\"ip\"}\n"},
	{LINK_RAW, 7, "45 10 00 20 1f 2e 40 00 40 11 07 7b 0a 09 00 01 0a 09 00 02 9c 40 00 35 00",
	 ORIGIN "\"length\":32,\"captured\":25," RAW IPV4_FIELDS ","
		"\"udp\":{\"source_port\":40000,\"destination_port\":53},\"truncated\":\"udp\"}\n"},
	/* Contradictory: payload is all that follows */
	{LINK_RAW, 0,
	 "45 10 00 2c 1f 2e 40 00 40 06 07 7a 0a 09 00 01 0a 09 00 02 "
	 "9c 40 00 50 12 34 56 78 9a bc de f0 4f ff fa f0 5d 12 00 00 61 62 63 64",
	 ORIGIN
	 "\"length\":44,\"captured\":44," RAW
	 "\"ip\":{\"version\":4,\"header_length\":20,\"tos\":16,\"total_length\":44,"
	 "\"id\":7982,\"flags\":[\"DF\"],\"fragment_offset\":0,\"ttl\":64,\"protocol\":6,\"checksum\":1914,"
	 "\"checksum_status\":\"good\",\"source\":\"10.9.0.1\",\"destination\":\"10.9.0.2\"},"
	 "\"tcp\":{\"source_port\":40000,\"destination_port\":80,\"seq\":305419896,\"ack\":2596069104,"
	 "\"header_length\":16,\"flags\":[\"FIN\",\"SYN\",\"RST\",\"PSH\",\"ACK\",\"URG\",\"ECE\",\"CWR\",\"AE\"],"
	 "\"reserved\":7,\"window\":64240,\"checksum\":23826,\"checksum_status\":\"bad\",\"urgent\":0},"
	 "\"payload\":{\"length\":4,\"hex\":\"61626364\"},\"malformed\":\"data offset below 20 bytes\"}\n"},
};

/* Without styles. */
static struct sink *open_json(int fd, const struct style *style)
{
	(void)style;
	return out_json_open(fd);
}

static void every_kind_of_packet(void **state)
{
	(void)state;
	assert_printed(open_json, NULL, cases, sizeof(cases) / sizeof(cases[0]));
}

static void what_is_unknown_is_left_out(void **state)
{
	struct decoded decoded = {.frame = {.number = 1}};

	(void)state;
	decode_hex(&decoded, 147, "1e", 0);
	assert_string_equal(printed(open_json, NULL, &decoded.packet),
			    "{\"number\":1,\"length\":1,\"captured\":1,\"link\":{\"type\":\"unknown\",\"number\":147},"
			    "\"payload\":{\"length\":1,\"hex\":\"1e\"}}\n");
}

static void cut_fields(void **state)
{
	static const struct printed_field in_ipv4_tcp[] = {
		{"\"version\":", {1}},
		{"\"header_length\":", {1, 33}},
		{"\"tos\":", {2}},
		{"\"total_length\":", {4}},
		{"\"id\":", {6}},
		{"\"flags\":", {8, 34}},
		{"\"fragment_offset\":", {8}},
		{"\"ttl\":", {9}},
		{"\"protocol\":", {10}},
		{"\"checksum\":", {12, 38}},
		{"\"checksum_status\":", {12, 38}},
		{"\"source\":", {16}},
		{"\"destination\":", {20}},
		{"\"source_port\":", {22}},
		{"\"destination_port\":", {24}},
		{"\"seq\":", {28}},
		{"\"ack\":", {32}},
		{"\"window\":", {36}},
		{"\"urgent\":", {40}},
	};
	static const struct printed_field in_ipv6_udp[] = {
		{"\"version\":", {1}},           {"\"traffic_class\":", {4}}, {"\"flow_label\":", {4}},
		{"\"payload_length\":", {6}},    {"\"hop_limit\":", {8}},     {"\"protocol\":", {8}},
		{"\"source\":", {24}},           {"\"destination\":", {40}},  {"\"source_port\":", {42}},
		{"\"destination_port\":", {44}}, {"\"checksum\":", {48}},     {"\"checksum_status\":", {48}},
	};

	(void)state;
	assert_cut_fields(open_json, NULL, IPV4_TCP, in_ipv4_tcp, COUNT(in_ipv4_tcp));
	assert_cut_fields(open_json, NULL, IPV6_UDP, in_ipv6_udp, COUNT(in_ipv6_udp));
}

static void any_interface_name(void **state)
{
	enum { LONG = 60000 }; /* more than one room once it is escaped */
	static char name[LONG + 1];
	static const char escaped[] = "\"interface\":\"a\\\"\\\\\\u000a\xc3\xa9\\ufffd\",\"direction\"";
	struct decoded decoded;
	const char *text;

	(void)state;
	incoming(&decoded, 147, "00", 0);
	decoded.interface.name = "a\"\\\n\xc3\xa9\xff";
	text = strstr(printed(open_json, NULL, &decoded.packet), "\"interface\"");
	assert_non_null(text);
	assert_memory_equal(text, escaped, strlen(escaped));
	memset(name, '\x01', LONG);
	decoded.interface.name = name;
	text = strstr(printed(open_json, NULL, &decoded.packet), "\"interface\":\"") + 13;
	for (size_t i = 0; i < LONG; i++)
		assert_memory_equal(text + 6 * i, "\\u0001", 6);
	assert_memory_equal(text + 6 * sizeof(name) - 6, "\",\"direction\":\"in\",", 19);
}

static void long_payload(void **state)
{
	enum { LONG = 100000 };
	static uint8_t bytes[LONG];
	struct decoded decoded = {.frame = {.number = 1}};
	char digits[3] = "";
	const char *hex;

	(void)state;
	for (size_t i = 0; i < LONG; i++)
		bytes[i] = (uint8_t)(i * 7 >> 2);
	hex = strstr(printed(open_json, NULL, decode_bytes(&decoded, 147, bytes, LONG, LONG)), "\"hex\":\"") + 7;
	for (size_t i = 0; i < LONG; i++) {
		memcpy(digits, hex + 2 * i, 2);
		assert_int_equal(strtoul(digits, NULL, 16), bytes[i]);
	}
	assert_string_equal(hex + 2 * sizeof(bytes), "\"}}\n");
}

/* Every field of every header, and the longest text of each. */
static void fill_headers(struct packet *packet, const uint8_t *bytes)
{
	memset(&packet->link, 0xff, sizeof(packet->link));
	packet->link.vlan_count = PACKET_VLANS;
	packet->link.mpls_count = PACKET_MPLS;
	for (int i = 0; i < PACKET_VLANS; i++)
		packet->link.vlan[i] = (struct vlan){UINT16_MAX, UINT16_MAX, UINT8_MAX, false};
	for (int i = 0; i < PACKET_MPLS; i++)
		packet->link.mpls[i] = (struct mpls){UINT32_MAX, UINT8_MAX, UINT8_MAX, false};
	packet->ip = (struct ip_header){
		.version = 4,
		.fields = UINT8_MAX,
		.header_length = 60,
		.tos = 255,
		.total_length = UINT16_MAX,
		.id = UINT32_MAX,
		.reserved_flag = true,
		.dont_fragment = true,
		.more_fragments = true,
		.fragment_offset = UINT32_MAX,
		.ttl = 255,
		.protocol = 255,
		.checksum = UINT16_MAX,
		.checksum_status = CHECKSUM_UNVERIFIED,
		.source = bytes,
		.destination = bytes,
		.options = bytes,
		.options_length = 40,
		.extension_count = PACKET_EXTENSIONS,
	};
	memset(packet->ip.extensions, 0xff, sizeof(packet->ip.extensions));
	packet->tcp = (struct tcp_header){
		.present = true,
		.fields = UINT16_MAX,
		.source_port = UINT16_MAX,
		.destination_port = UINT16_MAX,
		.seq = UINT32_MAX,
		.ack = UINT32_MAX,
		.header_length = 60,
		.flags = 0xfff,
		.window = UINT16_MAX,
		.checksum = UINT16_MAX,
		.checksum_status = CHECKSUM_UNVERIFIED,
		.urgent = UINT16_MAX,
		.options = bytes,
		.options_length = 40,
	};
	packet->udp = (struct udp_header){
		.present = true,
		.fields = UINT8_MAX,
		.source_port = UINT16_MAX,
		.destination_port = UINT16_MAX,
		.length = UINT16_MAX,
		.checksum = UINT16_MAX,
		.checksum_status = CHECKSUM_UNVERIFIED,
	};
}

/* More than a packet can have has the room that is asked for. */
static void the_largest_headers_fit(void **state)
{
	static const uint8_t bytes[40] = {255, 255, 255, 255};
	static const char tail[] = ",\"verdict\":\"own-session\"}\n";
	static char room[JSON_HEADERS_MAX];
	static const struct tcp_analysis longest = {0xffff, UINT32_MAX, UINT32_MAX, UINT32_MAX,
						    true,   14,         UINT64_MAX, UINT64_MAX};
	const struct explanation said = {.verdict = "own-session", .rejected = true};
	struct json json = json_begin(room, sizeof(room));
	struct decoded decoded;
	const char *text;

	(void)state;
	incoming(&decoded, LINK_RAW, IPV4_TCP, 0);
	fill_headers(&decoded.packet, bytes);
	json = json_link(json, &decoded.packet.link);
	json = json_ip(json, &decoded.packet.ip);
	json = json_tcp(json, &decoded.packet.tcp, &longest);
	assert_true(json_fits(json_end(json_udp(json, &decoded.packet.udp))));
	decoded.packet.analysis = &longest;
	decoded.packet.truncated = LAYER_LINK;
	decoded.packet.malformed = "a reason as long as the longest of those that there are, and then some";
	decoded.packet.explanation = &said;
	decoded.packet.analysis = &longest;
	text = printed(open_json, NULL, &decoded.packet);
	assert_string_equal(text + strlen(text) - strlen(tail), tail);
}

/* Never cut, and never beyond the room: without a bound for what the decoder says, it is an error. */
static void what_does_not_fit_is_told(void **state)
{
	static char reason[JSON_HEADERS_MAX * 2];
	struct decoded decoded;
	int fd = memory_file();
	struct sink *sink = out_json_open(fd);

	(void)state;
	assert_non_null(sink);
	memset(reason, 'x', sizeof(reason) - 1);
	incoming(&decoded, LINK_RAW, IPV4_TCP, 0);
	decoded.packet.malformed = reason;
	assert_int_equal(sink->packet(sink, &decoded.packet), -ENOBUFS);
	sink->close(sink);
	close(fd);
}

static void a_failed_write_is_told(void **state)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct sink *sink = out_json_open(fd);
	void (*close_sink)(struct sink * sink);
	struct decoded decoded;

	(void)state;
	assert_non_null(sink);
	close_sink = sink->close;
	incoming(&decoded, LINK_RAW, IPV4_UDP, 0);
	assert_int_equal(sink->packet(sink, &decoded.packet), 0);
	assert_int_equal(sink->flush(sink), -ENOSPC);
	assert_int_equal(sink->packet(sink, &decoded.packet), -ENOSPC);
	close_sink(sink);
	close_sink(NULL);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_packet),
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(cut_fields),
		cmocka_unit_test(any_interface_name),
		cmocka_unit_test(long_payload),
		cmocka_unit_test(a_failed_write_is_told),
		cmocka_unit_test(the_largest_headers_fit),
		cmocka_unit_test(what_does_not_fit_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
