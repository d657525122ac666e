/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "decoded.h"

/* The status of the TCP or UDP checksum of a packet. */
struct checksum_case {
	const char *name;
	const char *hex;
	uint32_t missing; /* bytes that were not captured */
	enum checksum_offload offload;
	enum checksum_status status;
};

#define SUPERPACKET                                       \
	"45 10 00 00 1f 2e 40 00 40 06 07 a6 " ADDRESSES4 \
	"9c 40 00 50 12 34 56 78 9a bc de f0 50 18 fa f0 5d 12 00 00 61 62 63 64 "
/* The sum of the pseudo header alone, and one more; cut behind the header. */
#define TCP_PSEUDO(sum)                                                                                          \
	"45 10 00 2c 1f 2e 40 00 40 06 07 7a " ADDRESSES4 "9c 40 00 50 12 34 56 78 9a bc de f0 50 18 fa f0 " sum \
	" 00 00 "
#define UDP_PSEUDO(sum)  "45 10 00 20 1f 2e 40 00 40 11 07 7b " ADDRESSES4 "9c 40 00 35 00 0c " sum " "
#define UDP6_PSEUDO(sum) "61 23 ab cd 00 0c 11 40 " ADDRESSES6 "9c 40 00 35 00 0c " sum " "
#define ABCD             "61 62 63 64 "
#define UDP_ZERO_SUM     "45 10 00 1e 1f 2e 40 00 40 11 07 7d " ADDRESSES4 "9c 40 00 35 00 0a ff ff 4f 50 "
#define UDP_ABSENT       "45 10 00 1e 1f 2e 40 00 40 11 07 7d " ADDRESSES4 "9c 40 00 35 00 0a 00 00 4f 50 "
#define UDP6_ABSENT      "61 23 ab cd 00 0a 11 40 " ADDRESSES6 "9c 40 00 35 00 0a 00 00 69 60 "
#define UDP_SURPLUS      "45 10 00 23 1f 2e 40 00 40 11 07 78 " ADDRESSES4 "9c 40 00 35 00 0c 8a 85 61 62 63 64 01 02 03 "
#define UDP_BAD          "45 10 00 20 1f 2e 40 00 40 11 07 7b " ADDRESSES4 "9c 40 00 35 00 0c 8a 85 61 62 63 65 "
#define UDP_TOO_LONG     "45 10 00 20 1f 2e 40 00 40 11 07 7b " ADDRESSES4 "9c 40 00 35 00 0d 8a 85 61 62 63 64 "
#define UDP_TOO_SHORT    "45 10 00 20 1f 2e 40 00 40 11 07 7b " ADDRESSES4 "9c 40 00 35 00 07 8a 85 61 62 63 64 "
#define UDP_FRAG_ZERO \
	"45 10 00 24 1f 2e 20 00 40 11 27 77 " ADDRESSES4 "9c 40 00 35 00 64 00 00 61 62 63 64 65 66 67 68 "
#define TCP_BAD_OFFSET                                    \
	"45 00 00 2c 00 00 00 00 40 06 00 00 " ADDRESSES4 \
	"9c 40 00 50 12 34 56 78 9a bc de f0 40 18 fa f0 6d 12 00 00 61 62 63 64 "
#define ROUTING_EMPTY \
	"61 23 ab cd 00 14 2b 40 " ADDRESSES6 "11 00 00 01 00 00 00 00 9c 40 00 35 00 0c a4 95 61 62 63 64 "

