/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/pipeline.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/time_units.h"
#include "decode/decode.h"
#include "filter/explain.h"

enum {
	BATCH = 1024,        /* frames between two looks at signals and clocks */
	DRAIN_IDLE_MS = 100, /* many times the ring's block timeout */
	KEEP_GOING = -1,     /* no end yet; others are enum pipeline_end */
};

enum { POLL_SIGNAL, POLL_DURATION, POLL_STATS, POLL_CONTROL, POLL_OUTPUT, POLL_SILENCE, POLL_WATCH, POLL_SOURCE };

static int start_timer(uint64_t ns, bool repeat)
{
	const struct timespec time = {.tv_sec = (time_t)(ns / NSEC_PER_SEC), .tv_nsec = (long)(ns % NSEC_PER_SEC)};
	const struct itimerspec timer = {.it_value = time, .it_interval = repeat ? time : (struct timespec){0}};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0 && timerfd_settime(fd, 0, &timer, NULL)) {
		close(fd);
		return -1;
	}
	return fd;
}

int pipeline_init(struct pipeline *pipeline)
{
	sigset_t set;

	pipeline->signal_fd = pipeline->duration_fd = pipeline->stats_fd = pipeline->silence_fd = -1;
	pipeline->control_fd = pipeline->output_fd = pipeline->watch_fd = -1;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	pipeline->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return pipeline->signal_fd < 0 ? -errno : 0;
}

void pipeline_configure(struct pipeline *pipeline, const struct options *options)
{
	pipeline->limit = options->count;
	pipeline->duration_ns = options->duration_ns;
	pipeline->stats_ns = options->stats_ns;
	pipeline->flush_each = options->line_buffered;
	pipeline->explain = options->explain;
	pipeline->output_fd = options->feeds_process ? STDOUT_FILENO : -1;
}

static int flush_sinks(struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->sink_count; i++) {
		int ret = pipeline->sinks[i]->flush(pipeline->sinks[i]);

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
		int ret = sink->tick ? sink->tick(sink, now) : 0;

		if (ret)
			return ret;
	}
	return 0;
}

/* At most `timeout` ms (below 0: no limit), but not past what a sink waits for. */
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

/* Hand a frame to the sinks; what else is in the packet is filled in when someone looks at it. */
static int deliver(struct pipeline *pipeline, const struct frame *frame, struct packet *packet)
{
	char explanation[PACKET_EXPLANATION_MAX];

	packet->frame = frame;
	if (pipeline->decodes)
		decode(frame, packet);
	if (pipeline->explain)
		explain(pipeline->offline, packet, explanation);
	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];
		int ret = packet->rejected && !sink->takes_rejected ? 0 : sink->packet(sink, packet);

		if (ret)
			return ret;
	}
	pipeline->shown++;
	pipeline->delivered += !packet->rejected;
	return pipeline->flush_each ? flush_sinks(pipeline) : 0;
}

/* Whether a frame goes on, 1 or 0; or -errno. */
static int judge(const struct pipeline *pipeline, struct frame *frame)
{
	int verdict = pipeline->offline ? offline_filter_match(pipeline->offline, frame) : VERDICT_ACCEPTED;

	if (verdict < 0)
		return verdict;
	if (pipeline->snaplen && frame->captured > pipeline->snaplen)
		frame->captured = pipeline->snaplen;
	return verdict == VERDICT_ACCEPTED || pipeline->explain;
}

static enum pipeline_end fail(struct pipeline *pipeline, enum pipeline_end end, int error)
{
	pipeline->error = error;
	if (end == PIPELINE_SINK_ERROR)
		pipeline->sink_error = error;
	return end;
}

/* Deliver a batch of what is ready. KEEP_GOING, with *idle set when the source has no more at the moment. */
static int deliver_batch(struct pipeline *pipeline, uint64_t limit, bool *idle)
{
	struct packet packet = {0};
	struct frame frame;

	for (int i = 0; i < BATCH; i++) {
		int ret;

		if (limit && pipeline->shown >= limit)
			return PIPELINE_COUNT;
		ret = pipeline->source->next(pipeline->source, &frame);
		if (ret <= 0) {
			*idle = true;
			return ret == 0          ? KEEP_GOING
			       : ret == -ENODATA ? (int)PIPELINE_SOURCE
						 : (int)fail(pipeline, PIPELINE_SOURCE_ERROR, ret);
		}
		ret = judge(pipeline, &frame);
		if (ret < 0)
			return (int)fail(pipeline, PIPELINE_SOURCE_ERROR, ret);
		if (ret == 0)
			continue;
		ret = deliver(pipeline, &frame, &packet);
		if (ret)
			return (int)fail(pipeline, PIPELINE_SINK_ERROR, ret);
	}
	*idle = false;
	return KEEP_GOING;
}

static int handle_signal(struct pipeline *pipeline)
{
	struct signalfd_siginfo info;

	while (read(pipeline->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGUSR1)
			return PIPELINE_SIGNAL;
		pipeline->report(pipeline->context, pipeline->delivered);
	}
	return KEEP_GOING;
}

static bool timer_fired(int fd)
{
	uint64_t times;

	return read(fd, &times, sizeof(times)) == sizeof(times);
}

/* Wait, for at most `timeout` ms (below 0: for ever), until something is to be done, and do what is not a frame.
 * *woken tells whether there was anything. */
