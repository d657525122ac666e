/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Whatever the bytes are and wherever the capture ends: nothing is read behind the end (a page stands there that may
 * not be touched), and all that the decoder gives lies inside the frame.
 */

#include "decode_samples.h"
#include "decoded.h"

struct sample {
	const char *name;
	uint16_t link_type;
	const char *hex;
};

static const struct sample samples[] = {
	{"tcp options", LINK_ETHERNET, ETHERNET "88 a8 00 01 81 00 00 02 08 00" TCP_OPTIONS},
	{"mpls", LINK_ETHERNET, ETHERNET "88 47 00 01 00 40 00 02 01 40" IPV6_UDP},
	{"pppoe", LINK_ETHERNET, ETHERNET "88 64 11 00 12 34 00 22 00 21" IPV4_UDP},
	{"snap", LINK_ETHERNET, ETHERNET "00 28 aa aa 03 00 00 00 08 00" IPV4_UDP},
	{"source route", LINK_LINUX_SLL, "00 04 00 01 00 06 02 00 00 00 00 01 00 00 08 00" LSRR_ON_ITS_WAY},
	{"ah", LINK_LINUX_SLL2, "08 00 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00" IPV4_AH},
	{"ah in 6", LINK_RAW, IPV6_AH},
	{"routing", LINK_NULL, "1e 00 00 00" ROUTING_0},
	{"segments", LINK_CHDLC, "0f 00 86 dd" ROUTING_4},
	{"home address", LINK_PPP, "ff 03 00 57" HOME_ADDRESS},
	{"chain", LINK_PPP_WITH_DIR, "00 ff 03 00 57" CHAIN},
	{"fragment", LINK_IPV6, FRAG6_FIRST},
	{"fragment in 4", LINK_IPV4, FRAG4_FIRST},
};

/* Does a piece of the frame, whose place may be unknown, lie inside it? */
static bool inside(const struct frame *frame, const uint8_t *bytes, uint32_t size)
{
	return !bytes || (bytes >= frame->bytes && bytes + size <= frame->bytes + frame->captured);
}

static void check(const struct packet *packet)
{
	const struct frame *frame = packet->frame;
	uint32_t address = packet->ip.version == 6 ? 16 : 4;

	assert_true(inside(frame, packet->ip.start, packet->ip.captured));
	assert_true(inside(frame, packet->ip.source, address));
	assert_true(inside(frame, packet->ip.destination, address));
	assert_true(inside(frame, packet->ip.options, packet->ip.options_length));
	assert_true(inside(frame, packet->tcp.options, packet->tcp.options_length));
	assert_non_null(packet->payload.bytes);
	assert_true(inside(frame, packet->payload.bytes, packet->payload.captured));
	assert_true(packet->payload.captured <= packet->payload.length);
	assert_true(packet->link.captured <= frame->captured);
	assert_true(packet->link.vlan_count <= PACKET_VLANS);
	assert_true(packet->link.mpls_count <= PACKET_MPLS);
	assert_true(packet->ip.extension_count <= PACKET_EXTENSIONS);
	/* A header is whole, or it is said that it is not. */
	if (packet->tcp.present && packet->tcp.captured < 20)
		assert_true(packet->truncated == LAYER_TCP || packet->malformed);
	if (packet->udp.present && packet->udp.captured < 8)
		assert_true(packet->truncated == LAYER_UDP || packet->malformed);
}

static void every_cut(void **state)
{
	const struct sample *sample = *state;
	struct decoded decoded = {0};
	uint8_t bytes[256];
	uint32_t length = from_hex(sample->hex, bytes);

	for (uint32_t captured = 0; captured <= length; captured++) {
		check(decode_bytes(&decoded, sample->link_type, bytes, captured, length));
		check(decode_bytes(&decoded, sample->link_type, bytes, captured, captured));
	}
	assert_null(decoded.packet.malformed);
	assert_int_equal(decoded.packet.truncated, LAYER_NONE);
}

static void every_byte_changed(void **state)
{
	static const uint8_t values[] = {0x00, 0x01, 0x02, 0x10, 0x2c, 0x3c, 0x7f, 0x80, 0xfe, 0xff};
	const struct sample *sample = *state;
	struct decoded decoded = {0};
	uint8_t bytes[256];
	uint32_t length = from_hex(sample->hex, bytes);

	for (uint32_t at = 0; at < length; at++) {
		uint8_t original = bytes[at];

		for (size_t i = 0; i < COUNT(values); i++) {
			bytes[at] = values[i];
			for (uint32_t captured = at; captured <= length; captured++)
				check(decode_bytes(&decoded, sample->link_type, bytes, captured, length));
		}
		bytes[at] = original;
	}
}

/* The length of the payload is known once the headers that give it are here; of TCP that is the header without its
 * options. */
static void payload_behind_a_cut_header(void **state)
{
	static const struct {
		const char *hex;
		uint32_t captured, payload; /* bytes that are here, and that are announced */
		bool is_known;
	} rows[] = {
		{IPV4_UDP, 32, 4, true},    {IPV4_UDP, 28, 4, true},     {IPV4_UDP, 27, 0, false},
		{IPV4_UDP, 19, 0, false},   {TCP_OPTIONS, 60, 4, true},  {TCP_OPTIONS, 59, 4, true},
		{TCP_OPTIONS, 40, 4, true}, {TCP_OPTIONS, 39, 0, false}, {IPV6_AH, 84, 4, true},
		{IPV6_AH, 83, 0, false},    {IPV6_AH, 63, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct decoded decoded = {0};
		uint8_t bytes[256];
		uint32_t length = from_hex(rows[i].hex, bytes);
		const struct packet *packet = decode_bytes(&decoded, LINK_RAW, bytes, rows[i].captured, length);

		assert_int_equal(packet->payload.is_known, rows[i].is_known);
		assert_int_equal(packet->payload.length, rows[i].payload);
	}
}

int main(void)
{
	struct CMUnitTest tests[2 * COUNT(samples) + 1];

	tests[2 * COUNT(samples)] = (struct CMUnitTest)cmocka_unit_test(payload_behind_a_cut_header);
	for (size_t i = 0; i < COUNT(samples); i++) {
		tests[2 * i] = (struct CMUnitTest){samples[i].name, every_cut, NULL, NULL, (void *)&samples[i]};
		tests[2 * i + 1] =
			(struct CMUnitTest){samples[i].name, every_byte_changed, NULL, NULL, (void *)&samples[i]};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
