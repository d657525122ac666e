/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "decoded.h"
#include "filter/explain.h"
#include "filter/filter_words.h"

/* A filter, a frame, and the explanation of the verdict: "reason (datum)". */
struct explain_case {
	const char *arguments;
	uint16_t link_type;
	enum direction direction;
	uint32_t missing; /* bytes that were not captured */
	const char *hex;
	const char *said;
};

#define MAC ETHERNET
#define ARP MAC "08 06 00 01 08 00"

/* 10.9.0.1 > 10.9.0.2, without a payload */
#define ICMP      "45 00 00 16 00 00 00 00 40 01 66 d3 0a 09 00 01 0a 09 00 02 08 00"
#define CUT_PORT  "45 00 00 16 00 00 00 00 40 11 66 c3 0a 09 00 01 0a 09 00 02 20 00"
#define LATER     "45 00 00 1c 00 01 00 02 40 11 00 00 0a 09 00 01 0a 09 00 02 61 62 63 64 65 66 67 68"
#define PROTOCOL  "45 00 00 14 00 00 00 00 40 fd 00 00 0a 09 00 01 0a 09 00 02"
#define LOOPBACK4 "45 00 00 1c 00 00 00 00 40 11 00 00 7f 01 02 03 0a 09 00 02 00 01 00 02 00 08 00 00"
#define LOOPBACK6                                                      \
	"60 00 00 00 00 08 11 40 fd 00 00 00 00 00 00 00 00 00 00 00 " \
	"00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 01 00 02 00 08 00 00"
#define NO_FLAGS                                                       \
	"45 00 00 28 00 00 00 00 40 06 66 bc 0a 09 00 01 0a 09 00 02 " \
	"00 01 00 02 00 00 00 03 00 00 00 04 50 00 00 05 9b c1 00 00"
/* Thirteen hop-by-hop headers */
#define HBH "00 00 01 04 00 00 00 00 "
#define MANY_EXTENSIONS                                                                                               \
	"60 00 00 00 00 68 00 40 " ADDRESSES6 HBH HBH HBH HBH HBH HBH HBH HBH HBH HBH HBH HBH "3b 00 01 04 00 00 00 " \
	"00"

