/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/tcp_report.h"

#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "flow_identify.h"

/* What the filter has found. What it found in the kernel, it has not told. */
static void annotate_by_filter(struct annotator *annotator, struct packet *packet)
{
	struct tcp_report *report = (struct tcp_report *)annotator;
	const struct offline_filter *offline = report->offline;
	const struct tcp_connection *connection = offline ? offline->connection : NULL;
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
}

int tcp_report_open(struct tcp_report *report, const struct options *options, struct pipeline *pipeline)
{
	int ret;

	if ((options->write_path && !options->text) || options->dump_filter || options->count_only)
		return 0;
	if (options->spec.config.tcp_events) {
		report->offline = pipeline->offline;
		report->annotator.annotator.annotate = annotate_by_filter;
		pipeline->annotators[pipeline->annotator_count++] = &report->annotator.annotator;
		return 0;
	}
	report->wanted = options->format != FORMAT_JSON && (options->stats_ns || isatty(STDERR_FILENO));
	ret = tcp_annotator_init(&report->annotator, TCP_CONNECTIONS);
	if (ret)
		log_line("out of memory for the analysis of TCP");
	else
		pipeline->annotators[pipeline->annotator_count++] = &report->annotator.annotator;
	return ret;
}

void tcp_report_print(const struct tcp_report *report)
{
	char text[TCP_SUMMARY_TEXT_MAX];
	struct tcp_summary summary;

	if (!report->wanted)
		return;
	tcp_annotator_sum_up(&report->annotator, &summary);
	log_show(NULL);
	fwrite(text, 1, tcp_summary_text(&summary, text), stderr);
}

void tcp_report_close(struct tcp_report *report)
{
	tcp_annotator_release(&report->annotator);
}
