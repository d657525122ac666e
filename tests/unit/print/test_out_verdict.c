/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "written.h"

/* How the filter's verdict is printed. */

#define LINE "UDP 10.9.0.1:40000 > 10.9.0.2:53    length 4"

static const char *printed_of(open_sink *open, const struct style *style, const char *verdict, const char *explanation)
{
	const struct explanation said = {verdict, explanation, verdict && strcmp(verdict, "accepted") != 0};
	struct decoded decoded;

	incoming(&decoded, LINK_RAW, IPV4_UDP, 0);
	decoded.packet.explanation = verdict ? &said : NULL;
	return printed(open, style, &decoded.packet);
}

static const char *brief(bool color, const char *verdict, const char *explanation)
{
	const struct style style = {.time = TIME_NONE, .color = color};

	return printed_of(out_brief_open, &style, verdict, explanation);
}

static void at_the_end_of_a_brief_line(void **state)
{
	(void)state;
	assert_string_equal(brief(false, NULL, NULL), LINE "\n");
	assert_string_equal(brief(false, "accepted", NULL), LINE "  accepted\n");
	assert_string_equal(brief(false, "expression", NULL), LINE "  rejected: expression\n");
	assert_string_equal(brief(false, "port", "source 40000, destination 53; wanted 80"),
			    LINE "  rejected: port (source 40000, destination 53; wanted 80)\n");
}

static void in_color(void **state)
{
	static const char rejected[] = " length 4  \033[1;31mrejected: port\033[0m (why)\n";
	static const char accepted[] = " length 4  accepted\n";
	const char *text;

	(void)state;
	text = brief(true, "port", "why");
	assert_string_equal(text + strlen(text) - strlen(rejected), rejected);
	text = brief(true, "accepted", NULL);
	assert_string_equal(text + strlen(text) - strlen(accepted), accepted);
}

/* An interface in a file may have any name. */
static void strange_bytes(void **state)
{
	(void)state;
	assert_string_equal(brief(false, "loopback", "interface \033[2J\xff\"\xc3\xa4"),
			    LINE "  rejected: loopback (interface ?[2J?\"\xc3\xa4)\n");
}

static struct sink *open_json(int fd, const struct style *style)
{
	(void)style;
	return out_json_open(fd);
}

/* What comes with the payload and behind it. */
static const char *json_end(const char *verdict, const char *explanation)
{
	return strstr(printed_of(open_json, NULL, verdict, explanation), "\"hex\":\"61626364\"}");
}

static void as_the_last_json_keys(void **state)
{
	(void)state;
	assert_string_equal(json_end(NULL, NULL), "\"hex\":\"61626364\"}}\n");
	assert_string_equal(json_end("accepted", NULL), "\"hex\":\"61626364\"},\"verdict\":\"accepted\"}\n");
	assert_string_equal(json_end("flow-limit", "packet 3 of its flow; wanted 2"),
			    "\"hex\":\"61626364\"},\"verdict\":\"flow-limit\","
			    "\"explanation\":\"packet 3 of its flow; wanted 2\"}\n");
	assert_string_equal(json_end("loopback", "interface \033\"\\\xff"),
			    "\"hex\":\"61626364\"},\"verdict\":\"loopback\","
			    "\"explanation\":\"interface \\u001b\\\"\\\\\\ufffd\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_the_end_of_a_brief_line),
		cmocka_unit_test(in_color),
		cmocka_unit_test(strange_bytes),
		cmocka_unit_test(as_the_last_json_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
