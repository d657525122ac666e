/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/pipeline.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <time.h>

#include "decode/decode.h"

enum {
	BATCH = 1024,        /* frames between two looks at signals and clocks */
	DRAIN_IDLE_MS = 100, /* many times the ring's block timeout */
};

static void on_signal(void *context, int signal)
{
	struct pipeline *pipeline = context;

	if (signal == SIGUSR1)
		pipeline->report(pipeline->context, false);
	else
		pipeline_stop(pipeline, PIPELINE_SIGNAL);
}

void pipeline_init(struct pipeline *pipeline)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* RLIMIT_FSIZE: write(2) fails with EFBIG, as it does on a full disk */
	event_loop_init(&pipeline->loop);
}

void pipeline_annotate_first(struct pipeline *pipeline, struct annotator *annotator)
{
	for (size_t i = pipeline->annotator_count++; i > 0; i--)
		pipeline->annotators[i] = pipeline->annotators[i - 1];
	pipeline->annotators[0] = annotator;
}

int pipeline_take_signals(struct pipeline *pipeline)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

	return event_loop_add_signals(&pipeline->loop, signals, sizeof(signals) / sizeof(*signals), on_signal,
				      pipeline);
}

void pipeline_stop(struct pipeline *pipeline, enum pipeline_end end)
{
	if (pipeline->end == PIPELINE_GOES_ON)
		pipeline->end = end;
}

/* Note what a sink has returned. Returns it. */
static int note(struct pipeline *pipeline, const struct sink *sink, int ret)
{
	if (ret && !pipeline->failed)
		pipeline->failed = sink;
	return ret;
}

static int flush_sinks(struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];
		int ret = note(pipeline, sink, sink->flush(sink));

		if (ret)
			return ret;
	}
	return 0;
}

void pipeline_flush(struct pipeline *pipeline)
{
	(void)flush_sinks(pipeline);
}

void pipeline_filter_changed(struct pipeline *pipeline, const char *text)
{
	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];

		if (sink->filter_changed)
			(void)sink->filter_changed(sink, text);
	}
}

/* Tell the sinks the time. */
static int tick_sinks(struct pipeline *pipeline)
{
	int64_t now = (int64_t)time(NULL);

	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];
		int ret = sink->tick ? note(pipeline, sink, sink->tick(sink, now)) : 0;

		if (ret)
			return ret;
	}
	return 0;
}

/* At most `timeout` ms (-1: no limit), but not past what a sink waits for. */
static int until_deadline(const struct pipeline *pipeline, int timeout)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	for (size_t i = 0; i < pipeline->sink_count; i++) {
		const struct sink *sink = pipeline->sinks[i];
		int64_t deadline = sink->deadline ? sink->deadline(sink) : 0;
		int64_t left = (deadline - now.tv_sec) * 1000 - now.tv_nsec / 1000000;

		if (deadline && (timeout < 0 || left < timeout))
			timeout = left > 0 ? (int)(left < INT_MAX ? left : INT_MAX) : 0;
	}
	return timeout;
}

/* Hand a frame to the sinks; decode it only if one of them looks inside. */
static int deliver(struct pipeline *pipeline, const struct frame *frame, struct packet *packet)
{
	packet->frame = frame;
	if (pipeline->decodes)
		decode(frame, packet);
	for (size_t i = 0; i < pipeline->annotator_count; i++) {
		pipeline->annotators[i]->annotate(pipeline->annotators[i], packet);
		if (packet->is_unwanted) {
			pipeline->unwanted++;
			return 0;
		}
	}
	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];
		int ret = packet_is_rejected(packet) && !sink->takes_rejected ? 0 : sink->packet(sink, packet);

		if (ret) {
			pipeline->refused = frame->number;
			return note(pipeline, sink, ret);
		}
	}
	pipeline->shown++;
	pipeline->delivered += !packet_is_rejected(packet);
	return pipeline->limits.flush_each ? flush_sinks(pipeline) : 0;
}

