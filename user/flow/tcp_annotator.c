/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_annotator.h"

#include <errno.h>
#include <string.h>

#include "byte_order.h"
#include "flow/tcp_options.h"
#include "flow_identify.h"
#include "protocols.h"
#include "tcp_judge.h"

/* Segments of a direction that wait for an ACK while nothing comes back: perhaps the other direction does not pass
 * here. */
enum { UNANSWERED_MAX = 16 };

/* A segment can be judged by its fixed header, if that is all there and its payload's length is known. */
static bool can_judge(const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;

	return tcp->present && tcp_has(tcp, TCP_FIELD_URGENT) && tcp->header_length >= TCP_HEADER &&
	       packet->payload.is_known && !packet->ip.is_fragment && packet->ip.source && packet->ip.destination;
}

static void copy_address(__u64 to[2], const struct ip_header *ip, const uint8_t *from)
{
	uint32_t address;

	if (ip->version == 6) {
		memcpy(to, from, 2 * sizeof(*to));
		return;
	}
	memcpy(&address, from, sizeof(address));
	to[0] = 0;
	to[1] = ADDRESS_MAPPED(address);
}

/* Returns whether the segment comes from the high endpoint. */
static bool identify(const struct packet *packet, struct flow_id *id)
{
	struct flow_key key = {
		.source_port = packet->tcp.source_port,
		.destination_port = packet->tcp.destination_port,
		.version = packet->ip.version,
		.protocol = PROTOCOL_TCP,
	};

	copy_address(key.source, &packet->ip, packet->ip.source);
	copy_address(key.destination, &packet->ip, packet->ip.destination);
	flow_identify(&key, id);
	return flow_is_swapped(&key);
}

static struct tcp_segment segment_of(const struct packet *packet)
{
	const struct tcp_header *tcp = &packet->tcp;
	const uint64_t length = packet->payload.length;
	struct tcp_segment segment = {
		.time = frame_time(packet->frame),
		.seq = tcp->seq,
		.ack = tcp->ack,
		.length = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX,
		.window = tcp->window,
		.flags = (uint8_t)tcp->flags,
		.scale = SCALE_NONE,
		.interface = packet->frame->interface ? packet->frame->interface->place : 0,
	};

	if (tcp->flags & TCP_SYN)
		segment.scale =
			tcp_option_scale(tcp->options, tcp->options_length, tcp->header_length - (uint32_t)TCP_HEADER);
	return segment;
}

bool tcp_segment_of(const struct packet *packet, struct flow_id *id, struct tcp_segment *segment, bool *high)
{
	if (!can_judge(packet))
		return false;
	*high = identify(packet, id);
	*segment = segment_of(packet);
	return true;
}

static int8_t window_shift(const struct tcp_side *sender, const struct tcp_segment *segment)
{
	if (segment->flags & TCP_SYN)
		return 0;
	return sender->scale == SCALE_UNKNOWN ? -1
	       : sender->scale == SCALE_NONE  ? 0
					      : (int8_t)(sender->scale - SCALE_SHIFT);
}

static void count(struct tcp_annotator *self, struct tcp_flow *flow, uint32_t events)
{
	for (uint32_t left = events; left; left &= left - 1)
		self->summary.events[__builtin_ctz(left)]++;
	flow->suffered += !!(events & tcp_suffering);
}

/* The segments that wait for an ACK. A SYN that begins another connection has cleared what was known of the last.
 * Returns the round-trip time of the one that this segment acknowledges. */
static uint64_t follow_acks(struct tcp_table *table, struct tcp_flow *flow, bool high,
			    const struct tcp_segment *segment, uint32_t events)
{
	struct unacked_pool *pool = tcp_table_pool(table);
	const bool is_answered = flow->connection.sides[!high].flags & TCP_SIDE_SPOKE;

	if (events & TCP_EVENT_REUSED_PORTS && !(segment->flags & TCP_ACK)) {
		unacked_clear(pool, &flow->unacked[0]);
		unacked_clear(pool, &flow->unacked[1]);
	}
	if (segment_end(segment) != segment->seq && (is_answered || flow->unacked[high].count < UNANSWERED_MAX)) {
		tcp_table_make_room(table);
		unacked_add(pool, &flow->unacked[high], segment_end(segment), segment->time);
	}
	return unacked_remove(pool, &flow->unacked[!high], segment->ack, segment->time);
}

