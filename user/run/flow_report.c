/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/flow_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_name.h"
#include "base/log.h"
#include "base/terminal.h"
#include "flow/flow_log.h"
#include "flow/flow_text.h"
#include "run/open_sinks.h"
#include "savefile/output_file.h"
#include "savefile/savefile_write.h"

/* So long after the last packet of a closed connection it is told: its last ACK still belongs to it. In a table it
 * stays as long as one that is silent. */
#define LINGER_NS (2 * (uint64_t)NSEC_PER_SEC)

/* The log loses what it held when the first flow ends, or without any at the end: not if the capture cannot begin. */
static void begin_log(struct flow_report *report)
{
	if (report->log_fd >= 0 && !report->log_begins)
		report->log.error = output_file_empty(report->log_fd);
	report->log_begins = true;
}

static void tell(void *context, const struct flow_record *record)
{
	struct flow_report *report = context;

	if (report->log.buffer) {
		begin_log(report);
		flow_log_write(&report->log, record);
	}
	if (report->ipfix)
		ipfix_add(report->ipfix, record);
}

static int take_packet(struct sink *sink, const struct packet *packet)
{
	struct flow_report *report = (struct flow_report *)sink;
	const struct flow_packet *flow = &report->offline->flow;

	(void)packet;
	report->packets++;
	report->bytes += flow->bytes;
	flow_table_add_packet(report->table, flow);
	return report->log.error;
}

static int flush(struct sink *sink)
{
	struct flow_report *report = (struct flow_report *)sink;

	return report->log.buffer ? output_flush(&report->log) : 0;
}

static int finish(struct sink *sink)
{
	return flow_report_finish((struct flow_report *)sink);
}

static uint64_t taken(const struct sink *sink)
{
	return ((const struct flow_report *)sink)->packets;
}

static void log_path(const struct sink *sink, char path[PATH_MAX])
{
	const struct options *options = ((const struct flow_report *)sink)->options;

	snprintf(path, PATH_MAX, "%s", options->flows.log_path ? options->flows.log_path : "-");
}

/* flow_report_close() does it. */
static void close_nothing(struct sink *sink)
{
	(void)sink;
}

static const struct sink flow_sink = {
	.takes_frames = true,
	.packet = take_packet,
	.flush = flush,
	.finish = finish,
	.written = taken,
	.path = log_path,
	.close = close_nothing,
};

/* 0 or -errno after one line on standard error. */
static int open_log(struct flow_report *report, const char *path)
{
	const struct file_owner owner = open_sinks_owner(report->options);
	const bool is_stdout = !strcmp(path, "-");
	char name[FILE_NAME_MAX];
	int fd = is_stdout ? STDOUT_FILENO : output_file_open(AT_FDCWD, path, &owner, false), ret;

	if (fd == -ENXIO)
		fd = output_file_await(AT_FDCWD, path, &owner);
	ret = fd < 0 ? fd : output_init(&report->log, fd);
	if (fd >= 0 && !is_stdout)
		report->log_fd = fd;
	if (ret && ret != -ECANCELED) /* a user who stops it needs no reason */
		log_line("cannot write to %s: %s", file_name(name, path, "standard output"),
			 savefile_write_error(-ret));
	return ret;
}

/* 0 or -errno after one line on standard error. */
static int open_collector(struct flow_report *report, const char *collector)
{
	char why[IPFIX_WHY_MAX];
	int ret = ipfix_open(collector, &report->ipfix, why);

	if (ret)
		log_line("cannot export flows to '%s': %s", collector, why);
	return ret;
}

static int open_table(struct flow_report *report, const struct flow_table_kernel *kernel)
{
	const struct flow_options *flows = &report->options->flows;
	const bool tells = flows->log_path || flows->collector;
	const bool from_file = report->options->read_count;
	/* The one table of a file has all flows; they need not end before. */
	const bool ends = tells || !from_file;
	const struct flow_table_options options = {
		.flows = report->options->spec.flow_table_size,
		.idle_ns = ends ? flows->idle_ns : 0,
		.active_ns = tells ? flows->active_ns : 0,
		.linger_ns = tells ? LINGER_NS : flows->idle_ns,
		.keeps_ended = flows->top_ns && from_file,
		.tell = tells ? tell : NULL,
		.context = report,
		.kernel = report->offline ? NULL : kernel,
	};

	report->table = flow_table_open(&options);
	return report->table ? 0 : -ENOMEM;
}

static enum top_key top_key(const struct options *options)
{
	static const enum top_key keys[] = {
		[FLOWS_BY_FLOW] = TOP_FLOW,
		[FLOWS_BY_HOST] = TOP_HOST,
		[FLOWS_BY_PORT] = TOP_PORT,
		[FLOWS_BY_PROCESS] = TOP_PROCESS,
	};

	return keys[options->flows.by];
}

/* A terminal gets a table with keys if keys can be read from it; else each table takes the place of the one before,
 * beginning with an empty screen. 0 or -errno. */
static int open_screen(struct flow_report *report)
{
	const struct options *options = report->options;
	int ret;

	report->on_terminal =
		!options->read_count && options->format != FORMAT_JSON && terminal_takes_escapes(STDOUT_FILENO);
	if (report->on_terminal && isatty(STDIN_FILENO) &&
	    !top_screen_open(top_key(options), options->owner, &report->keys, &report->why_no_keys))
		return 0;
	ret = output_init(&report->screen, STDOUT_FILENO);
	if (!ret && report->on_terminal)
		output_advance(&report->screen, text_string(output_room(&report->screen, 64), "\033[2J"));
	return ret;
}

int flow_report_open(struct flow_report *report, const struct options *options, const struct flow_table_kernel *kernel,
		     struct pipeline *pipeline)
{
	int ret;