/* Whether a frame goes on, 1 or 0; or -errno. */
static int match(const struct pipeline *pipeline, struct frame *frame)
{
	int verdict = pipeline->offline ? offline_filter_match(pipeline->offline, frame) : VERDICT_ACCEPTED;

	if (verdict < 0)
		return verdict;
	if (pipeline->snaplen && frame->captured > pipeline->snaplen)
		frame->captured = pipeline->snaplen;
	/* Each of an SSH session's packets that is shown in that session makes more of them, whatever rejected it. */
	return verdict == VERDICT_ACCEPTED || (pipeline->shows_rejected && !pipeline->offline->is_own_session);
}

static void fail(struct pipeline *pipeline, enum pipeline_end end, int error)
{
	pipeline_stop(pipeline, end);
	pipeline->error = error;
	if (end == PIPELINE_SINK_ERROR)
		pipeline->sink_error = error;
}

/* Deliver the next frame, if there is one. Returns whether to try the next one at once. */
static bool deliver_next(struct pipeline *pipeline, struct frame *frame, struct packet *packet)
{
	int ret = pipeline->source->next(pipeline->source, frame);

	if (ret == -ENODATA)
		pipeline_stop(pipeline, PIPELINE_SOURCE);
	else if (ret < 0)
		fail(pipeline, PIPELINE_SOURCE_ERROR, ret);
	if (ret <= 0)
		return false;
	ret = match(pipeline, frame);
	if (ret == -EINTR)
		pipeline_stop(pipeline, PIPELINE_SIGNAL);
	else if (ret < 0)
		fail(pipeline, PIPELINE_SOURCE_ERROR, ret);
	if (ret <= 0)
		return ret == 0;
	ret = deliver(pipeline, frame, packet);
	if (ret)
		fail(pipeline, PIPELINE_SINK_ERROR, ret);
	return ret == 0;
}

/* Deliver what is ready, at most a batch. False when the source has no more at the moment, or the run has ended. */
static bool deliver_batch(struct pipeline *pipeline, uint64_t limit)
{
	struct packet packet = {0};
	struct frame frame;

	for (int i = 0; i < BATCH; i++) {
		if (limit && pipeline->shown >= limit) {
			pipeline_stop(pipeline, PIPELINE_COUNT);
			return false;
		}
		if (!deliver_next(pipeline, &frame, &packet))
			return false;
	}
	return true;
}

/* Between two batches: flush the sinks if nothing else is waiting, and tell them the time. */
static void serve_sinks(struct pipeline *pipeline, bool idle)
{
	int ret = idle ? flush_sinks(pipeline) : 0;

	if (!ret)
		ret = tick_sinks(pipeline);
	if (ret)
		fail(pipeline, PIPELINE_SINK_ERROR, ret);
}

/* Deliver and wait in turn until something ends the run; `patience` is how long to wait for a frame, in ms. */
static enum pipeline_end run(struct pipeline *pipeline, uint64_t limit, int patience)
{
	pipeline->end = PIPELINE_GOES_ON;
	for (;;) {
		bool idle = !deliver_batch(pipeline, limit);
		int timeout, ready;

		if (pipeline->end == PIPELINE_GOES_ON)
			serve_sinks(pipeline, idle);
		if (pipeline->end != PIPELINE_GOES_ON)
			return pipeline->end;
		timeout = idle ? until_deadline(pipeline, patience) : 0;
		ready = event_loop_wait(&pipeline->loop, timeout);
		if (idle && !ready && timeout == patience)
			pipeline_stop(pipeline, PIPELINE_SOURCE);
		if (pipeline->end != PIPELINE_GOES_ON)
			return pipeline->end;
	}
}

/* Flush the sinks, however the run ended. */
static enum pipeline_end flushed(struct pipeline *pipeline, enum pipeline_end end)
{
	int ret = end == PIPELINE_SINK_ERROR ? 0 : flush_sinks(pipeline);

	if (!ret)
		return end;
	pipeline->error = pipeline->sink_error = ret;
	return PIPELINE_SINK_ERROR;
}

