/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_AND_USER_H
#define BPFSNIFF_KERNEL_AND_USER_H

#include <sched.h>

#include "../agreement.h"
#include "../device.h"
#include "base/clock.h"
#include "both_ways.h"
#include "cli/options.h"
#include "cli/ssh_session.h"
#include "decode/decode.h"
#include "ebpf/kernel_filter.h"
#include "filter/expression.h"
#include "filter/offline_filter.h"
#include "flow/tcp_annotator.h"
#include "flow_identify.h"
#include "packet/verdict_names.h"
#include "run_filter.h"
#include "stats/stats.h"

/*
 * One command line, judged in both homes: in the kernel by test runs, both ways, and in user space. It may begin with
 * the SSH session that is left out, in brackets and as the variable has it. Included by the tests, after cmocka.h.
 */

enum { WORDS_MAX = 32, COMMAND_MAX = 512, WAYS = 2 };

#define DEVICE "tap0"

struct homes {
	const char *command; /* as it was typed */
	char text[COMMAND_MAX];
	struct options options;
	struct interface interface;
	struct expression *expression;
	struct kernel_filter *filters[WAYS]; /* the second reads headers by a helper */
	struct offline_filter offline;
	struct kernel_filter_counts counts[WAYS]; /* in the kernel, up to the frame judged last */
};

/* Stay on one CPU: each sets entries of an LRU map aside for itself, and forgets flows earlier for that. */
static inline void homes_stay(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET((size_t)sched_getcpu(), &cpus);
	assert_return_code(sched_setaffinity(0, sizeof(cpus), &cpus), errno);
}

