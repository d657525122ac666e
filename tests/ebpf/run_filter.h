/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RUN_FILTER_H
#define BPFSNIFF_RUN_FILTER_H

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ebpf/cbpf_to_ebpf.h"

/* Loads programs and runs packets through them with BPF_PROG_TEST_RUN. Included by the tests, after cmocka.h. */

/* bpf_test_init() in net/bpf/test_run.c requires a frame to fit into one page, with room around it. */
enum { RUN_FRAME_MAX = 3072 };

/* Load eBPF instructions. Returns a descriptor, or -errno after printing the verifier's log. */
static inline int run_load(enum bpf_prog_type type, const struct bpf_insn *insns, size_t count)
{
	static char log[1 << 20];
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int fd = bpf_prog_load(type, "test", "Dual BSD/GPL", insns, count, &options);

	if (fd < 0) {
		options.log_buf = log;
		options.log_size = sizeof(log);
		options.log_level = 1;
		fd = bpf_prog_load(type, "test", "Dual BSD/GPL", insns, count, &options);
		if (fd < 0)
			fprintf(stderr, "%zu instructions refused: %s\n%s\n", count, strerror(-fd), log); /* long */
	}
	return fd;
}

/* Translate a classic program and load the result. */
static inline int run_load_translated(enum bpf_prog_type type, const struct sock_filter *program, size_t count,
				      const struct cbpf_options *options)
{
	struct bpf_insn *insns = NULL;
	size_t length;
	const char *reason;
	int fd;

	if (cbpf_to_ebpf(program, count, options, &insns, &length, &reason))
		fail_msg("not translated: %s", reason);
	fd = run_load(type, insns, length);
	assert_return_code(fd, -fd);
	free(insns);
	return fd;
}

/* The result returns 1 to accept. */
static inline int run_load_classic(enum bpf_prog_type type, const struct sock_filter *program, size_t count,
				   enum cbpf_base base)
{
	return run_load_translated(type, program, count, &(struct cbpf_options){.base = base, .next_fd = -1});
}

/* The same, translated as a large program is. */
static inline int run_load_hoisted(enum bpf_prog_type type, const struct sock_filter *program, size_t count,
				   enum cbpf_base base)
{
	return run_load_translated(type, program, count,
				   &(struct cbpf_options){.base = base, .next_fd = -1, .always_hoist = true});
}

/* Check that a classic program is refused, with these words in the reason. */
static inline void run_refused(const struct sock_filter *program, size_t count, enum cbpf_base base, const char *words)
{
	struct cbpf_options options = {.base = base, .next_fd = -1};
	struct bpf_insn *insns = NULL;
	const char *reason = NULL;
	size_t length;

	assert_int_equal(cbpf_to_ebpf(program, count, &options, &insns, &length, &reason), -EINVAL);
	assert_null(insns);
	if (!strstr(reason, words))
		fail_msg("\"%s\" says nothing of \"%s\"", reason, words);
}

/* What a socket filter returns for a frame of these bytes. A test run removes an Ethernet header before it runs a
 * socket filter, so this adds one. `context` may be NULL. */
static inline uint32_t run_socket_filter(int fd, const uint8_t *bytes, size_t length, struct __sk_buff *context)
{
	uint8_t packet[ETH_HLEN + RUN_FRAME_MAX] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = (uint32_t)(ETH_HLEN + length),
		    .ctx_in = context, .ctx_size_in = context ? sizeof(*context) : 0);

	assert_in_range(length, 1, RUN_FRAME_MAX);
	memcpy(packet + ETH_HLEN, bytes, length);
	assert_int_equal(bpf_prog_test_run_opts(fd, &options), 0);
	return options.retval;
}

/* What a scheduler classifier returns: it sees an Ethernet frame as a live SOCK_RAW socket does, link-level header
 * first. */
static inline uint32_t run_classifier(int fd, const uint8_t *frame, size_t length)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = (uint32_t)length);

	assert_in_range(length, ETH_HLEN + 1, ETH_HLEN + RUN_FRAME_MAX);
	assert_int_equal(bpf_prog_test_run_opts(fd, &options), 0);
	return options.retval;
}

#endif
