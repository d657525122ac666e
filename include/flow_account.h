/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_ACCOUNT_H
#define BPFSNIFF_FLOW_ACCOUNT_H

#include "flow_totals.h"
#include "tcp_filter.h"

/* What a packet is to its flow, compiled for the kernel and for user space. The includer defines what tcp_filter.h asks
 * for. */

/* The time that the segment of `receiver` took to come back as this ACK, if it covers just all that was sent; else 0.
 */
ALWAYS_INLINE __u64 tcp_round_trip(const struct tcp_side *receiver, const struct tcp_segment *segment)
{
	if (!has_any(segment, TCP_ACK) || !receiver->next || segment->ack != receiver->next || !receiver->next_time ||
	    segment->time <= receiver->next_time)
		return 0;
	return segment->time - receiver->next_time;
}

/* --tcp-event has judged the segment already. */
ALWAYS_INLINE void flow_note_segment(const volatile struct filter_config *config, struct tcp_connection *connection,
				     struct tcp_side *sender, struct tcp_side *receiver, struct tcp_work *work,
				     struct flow_packet *packet)
{
	if (!config->tcp_events)
		tcp_judge(connection, sender, receiver, &work->segment, &work->finding);
	packet->retransmission = !!(work->finding.events & TCP_EVENT_RETRANSMISSION);
	packet->handshake = work->finding.handshake;
	packet->rtt = tcp_round_trip(receiver, &work->segment);
}

/* Read the segment of a packet that was seen at `time`, by tcp_now(), unless --tcp-event has done that: 0, or -1 when
 * it is no whole one. That adds nothing to what is known of its connection. */
ALWAYS_INLINE int flow_read_segment(const volatile struct filter_config *config, struct dissect_input *input,
				    const struct dissection *dissection, __u64 time, struct tcp_work *work)
{
	if (config->tcp_events)
		return 0;
	if (tcp_read_segment(input, dissection, work))
		return -1;
	work->segment.time = time;
	work->segment.interface = dissect_interface(input);
	return 0;
}

/* Follow the connection of a segment. */
ALWAYS_INLINE void flow_follow_tcp(const volatile struct filter_config *config, struct tcp_connection *connection,
				   struct tcp_work *work, struct flow_packet *packet)
{
	if (packet->from_high)
		flow_note_segment(config, connection, &connection->sides[1], &connection->sides[0], work, packet);
	else
		flow_note_segment(config, connection, &connection->sides[0], &connection->sides[1], work, packet);
}

/* The length of an IP packet that does not say it, up to the end of the frame. What is not IP has none. */
ALWAYS_INLINE __u32 flow_bytes(struct dissect_input *input, const struct dissection *dissection)
{
	__u32 end;

	if (dissection->ip_length || !dissection->key.version)
		return dissection->ip_length;
	end = dissect_frame_end(input);
	return end > dissection->ip_offset ? end - dissection->ip_offset : 0;
}

/* A packet that is not IP, or whose addresses are cut, is of the flow whose id is all zeros. */
ALWAYS_INLINE void flow_describe(struct dissect_input *input, void *state, const struct dissection *dissection,
				 struct flow_packet *packet)
{
	const struct flow_key *key = &dissection->key;

	*packet = (struct flow_packet){.bytes = flow_bytes(input, dissection), .time = tcp_now(state)};
	if (!(key->flags & FLOW_HAS_ADDRESSES))
		return;
	flow_identify(key, &packet->id);
	packet->from_high = (__u8)flow_is_swapped(key);
	if (key->flags & FLOW_HAS_TCP_FLAGS)
		packet->tcp_flags = key->tcp_flags;
}

#endif