static inline void homes_parse(struct homes *homes, const char *command)
{
	char *words[WORDS_MAX] = {"bpfsniff"}, *rest = homes->text, *session = NULL;
	int count = 1;

	homes->command = command;
	snprintf(homes->text, sizeof(homes->text), "%s", command);
	if (*rest == '[')
		session = strtok_r(rest + 1, "]", &rest);
	for (char *word = strtok_r(rest, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		assert_in_range(count, 1, WORDS_MAX - 1);
		words[count++] = word;
	}
	if (options_parse(count, words, &homes->options))
		fail_msg("cannot parse '%s'", command);
	assert_true(!session || ssh_session_parse(session, &homes->options.spec.config.own_session));
}

static inline void homes_close(struct homes *homes)
{
	for (int way = 0; way < WAYS; way++) {
		const struct kernel_filter *filter = homes->filters[way];
		const struct kernel_filter_counts *counts = &homes->counts[way];

		/* No two tables forget the same flows. */
		assert_true(!filter || counts->flows_added == kernel_filter_flow_count(filter, KERNEL_FILTER_FLOWS));
		assert_true(!filter ||
			    counts->connections_added == kernel_filter_flow_count(filter, KERNEL_FILTER_CONNECTIONS));
		kernel_filter_close(homes->filters[way]);
	}
	offline_filter_release(&homes->offline);
	expression_close(homes->expression);
	options_release(&homes->options);
}

/* Load options and an expression as the program does for an interface of that link type. False when the expression has
 * no meaning there to libpcap. */
static inline bool homes_open(struct homes *homes, const char *command, uint32_t device, uint16_t link_type)
{
	enum bpf_prog_type type = link_type == LINK_ETHERNET ? BPF_PROG_TYPE_SCHED_CLS : BPF_PROG_TYPE_SOCKET_FILTER;
	struct kernel_filter_expression compiled = {.base = CBPF_LINK};
	struct kernel_filter_error refused;
	const char *text;
	char error[256] = "";

	*homes = (struct homes){.interface = {.index = device, .name = DEVICE, .link_type = link_type}};
	homes_parse(homes, command);
	homes->options.spec.told_room = 0; /* small maps are quickly made */
	text = homes->options.expression;
	if (text && expression_compile_live(text, DEVICE, link_type, &homes->expression, error, sizeof(error))) {
		homes_close(homes);
		return false;
	}
	if (text)
		compiled.program = expression_program(homes->expression, &compiled.count);
	for (int way = 0; way < WAYS; way++) {
		ways_choose(way);
		if (kernel_filter_open(&homes->options.spec, &compiled, type, NULL, &homes->filters[way], &refused))
			fail_msg("'%s' does not load: %s", command, refused.log);
		ways_check(homes->filters[way], way);
	}
	ways_choose(false);
	assert_int_equal(offline_filter_init(&homes->offline, &homes->options.spec, text), 0);
	return true;
}

/* What the kernel puts into skb->protocol for a device of that kind: by the link type, else by the IP version. */
static inline uint16_t homes_raw_protocol(uint16_t link_type, uint8_t first)
{
	if (link_type == LINK_IPV4 || (link_type != LINK_IPV6 && first >> 4 == 4))
		return ETH_P_IP;
	return link_type == LINK_IPV6 || first >> 4 == 6 ? ETH_P_IPV6 : 0;
}

/* What bpf_prog_test_run_skb() (net/bpf/test_run.c) takes: a link-level header with something behind it, for IP a whole
 * fixed header. */
static inline bool homes_can_run(const struct sample *sample)
{
	const uint8_t *bytes = sample->bytes;
	uint32_t length = sample->frame.captured, link = sample->link_type == LINK_ETHERNET ? ETH_HLEN : 0;
	uint16_t protocol;

	if (length <= link)
		return false;
	protocol = link ? (uint16_t)(bytes[12] << 8 | bytes[13]) : homes_raw_protocol(sample->link_type, *bytes);
	return length >= link + (protocol == ETH_P_IP ? 20 : protocol == ETH_P_IPV6 ? 40 : 1);
}

/* The verdict of the kernel: the counter that grows. An Ethernet frame runs as it is; other devices' frames have
 * nothing in front of their IP header, so a test run gets an Ethernet header to take away. */
static inline int homes_kernel(struct homes *homes, const struct sample *sample, int way)
{
	uint32_t head = sample->link_type == LINK_ETHERNET ? 0 : ETH_HLEN;
	uint16_t protocol = homes_raw_protocol(sample->link_type, *sample->bytes);
	uint8_t packet[ETH_HLEN + RUN_FRAME_MAX] = {[12] = (uint8_t)(protocol >> 8), [13] = (uint8_t)protocol};
	struct __sk_buff context = {.ifindex = homes->interface.index};
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = head + sample->frame.captured,
		    .ctx_in = &context, .ctx_size_in = sizeof(context));
	struct kernel_filter_counts now;
	int verdict = -1;

	memcpy(packet + head, sample->bytes, sample->frame.captured);
	assert_int_equal(bpf_prog_test_run_opts(kernel_filter_part(homes->filters[way], KERNEL_FILTER_DISPATCH), &run),
			 0);
	assert_int_equal(kernel_filter_read(homes->filters[way], &now), 0);
	for (int i = 0; i < VERDICT_COUNT; i++) {
		if (now.verdict[i] == homes->counts[way].verdict[i])
			continue;
		assert_int_equal(verdict, -1);
		assert_int_equal(now.verdict[i], homes->counts[way].verdict[i] + 1);
		verdict = i;
	}
	assert_in_range(verdict, 0, VERDICT_COUNT - 1);
	assert_int_equal(run.retval, verdict == VERDICT_ACCEPTED ? homes->options.snaplen : 0);
	homes->counts[way] = now;
	return verdict;
}

/* A test run is a frame that comes in. */
static inline int homes_user(struct homes *homes, const struct sample *sample)
{
	struct frame frame = sample->frame;

	frame.interface = &homes->interface;
	frame.direction = DIRECTION_IN;
	frame.has_time = true;
	frame.time_ns = clock_monotonic_ns(); /* as bpf_ktime_get_ns() */
	return offline_filter_match(&homes->offline, &frame);
}

/* What the kernel tells of a segment that it has accepted last, held against what was found here. The clocks tell a
 * retransmission from a segment out of order. */
