/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/tcp_report.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "flow_identify.h"

/* The filter that has accepted the packet at hand. */
static const struct kernel_filter *filter_of(const struct tcp_report *report)
{
	return *report->older ? *report->older : *report->filter;
}

/* What the filter in the kernel has found. Of the same segment sent twice it knows the last; it does not count
 * duplicate ACKs for user space, which reads later. */
static void annotate_by_kernel(struct annotator *annotator, struct packet *packet)
{
	struct tcp_report *report = (struct tcp_report *)annotator;
	struct tcp_side sender = {0}, receiver = {0};
	struct tcp_finding finding = {0};
	struct tcp_told_key key = {0};
	struct tcp_segment segment;
	struct tcp_told told;
	bool high;

	packet->analysis = NULL;
	if (!tcp_segment_of(packet, &key.id, &segment, &high))
		return;
	key.seq = segment.seq;
	key.ack = segment.ack;
	key.length = segment.length;
	key.window = segment.window;
	key.flags = segment.flags;
	if (kernel_filter_told(filter_of(report), &key, &told))
		return;
	finding.events = told.events;
	finding.handshake = told.handshake;
	sender.base = told.sender_base;
	sender.scale = (uint8_t)told.sender_scale;
	receiver.base = told.receiver_base;
	report->annotator.analysis = tcp_analysis_of(&sender, &receiver, &segment, &finding);
	packet->analysis = &report->annotator.analysis;
	tcp_annotator_count(&report->annotator, &key.id, told.events);
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