static const struct checksum_case cases[] = {
	{"tcp", IPV4_TCP, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"tcp in 6", IPV6_TCP, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"udp", IPV4_UDP, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"udp in 6", IPV6_UDP, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"odd length", IPV4_UDP_ODD, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"padding", IPV4_UDP_ODD "ff ff ff", 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"superpacket", SUPERPACKET, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"bad", UDP_BAD, 0, OFFLOAD_NONE, CHECKSUM_BAD},
	{"cut", IPV4_UDP, 1, OFFLOAD_NONE, CHECKSUM_GOOD}, /* of padding */
	{"zero sum", UDP_ZERO_SUM, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"absent", UDP_ABSENT, 0, OFFLOAD_NONE, CHECKSUM_ABSENT},
	{"absent, offloaded", UDP_ABSENT, 0, OFFLOAD_PENDING, CHECKSUM_ABSENT},
	{"absent in 6", UDP6_ABSENT, 0, OFFLOAD_NONE, CHECKSUM_BAD},
	{"absent in fragment", UDP_FRAG_ZERO, 0, OFFLOAD_NONE, CHECKSUM_ABSENT},
	{"surplus", UDP_SURPLUS, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"udp length beyond", UDP_TOO_LONG, 0, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"udp length below", UDP_TOO_SHORT, 0, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"data offset below", TCP_BAD_OFFSET, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"pending", IPV4_TCP, 0, OFFLOAD_PENDING, CHECKSUM_OFFLOADED},
	{"pending, bad", UDP_BAD, 0, OFFLOAD_PENDING, CHECKSUM_OFFLOADED},
	{"valid", UDP_BAD, 0, OFFLOAD_VALID, CHECKSUM_GOOD}, /* the card knows better */
	{"tcp, pseudo header", TCP_PSEUDO("14 33") ABCD, 0, OFFLOAD_NONE, CHECKSUM_OFFLOADED},
	{"tcp, pseudo header and one", TCP_PSEUDO("14 34") ABCD, 0, OFFLOAD_NONE, CHECKSUM_BAD},
	{"tcp, pseudo header, cut", TCP_PSEUDO("14 33"), 4, OFFLOAD_NONE, CHECKSUM_OFFLOADED},
	{"tcp, another sum, cut", TCP_PSEUDO("14 34"), 4, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"udp, pseudo header", UDP_PSEUDO("14 32") ABCD, 0, OFFLOAD_NONE, CHECKSUM_OFFLOADED},
	{"udp, pseudo header complemented", UDP_PSEUDO("eb cd") ABCD, 0, OFFLOAD_NONE, CHECKSUM_BAD},
	{"udp in 6, pseudo header", UDP6_PSEUDO("fa 21") ABCD, 0, OFFLOAD_NONE, CHECKSUM_OFFLOADED},
	{"pseudo header, valid", UDP_PSEUDO("14 32") ABCD, 0, OFFLOAD_VALID, CHECKSUM_GOOD},
	{"fragment", FRAG4_FIRST, 0, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"fragment in 6", FRAG6_FIRST, 0, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"fragment, valid", FRAG4_FIRST, 0, OFFLOAD_VALID, CHECKSUM_UNVERIFIED},
	{"source route", LSRR_ON_ITS_WAY, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"strict source route", LSRR_BEHIND_NOP, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"source route at its end", LSRR_ARRIVED, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"source route with no address left", LSRR_AT_ITS_LENGTH, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"ah", IPV4_AH, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"ah in 6", IPV6_AH, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"chain", CHAIN, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"routing 0", ROUTING_0, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"routing 0 at its end", ROUTING_0_ARRIVED, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"mobile", ROUTING_2, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"segments", ROUTING_4, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
	{"unknown routing", ROUTING_3, 0, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"routing 0 without addresses", ROUTING_EMPTY, 0, OFFLOAD_NONE, CHECKSUM_UNVERIFIED},
	{"home address", HOME_ADDRESS, 0, OFFLOAD_NONE, CHECKSUM_GOOD},
};

static void checksum_status(void **state)
{
	const struct checksum_case *expected = *state;
	struct decoded decoded = {.frame.offload = expected->offload};
	const struct packet *packet = decode_hex(&decoded, LINK_RAW, expected->hex, expected->missing);

	assert_true(packet->tcp.present != packet->udp.present);
	assert_int_equal(packet->tcp.present ? packet->tcp.checksum_status : packet->udp.checksum_status,
			 expected->status);
}

/* Without the last byte nothing is proven, unless the kernel says so. */
static void checksum_cut(void **state)
{
	uint8_t bytes[64];
	uint32_t length = from_hex(IPV4_UDP, bytes);
	struct decoded decoded = {0};

	(void)state;
	decode_bytes(&decoded, LINK_RAW, bytes, length - 1, length);
	assert_int_equal(decoded.packet.udp.checksum_status, CHECKSUM_UNVERIFIED);
	assert_int_equal(decoded.packet.truncated, LAYER_NONE);
	assert_int_equal(decoded.packet.payload.captured, 3);
	assert_int_equal(decoded.packet.payload.length, 4);
	decoded.frame.offload = OFFLOAD_VALID;
	decode_bytes(&decoded, LINK_RAW, bytes, length - 1, length);
	assert_int_equal(decoded.packet.udp.checksum_status, CHECKSUM_GOOD);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 1] = {
		cmocka_unit_test(checksum_cut),
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i + 1] = (struct CMUnitTest){cases[i].name, checksum_status, NULL, NULL, (void *)&cases[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