	*report = (struct flow_report){.sink = flow_sink, .options = options, .log_fd = -1};
	if (!options_count_flows(options))
		return 0;
	report->offline = pipeline->offline;
	report->shown_ns = clock_monotonic_ns();
	ret = open_table(report, kernel);
	if (!ret && options->flows.top_ns)
		ret = open_screen(report);
	if (ret)
		log_line("out of memory for a table of %u flows; --flow-table=N makes a smaller one",
			 options->spec.flow_table_size);
	if (!ret && options->flows.log_path)
		ret = open_log(report, options->flows.log_path);
	if (!ret && options->flows.collector)
		ret = open_collector(report, options->flows.collector);
	if (!ret && report->offline)
		pipeline->sinks[pipeline->sink_count++] = &report->sink;
	return ret;
}

/* Rows and columns of a terminal that standard output is; else zeros. */
static struct winsize terminal_size(const struct flow_report *report)
{
	struct winsize size = {0};

	if (!report->on_terminal || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return (struct winsize){0};
	return size;
}

/* On a terminal the table takes the place of the one before, and leaves room for the sums and the cursor. */
static void write_table(struct flow_report *report, double seconds)
{
	const struct winsize size = terminal_size(report);
	const unsigned int below = report->why_no_keys ? 3 : 2; /* rows of the sums, and of the cursor */
	const bool fits = size.ws_row > below + 2;
	const struct top_layout layout = {
		.seconds = seconds,
		.rows = fits ? size.ws_row - below : 0,
		.columns = fits ? size.ws_col : 0,
		.erases = fits,
	};
	struct flow_sums sums;
	char text[256], *at;

	if (fits)
		output_advance(&report->screen, text_string(output_room(&report->screen, 64), "\033[H"));
	top_write_text(&report->top, &report->screen, &layout);
	if (!fits)
		return;
	flow_table_sums(report->table, &sums);
	flow_text_sums(text, sizeof(text), &sums);
	at = text_string(output_room(&report->screen, 2 * sizeof(text)), "\033[J");
	output_advance(&report->screen, text_string(text_string(at, text), "\n"));
	if (!report->why_no_keys)
		return;
	at = output_room(&report->screen, 512 + TEXT_OVERRUN);
	at += snprintf(at, 512, "no keys: %.*s\n", size.ws_col > 16 ? size.ws_col - 10 : 0, report->why_no_keys);
	output_advance(&report->screen, at);
}

/* Of a file it is one without rates. */
static int write_plain(struct flow_report *report, double seconds)
{
	const bool has_rates = !report->options->read_count;
	const struct top_choice choice = {
		.key = top_key(report->options),
		.order = has_rates ? TOP_BY_RATE : TOP_BY_BYTES,
	};
	int ret;

	ret = top_collect(&report->top, report->table, &choice);
	if (ret)
		return ret;
	if (report->options->format == FORMAT_JSON)
		top_write_json(&report->top, &report->screen);
	else
		write_table(report, seconds);
	return output_flush(&report->screen);
}

/* The table of the period that ends now. */
static int show_table(struct flow_report *report)
{
	const int64_t now = clock_monotonic_ns();
	const double seconds = (double)(now - report->shown_ns) / NSEC_PER_SEC;

	report->shown_ns = now;
	flow_table_next_period(report->table);
	return report->keys ? top_screen_show(report->keys, report->table, seconds)
			    : write_plain(report, report->options->read_count ? 0 : seconds);
}

int flow_report_show(struct flow_report *report)
{
	int ret = report->options->flows.top_ns ? show_table(report) : 0;

	if (report->ipfix)
		ipfix_flush(report->ipfix);
	if (!ret && report->log.buffer)
		ret = output_flush(&report->log);
	return ret;
}

bool flow_report_reads_keys(const struct flow_report *report)
{
	return report->keys;
}

int flow_report_take_keys(struct flow_report *report)
{
	return top_screen_read_keys(report->keys, report->table);
}

int flow_report_resize(struct flow_report *report)
{
	return top_screen_draw(report->keys, report->table);
}

int flow_report_finish(struct flow_report *report)
{
	bool keeps_ended;
	int ret = 0;

	if (!report->table)
		return 0;
	keeps_ended = report->options->read_count;
	/* Flows that end now are in the last table, too. */
	if (!keeps_ended)
		ret = flow_report_show(report);
	top_screen_close(report->keys);
	report->keys = NULL;
	flow_table_stop(report->table);
	if (keeps_ended)
		ret = flow_report_show(report);
	if (report->ipfix)
		ipfix_flush(report->ipfix);
	begin_log(report);
	return ret || !report->log.buffer ? ret : output_flush(&report->log);
}

void flow_report_stats(const struct flow_report *report, struct stats *stats)
{
	struct flow_sums sums;

	stats->counts_flows = report->table;
	stats->flows = (struct stats_flows){0};
	if (!report->table)
		return;
	flow_table_sums(report->table, &sums);
	stats->flows = (struct stats_flows){
		.count = sums.count,
		.packets = sums.packets,
		.bytes = sums.bytes,
		.evicted = sums.evicted,
		.evicted_packets = sums.evicted_packets,
		.evicted_bytes = sums.evicted_bytes,
		.unwanted_packets = sums.unwanted_packets,
		.unwanted_bytes = sums.unwanted_bytes,
		.accepted_bytes = report->bytes,
	};
}

void flow_report_close(struct flow_report *report)
{
	top_screen_close(report->keys);
	flow_table_close(report->table);
	if (report->log.buffer)
		output_release(&report->log);
	if (report->screen.buffer)
		output_release(&report->screen);
	if (report->log_fd > STDERR_FILENO)
		close(report->log_fd);
	ipfix_close(report->ipfix);
	top_release(&report->top);
}
