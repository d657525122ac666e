/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "decoded.h"

/* UDP behind 20 bytes of IP with 8 bytes of data: its length field, and what becomes of it. */
static void udp_lengths(void **state)
{
	static const struct {
		uint8_t udp_length;
		uint32_t captured, length;
		const char *malformed;
	} cases[] = {
		{16, 8, 8, NULL},
		{8, 0, 0, NULL},
		{12, 4, 4, NULL},
		{17, 8, 9, "UDP length beyond the end of the IP packet"},
		{7, 8, 8, "UDP length below 8"},
		{0, 8, 8, "UDP length below 8"},
	};
	uint8_t bytes[64];
	struct decoded decoded = {0};
	const struct packet *packet = &decoded.packet;
	uint32_t size = from_hex("45 00 00 24 00 00 00 00 40 11 00 00 " ADDRESSES4
				 "9c 40 00 35 00 00 12 34 61 62 63 64 65 66 67 68",
				 bytes);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bytes[25] = cases[i].udp_length;
		decode_bytes(&decoded, LINK_RAW, bytes, size, size);
		assert_true(packet->udp.present);
		assert_int_equal(packet->udp.captured, 8);
		assert_int_equal(packet->udp.source_port, 40000);
		assert_int_equal(packet->udp.destination_port, 53);
		assert_int_equal(packet->udp.length, cases[i].udp_length);
		assert_int_equal(packet->udp.checksum, 0x1234);
		assert_int_equal(packet->payload.captured, cases[i].captured);
		assert_int_equal(packet->payload.length, cases[i].length);
		assert_sentence(packet->malformed, cases[i].malformed);
	}
}

static void udp_cut_fields(void **state)
{
	uint8_t bytes[64];
	uint32_t length = from_hex(IPV4_UDP, bytes);
	struct decoded decoded = {0};
	const struct packet *packet = &decoded.packet;

	(void)state;
	for (uint32_t captured = 0; captured < 8; captured++) {
		decode_bytes(&decoded, LINK_RAW, bytes, 20 + captured, length);
		assert_true(packet->udp.present);
		assert_int_equal(packet->truncated, LAYER_UDP);
		assert_int_equal(packet->udp.captured, captured);
		assert_int_equal(packet->udp.fields, (captured < 2 ? 0 : UDP_FIELD_SOURCE_PORT) |
							     (captured < 4 ? 0 : UDP_FIELD_DESTINATION_PORT) |
							     (captured < 6 ? 0 : UDP_FIELD_LENGTH));
		assert_int_equal(packet->udp.source_port, captured < 2 ? 0 : 40000);
		assert_int_equal(packet->udp.destination_port, captured < 4 ? 0 : 53);
		assert_int_equal(packet->udp.length, captured < 6 ? 0 : 12);
		assert_int_equal(packet->udp.checksum, 0);
		assert_int_equal(packet->udp.checksum_status, CHECKSUM_UNVERIFIED);
		assert_int_equal(packet->payload.length, 0);
	}
	decode_hex(&decoded, LINK_RAW, "45 00 00 17 00 00 00 00 40 11 00 00 " ADDRESSES4 "00 01 00", 0);
	assert_sentence(packet->malformed, "the packet ends inside the UDP header");
	assert_int_equal(packet->truncated, LAYER_NONE);
}

/* RFC 2675: 70000 bytes of data, the length in the hop-by-hop option alone, which counts that header too; and the frame
 * has padding. */
static void jumbogram(void **state)
{
	static const char *const headers[] = {
		"61 23 ab cd 00 00 00 40 " ADDRESSES6 "11 00 c2 04 00 01 11 80 9c 40 00 35 00 00 57 fb",
		"61 23 ab cd 00 00 00 40 " ADDRESSES6 "11 01 c2 04 00 01 11 88 01 06 00 00 00 00 00 00 "
		"9c 40 00 35 00 00 57 fb",
	};
	enum { DATA = 70000, HEADERS_MAX = 40 + 16 + 8, PADDING = 5 };
	static uint8_t bytes[HEADERS_MAX + DATA + PADDING];

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		struct decoded decoded = {0};
		const struct packet *packet = &decoded.packet;
		uint32_t before = from_hex(headers[i], bytes), size = before + DATA + PADDING;

		memset(bytes + before, 0, DATA);
		memset(bytes + before + DATA, 0xff, PADDING);
		decode_bytes(&decoded, LINK_RAW, bytes, size, size);
		assert_null(packet->malformed);
		assert_int_equal(packet->ip.total_length, 0);
		assert_int_equal(packet->udp.length, 0);
		assert_int_equal(packet->udp.checksum_status, CHECKSUM_GOOD);
		assert_int_equal(packet->payload.captured, DATA);
		assert_int_equal(packet->payload.length, DATA);
		decode_bytes(&decoded, LINK_RAW, bytes, 100, size);
		assert_int_equal(packet->udp.checksum_status, CHECKSUM_UNVERIFIED);
		assert_int_equal(packet->payload.captured, 100 - before);
		assert_int_equal(packet->payload.length, DATA);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(udp_lengths),
		cmocka_unit_test(udp_cut_fields),
		cmocka_unit_test(jumbogram),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
