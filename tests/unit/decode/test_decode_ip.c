/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "decoded.h"

#define HOP_BY_HOP    "00 00 01 04 00 00 00 00 "
#define EIGHT(header) header header header header header header header header

#define BEYOND      "IP length beyond the end of the frame"
#define IP_ENDS     "the packet ends inside the IP header"
#define SHORT       "header length below 20 bytes"
#define SHORT_TOTAL "total length below the header length"
#define TOO_MANY    "more extension headers than are followed"
#define BAD_OPTION  "option length below 2"
#define OPTION_ENDS "option beyond the end of the header"
#define NO_JUMBO    "jumbo payload length that needs no jumbogram"

/* A packet without a link-level header, and what is to be found of its shape. */
struct ip_case {
	const char *name;
	const char *hex;
	uint32_t missing;   /* bytes that were not captured */
	uint32_t captured;  /* of the IP headers */
	uint8_t protocol;   /* as the header says, or the chain of extension headers */
	uint8_t transport;  /* what follows */
	uint8_t extensions; /* how many */
	uint8_t start;      /* 6 or 17 when TCP or UDP is decoded */
	uint32_t payload;   /* bytes that are here */
	uint32_t length;    /* of the payload */
	enum layer truncated;
	const char *malformed;
};

#define PLAIN LAYER_NONE, NULL

