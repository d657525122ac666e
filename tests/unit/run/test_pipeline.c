/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time_units.h"
#include "decode_samples.h"
#include "decoded.h"
#include "run/pipeline.h"

/* A source that has `ready` frames, then nothing at the moment (or `end`), and a sink that counts. */
struct frames {
	struct source source;
	struct frame frame;
	uint64_t ready, given;
	int end; /* -errno that follows the frames; 0: more may come */
};

struct counting {
	struct sink sink;
	uint64_t packets, flushes, ticks, rejected;
	bool finished;
	const char *filter;
	uint64_t written;
	uint64_t fail_at; /* the packet whose writing fails, from 1; 0: none */
	int flush_error;
};

static struct bench {
	struct pipeline pipeline;
	struct frames frames;
	struct counting counting[PIPELINE_SINKS];
	struct interface interface;
	uint8_t bytes[256];
	uint64_t annotated, reports, silences;
} bench;

static int next_frame(struct source *source, struct frame *frame)
{
	struct frames *frames = (struct frames *)source;

	if (frames->given == frames->ready)
		return frames->end;
	frames->frame.number = ++frames->given;
	*frame = frames->frame;
	return 1;
}

static int count_packet(struct sink *sink, const struct packet *packet)
{
	struct counting *counting = (struct counting *)sink;

	counting->packets++;
	counting->rejected += packet_is_rejected(packet);
	return counting->packets == counting->fail_at ? -ENOSPC : 0;
}

static int count_flush(struct sink *sink)
{
	struct counting *counting = (struct counting *)sink;

	counting->flushes++;
	return counting->flush_error;
}

static int count_tick(struct sink *sink, int64_t now)
{
	assert_true(now > 1700000000);
	((struct counting *)sink)->ticks++;
	return 0;
}

static int note_filter(struct sink *sink, const char *text)
{
	((struct counting *)sink)->filter = text;
	return 0;
}

static int note_finish(struct sink *sink)
{
	((struct counting *)sink)->finished = true;
	return 0;
}

static uint64_t count_written(const struct sink *sink)
{
	return ((const struct counting *)sink)->written;
}

static void count_report(void *context, bool periodic)
{
	(void)periodic;
	((struct bench *)context)->reports++;
}

static void count_silence(void *context)
{
	struct bench *of = context;

	of->silences++;
	pipeline_stop(&of->pipeline, PIPELINE_GONE);
}

static int setup(void **state)
{
	struct pipeline *pipeline = &bench.pipeline;

	(void)state;
	bench = (struct bench){.frames = {.source = {.next = next_frame}}};
	bench.interface = (struct interface){.link_type = LINK_RAW};
	bench.frames.frame = (struct frame){.bytes = bench.bytes, .interface = &bench.interface};
	bench.frames.frame.captured = bench.frames.frame.length = from_hex(IPV4_TCP, bench.bytes);
	pipeline_init(pipeline);
	assert_int_equal(pipeline_take_signals(pipeline), 0);
	pipeline->limits.output_fd = -1;
	pipeline->source = &bench.frames.source;
	pipeline->report = count_report;
	pipeline->silence = count_silence;
	pipeline->context = &bench;
	for (size_t i = 0; i < PIPELINE_SINKS; i++) {
		struct counting *counting = &bench.counting[i];

		counting->sink = (struct sink){
			.packet = count_packet, .flush = count_flush, .tick = count_tick, .written = count_written};
		pipeline->sinks[pipeline->sink_count++] = &counting->sink;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pipeline_release(&bench.pipeline);
	return 0;
}

/* All frames to all sinks, and a flush at the end. */
static void all_frames(void **state)
{
	(void)state;
	bench.frames.ready = 5000; /* several batches */
	bench.frames.end = -ENODATA;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SOURCE);
	assert_int_equal(bench.pipeline.shown, 5000);
	assert_int_equal(bench.pipeline.delivered, 5000);
	for (size_t i = 0; i < PIPELINE_SINKS; i++) {
		assert_int_equal(bench.counting[i].packets, 5000);
		assert_true(bench.counting[i].flushes >= 1);
		assert_true(bench.counting[i].ticks >= 4);
	}
}

static void limited(void **state)
{
	(void)state;
	bench.frames.ready = 5000;
	bench.pipeline.limits.packets = 1500;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_COUNT);
	assert_int_equal(bench.frames.given, 1500); /* no more than that was taken from the source */
	assert_int_equal(bench.counting[0].packets, 1500);
}

static void flush_each(void **state)
{
	(void)state;
	bench.frames.ready = 10;
	bench.frames.end = -ENODATA;
	bench.pipeline.limits.flush_each = true;
	pipeline_run(&bench.pipeline);
	assert_in_range(bench.counting[0].flushes, 10, 12);
}