static inline const char *homes_told(const struct homes *homes, const struct tcp_segment *segment)
{
	const uint32_t by_clock = TCP_EVENT_RETRANSMISSION | TCP_EVENT_FAST_RETRANSMISSION | TCP_EVENT_OUT_OF_ORDER;
	const struct tcp_side *sides = homes->offline.connection->sides;
	const int high = flow_is_swapped(&homes->offline.dissection.key);
	const struct tcp_work *work = &homes->offline.tcp;
	struct tcp_told_key key = {
		.id = work->id,
		.seq = segment->seq,
		.ack = segment->ack,
		.length = segment->length,
		.window = segment->window,
		.flags = segment->flags,
	};
	struct tcp_told told;

	for (int way = 0; way < WAYS; way++)
		if (kernel_filter_told(homes->filters[way], &key, &told) ||
		    ((told.runs[0].events ^ work->finding.events) & ~by_clock) != 0 ||
		    told.runs[0].sender_base != sides[high].base || told.runs[0].receiver_base != sides[!high].base)
			return "what is told of a segment";
	return NULL;
}

/* What --tcp-event has read of a segment, held against what the analysis reads of the same packet. */
static inline const char *homes_segment(const struct homes *homes, const struct packet *packet, int verdict)
{
	const struct tcp_segment *read = &homes->offline.tcp.segment;
	struct tcp_segment segment;
	struct flow_id id;
	bool high;

	if (!homes->options.spec.config.tcp_events ||
	    (verdict != VERDICT_ACCEPTED && verdict != VERDICT_TCP_EVENT && verdict != VERDICT_FLOW_LIMIT))
		return NULL;
	if (tcp_segment_of(packet, &id, &segment, &high) != !!homes->offline.connection)
		return "whether a segment is judged";
	if (!homes->offline.connection)
		return NULL;
	if (segment.length != read->length)
		return "the length of a segment";
	if (segment.scale != read->scale)
		return "a window scale";
	return verdict == VERDICT_TCP_EVENT ? NULL : homes_told(homes, &segment);
}

/* What decode() makes of a frame that user space has just judged, held against what it was judged by. */
static inline const char *homes_shown(struct homes *homes, const struct sample *sample, int verdict)
{
	struct frame frame = sample->frame;
	struct packet packet;
	const char *what;

	if (verdict == VERDICT_DIRECTION) /* before the headers are looked at */
		return NULL;
	frame.interface = &homes->interface;
	decode(&frame, &packet);
	what = disagreement(&homes->options.spec.config, &homes->offline.dissection.key, &packet);
	return what ? what : homes_segment(homes, &packet, verdict);
}

static inline void homes_show(const struct sample *sample)
{
	for (uint32_t i = 0; i < sample->frame.captured; i++)
		fprintf(stderr, "%02x", sample->bytes[i]);
	fputc('\n', stderr);
}

/* The verdict on a frame, which must be the same in both homes, and on what is shown of it. */
static inline int homes_judge(struct homes *homes, const struct sample *sample)
{
	int kernel = homes_kernel(homes, sample, 0), by_helper = homes_kernel(homes, sample, 1);
	int user = homes_user(homes, sample);
	const char *what = homes_shown(homes, sample, user);

	if (kernel != by_helper) {
		homes_show(sample);
		fail_msg("'%s', link type %u, the frame above: '%s' read in place, '%s' by a helper", homes->command,
			 sample->link_type, verdict_name((enum verdict)kernel), verdict_name((enum verdict)by_helper));
	}
	if (kernel != user) {
		homes_show(sample);
		fail_msg("'%s', link type %u, the frame above: '%s' in the kernel, '%s' in user space", homes->command,
			 sample->link_type, verdict_name((enum verdict)kernel), verdict_name((enum verdict)user));
	}
	if (what) {
		homes_show(sample);
		fail_msg("'%s', link type %u, the frame above: filter and decoder disagree on %s", homes->command,
			 sample->link_type, what);
	}
	return kernel;
}

#endif
