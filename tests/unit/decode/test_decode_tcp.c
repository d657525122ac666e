/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "decoded.h"

static void tcp_fields(void **state)
{
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_RAW, TCP_OPTIONS, 0);
	const struct tcp_header *tcp = &packet->tcp;

	(void)state;
	assert_true(tcp->present);
	assert_int_equal(tcp->captured, 40);
	assert_int_equal(tcp->source_port, 40000);
	assert_int_equal(tcp->destination_port, 80);
	assert_int_equal(tcp->seq, 0x12345678);
	assert_int_equal(tcp->ack, 0x9abcdef0);
	assert_int_equal(tcp->header_length, 40);
	assert_int_equal(tcp->flags, 0x018);
	assert_int_equal(tcp->window, 64240);
	assert_int_equal(tcp->checksum, 0xe51b);
	assert_int_equal(tcp->checksum_status, CHECKSUM_GOOD);
	assert_int_equal(tcp->urgent, 0);
	assert_ptr_equal(tcp->options, packet->ip.start + 40);
	assert_int_equal(tcp->options_length, 20);
	assert_memory_equal(packet->payload.bytes, "abcd", 4);
	decode_hex(&decoded, LINK_RAW,
		   "45 00 00 28 00 00 00 00 40 06 00 00 " ADDRESSES4
		   "00 01 00 02 00 00 00 03 00 00 00 04 5f ff 00 05 00 06 ff ff",
		   0);
	assert_int_equal(tcp->flags, 0xfff);
	assert_int_equal(tcp->urgent, 0xffff);
}

/* A field is shown from the byte on that completes it. */
static void tcp_cut_fields(void **state)
{
	uint8_t bytes[128];
	uint32_t length = from_hex(TCP_OPTIONS, bytes);
	struct decoded decoded = {0};
	const struct tcp_header *tcp = &decoded.packet.tcp;

	(void)state;
	for (uint32_t captured = 0; captured < 40; captured++) {
		decode_bytes(&decoded, LINK_RAW, bytes, 20 + captured, length);
		assert_true(tcp->present);
		assert_int_equal(decoded.packet.truncated, LAYER_TCP);
		assert_null(decoded.packet.malformed);
		assert_int_equal(tcp->captured, captured);
		assert_int_equal(
			tcp->fields,
			(captured < 2 ? 0 : TCP_FIELD_SOURCE_PORT) | (captured < 4 ? 0 : TCP_FIELD_DESTINATION_PORT) |
				(captured < 8 ? 0 : TCP_FIELD_SEQ) | (captured < 12 ? 0 : TCP_FIELD_ACK) |
				(captured < 13 ? 0 : TCP_FIELD_HEADER_LENGTH) | (captured < 14 ? 0 : TCP_FIELD_FLAGS) |
				(captured < 16 ? 0 : TCP_FIELD_WINDOW) | (captured < 18 ? 0 : TCP_FIELD_CHECKSUM) |
				(captured < 20 ? 0 : TCP_FIELD_URGENT));
		assert_int_equal(tcp->source_port, captured < 2 ? 0 : 40000);
		assert_int_equal(tcp->destination_port, captured < 4 ? 0 : 80);
		assert_int_equal(tcp->seq, captured < 8 ? 0 : 0x12345678);
		assert_int_equal(tcp->ack, captured < 12 ? 0 : 0x9abcdef0);
		assert_int_equal(tcp->header_length, captured < 13 ? 0 : 40);
		assert_int_equal(tcp->flags, captured < 14 ? 0 : 0x018);
		assert_int_equal(tcp->window, captured < 16 ? 0 : 64240);
		assert_int_equal(tcp->checksum, captured < 18 ? 0 : 0xe51b);
		assert_int_equal(tcp->checksum_status, CHECKSUM_UNVERIFIED);
		assert_int_equal(tcp->options_length, captured < 20 ? 0 : captured - 20);
		assert_int_equal(decoded.packet.payload.captured, 0);
		assert_int_equal(decoded.packet.payload.length, captured < 20 ? 0 : 4);
	}
}

/* A TCP header with these options, padded with zeros to the data offset, and why it is malformed. */
struct options_case {
	const char *name;
	const char *hex;
	uint8_t offset; /* bytes */
	const char *malformed;
};

#define BELOW   "option length below 2"
#define OUTSIDE "option beyond the end of the header"