static const struct ip_case cases[] = {
	{"tcp", IPV4_TCP, 0, 20, 6, 6, 0, 6, 4, 4, PLAIN},
	{"tcp in 6", IPV6_TCP, 0, 40, 6, 6, 0, 6, 4, 4, PLAIN},
	{"padding", IPV4_TCP "00 00 00", 0, 20, 6, 6, 0, 6, 4, 4, PLAIN},
	{"padding in 6", IPV6_TCP "00 00 00", 0, 40, 6, 6, 0, 6, 4, 4, PLAIN},
	{"icmp", "45 00 00 18 00 00 00 00 40 01 00 00" ADDRESSES4 "08 00 00 00", 0, 20, 1, 1, 0, 0, 4, 4, PLAIN},
	{"payload cut", "45 00 00 1c 00 00 00 00 40 01 00 00" ADDRESSES4 "08 00", 6, 20, 1, 1, 0, 0, 2, 8, PLAIN},
	{"no next header", "60 00 00 00 00 02 3b 40" ADDRESSES6 "01 02", 0, 40, 59, 59, 0, 0, 2, 2, PLAIN},
	{"total length 0", "45 00 00 00 00 00 00 00 40 01 00 00" ADDRESSES4 "08 00", 0, 20, 1, 1, 0, 0, 2, 2, PLAIN},
	{"payload length 0", "60 00 00 00 00 00 3a 40" ADDRESSES6 "01 02", 3, 40, 58, 58, 0, 0, 2, 5, PLAIN},
	{"total length beyond", "45 00 01 00 00 00 00 00 40 01 00 00" ADDRESSES4 "08 00", 0, 20, 1, 1, 0, 0, 2, 2,
	 LAYER_NONE, BEYOND},
	{"payload length beyond", "60 00 00 00 00 03 3a 40" ADDRESSES6 "01 02", 0, 40, 58, 58, 0, 0, 2, 2, LAYER_NONE,
	 BEYOND},
	{"header length 16", "44 00 00 18 00 00 00 00 40 06 00 00" ADDRESSES4 "08 00", 0, 20, 6, 6, 0, 0, 2, 2,
	 LAYER_NONE, SHORT},
	{"total length 19", "45 00 00 13 00 00 00 00 40 06 00 00" ADDRESSES4 "08 00", 0, 20, 6, 6, 0, 0, 2, 2,
	 LAYER_NONE, SHORT_TOTAL},
	{"header length beyond", "46 00 00 18 00 00 00 00 40 06 00 00" ADDRESSES4 "01 01", 0, 22, 6, 6, 0, 0, 0, 0,
	 LAYER_NONE, BEYOND},
	{"header cut", "45 00 00 18 00 00 00 00 40 06 00 00", 12, 12, 6, 6, 0, 0, 0, 0, LAYER_IP, NULL},
	{"header ends", "45 00 00 18 00 00 00 00 40 06 00 00", 0, 12, 6, 6, 0, 0, 0, 0, LAYER_NONE, IP_ENDS},
	{"header ends in 6", "60 00 00 00 00 00 06 40 fd", 0, 9, 6, 6, 0, 0, 0, 0, LAYER_NONE, IP_ENDS},
	{"options cut", "46 00 00 1c 00 00 00 00 40 06 00 00" ADDRESSES4 "94 04", 6, 22, 6, 6, 0, 0, 0, 0, LAYER_IP,
	 NULL},
	{"router alert", "46 00 00 18 00 00 00 00 40 02 00 00" ADDRESSES4 "94 04 00 00", 0, 24, 2, 2, 0, 0, 0, 0,
	 PLAIN},
	{"end of options", "46 00 00 18 00 00 00 00 40 02 00 00" ADDRESSES4 "00 94 00 00", 0, 24, 2, 2, 0, 0, 0, 0,
	 PLAIN},
	{"option length 1", "46 00 00 18 00 00 00 00 40 02 00 00" ADDRESSES4 "94 01 00 00", 0, 24, 2, 2, 0, 0, 0, 0,
	 LAYER_NONE, BAD_OPTION},
	{"option without length", "46 00 00 18 00 00 00 00 40 02 00 00" ADDRESSES4 "01 01 01 94", 0, 24, 2, 2, 0, 0, 0,
	 0, LAYER_NONE, OPTION_ENDS},
	{"option too long", "46 00 00 18 00 00 00 00 40 02 00 00" ADDRESSES4 "94 05 00 00", 0, 24, 2, 2, 0, 0, 0, 0,
	 LAYER_NONE, OPTION_ENDS},
	{"source route", LSRR_ON_ITS_WAY, 0, 28, 17, 17, 0, 17, 4, 4, PLAIN},
	{"ah", IPV4_AH, 0, 44, 51, 17, 1, 17, 4, 4, PLAIN},
	{"ah in 6", IPV6_AH, 0, 64, 6, 6, 1, 6, 4, 4, PLAIN},
	{"ah cut", "45 00 00 38 00 00 00 00 40 33 00 00" ADDRESSES4 "11 04 00 00 00 00 01 00 00 00", 26, 30, 51, 51, 1,
	 0, 0, 0, LAYER_IP, NULL},
	{"ah ends", "45 00 00 1e 00 00 00 00 40 33 00 00" ADDRESSES4 "11 04 00 00 00 00 01 00 00 00", 0, 30, 51, 51, 1,
	 0, 0, 0, LAYER_NONE, IP_ENDS},
	{"hop-by-hop number in 4", "45 00 00 16 00 00 00 00 40 00 00 00" ADDRESSES4 "11 00", 0, 20, 0, 0, 0, 0, 2, 2,
	 PLAIN},
	{"chain", CHAIN, 0, 72, 6, 6, 4, 6, 4, 4, PLAIN},
	{"esp", "60 00 00 00 00 0c 3c 40" ADDRESSES6 "32 00 01 04 00 00 00 00 01 02 03 04", 0, 48, 50, 50, 1, 0, 4, 4,
	 PLAIN},
	{"mobility", "60 00 00 00 00 08 87 40" ADDRESSES6 "3b 00 00 00 00 00 00 00", 0, 40, 135, 135, 0, 0, 8, 8,
	 PLAIN},
	{"extension cut", "60 00 00 00 00 18 3c 40" ADDRESSES6 "11 01 01 04 00 00 00 00 01", 15, 49, 60, 60, 1, 0, 0, 0,
	 LAYER_IP, NULL},
	{"extension cut at once", "60 00 00 00 00 18 3c 40" ADDRESSES6 "11", 23, 41, 60, 60, 1, 0, 0, 0, LAYER_IP,
	 NULL},
	{"extension ends", "60 00 00 00 00 08 3c 40" ADDRESSES6 "11 01 01 04 00 00 00 00 01 02", 0, 48, 60, 60, 1, 0, 0,
	 0, LAYER_NONE, IP_ENDS},
	{"no extension", "60 00 00 00 00 01 3c 40" ADDRESSES6 "11", 0, 41, 60, 60, 1, 0, 0, 0, LAYER_NONE, IP_ENDS},
	{"twelve extensions",
	 "60 00 00 00 00 62 00 40" ADDRESSES6 EIGHT(HOP_BY_HOP) HOP_BY_HOP HOP_BY_HOP HOP_BY_HOP
	 "3b 00 01 04 00 00 00 00 01 02",
	 0, 136, 59, 59, 12, 0, 2, 2, PLAIN},
	{"thirteen extensions",
	 "60 00 00 00 00 62 00 40" ADDRESSES6 EIGHT(HOP_BY_HOP) HOP_BY_HOP HOP_BY_HOP HOP_BY_HOP HOP_BY_HOP "01 02", 0,
	 136, 0, 0, 12, 0, 2, 2, LAYER_NONE, TOO_MANY},
	{"first fragment", FRAG4_FIRST, 0, 20, 17, 17, 0, 17, 8, 92, PLAIN},
	{"later fragment", FRAG4_LATER, 0, 20, 17, 17, 0, 0, 8, 8, PLAIN},
	{"later fragment of ah", "45 00 00 16 00 00 00 01 40 33 00 00" ADDRESSES4 "11 04", 0, 20, 51, 51, 0, 0, 2, 2,
	 PLAIN},
	{"first fragment in 6", FRAG6_FIRST, 0, 48, 17, 17, 1, 17, 8, 92, PLAIN},
	{"later fragment in 6", FRAG6_LATER, 0, 48, 17, 17, 1, 0, 8, 8, PLAIN},
	{"later fragment of options", "60 00 00 00 00 0a 2c 40" ADDRESSES6 "3c 00 00 08 00 00 00 01 11 00", 0, 48, 60,
	 60, 1, 0, 2, 2, PLAIN},
	{"jumbo option needless", "60 00 00 00 00 00 00 40" ADDRESSES6 "3b 00 c2 04 00 00 00 0a 01 02", 0, 48, 59, 59,
	 1, 0, 2, 2, LAYER_NONE, NO_JUMBO},
	{"largest jumbo option needless", "60 00 00 00 00 00 00 40" ADDRESSES6 "3b 00 c2 04 00 00 ff ff 01 02", 0, 48,
	 59, 59, 1, 0, 2, 2, LAYER_NONE, NO_JUMBO},
	{"jumbo option behind a pad",
	 "60 00 00 00 00 00 00 40" ADDRESSES6 "3b 01 00 c2 04 00 00 00 0a 01 05 00 00 00 00 00 01 02", 0, 56, 59, 59, 1,
	 0, 2, 2, LAYER_NONE, NO_JUMBO},
	{"jumbo option beyond", "60 00 00 00 00 00 00 40" ADDRESSES6 "3b 00 c2 04 00 01 00 00 01 02", 0, 48, 59, 59, 1,
	 0, 2, 2, LAYER_NONE, BEYOND},
	{"jumbo option ignored", "60 00 00 00 00 0a 00 40" ADDRESSES6 "3b 00 c2 04 00 01 00 00 01 02", 0, 48, 59, 59, 1,
	 0, 2, 2, PLAIN},
};

