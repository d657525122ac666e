/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "filter/expression.h"

/*
 * For every link type, expression_compile_file() makes the same programs as tcpdump -r of a capture file of that link
 * type, and the same errors.
 */

#define CORPUS "../shared/corpus/"

enum { LINE = 512, LINK_TYPES = 1 << 16 };

/* The programs differ only in what they return to accept a packet, which is the snaplen of the file. */
static void check_same(const struct bpf_program *expected, const struct expression *expression)
{
	size_t count;
	const struct sock_filter *program = expression_program(expression, &count);

	assert_int_equal(count, expected->bf_len);
	for (size_t i = 0; i < count; i++) {
		const struct bpf_insn *insn = &expected->bf_insns[i];

		assert_int_equal(program[i].code, insn->code);
		assert_int_equal(program[i].jt, insn->jt);
		assert_int_equal(program[i].jf, insn->jf);
		if (insn->code == (BPF_RET | BPF_K))
			assert_int_equal(program[i].k != 0, insn->k != 0);
		else
			assert_int_equal(program[i].k, insn->k);
	}
}

static void check_expression(pcap_t *capture, uint16_t link_type, const char *text)
{
	struct expression *expression = NULL;
	struct bpf_program expected;
	char error[PCAP_ERRBUF_SIZE] = "";
	int err = expression_compile_file(text, link_type, &expression, error, sizeof(error));

	if (pcap_compile(capture, &expected, text, 1, 0) == 0) {
		assert_int_equal(err, 0);
		check_same(&expected, expression);
		pcap_freecode(&expected);
	} else {
		assert_int_equal(err, -EINVAL);
		assert_string_equal(error, pcap_geterr(capture));
	}
	expression_close(expression);
}

static void check_expressions(pcap_t *capture, uint16_t link_type)
{
	FILE *expressions = fopen(CORPUS "expressions.txt", "r");
	char text[LINE];

	assert_non_null(expressions);
	while (fgets(text, sizeof(text), expressions)) {
		text[strcspn(text, "\n")] = '\0';
		check_expression(capture, link_type, text);
	}
	fclose(expressions);
}

/* The link type of a classic capture file in host byte order, or -1. */
static int link_type_of(const char *path)
{
	struct pcap_file_header header = {0};
	FILE *file = fopen(path, "r");
	size_t records;

	assert_non_null(file);
	records = fread(&header, sizeof(header), 1, file);
	fclose(file);
	return records == 1 && header.magic == 0xa1b2c3d4 && header.linktype < LINK_TYPES ? (int)header.linktype : -1;
}

static void test_link_types(void **state)
{
	static bool seen[LINK_TYPES];
	DIR *directory = opendir(CORPUS "captures");
	size_t checked = 0;

	(void)state;
	if (!directory) {
		skip(); /* the corpus is not part of the repository */
		return;
	}
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
		char path[LINE], error[PCAP_ERRBUF_SIZE];
		pcap_t *capture;
		int link_type;

		snprintf(path, sizeof(path), CORPUS "captures/%s", entry->d_name);
		link_type = entry->d_name[0] == '.' ? -1 : link_type_of(path);
		if (link_type < 0 || seen[link_type])
			continue;
		capture = pcap_open_offline(path, error);
		if (!capture)
			continue;
		seen[link_type] = true;
		check_expressions(capture, (uint16_t)link_type);
		pcap_close(capture);
		checked++;
	}
	closedir(directory);
	assert_int_equal(checked, 27);
}

/* An expression reads only the captured bytes of a cut frame, but `len` is its original length. */
static void test_cut_frame(void **state)
{
	const uint8_t bytes[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45};
	const struct frame frame = {.bytes = bytes, .captured = sizeof(bytes), .length = 1000};
	static const struct {
		const char *text;
		bool match;
	} table[] = {{"len = 1000", true}, {"ip", true}, {"tcp", false}, {"not tcp", false}, {"ip[0] = 0x45", true}};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct expression *expression = NULL;
		char error[PCAP_ERRBUF_SIZE];

		assert_int_equal(
			expression_compile_file(table[i].text, LINK_ETHERNET, &expression, error, sizeof(error)), 0);
		assert_int_equal(expression_match(expression, &frame), table[i].match);
		expression_close(expression);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_types),
		cmocka_unit_test(test_cut_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
