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

static struct end_owner known(enum owner_how how)
{
	struct end_owner owner = curl;

	owner.how = how;
	return owner;
}

static void behind_the_address_of_a_brief_line(void **state)
{
	const struct end_owner kernel = {.how = OWNER_KERNEL}, forgotten = {.how = OWNER_EXACT, .pid = 7};

	(void)state;
	assert_string_equal(printed_of(out_brief_open, curl, stranger),
			    "eth0 in IPv4 UDP 10.9.0.1:40000 (curl[812]) > 10.9.0.2:53 length 4\n");
	assert_string_equal(printed_of(out_brief_open, kernel, known(OWNER_BOUND)),
			    "eth0 in IPv4 UDP 10.9.0.1:40000 (kernel) > 10.9.0.2:53 (curl[812], bound) length 4\n");
	assert_string_equal(printed_of(out_brief_open, known(OWNER_SEVERAL), forgotten),
			    "eth0 in IPv4 UDP 10.9.0.1:40000 (curl[812], several) > 10.9.0.2:53 (?[7]) length 4\n");
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
		snprintf(wanted, sizeof(wanted),
			 "eth0 in IPv4 UDP 10.9.0.1:40000 (curl[812], %s) > 10.9.0.2:53 length 4\n", words[how]);
		assert_string_equal(printed_of(out_brief_open, known(how), stranger), wanted);
	}
}

/* A process chooses its own name and arguments. */
static void strange_bytes(void **state)
{
	struct end_owner strange = curl;

	(void)state;
	strange.command = "\033[2J\xff\n!";
	assert_string_equal(printed_of(out_brief_open, strange, stranger), "eth0 in IPv4 UDP 10.9.0.1:40000 (?[2J?"
									   "?![812]) > 10.9.0.2:53 length 4\n");
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
			       "  Owner source  pid 812  command curl  arguments curl -s http://10.9.0.2/  uid 1000  "
			       "cgroup /user.slice  exact\n"
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
		cmocka_unit_test(behind_the_address_of_a_brief_line),
		cmocka_unit_test(every_way_to_know_has_its_word),
		cmocka_unit_test(strange_bytes),
		cmocka_unit_test(full_style_has_everything),
		cmocka_unit_test(a_json_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
