/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_rows.h"
#include "packet/verdict_names.h"

/*
 * Frames cut at every length, and tags in every combination, each with exactly one verdict. A test run rejects a frame
 * whose ethertype is IP but whose IP header is incomplete, so most of these have a tag first.
 */

#define TCP_TAGGED(tpid) ETHERNET(tpid), TAG(T_IPV4), IPV4(P_TCP, 20), TCP(40000, 80, SYN)
#define UDP6_EXTENDED                                                                                                  \
	ETHERNET(T_VLAN), TAG(T_IPV6), IPV6(P_HOP_BY_HOP, 48), EXTENSION(P_AH), AH_24(P_FRAGMENT), FRAGMENT(P_UDP, 1), \
		UDP(5353, 53)

/* The lengths from which a frame has another verdict. The test begins at the first. */
static const struct cut_row {
	const char *name, *flags;
	struct packet_bytes packet;
	struct {
		size_t length;
		enum verdict verdict;
	} steps[8];
} cut_rows[] = {
	{"IPv4", "", PACKET(TCP4), {{34, VERDICT_ACCEPTED}}},
	{"IPv4, --port", "--port=80", PACKET(TCP4), {{34, VERDICT_PORT}, {38, VERDICT_ACCEPTED}}},
	{"IPv4, --tcp-flags", "--tcp-flags=syn", PACKET(TCP4), {{34, VERDICT_TCP_FLAGS}, {48, VERDICT_ACCEPTED}}},
	{"IPv4, old tag",
	 "",
	 PACKET(TCP_TAGGED(0x9100)),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {38, VERDICT_ACCEPTED}}},
	{"IPv4, tag",
	 "",
	 PACKET(TCP_TAGGED(T_VLAN)),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {38, VERDICT_ACCEPTED}}},
	{"IPv4, tag, --port",
	 "--port=80",
	 PACKET(TCP_TAGGED(T_VLAN)),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {38, VERDICT_PORT}, {42, VERDICT_ACCEPTED}}},
	{"IPv4, old tag, --tcp-flags",
	 "--tcp-flags=!ack",
	 PACKET(TCP_TAGGED(0x9100)),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {38, VERDICT_TCP_FLAGS}, {52, VERDICT_ACCEPTED}}},
	{"IPv4, service tag, --src",
	 "--src=10.0.0.1",
	 PACKET(TCP_TAGGED(0x88a8)),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {38, VERDICT_ACCEPTED}}},
	{"IPv4, --protocol=all", "--protocol=all", PACKET(TCP_TAGGED(T_VLAN)), {{15, VERDICT_ACCEPTED}}},
	{"IPv4, --protocol=all --src",
	 "--protocol=all --src=10.0.0.1",
	 PACKET(TCP_TAGGED(T_VLAN)),
	 {{15, VERDICT_HOST}, {38, VERDICT_ACCEPTED}}},
	{"IPv4, --protocol=all --not-host",
	 "--protocol=all --not-host=10.0.0.1",
	 PACKET(TCP_TAGGED(T_VLAN)),
	 {{15, VERDICT_ACCEPTED}, {38, VERDICT_HOST}}},

	{"IPv6", "", PACKET(UDP6), {{54, VERDICT_ACCEPTED}}},
	{"IPv6, --port", "--port=53", PACKET(UDP6), {{54, VERDICT_PORT}, {58, VERDICT_ACCEPTED}}},
	{"IPv6, extensions",
	 "",
	 PACKET(UDP6_EXTENDED),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {98, VERDICT_ACCEPTED}}},
	{"IPv6, extensions, --port",
	 "--port=53",
	 PACKET(UDP6_EXTENDED),
	 {{15, VERDICT_NOT_IP}, {18, VERDICT_MALFORMED}, {98, VERDICT_PORT}, {102, VERDICT_ACCEPTED}}},
	{"IPv6, extensions, --protocol=all --dst",
	 "--protocol=all --dst=2001:db8::2",
	 PACKET(UDP6_EXTENDED),
	 {{15, VERDICT_HOST}, {58, VERDICT_ACCEPTED}}},

	{"MPLS",
	 "",
	 PACKET(ETHERNET(T_MPLS), LAST_LABEL, IPV4(P_UDP, 8), UDP(5353, 53)),
	 {{15, VERDICT_NOT_IP}, {19, VERDICT_MALFORMED}, {38, VERDICT_ACCEPTED}}},
	{"PPPoE",
	 "",
	 PACKET(ETHERNET(T_PPPOE), PPPOE, U16(0x0057), IPV6(P_UDP, 8), UDP(5353, 53)),
	 {{15, VERDICT_NOT_IP}, {22, VERDICT_MALFORMED}, {62, VERDICT_ACCEPTED}}},
	{"SNAP",
	 "",
	 PACKET(ETHERNET(36), SNAP(T_IPV4), IPV4(P_UDP, 8), UDP(5353, 53)),
	 {{15, VERDICT_NOT_IP}, {22, VERDICT_MALFORMED}, {42, VERDICT_ACCEPTED}}},
};

