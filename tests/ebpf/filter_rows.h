/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_ROWS_H
#define BPFSNIFF_FILTER_ROWS_H

#include <bpf/bpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "both_ways.h"
#include "cli/options.h"
#include "ebpf/kernel_filter.h"
#include "packet/verdict_names.h"
#include "packets.h"
#include "stats/stats.h"

/* Loads filters and runs packets through them with BPF_PROG_TEST_RUN. Included by the tests, after cmocka.h. */

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum {
	NO_TEST = 77, /* exit status: cannot be tested here */
	LOOPBACK_DEVICE = 1,
	FLAGS_MAX = 512,
	WORDS_MAX = 16,
};

/* A packet, command-line options with one blank between them, and the expected verdict. */
struct row {
	const char *name;
	const char *flags;
	enum verdict verdict;
	struct packet_bytes packet;
};

/* The index of the interface of packets that do not come through lo. */
static unsigned int device;

/* A program of type SCHED_CLS sees Ethernet frames as a live socket does, the link-level header first; a SOCKET_FILTER
 * sees what a device without such a header delivers (net/bpf/test_run.c: is_l2). */
static enum bpf_prog_type program_type = BPF_PROG_TYPE_SCHED_CLS;

/* Enter a network namespace of our own, with a device that is not lo. */
static inline int rows_setup(void **state)
{
	(void)state;
	assert_return_code(unshare(CLONE_NEWNET), errno);
	assert_int_equal(system("ip link add test0 type veth peer name test1"), 0);
	device = if_nametoindex("test0");
	assert_in_range(device, LOOPBACK_DEVICE + 1, 1000);
	return 0;
}

/* End the program, with the reason, if it lacks privilege. */
static inline void rows_need_privilege(void)
{
	static const unsigned int needed[] = {CAP_BPF, CAP_NET_ADMIN, CAP_SYS_ADMIN};

	for (size_t i = 0; i < LENGTH(needed); i++) {
		if (capng_have_capability(CAPNG_EFFECTIVE, needed[i]))
			continue;
		puts("1..0 # SKIP needs CAP_BPF, CAP_NET_ADMIN and CAP_SYS_ADMIN, to load filters and make a network");
		exit(NO_TEST);
	}
}

/* How the filters that are loaded next read headers; see rows_run_group(). */
static bool rows_by_helper;

static inline struct kernel_filter *rows_open(const struct filter_spec *spec,
					      const struct kernel_filter_expression *expression)
{
	static const struct kernel_filter_expression none;
	struct kernel_filter *filter = NULL;
	struct kernel_filter_error error;
	int ret;

	ways_choose(rows_by_helper);
	ret = kernel_filter_open(spec, expression ? expression : &none, program_type, NULL, &filter, &error);
	ways_choose(false);
	if (ret)
		fail_msg("not loaded: %s\n%s", strerror(-ret), error.log);
	ways_check(filter, rows_by_helper);
	return filter;
}

/* Parse options with blanks between them. */
static inline void rows_parse(const char *flags, struct options *options)
{
	char copy[FLAGS_MAX], *words[WORDS_MAX] = {"bpfsniff"};
	int count = 1;

	assert_in_range(snprintf(copy, sizeof(copy), "%s", flags), 0, sizeof(copy) - 1);
	for (char *at = copy, *word = strsep(&at, " "); word; word = strsep(&at, " ")) {
		if (!*word)
			continue;
		assert_in_range(count, 1, WORDS_MAX - 2);
		words[count++] = word;
	}
	assert_int_equal(options_parse(count, words, options), 0);
}

/* Load the filter of some options. `expression` may be NULL. */
static inline struct kernel_filter *rows_load(const char *flags, const struct kernel_filter_expression *expression)
{
	struct options options;
	struct kernel_filter *filter;

	rows_parse(flags, &options);
	filter = rows_open(&options.spec, expression);
	options_release(&options);
	return filter;
}