static void shape(void **state)
{
	const struct ip_case *expected = *state;
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_RAW, expected->hex, expected->missing);

	assert_ptr_equal(packet->ip.start, decoded.frame.bytes);
	assert_int_equal(packet->ip.captured, expected->captured);
	assert_int_equal(packet->ip.protocol, expected->protocol);
	assert_int_equal(packet->ip.transport, expected->transport);
	assert_int_equal(packet->ip.extension_count, expected->extensions);
	assert_int_equal(packet->tcp.present, expected->start == 6);
	assert_int_equal(packet->udp.present, expected->start == 17);
	assert_int_equal(packet->payload.captured, expected->payload);
	assert_int_equal(packet->payload.length, expected->length);
	assert_int_equal(packet->truncated, expected->truncated);
	assert_sentence(packet->malformed, expected->malformed);
}

static void ipv4_fields(void **state)
{
	static const uint8_t source[] = {10, 9, 0, 1}, destination[] = {10, 9, 0, 2};
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_RAW, LSRR_ON_ITS_WAY, 0);
	const struct ip_header *ip = &packet->ip;

	(void)state;
	assert_int_equal(ip->version, 4);
	assert_int_equal(ip->header_length, 28);
	assert_int_equal(ip->tos, 0x10);
	assert_int_equal(ip->total_length, 40);
	assert_true(ip_has(ip, IP_FIELD_ID));
	assert_int_equal(ip->id, 0x1f2e);
	assert_true(ip->dont_fragment);
	assert_false(ip->reserved_flag || ip->more_fragments || ip->is_fragment);
	assert_int_equal(ip->fragment_offset, 0);
	assert_int_equal(ip->ttl, 64);
	assert_int_equal(ip->checksum, 0x6c58);
	assert_int_equal(ip->checksum_status, CHECKSUM_GOOD);
	assert_memory_equal(ip->source, source, 4);
	assert_memory_equal(ip->destination, destination, 4);
	assert_int_equal(ip->options_length, 8);
	assert_ptr_equal(ip->options, ip->start + 20);
}

