/* SPDX-License-Identifier: BSD-2-Clause */
#include "decoded.h"

#include "../../agreement.h"
#include "../../layered_frames.h"
#include "decode_samples.h"
#include "filter/filter_words.h"
#include "filter/offline_filter.h"

/*
 * What is accepted as port 53 is shown as port 53, and what is shown as port 53 is accepted, whatever the frame; and so
 * with all else that the filter goes by. Each frame is cut everywhere, by the capture and on the wire.
 */

static struct filter_words words;
static struct offline_filter offline;

static int setup(void **state)
{
	(void)state;
	filter_words_read(&words, "--port=53 --protocol=all --loopback");
	return offline_filter_init(&offline, &words.spec, NULL);
}

static int teardown(void **state)
{
	(void)state;
	offline_filter_release(&offline);
	filter_spec_release(&words.spec);
	return 0;
}

static bool shows(uint32_t captured, uint16_t source, uint16_t destination)
{
	return (captured >= 2 && source == 53) || (captured >= 4 && destination == 53);
}

/* Returns whether it is accepted. */
static bool judge(uint16_t link_type, const uint8_t *bytes, uint32_t captured, uint32_t length)
{
	struct decoded decoded = {0};
	const struct packet *packet = decode_bytes(&decoded, link_type, bytes, captured, length);
	bool accepted = offline_filter_match(&offline, &decoded.frame) == VERDICT_ACCEPTED;

	assert_sentence(disagreement(&words.spec.config, &offline.dissection.key, packet), NULL);
	if (offline.dissection.key.flags & FLOW_LATER_FRAGMENT) /* the ports are in another frame */
		return accepted;
	assert_int_equal(accepted, (packet->tcp.present && shows(packet->tcp.captured, packet->tcp.source_port,
								 packet->tcp.destination_port)) ||
					   (packet->udp.present && shows(packet->udp.captured, packet->udp.source_port,
									 packet->udp.destination_port)));
	return accepted;
}

static void cut_everywhere(uint16_t link_type, const uint8_t *bytes, uint32_t length)
{
	for (uint32_t captured = 0; captured < length; captured++) {
		judge(link_type, bytes, captured, length);
		judge(link_type, bytes, captured, captured);
	}
}

static void every_byte_changed(uint16_t link_type, uint8_t *bytes, uint32_t length)
{
	static const uint8_t values[] = {0x00, 0x01, 0x08, 0x10, 0x20, 0x2c, 0x33, 0x3c, 0x44, 0x46, 0x65, 0x81, 0xff};

	for (uint32_t at = 0; at < length; at++) {
		uint8_t original = bytes[at];

		for (size_t i = 0; i < COUNT(values); i++) {
			bytes[at] = values[i];
			judge(link_type, bytes, length, length);
		}
		bytes[at] = original;
	}
}

static void layers(void **state)
{
	size_t followed = 0, frames = 0;

	(void)state;
	for (enum layered_kind kind = 0; kind < LAYERED_KINDS; kind++) {
		for (unsigned int count = 0; count <= LAYERS_TRIED; count++) {
			struct layered_frame frame;

			if (!layered_make(&frame, kind, count))
				continue;
			assert_int_equal(judge(LINK_ETHERNET, frame.bytes, frame.length, frame.length),
					 frame.is_followed);
			cut_everywhere(LINK_ETHERNET, frame.bytes, frame.length);
			every_byte_changed(LINK_ETHERNET, frame.bytes, frame.length);
			followed += frame.is_followed;
			frames++;
		}
	}
	assert_int_equal(frames, 160);
	assert_int_equal(followed, 112);
}

static void lengths(void **state)
{
	(void)state;
	for (int length = LENGTHS_FROM; length <= LENGTHS_TO; length++) {
		for (int tagged = 0; tagged < 2; tagged++) {
			struct layered_frame frame;

			layered_make_length(&frame, length, tagged);
			assert_int_equal(judge(LINK_ETHERNET, frame.bytes, frame.length, frame.length),
					 frame.is_followed);
			cut_everywhere(LINK_ETHERNET, frame.bytes, frame.length);
		}
	}
}

/* Every length field of a frame with every small value: what lies behind it is no header. */
static void short_lengths(void **state)
{
	static const struct {
		const char *hex;
		uint32_t at; /* of the low byte */
	} rows[] = {
		{ETHERNET "00 28 aa aa 03 00 00 00 08 00" IPV4_UDP "00 00", 13},
		{ETHERNET "81 00 00 01 00 28 aa aa 03 00 00 00 08 00" IPV4_UDP, 17},
		{ETHERNET "88 64 11 00 12 34 00 22 00 21" IPV4_UDP, 19},
		{ETHERNET "88 64 11 00 12 34 00 36 00 57" IPV6_UDP, 19},
		{ETHERNET "08 00" IPV4_UDP, 17},
		{ETHERNET "86 dd" IPV6_UDP, 19},
		{ETHERNET "88 64 11 00 12 34 00 22 00 21" IPV4_UDP, 25},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[256];
		uint32_t length = from_hex(rows[i].hex, bytes);

		for (unsigned int value = 0; value < 256; value++) {
			bytes[rows[i].at] = (uint8_t)value;
			judge(LINK_ETHERNET, bytes, length, length);
			cut_everywhere(LINK_ETHERNET, bytes, length);
		}
	}
}

static void other_link_types(void **state)
{
	static const struct {
		uint16_t link_type;
		const char *hex;
	} rows[] = {
		{LINK_LINUX_SLL, "00 04 00 01 00 06 02 00 00 00 00 01 00 00 81 00 00 01 08 00" IPV4_UDP},
		{LINK_LINUX_SLL, "00 04 00 01 00 06 02 00 00 00 00 01 00 00 00 04 aa aa 03 00 00 00 08 00" IPV4_UDP},
		{LINK_LINUX_SLL2, "88 64 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00"
				  "11 00 12 34 00 22 00 21" IPV4_UDP},
		{LINK_PPPOE, "11 00 12 34 00 22 00 21" IPV4_UDP},
		{LINK_PPP, "ff 03 02 83 00 01 00 40 00 01 01 40" IPV6_UDP},
		{LINK_PPP_WITH_DIR, "00 ff 03 00 57" CHAIN},
		{LINK_CHDLC, "0f 00 86 dd" ROUTING_4},
		{LINK_NULL, "1e 00 00 00" ROUTING_0},
		{LINK_RAW, IPV6_AH},
		{LINK_RAW, IPV4_AH},
		{LINK_IPV6, FRAG6_FIRST},
		{LINK_IPV4, FRAG4_LATER},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[256];
		uint32_t length = from_hex(rows[i].hex, bytes);

		judge(rows[i].link_type, bytes, length, length);
		cut_everywhere(rows[i].link_type, bytes, length);
		every_byte_changed(rows[i].link_type, bytes, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers),
		cmocka_unit_test(lengths),
		cmocka_unit_test(short_lengths),
		cmocka_unit_test(other_link_types),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
