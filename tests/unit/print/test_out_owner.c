/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "decode_samples.h"
#include "written.h"

/* How the processes at the ends of a packet are printed. */

static const struct end_owner curl = {.how = OWNER_EXACT,
				      .pid = 812,
				      .has_details = true,
				      .uid = 1000,
				      .command = "curl",
				      .arguments = "curl -s http://10.9.0.2/",
				      .cgroup = "/user.slice"};
static const struct end_owner stranger = {.how = OWNER_UNKNOWN, .why = "no socket of this machine is known there"};

static const char *printed_of(open_sink *open, struct end_owner source, struct end_owner destination)
{
	const struct style style = {.time = TIME_NONE};
	const struct packet_owner owner = {source, destination};
	struct decoded decoded;

	incoming(&decoded, LINK_RAW, IPV4_UDP, 0);
	decoded.packet.owner = &owner;
	return printed(open, &style, &decoded.packet);
}

static void assert_brief(struct end_owner source, struct end_owner destination, const char *line, const char *owners)
{
	char wanted[256];

	snprintf(wanted, sizeof(wanted), "%s%s\n", line, owners);
	assert_string_equal(printed_of(out_brief_open, source, destination), wanted);
}

static struct end_owner known(enum owner_how how)
{
	struct end_owner owner = curl;

	owner.how = how;
	return owner;
}

/* Behind the numbers, where it moves no column. */
static void at_the_end_of_a_brief_line(void **state)
{
	const struct end_owner kernel = {.how = OWNER_KERNEL}, forgotten = {.how = OWNER_EXACT, .pid = 7};
	const char *line = "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4";

	(void)state;
	assert_brief(curl, stranger, line, " (curl[812]) >");
	assert_brief(stranger, curl, line, " > (curl[812])");
	assert_brief(stranger, stranger, line, "");
	assert_brief(kernel, known(OWNER_BOUND), line, " (kernel) > (curl[812], bound)");
	assert_brief(known(OWNER_SEVERAL), forgotten, line, " (curl[812], several) > (?[7])");
}

static void behind_the_address_in_the_full_style(void **state)
{
	(void)state;
	assert_non_null(strstr(printed_of(out_full_open, curl, known(OWNER_BOUND)),
			       "UDP 10.9.0.1:40000 (curl[812]) > 10.9.0.2:53 (curl[812], bound)"));
}

/* A line that is too long continues with the destination, whatever a process is called. */
static void a_long_line_is_wrapped_at_the_destination(void **state)
{
	static const uint8_t source[16] = {0x20, 1, 0xd, 0xb8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x11, 0x11};
	static const uint8_t destination[16] = {0x20, 1, 0xd, 0xb8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x22, 0x22};
	const struct style style = {.time = TIME_NONE};
	struct packet_owner owner = {curl, curl};
	struct decoded decoded;

	(void)state;
	owner.source.command = "a > b";
	incoming(&decoded, LINK_RAW, IPV6_UDP, 0);
	decoded.packet.ip.source = source;
	decoded.packet.ip.destination = destination;
	decoded.packet.owner = &owner;
	assert_non_null(strstr(printed(out_full_open, &style, &decoded.packet),
			       "101:1111]:40000 (a > b[812])\n      > [2001:db8:"));
}

static void every_way_to_know_has_its_word(void **state)
{
	static const char *const words[] = {
		[OWNER_FLOW] = "flow",       [OWNER_ACCEPTED] = "accepted", [OWNER_BOUND] = "bound",
		[OWNER_SEVERAL] = "several", [OWNER_KERNEL] = "kernel",     [OWNER_SENDER] = "sender",
	};
	char wanted[128];

	(void)state;
	for (enum owner_how how = OWNER_FLOW; how <= OWNER_SENDER; how++) {
		snprintf(wanted, sizeof(wanted), " length 4 (curl[812], %s) >\n", words[how]);
		assert_non_null(strstr(printed_of(out_brief_open, known(how), stranger), wanted));
	}
}

/* A process chooses its own name and arguments. */
static void strange_bytes(void **state)
{
	struct end_owner strange = curl;

	(void)state;
	strange.command = "\033[2J\xff\n!";
	assert_non_null(strstr(printed_of(out_brief_open, strange, stranger), " length 4 (?[2J?"
									      "?![812]) >\n"));
	strange.arguments = "\033\"";
	strange.cgroup = NULL;
	assert_non_null(strstr(printed_of(out_full_open, strange, stranger), "\n  Owner source  pid 812  command ?[2J?"
									     "?!  arguments ?\"  uid 1000  exact\n"));
}

static void full_style_has_everything(void **state)
{
	const char *text = printed_of(out_full_open, curl, stranger);

	(void)state;
	assert_non_null(strstr(text,
			       "\n  Data  4 bytes\n"
			       "  Owner source  pid 812  command curl  arguments curl -s http://10.9.0.2/  uid 1000"
			       "\n        cgroup /user.slice  exact\n"
			       "        destination  unknown: no socket of this machine is known there\n0000"));
}

static struct sink *open_json(int fd, const struct style *style)
{
	(void)style;
	return out_json_open(fd);
}

static void a_json_member(void **state)
{
	(void)state;
	assert_string_equal(strstr(printed_of(open_json, curl, stranger), ",\"owner\""),
			    ",\"owner\":{\"source\":{\"pid\":812,\"command\":\"curl\","
			    "\"arguments\":\"curl -s http://10.9.0.2/\",\"uid\":1000,\"cgroup\":\"/user.slice\","
			    "\"how\":\"exact\"},\"destination\":{\"how\":\"unknown\","
			    "\"why\":\"no socket of this machine is known there\"}}}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_the_end_of_a_brief_line),
		cmocka_unit_test(behind_the_address_in_the_full_style),
		cmocka_unit_test(a_long_line_is_wrapped_at_the_destination),
		cmocka_unit_test(every_way_to_know_has_its_word),
		cmocka_unit_test(strange_bytes),
		cmocka_unit_test(full_style_has_everything),
		cmocka_unit_test(a_json_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