static int wait_for_events(struct pipeline *pipeline, int timeout, bool *woken)
{
	struct pollfd fds[POLL_SOURCE + PIPELINE_FDS] = {
		[POLL_SIGNAL] = {.fd = pipeline->signal_fd, .events = POLLIN},
		[POLL_DURATION] = {.fd = pipeline->duration_fd, .events = POLLIN},
		[POLL_STATS] = {.fd = pipeline->stats_fd, .events = POLLIN},
		[POLL_CONTROL] = {.fd = pipeline->control_fd, .events = POLLIN},
		[POLL_OUTPUT] = {.fd = pipeline->output_fd},
		[POLL_SILENCE] = {.fd = pipeline->silence_fd, .events = POLLIN},
		[POLL_WATCH] = {.fd = pipeline->watch_fd, .events = POLLIN},
	};

	for (size_t i = 0; i < pipeline->fd_count; i++)
		fds[POLL_SOURCE + i] = (struct pollfd){.fd = pipeline->fds[i], .events = POLLIN};
	*woken = poll(fds, POLL_SOURCE + pipeline->fd_count, timeout) > 0;
	if (!*woken)
		return KEEP_GOING;
	for (size_t i = 0; i < pipeline->fd_count; i++)
		if (fds[POLL_SOURCE + i].revents & POLLERR && pipeline->take_error)
			pipeline->take_error(pipeline->context, i);
	if (fds[POLL_CONTROL].revents)
		pipeline->serve(pipeline->context);
	if (fds[POLL_STATS].revents && timer_fired(pipeline->stats_fd))
		pipeline->report(pipeline->context, pipeline->delivered);
	if (fds[POLL_SILENCE].revents && timer_fired(pipeline->silence_fd) && !pipeline->shown)
		pipeline->silence(pipeline->context);
	/* Whoever read it has gone: that would else be noticed at the next frame only, which may never come. */
	if (fds[POLL_OUTPUT].revents)
		return (int)fail(pipeline, PIPELINE_SINK_ERROR, -EPIPE);
	if (fds[POLL_DURATION].revents && timer_fired(pipeline->duration_fd))
		return PIPELINE_DURATION;
	if (fds[POLL_WATCH].revents && !pipeline->watch(pipeline->context))
		return PIPELINE_GONE;
	return fds[POLL_SIGNAL].revents ? handle_signal(pipeline) : KEEP_GOING;
}

/* Between two batches: let the sinks hand on what they have if there is time, and tell them the clock. */
static int serve_sinks(struct pipeline *pipeline, bool idle)
{
	int ret = idle ? flush_sinks(pipeline) : 0;

	if (!ret)
		ret = tick_sinks(pipeline);
	return ret ? (int)fail(pipeline, PIPELINE_SINK_ERROR, ret) : KEEP_GOING;
}

/* Deliver and wait by turns until something ends it; `patience` is how long to wait for a frame, in ms. */
static enum pipeline_end run(struct pipeline *pipeline, uint64_t limit, int patience)
{
	for (;;) {
		bool idle = false, woken = false;
		int timeout, end = deliver_batch(pipeline, limit, &idle);

		if (end == KEEP_GOING)
			end = serve_sinks(pipeline, idle);
		timeout = idle ? until_deadline(pipeline, patience) : 0;
		if (end == KEEP_GOING)
			end = wait_for_events(pipeline, timeout, &woken);
		if (end != KEEP_GOING)
			return (enum pipeline_end)end;
		if (idle && !woken && timeout == patience)
			return PIPELINE_SOURCE;
	}
}

static enum pipeline_end flushed(struct pipeline *pipeline, enum pipeline_end end)
{
	int ret = end == PIPELINE_SINK_ERROR ? 0 : flush_sinks(pipeline);

	return ret ? fail(pipeline, PIPELINE_SINK_ERROR, ret) : end;
}

/* Whether anyone looks at what is in the frames. */
static bool must_decode(const struct pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->sink_count; i++)
		if (!pipeline->sinks[i]->takes_frames)
			return true;
	return pipeline->explain;
}

enum pipeline_end pipeline_run(struct pipeline *pipeline)
{
	pipeline->decodes = must_decode(pipeline);
	if (pipeline->duration_ns)
		pipeline->duration_fd = start_timer(pipeline->duration_ns, false);
	if (pipeline->stats_ns)
		pipeline->stats_fd = start_timer(pipeline->stats_ns, true);
	if (pipeline->silence_ns)
		pipeline->silence_fd = start_timer(pipeline->silence_ns, false);
	return flushed(pipeline, run(pipeline, pipeline->limit, -1));
}

enum pipeline_end pipeline_drain(struct pipeline *pipeline, uint64_t total)
{
	if (pipeline->limit && total > pipeline->limit)
		total = pipeline->limit;
	if (pipeline->shown >= total)
		return PIPELINE_COUNT;
	return flushed(pipeline, run(pipeline, total, DRAIN_IDLE_MS));
}

int pipeline_finish(struct pipeline *pipeline)
{
	int first = pipeline->sink_error;

	for (size_t i = 0; i < pipeline->sink_count; i++) {
		struct sink *sink = pipeline->sinks[i];
		int ret = sink->finish ? sink->finish(sink) : sink->flush(sink);

		if (!first)
			first = ret;
	}
	return first;
}

void pipeline_release(struct pipeline *pipeline)
{
	const int fds[] = {pipeline->signal_fd, pipeline->duration_fd, pipeline->stats_fd, pipeline->silence_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}
