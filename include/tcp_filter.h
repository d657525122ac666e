/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_FILTER_H
#define BPFSNIFF_TCP_FILTER_H

#include "dissect.h"
#include "flow_identify.h"
#include "header_option.h"
#include "tcp_judge.h"
#include "tcp_work.h"

/*
 * --tcp-event: connections are followed by the frames that everything before has accepted, and those are kept at which
 * one of the wanted events is found. The includer defines the functions that are only declared here.
 */

/* RFC 9293, 3.1 */
struct wire_tcp {
	__u16 ports[2];
	__u32 seq;
	__u32 ack;
	__u8 data_offset;
	__u8 flags;
	__u16 window;
	__u16 checksum;
	__u16 urgent;
};

enum {
	TCP_OPTIONS_MAX = 10,  /* options of a SYN that are looked at */
	TCP_FOUND_SCALE = 256, /* more than an option has bytes */
};

/* The connection, new ones all zero; NULL: there is no room. */
static struct tcp_connection *tcp_connection_of(void *state, const struct flow_id *id);

/* A segment has been accepted: tell it to user space, if that is elsewhere. */
static void tcp_tell(void *state, const struct tcp_side *sender, const struct tcp_side *receiver,
		     struct tcp_work *work);

/* ns, from any start that stays the same. */
static __u64 tcp_now(void *state);

/* Where the frame ends on the wire, for a packet that does not say where it ends itself; counted as dissect_load()
 * does.
 */
static __u32 dissect_frame_end(struct dissect_input *input);

/* The interface on which the frame was seen: any number that stays the same. */
static __u32 dissect_interface(struct dissect_input *input);

/* What tcp_option() finds, by a call that the kernel makes. */
static __u32 tcp_option_at(struct dissect_input *input, __u32 offset, __u32 end);

/* Look at the option of a SYN at `offset`, which ends before `end`. Returns the bytes to the next one, 0 when there is
 * none; of a window scale option, TCP_FOUND_SCALE and its scale. */
ALWAYS_INLINE __u32 tcp_option(struct dissect_input *input, __u32 offset, __u32 end)
{
	__u8 option[TCP_SCALE_LENGTH];
	__u32 step;

	if (offset + 2 > end || dissect_load(input, offset, option, 2) || option[0] == HEADER_OPTION_END)
		return 0;
	step = header_option_step(option, 2);
	if (option[0] != TCP_OPTION_WINDOW_SCALE || step != TCP_SCALE_LENGTH)
		return step;
	if (offset + step > end || dissect_load(input, offset, option, sizeof(option)))
		return 0;
	return TCP_FOUND_SCALE + tcp_scale_of_shift(option[2]);
}

/* The window scale of a SYN with these options, the last of several; SCALE_NONE without that option. */
ALWAYS_INLINE __u8 tcp_scale(struct dissect_input *input, __u32 offset, __u32 end)
{
	__u8 scale = SCALE_NONE;

	UNROLL
	for (int i = 0; i < TCP_OPTIONS_MAX; i++) {
		__u32 step = tcp_option_at(input, offset, end);

		if (!step)
			return scale;
		if (step >= TCP_FOUND_SCALE) {
			scale = (__u8)(step - TCP_FOUND_SCALE);
			step = TCP_SCALE_LENGTH;
		}
		offset += step;
	}
	return scale;
}

/* The segment that follows the IP header. 0, or -1 when it is not TCP, a fragment, or its header is cut. */
ALWAYS_INLINE int tcp_read_segment(struct dissect_input *input, const struct dissection *dissection,
				   struct tcp_segment *segment)
{
	const struct flow_key *key = &dissection->key;
	__u32 end = dissection->end, length;
	struct wire_tcp header;

	if (key->protocol != PROTOCOL_TCP || !(key->flags & FLOW_HAS_TCP_FLAGS) ||
	    key->flags & (FLOW_FIRST_FRAGMENT | FLOW_LATER_FRAGMENT | FLOW_MALFORMED) ||
	    dissect_load_inside(input, dissection, &header, sizeof(header)))
		return -1;
	if (end == 0xffffffff)
		end = dissect_frame_end(input);
	length = (header.data_offset >> 4) * 4;
	if (length < sizeof(header) || end < dissection->offset || end - dissection->offset < length)
		return -1;
	segment->seq = SWAP32(header.seq);
	segment->ack = SWAP32(header.ack);
	segment->length = end - dissection->offset - length;
	segment->window = SWAP16(header.window);
	segment->flags = header.flags;
	segment->scale = SCALE_NONE;
	if (header.flags & TCP_SYN && length > sizeof(header))
		segment->scale = tcp_scale(input, dissection->offset + sizeof(header), dissection->offset + length);
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

	if (tcp_read_segment(input, dissection, &work->segment))
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
