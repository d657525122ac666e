/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_FILTER_H
#define BPFSNIFF_TCP_FILTER_H

#include "dissect.h"
#include "flow_identify.h"
#include "tcp_judge.h"
#include "tcp_scale.h"
#include "tcp_work.h"

/*
 * --tcp-event: connections are followed by the frames that everything before has accepted, and those are kept at which
 * one of the wanted events is found. The includer defines the functions that are only declared here.
 */

/* The connection, new ones all zero; NULL: there is no room. */
static struct tcp_connection *tcp_connection_of(void *state, const struct flow_id *id);

/* A segment has been accepted: tell it to user space, if that is elsewhere. */
static void tcp_tell(void *state, const struct tcp_side *sender, const struct tcp_side *receiver,
		     struct tcp_work *work);

/* ns, from any start that stays the same; 0: not known. */
static __u64 tcp_now(void *state);

/* Where the frame ends on the wire, for a packet that does not say where it ends itself; counted as dissect_load()
 * does.
 */
static __u32 dissect_frame_end(struct dissect_input *input);

/* `end`, or where the frame ends if that is before. */
static __u32 dissect_within_frame(struct dissect_input *input, __u32 end);

/* The interface on which the frame was seen: any number that stays the same. */
static __u32 dissect_interface(struct dissect_input *input);

/* Load the fixed header that follows the IP header. */
ALWAYS_INLINE void tcp_load_header(struct dissect_input *input, const struct dissection *dissection,
				   struct tcp_work *work)
{
	work->has_header = !dissect_load_inside(input, dissection, &work->header, sizeof(work->header));
}

/* The segment that follows the IP header; an IP length beyond the end of the frame is not believed. 0, or -1 when it is
 * not TCP, a fragment, or its fixed header is cut. */
ALWAYS_INLINE int tcp_read_segment(struct dissect_input *input, const struct dissection *dissection,
				   struct tcp_work *work)
{
	const struct flow_key *key = &dissection->key;
	const struct wire_tcp *header = &work->header;
	struct tcp_segment *segment = &work->segment;
	__u32 end, length;

	if (key->protocol != PROTOCOL_TCP || !(key->flags & FLOW_HAS_TCP_FLAGS) ||
	    key->flags & (FLOW_FIRST_FRAGMENT | FLOW_LATER_FRAGMENT | FLOW_MALFORMED))
		return -1;
	if (!work->has_header)
		tcp_load_header(input, dissection, work);
	if (!work->has_header)
		return -1;
	work->has_header = 0;
	end = dissect_within_frame(input, dissection->end);
	length = (header->data_offset >> 4) * 4;
	if (length < sizeof(*header) || end < dissection->offset || end - dissection->offset < length)
		return -1;
	segment->seq = SWAP32(header->seq);
	segment->ack = SWAP32(header->ack);
	segment->length = end - dissection->offset - length;
	segment->window = SWAP16(header->window);
	segment->flags = header->flags;
	segment->scale = SCALE_NONE;
	if (header->flags & TCP_SYN && length > sizeof(*header))
		tcp_read_scale(input, dissection->offset + sizeof(*header), dissection->offset + length, segment);
	return 0;
}

ALWAYS_INLINE enum verdict judge_side(const volatile struct filter_config *config, void *state,
				      struct tcp_connection *connection, struct tcp_side *sender,
				      struct tcp_side *receiver, struct tcp_work *work)
{
	tcp_judge(connection, sender, receiver, &work->segment, &work->finding);
	if (!(work->finding.events & config->tcp_events))
		return VERDICT_TCP_EVENT;
	tcp_tell(state, sender, receiver, work);
	return VERDICT_ACCEPTED;
}

/* The verdict of --tcp-event. */
ALWAYS_INLINE enum verdict match_tcp_event(const volatile struct filter_config *config, struct dissect_input *input,
					   void *state, const struct dissection *dissection, struct tcp_work *work)
{
	struct tcp_connection *connection;

	if (tcp_read_segment(input, dissection, work))
		return VERDICT_TCP_EVENT;
	work->segment.time = tcp_now(state);
	work->segment.interface = dissect_interface(input);
	flow_identify(&dissection->key, &work->id);
	connection = tcp_connection_of(state, &work->id);
	if (!connection)
		return VERDICT_TCP_EVENT;
	if (flow_is_swapped(&dissection->key))
		return judge_side(config, state, connection, &connection->sides[1], &connection->sides[0], work);
	return judge_side(config, state, connection, &connection->sides[0], &connection->sides[1], work);
}

#endif