static void source_fails(void **state)
{
	(void)state;
	bench.frames.ready = 3;
	bench.frames.end = -EBADMSG;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SOURCE_ERROR);
	assert_int_equal(bench.pipeline.error, -EBADMSG);
	assert_int_equal(bench.counting[0].packets, 3);
	assert_int_equal(pipeline_finish(&bench.pipeline), 0); /* the sinks are not at fault */
}

/* What comes behind the failure is not taken, and the failure is told at the end. */
static void sink_fails(void **state)
{
	(void)state;
	bench.frames.ready = 100;
	bench.counting[1].fail_at = 7;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SINK_ERROR);
	assert_int_equal(bench.pipeline.shown, 6);
	assert_int_equal(bench.frames.given, 7);
	assert_int_equal(pipeline_finish(&bench.pipeline), -ENOSPC);
}

static void flush_fails(void **state)
{
	(void)state;
	bench.frames.ready = 1;
	bench.frames.end = -ENODATA;
	bench.counting[0].flush_error = -EIO;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SINK_ERROR);
	assert_int_equal(pipeline_finish(&bench.pipeline), -EIO);
}

/* What one sink could not write was not delivered. */
static void written_by_all(void **state)
{
	(void)state;
	bench.frames.ready = 10;
	bench.frames.end = -ENODATA;
	for (size_t i = 0; i < PIPELINE_SINKS; i++)
		bench.counting[i].written = 10;
	bench.counting[1].written = 6;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SOURCE);
	assert_int_equal(pipeline_written(&bench.pipeline), 6);
	bench.counting[1].written = 11; /* it has taken one that another refused */
	assert_int_equal(pipeline_written(&bench.pipeline), 10);
}

/* SIGUSR1 asks for a report and ends nothing; SIGTERM ends the run, and a drain delivers what is left, up to a number.
 */
static void signals_and_drain(void **state)
{
	(void)state;
	raise(SIGUSR1);
	raise(SIGTERM);
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SIGNAL);
	assert_int_equal(bench.reports, 1);
	bench.frames.ready = 50;
	assert_int_equal(pipeline_drain(&bench.pipeline, 20), PIPELINE_COUNT);
	assert_int_equal(bench.counting[0].packets, 20);
	assert_int_equal(pipeline_drain(&bench.pipeline, 20), PIPELINE_COUNT);   /* has them already */
	assert_int_equal(pipeline_drain(&bench.pipeline, 100), PIPELINE_SOURCE); /* after a while without one */
	assert_int_equal(bench.counting[0].packets, 50);
	raise(SIGINT);
	assert_int_equal(pipeline_drain(&bench.pipeline, 100), PIPELINE_SIGNAL);
}

/* What nobody wants any more is taken out of the source and counted, also when the output has no reader any more. */
static void discard(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	bench.pipeline.limits.output_fd = ends[1];
	pipeline_run(&bench.pipeline);
	bench.frames.ready = 50;
	assert_int_equal(pipeline_discard(&bench.pipeline, 20), 20);
	assert_int_equal(pipeline_discard(&bench.pipeline, 100), 30);
	bench.frames.end = -ENODATA;
	assert_int_equal(pipeline_discard(&bench.pipeline, 1), 0);
	assert_int_equal(bench.counting[0].packets, 0);
	close(ends[1]);
}

/* A drain shows no more than the limit of the run. */
static void drain_is_limited(void **state)
{
	(void)state;
	bench.pipeline.limits.packets = 5;
	raise(SIGTERM);
	pipeline_run(&bench.pipeline);
	bench.frames.ready = 50;
	pipeline_drain(&bench.pipeline, 50);
	assert_int_equal(bench.counting[0].packets, 5);
}

static void arrive(void *context, int fd, short events)
{
	(void)fd;
	(void)events;
	((struct bench *)context)->frames.ready = 1;
}

/* A drain waits for what the kernel has yet to hand over, longer than any block lasts (20 ms). */
static void drain_waits(void **state)
{
	enum { LATER_NS = 50000000 };

	(void)state;
	raise(SIGTERM);
	pipeline_run(&bench.pipeline);
	assert_int_equal(event_loop_add_timer(&bench.pipeline.loop, LATER_NS, false, arrive, &bench), 0);
	assert_int_equal(pipeline_drain(&bench.pipeline, 1), PIPELINE_COUNT);
	assert_int_equal(bench.counting[0].packets, 1);
}

static void clocks(void **state)
{
	(void)state;
	bench.pipeline.limits.stats_ns = 2000000;
	bench.pipeline.limits.duration_ns = 50000000;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_DURATION);
	assert_in_range(bench.reports, 1, 25);
}

/* A sink that waits for a second of the clock, and how late it was told: nanoseconds. */
static int64_t awaited, late;

static int64_t await(const struct sink *sink)
{
	(void)sink;
	return awaited;
}

