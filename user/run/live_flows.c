/* SPDX-License-Identifier: BSD-2-Clause */
/* Flows that the kernel counts. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "flow/flow_owner.h"
#include "run/live_internal.h"

/* How far CLOCK_REALTIME may move against CLOCK_MONOTONIC till that counts as set anew; in between the times of a flow
 * keep their distance. */
#define CLOCK_SET_NS (NSEC_PER_SEC / 100)

/* What is to be added to a time of CLOCK_MONOTONIC. */
static void follow_clock(struct live *live)
{
	const uint64_t offset = time_unsigned(clock_real_ns() - clock_monotonic_ns());
	const int64_t moved = (int64_t)(offset - live->clock_offset);

	if (moved <= CLOCK_SET_NS && moved >= -CLOCK_SET_NS)
		return;
	live->clock_offset = offset;
	flow_table_set_clock(live->flows.table, offset);
}

static struct flow_question question_at(const struct live *live, const struct flow_record *record, uint64_t time)
{
	const struct flow_totals *totals = &record->totals;

	return (struct flow_question){
		.id = &record->id,
		.source_is_high = flow_source_is_high(totals),
		.tcp_flags = totals->sides[0].tcp_flags | totals->sides[1].tcp_flags,
		.time = time - live->clock_offset,
	};
}

/* A process that has ended keeps its name here, and the flow has it when it ends. */
static void note_owner(void *context, struct flow_record *record)
{
	const struct live *live = context;
	const struct flow_question question = question_at(live, record, record->totals.last);

	if (flow_has_addresses(&record->id) && !flow_owner_is_settled(record->owner))
		flow_owner_take(&record->owner, owner_of_flow(live->owner, &question), question.source_is_high);
}

/* Whether a flow is of a chosen process, by its last packet or by its first: the kernel counts what is in doubt. */
static bool is_chosen(void *context, const struct flow_record *record)
{
	const struct live *live = context;
	const struct flow_question last = question_at(live, record, record->totals.last),
				   first = question_at(live, record, record->totals.first);

	return owner_chooses_flow(live->owner, &last) ||
	       (first.time != last.time && owner_chooses_flow(live->owner, &first));
}

static void wait_for_programs(void *context)
{
	const struct live *live = context;

	kernel_flows_wait(live->kernel_flows);
}

/* What the kernel had no room for is counted as evicted. */
static int add_unplaced(struct live *live)
{
	struct kernel_filter_counts counts;
	int ret = kernel_filter_read(live->filter, &counts);
	const uint64_t packets = live->past.unplaced_packets + counts.unplaced_packets;
	const uint64_t bytes = live->past.unplaced_bytes + counts.unplaced_bytes;

	if (ret)
		return ret;
	flow_table_add_evicted(live->flows.table, packets - live->unplaced_packets, bytes - live->unplaced_bytes);
	live->unplaced_packets = packets;
	live->unplaced_bytes = bytes;
	return 0;
}

int live_flows_read(struct live *live)
{
	if (!live->kernel_flows)
		return 0;
	follow_clock(live);
	flow_table_collect(live->flows.table, time_unsigned(clock_real_ns()));
	return add_unplaced(live);
}

static void stop(struct live *live, enum pipeline_end end, int error)
{
	if (error)
		live->pipeline.error = live->pipeline.sink_error = error;
	pipeline_stop(&live->pipeline, end);
}

static void on_period(void *context, int fd, short events)
{
	struct live *live = context;
	int ret = live_flows_read(live);

	(void)fd;
	(void)events;
	if (!ret)
		ret = flow_report_show(&live->flows);
	if (ret)
		stop(live, PIPELINE_SINK_ERROR, ret);
}

/* A user who quits, or whose terminal has gone, has sent a signal in effect. */
static void on_keys(void *context, int fd, short events)
{
	struct live *live = context;
	int ret = events & POLLIN ? flow_report_take_keys(&live->flows) : 0;

	if (ret > 0)
		return;
	event_loop_remove(&live->pipeline.loop, fd);
	stop(live, ret ? PIPELINE_SINK_ERROR : PIPELINE_SIGNAL, ret);
}

static void on_resize(void *context, int signal)
{
	struct live *live = context;
	int ret = flow_report_resize(&live->flows);

	(void)signal;
	if (ret)
		stop(live, PIPELINE_SINK_ERROR, ret);
}

static int open_keys(struct live *live)
{
	static const int resized = SIGWINCH;
	int ret;

	if (!flow_report_reads_keys(&live->flows))
		return 0;
	ret = event_loop_add(&live->pipeline.loop, STDIN_FILENO, POLLIN, on_keys, live);
	return ret ? ret : event_loop_add_signals(&live->pipeline.loop, &resized, 1, on_resize, live);
}

/* Before frames come. 0 or -errno. */
static int share_table(struct live *live)
{
	int ret = kernel_flows_open(live->filter, &live->kernel_flows);

	if (ret) {
		log_line("cannot count %u flows in the kernel: %s", live->options->spec.flow_table_size,
			 strerror(-ret));
		return ret;
	}
	live->flow_source = (struct flow_table_kernel){
		.memory = *kernel_flows_memory(live->kernel_flows),
		.wait = wait_for_programs,
		.wants = live->owner ? is_chosen : NULL,
		.note = live->owner ? note_owner : NULL,
		.context = live,
	};
	return 0;
}

int live_flows_open(struct live *live)
{
	const struct options *options = live->options;
	const uint64_t period = options->flows.top_ns ? options->flows.top_ns : NSEC_PER_SEC;
	int ret = options_count_flows(options) ? share_table(live) : 0;

	if (!ret)
		ret = flow_report_open(&live->flows, options, &live->flow_source, &live->pipeline);
	if (ret || !options_count_flows(options))
		return ret;
	follow_clock(live);
	ret = event_loop_add_timer(&live->pipeline.loop, period, true, on_period, live);
	if (!ret)
		ret = open_keys(live);
	if (ret)
		log_line("cannot watch the flows: %s", strerror(-ret));
	return ret;
}