/* Whether a sink or an annotator reads decoded fields. */
static bool must_decode(const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->sink_count; i++)
		if (!pipeline->sinks[i]->takes_frames)
			return true;
	return pipeline->annotator_count > 0;
}

static void on_duration(void *context, int fd, short events)
{
	(void)fd;
	(void)events;
	pipeline_stop(context, PIPELINE_DURATION);
}

static void on_stats(void *context, int fd, short events)
{
	struct pipeline *pipeline = context;

	(void)fd;
	(void)events;
	pipeline->report(pipeline->context, true);
}

static void on_silence(void *context, int fd, short events)
{
	struct pipeline *pipeline = context;

	(void)fd;
	(void)events;
	if (!pipeline->shown)
		pipeline->silence(pipeline->context);
}

/* The reader of the output has gone. A write would fail only at the next packet, which may never come. */
static void on_output(void *context, int fd, short events)
{
	(void)fd;
	(void)events;
	fail(context, PIPELINE_SINK_ERROR, -EPIPE);
}

static int start_clocks(struct pipeline *pipeline)
{
	const struct pipeline_limits *limits = &pipeline->limits;
	struct event_loop *loop = &pipeline->loop;
	int ret = 0;

	if (limits->stats_ns)
		ret = event_loop_add_timer(loop, limits->stats_ns, true, on_stats, pipeline);
	if (!ret && limits->silence_ns)
		ret = event_loop_add_timer(loop, limits->silence_ns, false, on_silence, pipeline);
	if (!ret && limits->output_fd >= 0)
		ret = event_loop_add(loop, limits->output_fd, 0, on_output, pipeline);
	if (!ret && limits->duration_ns)
		ret = event_loop_add_timer(loop, limits->duration_ns, false, on_duration, pipeline);
	return ret;
}

enum pipeline_end pipeline_run(struct pipeline *pipeline)
{
	int ret = start_clocks(pipeline);

	if (ret) {
		fail(pipeline, PIPELINE_SOURCE_ERROR, ret);
		return PIPELINE_SOURCE_ERROR;
	}
	pipeline->decodes = must_decode(pipeline);
	return flushed(pipeline, run(pipeline, pipeline->limits.packets, -1));
}

enum pipeline_end pipeline_drain(struct pipeline *pipeline, uint64_t total)
{
	const uint64_t limit = pipeline->limits.packets;

	if (limit && total > limit)
		total = limit;
	if (pipeline->shown >= total)
		return PIPELINE_COUNT;
	return flushed(pipeline, run(pipeline, total, DRAIN_IDLE_MS));
}

uint64_t pipeline_discard(struct pipeline *pipeline, uint64_t frames)
{
	uint64_t read = 0;
	struct frame frame;

	event_loop_remove(&pipeline->loop, pipeline->limits.output_fd); /* ready for ever once its reader has gone */
	while (read < frames) {
		int ret = pipeline->source->next(pipeline->source, &frame);

		read += ret > 0;
		if (ret < 0 || (!ret && !event_loop_wait(&pipeline->loop, DRAIN_IDLE_MS)))
			break;
	}
	return read;
}

uint64_t pipeline_written(const struct pipeline *pipeline)
{
	uint64_t least = pipeline->shown;

	for (size_t i = 0; i < pipeline->sink_count; i++) {
		const struct sink *sink = pipeline->sinks[i];
		uint64_t written = sink->written(sink);

		if (written < least)
			least = written;
	}
	return least;
}

int pipeline_finish(struct pipeline *pipeline)
{
	int first = pipeline->sink_error;

	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];
		int ret = note(pipeline, sink, sink->finish ? sink->finish(sink) : sink->flush(sink));

		if (!first)
			first = ret;
	}
	if (first && pipeline_written(pipeline) < pipeline->delivered)
		pipeline->delivered = pipeline_written(pipeline);
	return first;
}

void pipeline_release(struct pipeline *pipeline)
{
	event_loop_release(&pipeline->loop);
}