static void ipv4_flags(void **state)
{
	struct decoded decoded = {0};
	const struct ip_header *ip = &decoded.packet.ip;

	(void)state;
	decode_hex(&decoded, LINK_RAW, "45 00 00 14 00 00 80 00 40 fd 00 00" ADDRESSES4, 0);
	assert_true(ip->reserved_flag);
	assert_false(ip->dont_fragment || ip->more_fragments || ip->is_fragment);
	decode_hex(&decoded, LINK_RAW, FRAG4_FIRST, 0);
	assert_true(ip->more_fragments && ip->is_fragment);
	assert_int_equal(ip->fragment_offset, 0);
	decode_hex(&decoded, LINK_RAW, FRAG4_LATER, 0);
	assert_true(ip->is_fragment && !ip->more_fragments);
	assert_int_equal(ip->fragment_offset, 16);
	decode_hex(&decoded, LINK_RAW, "45 00 00 14 00 00 3f ff 40 fd 00 00" ADDRESSES4, 0);
	assert_true(ip->is_fragment && ip->more_fragments);
	assert_int_equal(ip->fragment_offset, 65528);
}

static void ipv4_checksum(void **state)
{
	struct decoded decoded = {0};
	const struct ip_header *ip = &decoded.packet.ip;

	(void)state;
	decode_hex(&decoded, LINK_RAW, "45 10 00 14 00 00 00 00 40 fd 65 c9" ADDRESSES4, 0);
	assert_int_equal(ip->checksum_status, CHECKSUM_GOOD);
	decode_hex(&decoded, LINK_RAW, "45 10 00 14 00 00 00 00 40 fd 65 ca" ADDRESSES4, 0);
	assert_int_equal(ip->checksum_status, CHECKSUM_BAD);
	decode_hex(&decoded, LINK_RAW, "46 10 00 18 00 00 00 00 40 fd 64 c5" ADDRESSES4 "00 00 00", 1);
	assert_int_equal(ip->checksum_status, CHECKSUM_UNVERIFIED);
}

static void ipv6_fields(void **state)
{
	static const uint8_t chain[] = {0, 60, 43, 44};
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_RAW, CHAIN, 0);
	const struct ip_header *ip = &packet->ip;

	(void)state;
	assert_int_equal(ip->version, 6);
	assert_int_equal(ip->header_length, 40);
	assert_int_equal(ip->tos, 0x12);
	assert_int_equal(ip->flow_label, 0x3abcd);
	assert_int_equal(ip->total_length, 56);
	assert_int_equal(ip->ttl, 64);
	assert_memory_equal(ip->source, ip->start + 8, 16);
	assert_memory_equal(ip->destination, ip->start + 24, 16);
	assert_int_equal(ip->extension_count, 4);
	assert_memory_equal(ip->extensions, chain, 4);
	assert_true(ip_has(ip, IP_FIELD_ID));
	assert_int_equal(ip->id, 0x01020304);
	assert_false(ip->is_fragment || ip->more_fragments || ip->dont_fragment);
	assert_int_equal(ip->options_length, 0);
}

static void ipv6_fragments(void **state)
{
	struct decoded decoded = {0};
	const struct ip_header *ip = &decoded.packet.ip;

	(void)state;
	decode_hex(&decoded, LINK_RAW, IPV6_TCP, 0);
	assert_false(ip_has(ip, IP_FIELD_ID));
	decode_hex(&decoded, LINK_RAW, FRAG6_FIRST, 0);
	assert_true(ip_has(ip, IP_FIELD_ID) && ip->is_fragment && ip->more_fragments);
	decode_hex(&decoded, LINK_RAW, FRAG6_LATER, 0);
	assert_true(ip_has(ip, IP_FIELD_ID) && ip->is_fragment && !ip->more_fragments);
	assert_int_equal(ip->fragment_offset, 16);
	/* An atomic fragment around another: the inner one tells. */
	decode_hex(&decoded, LINK_RAW,
		   "60 00 00 00 00 12 2c 40" ADDRESSES6 "2c 00 00 00 00 00 00 01 06 00 00 09 00 00 00 02 01 02", 0);
	assert_int_equal(ip->extension_count, 2);
	assert_int_equal(ip->id, 2);
	assert_int_equal(ip->fragment_offset, 8);
	assert_false(decoded.packet.tcp.present);
	/* The other way round it is the outer one. */
	decode_hex(&decoded, LINK_RAW,
		   "60 00 00 00 00 12 2c 40" ADDRESSES6 "2c 00 00 01 00 00 00 01 fd 00 00 00 00 00 00 02 01 02", 0);
	assert_int_equal(ip->id, 1);
	assert_true(ip->is_fragment && ip->more_fragments);
}

