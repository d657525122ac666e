/* SPDX-License-Identifier: BSD-2-Clause */
#include <cap-ng.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "corpus.h"
#include "filter/expression.h"

/*
 * Every expression of the corpus on every frame of the corpus: the translated program in the kernel must decide like
 * libpcap's interpreter. Translated as if it were large, it must do so on every HOISTED_STRIDE-th frame.
 */

enum { HOISTED_STRIDE = 7 };

/* Enter a network namespace with a loopback interface for libpcap to open, and keep only the capabilities of a live
 * capture. */
static int setup(void **state)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	(void)state;
	assert_return_code(unshare(CLONE_NEWNET), errno);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_return_code(ioctl(fd, SIOCSIFFLAGS, &request), errno);
	close(fd);
	corpus_read();
	capng_clear(CAPNG_SELECT_BOTH);
	capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_BPF, CAP_NET_RAW, -1);
	assert_int_equal(capng_apply(CAPNG_SELECT_BOTH), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	corpus_free();
	return 0;
}

/* Compare a live expression in the kernel with the interpreter on the samples [first, end), which have one link type.
 * Returns how many are accepted. */
static size_t compare(const char *text, const struct expression *live, const struct expression *file, size_t first,
		      size_t end)
{
	size_t count, accepted = 0;
	const struct sock_filter *program = expression_program(live, &count);
	int fd, hoisted;

	if (strstr(text, "protochain")) {
		run_refused(program, count, CBPF_LINK, "needs a loop");
		return 0;
	}
	fd = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, count, CBPF_LINK);
	hoisted = run_load_hoisted(BPF_PROG_TYPE_SOCKET_FILTER, program, count, CBPF_LINK);
	for (size_t i = first; i < end; i++) {
		const struct frame *frame = &samples[i]->frame;
		bool match = expression_match(file, frame);

		if (run_socket_filter(fd, frame->bytes, frame->captured, NULL) != match)
			fail_msg("\"%s\", link type %u, frame %zu: not %d", text, samples[i]->link_type, i, match);
		if (i % HOISTED_STRIDE == 0 && run_socket_filter(hoisted, frame->bytes, frame->captured, NULL) != match)
			fail_msg("\"%s\" hoisted, link type %u, frame %zu: not %d", text, samples[i]->link_type, i,
				 match);
		accepted += match;
	}
	close(fd);
	close(hoisted);
	return accepted;
}

/* An equivalent of an expression for the frames of a test run, which all come in through lo. */
static const char *plain(const char *text)
{
	static const struct {
		const char *text, *plain;
	} table[] = {{"inbound", "1 = 1"},
		     {"outbound", "len > 1000000"},
		     {"inbound and tcp", "tcp"},
		     {"ifindex 1", "1 = 1"}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].text, text) == 0)
			return table[i].plain;
	return text;
}

/* For Ethernet, use the program of a live interface, where `vlan` reads the tag beside the frame too. */
static size_t compare_link_type(const char *text, size_t first, size_t end)
{
	uint16_t link_type = samples[first]->link_type;
	struct expression *live = NULL, *file = NULL;
	char error[256] = "";
	size_t accepted = 0;

	if (link_type == LINK_ETHERNET) {
		assert_int_equal(expression_compile_file(plain(text), link_type, &file, error, sizeof(error)), 0);
		assert_int_equal(expression_compile_live(text, "lo", link_type, &live, error, sizeof(error)), 0);
		accepted = compare(text, live, file, first, end);
	} else if (expression_compile_file(text, link_type, &file, error, sizeof(error)) == 0) {
		accepted = compare(text, file, file, first, end);
	} else {
		assert_string_not_equal(error, "");
	}
	expression_close(live);
	expression_close(file);
	return accepted;
}

static void test_corpus(void **state)
{
	FILE *expressions = fopen(CORPUS "expressions.txt", "r");
	char text[CORPUS_LINE];
	size_t count = 0, matching = 0;

	(void)state;
	assert_non_null(expressions);
	for (; corpus_line(expressions, text); count++) {
		size_t accepted = 0;

		for (size_t first = 0; first < sample_count; first = corpus_end(first))
			accepted += compare_link_type(text, first, corpus_end(first));
		matching += accepted > 0;
	}
	fclose(expressions);
	assert_int_equal(count, 242);
	assert_int_equal(matching, 199);
}

/* How many cooked programs of the corpus the kernel loads as socket filters. */
static size_t count_loaded(enum cbpf_base base)
{
	const struct cbpf_options options = {.base = base, .next_fd = -1};
	FILE *expressions = fopen(CORPUS "expressions.txt", "r");
	char text[CORPUS_LINE];
	size_t loaded = 0;

	assert_non_null(expressions);
	while (corpus_line(expressions, text)) {
		struct expression *expression = NULL;
		struct bpf_insn *insns = NULL;
		const struct sock_filter *program;
		const char *reason;
		char error[256];
		size_t count;
		int fd;

		if (expression_compile_live(text, NULL, LINK_UNKNOWN, &expression, error, sizeof(error)))
			continue;
		program = expression_program(expression, &count);
		if (cbpf_to_ebpf(program, count, &options, &insns, &count, &reason) == 0) {
			fd = run_load(BPF_PROG_TYPE_SOCKET_FILTER, insns, count);
			assert_return_code(fd, -fd);
			close(fd);
			loaded++;
		}
		free(insns);
		expression_close(expression);
	}
	fclose(expressions);
	return loaded;
}

