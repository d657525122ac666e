/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "corpus.h"
#include "filter/expression.h"

/*
 * Expressions for every interface. tcpdump attaches them to a SOCK_DGRAM socket, whose packets begin at the network
 * header; ours begin at the link-level header, as they do for a classifier. libpcap's interpreter gets the same packet
 * after a cooked header, and must agree.
 */

enum { SLL2_HEADER = 20, LOOPBACK_INDEX = 1 };

static int setup(void **state)
{
	(void)state;
	corpus_read();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	corpus_free();
	return 0;
}

/* skb->protocol, as eth_type_trans() in net/ethernet/eth.c finds it. */
static uint16_t protocol(const uint8_t *frame, uint32_t length)
{
	uint16_t type = (uint16_t)(frame[12] << 8 | frame[13]);

	if (type >= ETH_P_802_3_MIN)
		return type;
	return length >= ETH_HLEN + 2 && frame[14] == 0xff && frame[15] == 0xff ? ETH_P_802_3 : ETH_P_802_2;
}

/* bpf_prog_test_run_skb() refuses an IP packet without a whole fixed header. */
static bool can_run(const struct sample *sample)
{
	const struct frame *frame = &sample->frame;
	uint32_t least = ETH_HLEN + 1;

	if (sample->link_type != LINK_ETHERNET || frame->captured < least)
		return false;
	if (protocol(frame->bytes, frame->captured) == ETH_P_IP)
		least = ETH_HLEN + 20;
	else if (protocol(frame->bytes, frame->captured) == ETH_P_IPV6)
		least = ETH_HLEN + 40;
	return frame->captured >= least;
}

/* Interpret the packet after a header as libpcap makes it up (struct sll2_header). The length that `len` reads is that
 * of the packet without this header. */
static bool interpret(const struct expression *expression, const struct frame *ethernet)
{
	uint8_t bytes[SLL2_HEADER + RUN_FRAME_MAX] = {[10] = PACKET_OTHERHOST};
	uint16_t type = htons(protocol(ethernet->bytes, ethernet->captured));
	uint32_t index = htonl(LOOPBACK_INDEX);
	uint32_t length = ethernet->captured - ETH_HLEN;
	struct frame cooked = {.bytes = bytes, .captured = SLL2_HEADER + length, .length = length};

	memcpy(bytes, &type, sizeof(type));
	memcpy(bytes + 4, &index, sizeof(index));
	memcpy(bytes + SLL2_HEADER, ethernet->bytes + ETH_HLEN, length);
	return expression_match(expression, &cooked);
}

/* Whether an expression reads bytes of the cooked header that the kernel cannot supply. */
static bool reads_link_header(const char *text)
{
	return strstr(text, "ether[") || strstr(text, "link[");
}

static void compare(const char *text, const struct expression *live, const struct expression *file, enum cbpf_base base,
		    size_t stride)
{
	size_t count;
	const struct sock_filter *program = expression_program(live, &count);
	int fd, hoisted;

	if (strstr(text, "protochain")) {
		run_refused(program, count, base, "needs a loop");
		return;
	}
	if (reads_link_header(text)) {
		run_refused(program, count, base, "cooked link-level header");
		return;
	}
	fd = run_load_classic(BPF_PROG_TYPE_SCHED_CLS, program, count, base);
	hoisted = run_load_hoisted(BPF_PROG_TYPE_SCHED_CLS, program, count, base);
	for (size_t i = 0; i < sample_count; i += stride) {
		const struct frame *frame = &samples[i]->frame;

		if (!can_run(samples[i]))
			continue;
		if (run_classifier(fd, frame->bytes, frame->captured) != interpret(file, frame))
			fail_msg("\"%s\", frame %zu: the kernel differs", text, i);
		if (i % 7 == 0 && run_classifier(hoisted, frame->bytes, frame->captured) != interpret(file, frame))
			fail_msg("\"%s\" hoisted, frame %zu: the kernel differs", text, i);
	}
	close(fd);
	close(hoisted);
}

/* Compare on every `stride`-th frame. */
static void compare_corpus(enum cbpf_base base, size_t stride)
{
	FILE *expressions = fopen(CORPUS "expressions.txt", "r");
	char text[CORPUS_LINE];
	size_t compiled = 0;

	assert_non_null(expressions);
	while (corpus_line(expressions, text)) {
		struct expression *live = NULL, *file = NULL;
		char live_error[256] = "", file_error[256] = "";
		int err = expression_compile_live(text, NULL, LINK_ETHERNET, &live, live_error, sizeof(live_error));

		assert_int_equal(expression_compile_file(text, LINK_LINUX_SLL2, &file, file_error, sizeof(file_error)),
				 err);
		assert_string_equal(live_error, file_error);
		if (!err)
			compare(text, live, file, base, stride);
		compiled += !err;
		expression_close(live);
		expression_close(file);
	}
	fclose(expressions);
	assert_int_equal(compiled, 208);
}

static void test_corpus(void **state)
{
	(void)state;
	compare_corpus(CBPF_COOKED, 1);
}

static void test_corpus_linear(void **state)
{
	(void)state;
	compare_corpus(CBPF_COOKED_LINEAR, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_corpus_linear),
	};

	return corpus_is_missing() ? CORPUS_SKIP : cmocka_run_group_tests(tests, setup, teardown);
}