/* A field is there from the byte on that completes it. */
static void cut_ipv4_fields(void **state)
{
	uint8_t bytes[64];
	uint32_t length = from_hex(IPV4_TCP, bytes);
	struct decoded decoded = {0};
	const struct ip_header *ip = &decoded.packet.ip;

	(void)state;
	for (uint32_t captured = 1; captured < 20; captured++) {
		decode_bytes(&decoded, LINK_RAW, bytes, captured, length);
		assert_int_equal(decoded.packet.truncated, LAYER_IP);
		assert_int_equal(ip->version, 4);
		assert_int_equal(ip->captured, captured);
		assert_int_equal(ip->header_length, 20);
		assert_int_equal(ip->fields,
				 (captured < 2 ? 0 : IP_FIELD_TOS) | (captured < 4 ? 0 : IP_FIELD_TOTAL_LENGTH) |
					 (captured < 6 ? 0 : IP_FIELD_ID) | (captured < 8 ? 0 : IP_FIELD_FRAGMENT) |
					 (captured < 9 ? 0 : IP_FIELD_TTL) | (captured < 10 ? 0 : IP_FIELD_PROTOCOL) |
					 (captured < 12 ? 0 : IP_FIELD_CHECKSUM));
		assert_int_equal(ip->tos, captured < 2 ? 0 : 0x10);
		assert_int_equal(ip->total_length, captured < 4 ? 0 : 44);
		assert_int_equal(ip->id, captured < 6 ? 0 : 0x1f2e);
		assert_int_equal(ip->dont_fragment, captured >= 8);
		assert_int_equal(ip->ttl, captured < 9 ? 0 : 64);
		assert_int_equal(ip->protocol, captured < 10 ? 0 : 6);
		assert_int_equal(ip->checksum, captured < 12 ? 0 : 0x077a);
		assert_int_equal(ip->checksum_status, CHECKSUM_UNVERIFIED);
		assert_int_equal(ip->source != NULL, captured >= 16);
		assert_null(ip->destination);
		assert_int_equal(decoded.packet.payload.length, 0);
	}
}

static void cut_ipv6_fields(void **state)
{
	uint8_t bytes[64];
	uint32_t length = from_hex(IPV6_TCP, bytes);
	struct decoded decoded = {0};
	const struct ip_header *ip = &decoded.packet.ip;

	(void)state;
	for (uint32_t captured = 1; captured <= 40; captured++) {
		decode_bytes(&decoded, LINK_RAW, bytes, captured, length);
		assert_int_equal(ip->version, 6);
		assert_int_equal(ip->fields,
				 (captured < 2 ? 0 : IP_FIELD_TOS) | (captured < 4 ? 0 : IP_FIELD_FLOW_LABEL) |
					 (captured < 6 ? 0 : IP_FIELD_TOTAL_LENGTH) |
					 (captured < 7 ? 0 : IP_FIELD_PROTOCOL) | (captured < 8 ? 0 : IP_FIELD_TTL));
		assert_int_equal(ip->tos, captured < 2 ? 0 : 0x12);
		assert_int_equal(ip->flow_label, captured < 4 ? 0 : 0x3abcd);
		assert_int_equal(ip->total_length, captured < 6 ? 0 : 24);
		assert_int_equal(ip->protocol, captured < 7 ? 0 : 6);
		assert_int_equal(ip->ttl, captured < 8 ? 0 : 64);
		assert_int_equal(ip->source != NULL, captured >= 24);
		assert_int_equal(ip->destination != NULL, captured >= 40);
	}
}

int main(void)
{
	enum { OTHERS = 7 };
	struct CMUnitTest tests[COUNT(cases) + OTHERS] = {
		cmocka_unit_test(ipv4_fields),     cmocka_unit_test(ipv4_flags),     cmocka_unit_test(ipv4_checksum),
		cmocka_unit_test(ipv6_fields),     cmocka_unit_test(ipv6_fragments), cmocka_unit_test(cut_ipv4_fields),
		cmocka_unit_test(cut_ipv6_fields),
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i + OTHERS] = (struct CMUnitTest){cases[i].name, shape, NULL, NULL, (void *)&cases[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