/* test_cooked.c needs more privilege to run these programs; to load them, the capabilities of a live capture suffice.
 */
static void test_cooked_loads(void **state)
{
	(void)state;
	assert_int_equal(count_loaded(CBPF_COOKED), 197);
	assert_int_equal(count_loaded(CBPF_COOKED_LINEAR), 197);
}

/* Lines are "EXPRESSION\ttcpdump: MESSAGE OF LIBPCAP". */
static void test_rejected(void **state)
{
	FILE *expressions = fopen(CORPUS "expressions-reject.tsv", "r");
	char text[CORPUS_LINE];
	size_t count = 0;

	(void)state;
	assert_non_null(expressions);
	for (; corpus_line(expressions, text); count++) {
		static const char prefix[] = "\ttcpdump: ";
		struct expression *expression = NULL;
		char *words = strstr(text, prefix);
		char error[256] = "";

		assert_non_null(words);
		*words = '\0';
		words += strlen(prefix);
		assert_int_equal(expression_compile_live(text, "lo", LINK_ETHERNET, &expression, error, sizeof(error)),
				 -EINVAL);
		assert_string_equal(error, words);
	}
	fclose(expressions);
	assert_int_equal(count, 169);
}

enum { LIST = 1200 };

/* "udp and (host 10.0.0.0 or host 10.0.1.0 or ...)": longer than the kernel allows a classic program to be. */
static struct expression *compile_list(const char *kind)
{
	struct expression *expression = NULL;
	char error[256] = "";
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (unsigned int i = 0; i < LIST; i++) {
		fprintf(stream, "%s ", i ? " or" : "udp and (");
		fprintf(stream, kind, i >> 8, i & 0xff);
	}
	fprintf(stream, ")");
	fclose(stream);
	assert_int_equal(expression_compile_live(text, "lo", LINK_ETHERNET, &expression, error, sizeof(error)), 0);
	free(text);
	return expression;
}

static void test_long_expression(void **state)
{
	uint8_t frame[] = {2,    0, 0, 0,  0, 1, 2, 0, 0,  0,  0, 2, 8,   0,                    /* Ethernet */
			   0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 10, 0, 0, 0, /* IPv4 */
			   0,    1, 0, 2,  0, 8, 0, 0};                                         /* UDP */
	struct expression *expression = compile_list("host 10.0.%u.%u");
	size_t count;
	const struct sock_filter *program = expression_program(expression, &count);
	int fd = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, count, CBPF_LINK);

	(void)state;
	assert_in_range(count, BPF_MAXINSNS + 1, 10 * BPF_MAXINSNS);
	for (unsigned int host = 0; host < LIST + 10; host++) {
		frame[32] = (uint8_t)(host >> 8);
		frame[33] = (uint8_t)host;
		assert_int_equal(run_socket_filter(fd, frame, sizeof(frame), NULL), host < LIST);
	}
	close(fd);
	expression_close(expression);
}

/* Instructions that the kernel replaces by several, each time moving all that follow. */
static size_t patched(const struct bpf_insn *insns, size_t count)
{
	size_t loads = 0;

	for (size_t i = 0; i < count; i++)
		loads += BPF_CLASS(insns[i].code) == BPF_LD &&
			 (BPF_MODE(insns[i].code) == BPF_ABS || BPF_MODE(insns[i].code) == BPF_IND);
	return loads;
}

static void test_long_list_reads_few_times(void **state)
{
	static const char *const kinds[] = {"host 10.0.%u.%u", "net 10.%u.%u.0/24", "src net 10.%u.%u.0/24",
					    "port 1%u%03u", "host fd00::%u:%u"};
	const struct cbpf_options options = {.base = CBPF_LINK, .next_fd = -1};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct expression *expression = compile_list(kinds[i]);
		size_t count, ebpf_count;
		const struct sock_filter *program = expression_program(expression, &count);
		struct bpf_insn *insns;
		const char *reason;

		assert_int_equal(cbpf_to_ebpf(program, count, &options, &insns, &ebpf_count, &reason), 0);
		assert_in_range(ebpf_count, LIST, 100 * LIST);
		assert_in_range(patched(insns, ebpf_count), 0, LIST / 4); /* a list is compiled in parts */
		free(insns);
		expression_close(expression);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_cooked_loads),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_long_expression),
		cmocka_unit_test(test_long_list_reads_few_times),
	};

	return corpus_is_missing() ? CORPUS_SKIP : cmocka_run_group_tests(tests, setup, teardown);
}