/* Run the filter on a packet. Returns what the filter returns: how many bytes to copy. */
static inline uint32_t rows_run(const struct kernel_filter *filter, const struct packet_bytes *packet,
				unsigned int ifindex)
{
	uint8_t bytes[ETH_HLEN + 2048] = {[ETH_HLEN - 2] = 8};
	size_t before = program_type == BPF_PROG_TYPE_SOCKET_FILTER ? ETH_HLEN : 0;
	struct __sk_buff context = {.ifindex = ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes, .data_size_in = (uint32_t)(before + packet->length),
		    .ctx_in = &context, .ctx_size_in = sizeof(context));

	assert_in_range(packet->length, 1, 2048);
	memcpy(bytes + before, packet->bytes, packet->length);
	if (before && packet->bytes[0] >> 4 == 6) {
		bytes[ETH_HLEN - 2] = T_IPV6 >> 8;
		bytes[ETH_HLEN - 1] = T_IPV6 & 0xff;
	}
	assert_int_equal(bpf_prog_test_run_opts(kernel_filter_part(filter, KERNEL_FILTER_DISPATCH), &options), 0);
	return options.retval;
}

/* The verdict whose counter grew by one, if it is the only one that changed; else VERDICT_COUNT. */
static inline enum verdict rows_counted(const struct kernel_filter_counts *before,
					const struct kernel_filter_counts *after)
{
	enum verdict verdict = VERDICT_COUNT;
	uint64_t frames = 0;

	for (int i = 0; i < VERDICT_COUNT; i++) {
		frames += after->verdict[i] - before->verdict[i];
		if (after->verdict[i] != before->verdict[i])
			verdict = (enum verdict)i;
	}
	return frames == 1 ? verdict : VERDICT_COUNT;
}

/* The verdict on a packet. Checks that it is counted once and that the filter returns accordingly. */
static inline enum verdict rows_judge(const struct kernel_filter *filter, const struct packet_bytes *packet,
				      unsigned int ifindex)
{
	struct kernel_filter_counts before, after;
	enum verdict verdict;
	uint32_t copied;

	assert_int_equal(kernel_filter_read(filter, &before), 0);
	copied = rows_run(filter, packet, ifindex);
	assert_int_equal(kernel_filter_read(filter, &after), 0);
	verdict = rows_counted(&before, &after);
	assert_int_not_equal(verdict, VERDICT_COUNT);
	assert_int_equal(copied, verdict == VERDICT_ACCEPTED ? SNAPLEN_MAX : 0);
	return verdict;
}

static inline void rows_expect(const struct kernel_filter *filter, const struct row *row, unsigned int ifindex)
{
	enum verdict verdict = rows_judge(filter, &row->packet, ifindex);

	if (verdict != row->verdict)
		fail_msg("%s (%s): %s, not %s", row->name, row->flags, verdict_name(verdict),
			 verdict_name(row->verdict));
}

/* Consecutive rows with the same options share one filter, and what it remembers of flows. */
static struct kernel_filter *row_filter;
static const char *row_flags;

static inline void rows_close(void)
{
	kernel_filter_close(row_filter);
	row_filter = NULL;
	row_flags = NULL;
}

static inline void rows_test_through(const struct row *row, unsigned int ifindex)
{
	if (!row_flags || strcmp(row_flags, row->flags) != 0) {
		rows_close();
		row_filter = rows_load(row->flags, NULL);
		row_flags = row->flags;
	}
	rows_expect(row_filter, row, ifindex);
}

/* Test one row. */
static inline void rows_test(void **state)
{
	rows_test_through(*state, device);
}

static inline void rows_test_loopback(void **state)
{
	rows_test_through(*state, LOOPBACK_DEVICE);
}

static inline int rows_teardown(void **state)
{
	(void)state;
	rows_close();
	return 0;
}

static inline struct CMUnitTest rows_unit_test(const struct row *row, CMUnitTestFunction test)
{
	return (struct CMUnitTest){.name = row->name, .test_func = test, .initial_state = (void *)row};
}

/* Run all tests twice, once with each kind of filter. Returns what main() returns. */
static inline int rows_run_group(const struct CMUnitTest *tests, size_t count, CMFixtureFunction teardown)
{
	int failed = _cmocka_run_group_tests("in place", tests, count, rows_setup, teardown);

	rows_by_helper = true;
	return failed + _cmocka_run_group_tests("by a helper", tests, count, rows_setup, teardown);
}

#endif