static const struct explain_case cases[] = {
	{"", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "accepted"},
	{"--port=80 udp or tcp", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "accepted"},
	{"udp", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "expression"},

	{"--direction=in", LINK_RAW, DIRECTION_OUT, 0, IPV4_TCP, "direction (out; wanted in)"},
	{"--direction=out", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "direction (in; wanted out)"},
	{"--direction=out", LINK_RAW, DIRECTION_UNKNOWN, 0, IPV4_TCP, "accepted"},

	{"", LINK_RAW, DIRECTION_IN, 0, LOOPBACK4, "loopback (source 127.1.2.3)"},
	{"", LINK_RAW, DIRECTION_IN, 0, LOOPBACK6, "loopback (destination ::1)"},

	{"", LINK_ETHERNET, DIRECTION_IN, 0, ARP, "not-ip (ethertype 0x0806 ARP)"},
	{"", LINK_ETHERNET, DIRECTION_IN, 0, MAC "81 00 00 0a 88 b5 00 00", "not-ip (ethertype 0x88b5)"},
	{"", LINK_ETHERNET, DIRECTION_IN, 0, MAC "00 03 42 42 03", "not-ip (no ethertype)"},
	{"", LINK_IEEE802_11, DIRECTION_IN, 0, "01 02 03", "not-ip (no ethertype)"},

	{"", LINK_ETHERNET, DIRECTION_IN, 0, MAC "08 00 44 00 00 14 00 00 00 00 40 11 00 00 " ADDRESSES4,
	 "malformed (header length below 20 bytes)"},
	{"", LINK_ETHERNET, DIRECTION_IN, 0, MAC "08 00 75 00",
	 "malformed (IP version other than the link level says)"},
	{"", LINK_ETHERNET, DIRECTION_IN, 0, MAC "08 00 45 00", "malformed (the packet ends inside the IP header)"},
	{"", LINK_ETHERNET, DIRECTION_IN, 60, MAC "08 00 45 00", "malformed (the capture ends inside the IP header)"},
	{"", LINK_IPV6, DIRECTION_IN, 0, MANY_EXTENSIONS, "malformed (more extension headers than are followed)"},

	{"", LINK_RAW, DIRECTION_IN, 0, ICMP, "protocol (1 ICMP; wanted tcp,udp)"},
	{"", LINK_RAW, DIRECTION_IN, 0, PROTOCOL, "protocol (253; wanted tcp,udp)"},
	{"--protocol=udp,Ospf --protocol=132", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "protocol (6 TCP; wanted udp,Ospf,132)"},

	{"--host=10.9.0.3,10.9.1.0/24 --host=fd00::/8", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (source 10.9.0.1, destination 10.9.0.2; wanted 10.9.0.3,10.9.1.0/24,fd00::/8)"},
	{"--host=fd01::1", LINK_RAW, DIRECTION_IN, 0, IPV6_TCP,
	 "host (source fd00::1, destination fd00::2; wanted fd01::1)"},
	{"--src=10.9.0.2", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "host (source 10.9.0.1; wanted 10.9.0.2)"},
	{"--dst=10.9.0.1", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "host (destination 10.9.0.2; wanted 10.9.0.1)"},
	{"--host=10.9.0.1 --src=10.9.0.0/24 --dst=10.9.0.1", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (destination 10.9.0.2; wanted 10.9.0.1)"},
	{"--not-host=10.9.0.1", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "host (source 10.9.0.1; not wanted 10.9.0.1)"},
	{"--host=10.9.0.1 --not-host=10.9.0.2,10.9.0.3", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (destination 10.9.0.2; not wanted 10.9.0.2,10.9.0.3)"},
	{"--not-host=10.0.0.0/8", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (source 10.9.0.1, destination 10.9.0.2; not wanted 10.0.0.0/8)"},
	{"--protocol=all --src=10.9.0.2", LINK_ETHERNET, DIRECTION_IN, 0, ARP, "host (no addresses; wanted 10.9.0.2)"},
	{"--host-file=/dev/null", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (source 10.9.0.1, destination 10.9.0.2; wanted file /dev/null)"},
	{"--host=10.9.0.3 --host-file=/dev/null --host=10.9.0.4", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (source 10.9.0.1, destination 10.9.0.2; wanted 10.9.0.3,file /dev/null,10.9.0.4)"},
	{"--not-host-file=/dev/null --src=10.9.0.2", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "host (source 10.9.0.1; wanted 10.9.0.2)"},

	{"--port=53,8000-8100 --port=https", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "port (source 40000, destination 80; wanted 53,8000-8100,https)"},
	{"--src-port=80", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "port (source 40000; wanted 80)"},
	{"--dst-port=40000", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "port (destination 80; wanted 40000)"},
	{"--port=80 --not-port=1-79,40000", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "port (source 40000; not wanted 1-79,40000)"},
	{"--not-port=80-65535", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "port (source 40000, destination 80; not wanted 80-65535)"},
	{"--port=53", LINK_RAW, DIRECTION_IN, 0, LATER, "port (no readable ports; wanted 53)"},
	{"--dst-port=53", LINK_RAW, DIRECTION_IN, 0, CUT_PORT, "port (destination cut; wanted 53)"},
	{"--port=53", LINK_RAW, DIRECTION_IN, 0, CUT_PORT, "port (source 8192, destination cut; wanted 53)"},
	{"--not-port=53", LINK_RAW, DIRECTION_IN, 0, CUT_PORT, "port (destination cut; not wanted 53)"},
	{"--src-port=8192", LINK_RAW, DIRECTION_IN, 0, CUT_PORT, "accepted"},
	{"--protocol=icmp --not-port=53", LINK_RAW, DIRECTION_IN, 0, ICMP, "port (no readable ports; not wanted 53)"},
	{"--protocol=icmp --not-port=53 --dst-port=80", LINK_RAW, DIRECTION_IN, 0, ICMP,
	 "port (no readable ports; wanted 80)"},

	{"--tcp-flags=syn,!ack --tcp-flags=FIN", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP,
	 "tcp-flags (PSH,ACK; wanted syn,!ack,FIN)"},
	{"--tcp-flags=syn", LINK_RAW, DIRECTION_IN, 0, NO_FLAGS, "tcp-flags (none; wanted syn)"},
	{"--tcp-flags=syn", LINK_RAW, DIRECTION_IN, 0, IPV4_UDP, "tcp-flags (no TCP flags; wanted syn)"},

	{"--sample=4294967295", LINK_RAW, DIRECTION_IN, 0, IPV4_TCP, "sample (its flow is not the one in 4294967295)"},
};

static struct explained {
	struct filter_words words;
	struct offline_filter offline;
	struct decoded decoded;
	struct explainer explainer;
	char said[EXPLANATION_MAX + 64];
} explained;

static void open_explained(const char *arguments)
{
	filter_words_read(&explained.words, arguments);
	explained.decoded.frame.loopback = false;
	assert_int_equal(offline_filter_init(&explained.offline, &explained.words.spec, explained.words.expression), 0);
	explainer_init(&explained.explainer, &explained.offline);
}

static void close_explained(void)
{
	offline_filter_release(&explained.offline);
	filter_spec_release(&explained.words.spec);
}

/* Filter the frame in explained.decoded, and format the explanation. */
static const char *say(void)
{
	struct packet *packet = &explained.decoded.packet;
	const struct explanation *explanation;
	int verdict = offline_filter_match(&explained.offline, &explained.decoded.frame);

	assert_in_range(verdict, 0, VERDICT_COUNT - 1);
	explained.explainer.annotator.annotate(&explained.explainer.annotator, packet);
	explanation = packet->explanation;
	assert_int_equal(explanation->rejected, verdict != VERDICT_ACCEPTED);
	snprintf(explained.said, sizeof(explained.said), explanation->why ? "%s (%s)" : "%s", explanation->verdict,
		 explanation->why);
	return explained.said;
}

static void every_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct explain_case *row = &cases[i];

		open_explained(row->arguments);
		explained.decoded.frame.direction = row->direction;
		decode_hex(&explained.decoded, row->link_type, row->hex, row->missing);
		assert_string_equal(say(), row->said);
		close_explained();
	}
}

/* The loopback device decides, whatever the addresses. */
static void loopback_device(void **state)
{
	static const struct {
		const char *arguments, *name;
		enum direction direction;
		const char *said;
	} rows[] = {
		{"", "lo", DIRECTION_IN, "loopback (interface lo)"},
		{"", "lo", DIRECTION_OUT, "loopback (interface lo)"},
		{"--loopback", "lo", DIRECTION_OUT, "duplicate (interface lo, which shows it on its way in too)"},
		{"--loopback", NULL, DIRECTION_OUT,
		 "duplicate (an interface without a name, which shows it on its way in too)"},
		{"--loopback", "lo", DIRECTION_IN, "accepted"},
		{"--loopback", "lo", DIRECTION_UNKNOWN, "accepted"},
		{"--loopback --direction=out", "lo", DIRECTION_OUT, "accepted"},
		{"--loopback --direction=out", "lo", DIRECTION_IN, "direction (in; wanted out)"},
		{"--loopback --direction=in", "lo", DIRECTION_OUT, "direction (out; wanted in)"},
		{"", NULL, DIRECTION_IN, "loopback (an interface without a name)"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		open_explained(rows[i].arguments);
		explained.decoded.frame.direction = rows[i].direction;
		decode_hex(&explained.decoded, LINK_RAW, IPV4_TCP, 0);
		explained.decoded.frame.loopback = true;
		explained.decoded.interface.name = rows[i].name;
		assert_string_equal(say(), rows[i].said);
		close_explained();
	}
}

static void flow_limit(void **state)
{
	(void)state;
	open_explained("--first=2");
	explained.decoded.frame.direction = DIRECTION_IN;
	decode_hex(&explained.decoded, LINK_RAW, IPV4_TCP, 0);
	assert_string_equal(say(), "accepted");
	assert_string_equal(say(), "accepted");
	decode_hex(&explained.decoded, LINK_RAW, IPV4_TCP, 0);
	assert_string_equal(say(), "flow-limit (packet 3 of its flow; wanted 2)");
	assert_string_equal(say(), "flow-limit (packet 4 of its flow; wanted 2)");
	close_explained();
}

/* A long list is cut after a comma. */
static void long_lists(void **state)
{
	char arguments[1024] = "--port=1";
	char said[1024] = "port (source 40000, destination 80; wanted 1";
	size_t shown = strlen("1");

	(void)state;
	for (int i = 1000; i < 1100; i++)
		sprintf(arguments + strlen(arguments), ",%d", i);
	for (int i = 1000; shown + strlen(",1000") < 256; i++, shown += strlen(",1000"))
		sprintf(said + strlen(said), ",%d", i);
	sprintf(said + strlen(said), ",...)");
	open_explained(arguments);
	explained.decoded.frame.direction = DIRECTION_IN;
	decode_hex(&explained.decoded, LINK_RAW, IPV4_TCP, 0);
	assert_string_equal(say(), said);
	close_explained();
}

/* A long name is cut, whatever bytes it has. */
static void long_names(void **state)
{
	char name[1024] = "", said[128];

	(void)state;
	memset(name, '\x1b', sizeof(name) - 1);
	snprintf(said, sizeof(said), "loopback (interface %.64s)", name);
	open_explained("");
	explained.decoded.frame.direction = DIRECTION_IN;
	decode_hex(&explained.decoded, LINK_RAW, IPV4_TCP, 0);
	explained.decoded.frame.loopback = true;
	explained.decoded.interface.name = name;
	assert_string_equal(say(), said);
	close_explained();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reason), cmocka_unit_test(loopback_device), cmocka_unit_test(flow_limit),
		cmocka_unit_test(long_lists),   cmocka_unit_test(long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