struct tcp_analysis tcp_analysis_of(const struct tcp_side *sender, const struct tcp_side *receiver,
				    const struct tcp_segment *segment, const struct tcp_finding *finding)
{
	return (struct tcp_analysis){
		.events = finding->events,
		.duplicate_number = finding->duplicate_number,
		.relative_seq = segment->seq - sender->base,
		.relative_ack = segment->flags & TCP_ACK ? segment->ack - receiver->base : 0,
		.has_relative_ack = segment->flags & TCP_ACK,
		.window_shift = window_shift(sender, segment),
		.handshake_ns = finding->handshake,
	};
}

static void annotate(struct annotator *annotator, struct packet *packet)
{
	struct tcp_annotator *self = (struct tcp_annotator *)annotator;
	struct tcp_connection *connection;
	struct tcp_side *sender, *receiver;
	struct tcp_segment segment;
	struct tcp_finding finding;
	struct tcp_flow *flow;
	struct flow_id id;
	bool high, is_copy;

	packet->analysis = NULL;
	if (!tcp_segment_of(packet, &id, &segment, &high))
		return;
	flow = tcp_table_find(self->table, &id);
	connection = &flow->connection;
	sender = &connection->sides[high];
	receiver = &connection->sides[!high];
	is_copy = tcp_is_copy(sender, &segment);
	tcp_judge(connection, sender, receiver, &segment, &finding);
	if (finding.events)
		count(self, flow, finding.events);
	self->analysis = tcp_analysis_of(sender, receiver, &segment, &finding);
	if (!is_copy)
		self->analysis.rtt_ns = follow_acks(self->table, flow, high, &segment, finding.events);
	packet->analysis = &self->analysis;
}

static uint64_t distance(const struct tcp_told_run *run, uint64_t time)
{
	if (time < run->from)
		return run->from - time;
	return time > run->until ? time - run->until : 0;
}

const struct tcp_told_run *tcp_told_run_at(const struct tcp_told *told, uint64_t time)
{
	const struct tcp_told_run *nearest = &told->runs[0];

	for (int i = 1; i < TCP_TOLD_RUNS && told->runs[i].until; i++)
		if (distance(&told->runs[i], time) < distance(nearest, time))
			nearest = &told->runs[i];
	return nearest;
}

void tcp_annotator_count(struct tcp_annotator *annotator, const struct flow_id *id, uint32_t events)
{
	if (events)
		count(annotator, tcp_table_find(annotator->table, id), events);
}

static void enter(void *context, struct tcp_flow *flow)
{
	tcp_summary_enter(context, &flow->id, flow->suffered);
}

static void enter_evicted(void *context, struct tcp_flow *flow)
{
	struct tcp_annotator *self = context;
	const struct tcp_side *sides = flow->connection.sides;

	self->forgotten += sides[0].flags || sides[1].flags;
	enter(&self->summary, flow);
}

/* What was agreed on at the start of the connection stays. */
static void restart_side(struct tcp_side *side)
{
	*side = (struct tcp_side){
		.base = side->base,
		.scale = side->scale,
		.flags = side->flags & TCP_SIDE_HAS_BASE,
	};
}

static void restart(void *context, struct tcp_flow *flow)
{
	struct tcp_connection *connection = &flow->connection;

	unacked_clear(context, &flow->unacked[0]);
	unacked_clear(context, &flow->unacked[1]);
	restart_side(&connection->sides[0]);
	restart_side(&connection->sides[1]);
	connection->syn_time = 0;
	connection->first_rtt = 0;
}

void tcp_annotator_restart(struct tcp_annotator *annotator)
{
	tcp_table_each(annotator->table, restart, tcp_table_pool(annotator->table));
}

int tcp_annotator_init(struct tcp_annotator *annotator, uint32_t connections)
{
	*annotator = (struct tcp_annotator){.annotator.annotate = annotate};
	annotator->table = tcp_table_open(connections, enter_evicted, annotator);
	return annotator->table ? 0 : -ENOMEM;
}

void tcp_annotator_sum_up(const struct tcp_annotator *annotator, struct tcp_summary *summary)
{
	*summary = annotator->summary;
	tcp_table_each(annotator->table, enter, summary);
}

void tcp_annotator_release(struct tcp_annotator *annotator)
{
	tcp_table_close(annotator->table);
	annotator->table = NULL;
}