static void cut_everywhere(void **state)
{
	const struct cut_row *row = *state;
	struct kernel_filter *filter = rows_load(row->flags, NULL);
	size_t step = 0;

	for (size_t length = row->steps[0].length; length <= row->packet.length; length++) {
		const struct packet_bytes packet = {row->packet.bytes, length};
		enum verdict verdict = rows_judge(filter, &packet, device);

		if (length == row->steps[step + 1].length)
			step++;
		if (verdict != row->steps[step].verdict)
			fail_msg("%zu bytes: %s, not %s", length, verdict_name(verdict),
				 verdict_name(row->steps[step].verdict));
	}
	assert_int_equal(row->steps[step + 1].length, 0);
	kernel_filter_close(filter);
}

/* Zero to five tags of every kind: the filter finds the ports after them. */
static void tags_of_every_kind(void **state)
{
	static const uint16_t kinds[] = {T_VLAN, 0x88a8, 0x9100};
	static const uint8_t addresses[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2},
			     behind[] = {U16(T_IPV4), IPV4(P_UDP, 8), UDP(5353, 53)};
	struct kernel_filter *this_port = rows_load("--port=53", NULL), *another = rows_load("--port=54", NULL);

	(void)state;
	for (unsigned int tags = 0, combinations = 1; tags <= 5; tags++, combinations *= LENGTH(kinds)) {
		for (unsigned int combination = 0; combination < combinations; combination++) {
			uint8_t frame[100];
			struct packet_bytes packet = {frame, sizeof(addresses)};

			memcpy(frame, addresses, sizeof(addresses));
			for (unsigned int i = 0, rest = combination; i < tags; i++, rest /= LENGTH(kinds)) {
				const uint8_t tag[] = {U16(kinds[rest % LENGTH(kinds)]), 0x20, 10};

				memcpy(frame + packet.length, tag, sizeof(tag));
				packet.length += sizeof(tag);
			}
			memcpy(frame + packet.length, behind, sizeof(behind));
			packet.length += sizeof(behind);
			assert_int_equal(rows_judge(this_port, &packet, device), VERDICT_ACCEPTED);
			assert_int_equal(rows_judge(another, &packet, device), VERDICT_PORT);
		}
	}
	kernel_filter_close(this_port);
	kernel_filter_close(another);
}

int main(void)
{
	struct CMUnitTest tests[LENGTH(cut_rows) + 1] = {cmocka_unit_test(tags_of_every_kind)};

	rows_need_privilege();
	for (size_t i = 0; i < LENGTH(cut_rows); i++)
		tests[i + 1] = (struct CMUnitTest){
			.name = cut_rows[i].name,
			.test_func = cut_everywhere,
			.initial_state = (void *)&cut_rows[i],
		};
	return rows_run_group(tests, LENGTH(tests), NULL);
}