static int64_t realtime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static int note_lateness(struct sink *sink, int64_t now)
{
	(void)sink;
	if (now < awaited)
		return 0;
	late = realtime_ns() - awaited * NSEC_PER_SEC;
	pipeline_stop(&bench.pipeline, PIPELINE_DURATION);
	return 0;
}

/* A sink is told when its second begins, though the wait begins in the middle of another. On a machine that is busy
 * that may be late once, but not three times. */
static void deadlines(void **state)
{
	int64_t least = NSEC_PER_SEC;

	(void)state;
	bench.counting[0].sink.deadline = await;
	bench.counting[0].sink.tick = note_lateness;
	for (int round = 0; round < 3; round++) {
		while (realtime_ns() % NSEC_PER_SEC < NSEC_PER_SEC / 2)
			usleep(1000);
		awaited = realtime_ns() / NSEC_PER_SEC + 1;
		assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_DURATION);
		least = late < least ? late : least;
	}
	assert_in_range(least, 0, NSEC_PER_SEC / 4);
}

static void silence(void **state)
{
	(void)state;
	bench.pipeline.limits.silence_ns = 1000000;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_GONE); /* count_silence() has ended it */
	assert_int_equal(bench.silences, 1);
}

/* Somebody who has seen a packet does not ask why there is none. */
static void no_silence(void **state)
{
	(void)state;
	bench.frames.ready = 1;
	bench.pipeline.limits.silence_ns = 1000000;
	bench.pipeline.limits.duration_ns = 20000000;
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_DURATION);
	assert_int_equal(bench.silences, 0);
}

/* The reader of the output goes while nothing comes. */
static void reader_goes(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	bench.pipeline.limits.output_fd = ends[1];
	close(ends[0]);
	assert_int_equal(pipeline_run(&bench.pipeline), PIPELINE_SINK_ERROR);
	assert_int_equal(pipeline_finish(&bench.pipeline), -EPIPE);
	close(ends[1]);
}

static void annotate(struct annotator *annotator, struct packet *packet)
{
	static const struct explanation every_other[] = {{"accepted", NULL, false}, {"port", NULL, true}};

	(void)annotator;
	assert_true(packet->tcp.present); /* it comes behind decode() */
	packet->explanation = &every_other[bench.annotated++ % 2];
}

/* Annotators see every packet, and have it decoded though no sink looks inside; what is rejected goes to the sinks that
 * take it, and is shown, not delivered. */
static void annotators(void **state)
{
	struct annotator annotator = {annotate};

	(void)state;
	bench.frames.ready = 10;
	bench.frames.end = -ENODATA;
	bench.counting[0].sink.takes_frames = bench.counting[1].sink.takes_frames = true;
	bench.counting[1].sink.takes_rejected = true;
	bench.pipeline.annotators[bench.pipeline.annotator_count++] = &annotator;
	pipeline_run(&bench.pipeline);
	assert_int_equal(bench.annotated, 10);
	assert_int_equal(bench.counting[0].packets, 5);
	assert_int_equal(bench.counting[1].packets, 10);
	assert_int_equal(bench.counting[1].rejected, 5);
	assert_int_equal(bench.pipeline.shown, 10);
	assert_int_equal(bench.pipeline.delivered, 5);
}

static void sinks_are_told(void **state)
{
	(void)state;
	bench.counting[1].sink.filter_changed = note_filter;
	bench.counting[1].sink.finish = note_finish;
	pipeline_filter_changed(&bench.pipeline, "--port=53");
	assert_string_equal(bench.counting[1].filter, "--port=53");
	assert_int_equal(pipeline_finish(&bench.pipeline), 0);
	assert_true(bench.counting[1].finished);
	assert_int_equal(bench.counting[0].flushes, 1); /* has no finish() */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_frames, setup, teardown),
		cmocka_unit_test_setup_teardown(limited, setup, teardown),
		cmocka_unit_test_setup_teardown(flush_each, setup, teardown),
		cmocka_unit_test_setup_teardown(source_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(sink_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(flush_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(written_by_all, setup, teardown),
		cmocka_unit_test_setup_teardown(signals_and_drain, setup, teardown),
		cmocka_unit_test_setup_teardown(discard, setup, teardown),
		cmocka_unit_test_setup_teardown(drain_is_limited, setup, teardown),
		cmocka_unit_test_setup_teardown(drain_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(clocks, setup, teardown),
		cmocka_unit_test_setup_teardown(deadlines, setup, teardown),
		cmocka_unit_test_setup_teardown(silence, setup, teardown),
		cmocka_unit_test_setup_teardown(no_silence, setup, teardown),
		cmocka_unit_test_setup_teardown(reader_goes, setup, teardown),
		cmocka_unit_test_setup_teardown(annotators, setup, teardown),
		cmocka_unit_test_setup_teardown(sinks_are_told, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
