/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/tcp_report.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow_identify.h"

/* The filter that has accepted the packet at hand. */
static const struct kernel_filter *filter_of(const struct tcp_report *report)
{
	return *report->older ? *report->older : *report->filter;
}

/* Of a packet whose finding is gone, the numbers at least, if the connection is still known. */
static bool recall_numbers(const struct kernel_filter *filter, const struct flow_id *id, struct tcp_side sides[2])
{
	struct tcp_connection connection;

	if (kernel_filter_connection(filter, id, &connection))
		return false;
	sides[0] = connection.sides[0];
	sides[1] = connection.sides[1];
	return sides[0].flags & sides[1].flags & TCP_SIDE_HAS_BASE;
}

/* The kernel looks at CLOCK_MONOTONIC, and a packet has the time of CLOCK_REALTIME. They are compared only where the
 * same segment has come more than once. */
static const struct tcp_told_run *run_of(const struct tcp_told *told, const struct frame *frame)
{
	if (!told->runs[1].until)
		return &told->runs[0];
	return tcp_told_run_at(told, (uint64_t)(frame->time_ns - clock_real_ns() + clock_monotonic_ns()));
}

/* False if nothing is known any more. */
static bool ask_kernel(struct tcp_report *report, const struct frame *frame, const struct tcp_told_key *key, bool high,
		       struct tcp_side sides[2], struct tcp_finding *finding)
{
	const struct kernel_filter *filter = filter_of(report);
	const struct tcp_told_run *run;
	struct tcp_told told;

	if (kernel_filter_told(filter, key, &told)) {
		report->lost++;
		return recall_numbers(filter, &key->id, sides);
	}
	run = run_of(&told, frame);
	finding->events = run->events;
	finding->handshake = run->has_handshake ? told.handshake : 0;
	sides[high].base = run->sender_base;
	sides[high].scale = (uint8_t)told.sender_scale;
	sides[!high].base = run->receiver_base;
	return true;
}

/* What the filter in the kernel has found. It does not count duplicate ACKs for user space, which reads later. */
static void annotate_by_kernel(struct annotator *annotator, struct packet *packet)
{
	struct tcp_report *report = (struct tcp_report *)annotator;
	struct tcp_finding finding = {0};
	struct tcp_side sides[2] = {0};
	struct tcp_told_key key = {0};
	struct tcp_segment segment;
	bool high;

	packet->analysis = NULL;
	if (!tcp_segment_of(packet, &key.id, &segment, &high))
		return;
	key.seq = segment.seq;
	key.ack = segment.ack;
	key.length = segment.length;
	key.window = segment.window;
	key.flags = segment.flags;
	if (!ask_kernel(report, packet->frame, &key, high, sides, &finding))
		return;
	report->annotator.analysis = tcp_analysis_of(&sides[high], &sides[!high], &segment, &finding);
	packet->analysis = &report->annotator.analysis;
	tcp_annotator_count(&report->annotator, &key.id, finding.events);
}

/* What the filter has found in this process. With --explain, packets are shown too that it has rejected. */
static void annotate_by_filter(struct annotator *annotator, struct packet *packet)
{
	struct tcp_report *report = (struct tcp_report *)annotator;
	const struct offline_filter *offline = report->offline;
	const struct tcp_connection *connection = offline->connection;
	const struct tcp_segment *segment;
	int high;

	packet->analysis = NULL;
	if (!connection)
		return;
	segment = &offline->tcp.segment;
	high = flow_is_swapped(&offline->dissection.key);
	report->annotator.analysis =
		tcp_analysis_of(&connection->sides[high], &connection->sides[!high], segment, &offline->tcp.finding);
	packet->analysis = &report->annotator.analysis;
	if (!packet_is_rejected(packet))
		tcp_annotator_count(&report->annotator, &offline->tcp.id, offline->tcp.finding.events);
}

/* A filter that takes the place of another may have --tcp-event where that had none. */
static void annotate_live(struct annotator *annotator, struct packet *packet)
{
	const struct tcp_report *report = (const struct tcp_report *)annotator;

	if (kernel_filter_has_tcp_events(filter_of(report)))
		annotate_by_kernel(annotator, packet);
	else
		report->judge(annotator, packet);
}

int tcp_report_open(struct tcp_report *report, const struct options *options, struct pipeline *pipeline)
{
	struct annotator *annotator = &report->annotator.annotator;
	int ret;

	if (!options->prints || options->dump_filter || options->count_only)
		return 0;
	ret = tcp_annotator_init(&report->annotator, TCP_CONNECTIONS);
	if (ret) {
		log_line("out of memory for the analysis of TCP");
		return ret;
	}
	report->judge = annotator->annotate;
	report->offline = pipeline->offline;
	if (!report->offline)
		annotator->annotate = annotate_live;
	else if (options->spec.config.tcp_events)
		annotator->annotate = annotate_by_filter;
	report->wanted = options->format != FORMAT_JSON && (options->stats_ns || isatty(STDERR_FILENO));
	pipeline->annotators[pipeline->annotator_count++] = annotator;
	return 0;
}

/* While --tcp-event was in force, most segments did not come here. */
void tcp_report_filter_changed(struct tcp_report *report)
{
	if (report->annotator.table && kernel_filter_has_tcp_events(*report->older))
		tcp_annotator_restart(&report->annotator);
}

uint64_t tcp_report_lost(const struct tcp_report *report)
{
	return report->lost;
}

uint64_t tcp_report_forgotten(const struct tcp_report *report)
{
	return report->annotator.forgotten;
}

void tcp_report_print(const struct tcp_report *report)
{
	char text[TCP_SUMMARY_TEXT_MAX];
	struct tcp_summary summary;

	if (!report->wanted)
		return;
	tcp_annotator_sum_up(&report->annotator, &summary);
	log_show(NULL);
	log_text(text, tcp_summary_text(&summary, text));
}

void tcp_report_close(struct tcp_report *report)
{
	tcp_annotator_release(&report->annotator);
}
