/* SPDX-License-Identifier: BSD-2-Clause */
/* A long expression, compiled in parts, means what libpcap makes of it as a whole, with and without optimization. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/expression.h"
#include "filter/expression_fold.h"

#define EXPRESSIONS "../shared/corpus/expressions.txt"

enum {
	ROUNDS = 60,
	FRAMES = 2000,
	FRAME_MAX = 80,
	PRIMITIVES = 90,
	TEXT_MAX = 16384,
};

static unsigned int random_below(unsigned int limit)
{
	return (unsigned int)(random() % (long)limit);
}

static struct bpf_program compile(const char *text, int link_type, bool optimize)
{
	pcap_t *pcap = pcap_open_dead(link_type, 262144);
	struct bpf_program program = {0};

	if (pcap_compile(pcap, &program, text, optimize, 0)) {
		assert_string_equal(pcap_geterr(pcap), "expression rejects all packets");
		program.bf_len = 0;
	}
	pcap_close(pcap);
	return program;
}

/* Addresses, ports and protocols of few values, so that expressions match. The frames are whole:
 * which bytes a program reads that decide nothing, and so where it gives a cut frame up, is up to the optimization. */
static void make_frame(unsigned char *frame)
{
	static const unsigned char types[][2] = {{0x08, 0x00}, {0x08, 0x00}, {0x86, 0xdd}, {0x08, 0x06}};
	static const unsigned char protocols[] = {6, 17, 17, 1, 132};
	unsigned int type = random_below(4), transport = type == 2 ? 54 : 34;

	for (int i = 0; i < FRAME_MAX; i++)
		frame[i] = (unsigned char)random_below(3);
	memcpy(frame + 12, types[type], 2);
	if (type < 2) {
		frame[14] = 0x45;
		frame[20] = random_below(8) ? 0 : 1; /* a later fragment */
		frame[23] = protocols[random_below(5)];
		memcpy(frame + 26, (unsigned char[]){10, 0, 0, (unsigned char)random_below(30)}, 4);
		memcpy(frame + 30, (unsigned char[]){10, 0, 0, (unsigned char)random_below(30)}, 4);
	} else if (type == 2) {
		frame[14] = 0x60;
		frame[20] = protocols[random_below(5)];
		memset(frame + 22, 0, 32);
		frame[37] = (unsigned char)random_below(30);
		frame[53] = (unsigned char)random_below(30);
	}
	frame[transport] = frame[transport + 2] = 0;
	frame[transport + 1] = (unsigned char)random_below(30);
	frame[transport + 3] = (unsigned char)random_below(30);
}

static bool match(const struct bpf_program *program, const unsigned char *frame)
{
	return bpf_filter(program->bf_insns, frame, FRAME_MAX, FRAME_MAX) != 0;
}

/* A primitive with its qualifiers, or, after one that has them, a bare number. */
static int add_primitive(char *at, const char **qualifiers)
{
	static const char *const words[] = {"host",
					    "src host",
					    "ip dst host",
					    "port",
					    "tcp port",
					    "src port",
					    "udp",
					    "ip6 host ::",
					    "src host ::",
					    "arp",
					    "ip proto",
					    "tcp",
					    "udp dst port",
					    "host 10.0.0.0",
					    "portrange 3-9",
					    "src or dst host",
					    "ip dst and src host",
					    "udp dst  or src port"};
	const char *word = words[random_below(sizeof(words) / sizeof(*words))];
	unsigned int number = random_below(30);
	bool inherits = *qualifiers && !random_below(3);

	if (inherits)
		word = *qualifiers;
	*qualifiers = NULL;
	if (strchr(word, ':'))
		return sprintf(at, "%s%x", word, number);
	if (strpbrk(word, "0123456789") || !strcmp(word, "udp") || !strcmp(word, "tcp") || !strcmp(word, "arp"))
		return sprintf(at, "%s", word);
	*qualifiers = word;
	return sprintf(at, strstr(word, "host") ? "%s 10.0.0.%u" : "%s %u", inherits ? "" : word, number);
}

static void make_expression(char *text)
{
	static const char *const ops[] = {" or ", " || ", " or ", " and ", " or ", "&&"};
	const char *qualifiers = NULL;
	unsigned int open = 0;

	for (int i = 0; i < PRIMITIVES; i++) {
		text += sprintf(text, "%s", i ? ops[random_below(6)] : "");
		if (!random_below(12))
			text += sprintf(text, random_below(2) ? "not " : "!");
		if (!random_below(10) && ++open) {
			text += sprintf(text, "(");
			qualifiers = NULL;
		}
		text += add_primitive(text, &qualifiers);
		if (open && !random_below(6) && open--) {
			text += sprintf(text, ")");
			qualifiers = NULL;
		}
	}
	while (open--)
		text += sprintf(text, ")");
}

static int count_parts(void *context, const char *part, struct sock_filter **program, size_t *count)
{
	(void)part;
	++*(size_t *)context;
	*program = malloc(sizeof(**program));
	assert_non_null(*program);
	**program = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 1);
	*count = 1;
	return 0;
}

/* In how many parts an expression is compiled; 0: as a whole. */
static size_t parts_of(const char *text)
{
	struct sock_filter *program = NULL;
	size_t parts = 0, count;
	int ret = expression_fold(text, count_parts, &parts, &program, &count);

	assert_true(ret == 0 || ret == -ENOTSUP);
	free(program);
	return ret ? 0 : parts;
}