static const struct options_case cases[] = {
	{"no options", "", 20, NULL},
	{"nops", "01 01 01 01", 24, NULL},
	{"end, then anything", "00 02 00 05", 24, NULL},
	{"nop, end", "01 00 00 00", 24, NULL},
	{"length 2", "04 02 01 01", 24, NULL},
	{"fits to the end", "02 04 05 b4", 24, NULL},
	{"unknown kind", "fd 04 01 02", 24, NULL},
	{"length 0", "02 00 05 b4", 24, BELOW},
	{"length 1", "01 02 01 01", 24, BELOW},
	{"length outside", "02 05 05 b4", 24, OUTSIDE},
	{"length far outside", "02 ff 05 b4", 24, OUTSIDE},
	{"kind alone at the end", "01 01 01 02", 24, OUTSIDE},
	{"the most there is", "fd 28", 60, NULL},
	{"more than there is", "fd 29", 60, OUTSIDE},
	{"offset 0", "", 0, "data offset below 20 bytes"},
	{"offset 16", "", 16, "data offset below 20 bytes"},
};

static void tcp_options(void **state)
{
	const struct options_case *expected = *state;
	struct decoded decoded = {0};
	const struct tcp_header *tcp = &decoded.packet.tcp;
	uint8_t bytes[20 + 60 + 3] = {0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6};
	uint32_t header = expected->offset < 20 ? 20 : expected->offset;

	bytes[3] = (uint8_t)(20 + header + 3);
	bytes[20 + 12] = (uint8_t)(expected->offset << 2);
	from_hex(expected->hex, bytes + 20 + 20);
	decode_bytes(&decoded, LINK_RAW, bytes, bytes[3], bytes[3]);
	assert_sentence(decoded.packet.malformed, expected->malformed);
	assert_int_equal(decoded.packet.truncated, LAYER_NONE);
	assert_int_equal(tcp->header_length, expected->offset);
	assert_int_equal(tcp->captured, header);
	assert_int_equal(tcp->options_length, header - 20);
	assert_int_equal(decoded.packet.payload.captured, 3);
	assert_int_equal(decoded.packet.payload.length, 3);
}

/* The IP packet ends before the data offset, or before the header does. */
static void tcp_ends(void **state)
{
	static const char header[] = "45 00 00 2a 00 00 00 00 40 06 00 00 " ADDRESSES4
				     "00 01 00 02 00 00 00 03 00 00 00 04 60 10 00 05 00 06 00 00 02 04 00 00 00";
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_RAW, header, 0);

	(void)state;
	assert_sentence(packet->malformed, "the packet ends inside the TCP header");
	assert_int_equal(packet->truncated, LAYER_NONE);
	assert_int_equal(packet->tcp.header_length, 24);
	assert_int_equal(packet->tcp.captured, 22);
	assert_int_equal(packet->tcp.options_length, 2);
	assert_int_equal(packet->payload.captured, 0);
	assert_int_equal(packet->payload.length, 0);
	decode_hex(&decoded, LINK_RAW, "45 00 00 17 00 00 00 00 40 06 00 00 " ADDRESSES4 "00 01 00 02", 0);
	assert_sentence(packet->malformed, "the packet ends inside the TCP header");
	assert_int_equal(packet->tcp.captured, 3);
	assert_int_equal(packet->tcp.source_port, 1);
	assert_int_equal(packet->tcp.destination_port, 0);
	decode_hex(&decoded, LINK_RAW, "45 00 00 14 00 00 00 00 40 06 00 00 " ADDRESSES4 "00 01", 0);
	assert_sentence(packet->malformed, "the packet ends inside the TCP header");
	assert_false(packet->tcp.present);
	/* A first fragment may end there: the rest is in the next (RFC 1858, 3). */
	decode_hex(&decoded, LINK_RAW, "45 00 00 1c 00 00 20 00 40 06 00 00 " ADDRESSES4 "00 01 00 02 00 00 00 03", 0);
	assert_null(packet->malformed);
	assert_int_equal(packet->truncated, LAYER_TCP);
	assert_int_equal(packet->tcp.captured, 8);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 3] = {
		cmocka_unit_test(tcp_fields),
		cmocka_unit_test(tcp_cut_fields),
		cmocka_unit_test(tcp_ends),
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i + 3] = (struct CMUnitTest){cases[i].name, tcp_options, NULL, NULL, (void *)&cases[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