/* Compare with libpcap's two programs. Returns how many frames match. */
static size_t compare(const char *text, uint16_t link_type)
{
	struct bpf_program optimized = compile(text, link_type, true), plain = compile(text, link_type, false);
	struct expression *expression;
	size_t matching = 0;
	char error[256];

	assert_int_equal(expression_compile_file(text, link_type, &expression, error, sizeof(error)), 0);
	assert_true(plain.bf_len > 0);
	if (!optimized.bf_len) { /* it rejects all packets */
		expression_close(expression);
		pcap_freecode(&plain);
		return 0;
	}
	for (int i = 0; i < FRAMES; i++) {
		unsigned char bytes[FRAME_MAX];
		struct frame frame = {.bytes = bytes, .length = FRAME_MAX, .captured = FRAME_MAX};
		bool wanted;

		make_frame(bytes);
		wanted = match(&optimized, bytes);
		if (match(&plain, bytes) != wanted || expression_match(expression, &frame) != wanted)
			fail_msg("frame %d: not %d with %s", i, wanted, text);
		matching += wanted;
	}
	pcap_freecode(&optimized);
	pcap_freecode(&plain);
	expression_close(expression);
	return matching;
}

static void random_expressions(void **state)
{
	static char text[TEXT_MAX];
	size_t matching = 0, folded = 0;

	(void)state;
	srandom(1);
	for (int i = 0; i < ROUNDS; i++) {
		make_expression(text);
		folded += parts_of(text) > 1;
		matching += compare(text, LINK_ETHERNET);
	}
	assert_int_equal(folded, ROUNDS);
	assert_in_range(matching, ROUNDS * FRAMES / 10, ROUNDS * FRAMES * 9 / 10);
}

/* Long expressions that may not be divided are compiled without optimization. That is to make no difference but to
 * frames that are cut within a header: optimized, `net 0.0.0.0/0` does not load the address. */
static void expressions_of_the_corpus(void **state)
{
	FILE *file = fopen(EXPRESSIONS, "r");
	size_t compared = 0;
	char text[512];

	(void)state;
	if (!file) {
		skip(); /* the corpus is not part of the repository */
		return;
	}
	srandom(2);
	while (fgets(text, sizeof(text), file)) {
		struct bpf_program optimized, plain;

		text[strcspn(text, "\n")] = '\0';
		if (!*text || *text == '#')
			continue;
		optimized = compile(text, DLT_EN10MB, true);
		plain = compile(text, DLT_EN10MB, false);
		for (int i = 0; optimized.bf_len && i < FRAMES / 10; i++) {
			unsigned char frame[FRAME_MAX];

			make_frame(frame);
			if (match(&optimized, frame) != match(&plain, frame))
				fail_msg("frame %d with %s", i, text);
		}
		compared += optimized.bf_len > 0;
		pcap_freecode(&optimized);
		pcap_freecode(&plain);
	}
	fclose(file);
	assert_in_range(compared, 200, 242);
}

/* A list of 65 hosts, with something before it and behind. */
static char *list(const char *before, const char *behind)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	fputs(before, stream);
	for (int i = 0; i < 65; i++)
		fprintf(stream, "%s10.0.0.%d", i ? " or " : "", i);
	fputs(behind, stream);
	fclose(stream);
	return text;
}

static void what_is_divided(void **state)
{
	static const struct {
		const char *before, *behind;
		size_t parts;
	} rows[] = {
		{"host ", "", 5},
		{"host (", ")", 5},
		{"src or dst host ", "", 5},
		{"ip dst\nand  src host (", ")", 5},
		{"host ", " or src or dst www.example.org", 0},
		{"host ", " or src or dst", 0},
		{"tcp and (host ", ") and not port 22", 7},
		{"host (", ") and tcp[13] & 2 != 0", 0},
		{"vlan and (host ", ")", 0},
		{"host ", " or vlan 5", 0},
		{"host ", " or www.example.org", 0},
		{"host ", " or less 100", 0},
		{"host ", " or src or dst port 5", 5},
		{"host ", " or", 0},
		{"host (", "", 0},
		{"host ", ")", 0},
		{"host (src ", ")", 0},
		{"tcp or ", "", 0},
		{"host (", ") or 10.0.0.66", 0},
		{"host 10.0.0.1 or (", ")", 0},
		{"", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = list(rows[i].before, rows[i].behind);

		if (parts_of(text) != rows[i].parts)
			fail_msg("%zu parts: %s", parts_of(text), text);
		free(text);
	}
	assert_int_equal(parts_of("host 10.0.0.1 or 10.0.0.2"), 0);
}

/* libpcap says what is wrong, as of a short one. */
static void wrong_ones(void **state)
{
	struct expression *expression;
	char *text = list("host ", " or port 70000"), error[256];

	(void)state;
	assert_int_equal(expression_compile_file(text, LINK_ETHERNET, &expression, error, sizeof(error)), -EINVAL);
	assert_string_equal(error, "illegal port number 70000 > 65535");
	free(text);
}

/* Where one part can match nothing, the others still do: no IPv6 in ARP's place, no Ethernet in raw IP. */
static void a_part_that_rejects_all(void **state)
{
	struct frame frame = {.bytes = (const uint8_t[20]){0x45, [12] = 10, 0, 0, 7}, .length = 20, .captured = 20};
	char *text = list("arp or host ", ""), error[256];
	struct expression *expression;

	(void)state;
	assert_int_equal(expression_compile_file(text, LINK_RAW, &expression, error, sizeof(error)), 0);
	assert_true(expression_match(expression, &frame));
	frame.bytes = (const uint8_t[20]){0x45, [12] = 10, 0, 0, 77};
	assert_false(expression_match(expression, &frame));
	expression_close(expression);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_expressions),      cmocka_unit_test(expressions_of_the_corpus),
		cmocka_unit_test(what_is_divided),         cmocka_unit_test(wrong_ones),
		cmocka_unit_test(a_part_that_rejects_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
