/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_JUDGE_H
#define BPFSNIFF_TCP_JUDGE_H

#include "compiler.h"
#include "tcp_connection.h"
#include "tcp_event.h"

/*
 * What a TCP segment tells of its connection, compiled for the kernel and for user space. The words are tshark's, and
 * so is what decides about them (tcp.analysis.* of Wireshark 4.0): sequence numbers, acknowledgements and windows of
 * both directions as they pass here, and three times. Neither retransmission timers nor SACK blocks are looked at.
 */

enum {
	FAST_RETRANSMISSION_NS = 20000000, /* at most so long after the last duplicate ACK */
	REORDERING_NS = 3000000,           /* where no handshake tells the round-trip time */
	FAST_RETRANSMISSION_ACKS = 2,
	COPY_NS =
		100000000, /* a sender waits for twice as long at least before it sends again (tcp_rto_min in Linux) */
};

/* RFC 9293, 3.4: sequence numbers wrap. */
ALWAYS_INLINE int seq_before(__u32 left, __u32 right)
{
	return (__s32)(left - right) < 0;
}

ALWAYS_INLINE int has_any(const struct tcp_segment *segment, __u8 flags)
{
	return segment->flags & flags;
}

/* SYN and FIN take a sequence number (RFC 9293, 3.4). */
ALWAYS_INLINE __u32 segment_end(const struct tcp_segment *segment)
{
	return segment->seq + segment->length + !!has_any(segment, TCP_SYN | TCP_FIN);
}

/* A segment that passes several interfaces, as those of a bridge, is seen on each, soon after the last one of its side.
 * The first on its way sees all that is new; another one takes its part when the way has changed. A reset is told of
 * wherever it is seen. */
ALWAYS_INLINE int tcp_is_copy(const struct tcp_side *sender, const struct tcp_segment *segment)
{
	if (!(sender->flags & TCP_SIDE_SPOKE) || segment->interface == sender->interface ||
	    (__s64)(segment->time - sender->last_time) > COPY_NS || has_any(segment, TCP_RST))
		return 0;
	if (has_any(segment, TCP_SYN) ? segment->seq != sender->base : sender->flags & TCP_SIDE_UNSCALED)
		return 0;
	return !seq_before(sender->next, segment_end(segment)) && !seq_before(sender->ack, segment->ack);
}

/* The window is that of the side's last segment? */
ALWAYS_INLINE int side_offers(const struct tcp_side *side, __u16 window)
{
	return side->flags & TCP_SIDE_SPOKE && side->window == window;
}

/* A SYN with another number than the last begins another connection. Returns its events. */
ALWAYS_INLINE __u32 meet_syn(struct tcp_connection *connection, struct tcp_side *sender,
			     const struct tcp_segment *segment)
{
	if (!has_any(segment, TCP_SYN) || !(sender->flags & TCP_SIDE_HAS_BASE))
		return 0;
	if (segment->seq != sender->base) {
		if (has_any(segment, TCP_ACK))
			sender->base = segment->seq;
		else
			*connection = (struct tcp_connection){0};
		return TCP_EVENT_REUSED_PORTS;
	}
	/* A RST may have moved it by taking the number of an ACK (RFC 9293, 3.5.2). */
	if (!has_any(segment, TCP_ACK))
		sender->next = sender->contiguous;
	return 0;
}

/* Relative numbers start at 0 with a SYN, and at 1 where none was seen. */
ALWAYS_INLINE void set_bases(struct tcp_side *sender, struct tcp_side *receiver, const struct tcp_segment *segment)
{
	if (!(sender->flags & TCP_SIDE_HAS_BASE)) {
		sender->base = segment->seq - !has_any(segment, TCP_SYN);
		sender->flags |= TCP_SIDE_HAS_BASE;
	}
	if (!(receiver->flags & TCP_SIDE_HAS_BASE) && has_any(segment, TCP_ACK)) {
		receiver->base = segment->ack - 1;
		receiver->flags |= TCP_SIDE_HAS_BASE;
	}
}

/* The payload ends where the window does that the receiver has offered last. */
ALWAYS_INLINE int fills_window(const struct tcp_side *receiver, const struct tcp_segment *segment)
{
	__u32 shift = 0;

	if (!segment->length || receiver->scale == SCALE_UNKNOWN || !(receiver->flags & TCP_SIDE_SPOKE) ||
	    has_any(segment, TCP_SYN | TCP_FIN | TCP_RST))
		return 0;
	if (receiver->scale > SCALE_NONE && !(receiver->flags & TCP_SIDE_UNSCALED))
		shift = (receiver->scale - SCALE_SHIFT) & 15;
	return segment->seq + segment->length == receiver->ack + ((__u32)receiver->window << shift);
}

/* A segment without payload that says what the last one of its side did, but maybe for the window. */
ALWAYS_INLINE __u32 judge_repeated_ack(struct tcp_side *sender, const struct tcp_side *receiver,
				       const struct tcp_segment *segment, struct tcp_finding *finding)
{
	if (segment->length || segment->seq != sender->next || segment->ack != sender->ack ||
	    has_any(segment, TCP_SYN | TCP_FIN | TCP_RST))
		return 0;
	if (!side_offers(sender, segment->window))
		return segment->window ? TCP_EVENT_WINDOW_UPDATE : 0;
	if (!segment->window)
		return receiver->flags & TCP_SIDE_PROBE ? TCP_EVENT_ZERO_WINDOW_PROBE_ACK : 0;
	if (receiver->flags & TCP_SIDE_KEEP_ALIVE)
		return TCP_EVENT_KEEP_ALIVE_ACK;
	sender->duplicates = sender->duplicates < 0 ? 1 : sender->duplicates + 1;
	finding->duplicate_number = (__u32)sender->duplicates;
	return TCP_EVENT_DUPLICATE_ACK;
}

/* By the numbers that should come next. */
ALWAYS_INLINE __u32 judge_place(const struct tcp_side *sender, const struct tcp_side *receiver,
				const struct tcp_segment *segment)
{
	__u32 events = 0;

	if (!segment->window && !has_any(segment, TCP_SYN | TCP_FIN | TCP_RST))
		events |= TCP_EVENT_ZERO_WINDOW;
	if (sender->next && seq_before(sender->next, segment->seq) && !has_any(segment, TCP_RST))
		events |= TCP_EVENT_LOST_SEGMENT;
	if (segment->length <= 1 && segment->seq == sender->next - 1 && !has_any(segment, TCP_SYN | TCP_FIN | TCP_RST))
		events |= TCP_EVENT_KEEP_ALIVE;
	if (fills_window(receiver, segment))
		events |= TCP_EVENT_WINDOW_FULL;
	return events;
}

/* An ACK of what was not seen is told once: either the numbers catch up with it, or its first ACK says so. */
ALWAYS_INLINE __u32 judge_ack(struct tcp_side *receiver, const struct tcp_segment *segment)
{
	__u32 events;

	if (!has_any(segment, TCP_ACK) || !receiver->contiguous || !seq_before(receiver->contiguous, segment->ack))
		return 0;
	if (seq_before(receiver->contiguous, receiver->next)) {
		receiver->contiguous = receiver->next;
		return TCP_EVENT_ACK_LOST_SEGMENT;
	}
	events = receiver->duplicates ? 0 : TCP_EVENT_ACK_LOST_SEGMENT;
	receiver->duplicates = -1;
	return events;
}

/* Of a segment that does not advance the numbers of its side: which of three reasons it has. */
ALWAYS_INLINE __u32 judge_repeated_bytes(const struct tcp_connection *connection, const struct tcp_side *sender,
					 const struct tcp_side *receiver, const struct tcp_segment *segment)
{
	const __u64 reordering = connection->first_rtt ? connection->first_rtt : REORDERING_NS;

	/* To tshark, one that stalls has sent enough of them. */
	if ((__u32)receiver->duplicates >= FAST_RETRANSMISSION_ACKS && receiver->ack == segment->seq &&
	    segment->time - receiver->last_time < FAST_RETRANSMISSION_NS)
		return TCP_EVENT_RETRANSMISSION | TCP_EVENT_FAST_RETRANSMISSION;
	if (segment->time - sender->next_time < reordering && sender->next != segment_end(segment))
		return TCP_EVENT_OUT_OF_ORDER;
	return TCP_EVENT_RETRANSMISSION;
}

/* Of a segment that takes sequence numbers: has one with these been here before? */
ALWAYS_INLINE __u32 judge_bytes(const struct tcp_connection *connection, const struct tcp_side *sender,
				const struct tcp_side *receiver, const struct tcp_segment *segment)
{
	const int after_probe = segment->length > 1 && sender->next - 1 == segment->seq;

	if (segment_end(segment) == segment->seq)
		return 0;
	if (segment->length && receiver->ack && !seq_before(receiver->ack, segment->seq + segment->length))
		return TCP_EVENT_RETRANSMISSION | TCP_EVENT_SPURIOUS_RETRANSMISSION;
	if (!sender->next || !seq_before(segment->seq, sender->next) || after_probe)
		return 0;
	return judge_repeated_bytes(connection, sender, receiver, segment);
}

/* Remember the segment as the last of its side. */
ALWAYS_INLINE void keep_segment(struct tcp_side *sender, const struct tcp_segment *segment, __u32 events)
{
	const __u32 end = segment_end(segment);

	/* The byte of a probe is not taken. */
	if (!(events & TCP_EVENT_ZERO_WINDOW_PROBE)) {
		if (!sender->next || seq_before(sender->next, end)) {
			sender->next = end;
			sender->next_time = segment->time;
		}
		if (!sender->contiguous || sender->contiguous == segment->seq)
			sender->contiguous = sender->next;
	}
	sender->ack = segment->ack;
	sender->window = segment->window;
	sender->interface = segment->interface;
	sender->last_time = segment->time;
	sender->flags &= (__u8) ~(TCP_SIDE_KEEP_ALIVE | TCP_SIDE_PROBE);
	sender->flags |= TCP_SIDE_SPOKE;
	if (events & TCP_EVENT_KEEP_ALIVE)
		sender->flags |= TCP_SIDE_KEEP_ALIVE;
	if (events & TCP_EVENT_ZERO_WINDOW_PROBE)
		sender->flags |= TCP_SIDE_PROBE;
}

/* Windows are shifted if both SYNs have the option (RFC 7323, 2.2); the SYN alone rules it out for both. Whether the
 * windows of the receiver are is not known either where the options of a SYN,ACK are cut. */
ALWAYS_INLINE void agree_on_scale(struct tcp_side *sender, struct tcp_side *receiver, const struct tcp_segment *segment)
{
	if (segment->scale == SCALE_UNKNOWN) {
		if (has_any(segment, TCP_ACK) && sender->scale == SCALE_UNKNOWN)
			receiver->scale = SCALE_UNKNOWN;
		return;
	}
	if (segment->scale >= SCALE_SHIFT)
		sender->scale = segment->scale;
	if (sender->scale == SCALE_UNKNOWN) {
		sender->scale = SCALE_NONE;
		receiver->scale = SCALE_NONE;
	} else if (has_any(segment, TCP_ACK) && receiver->scale == SCALE_NONE) {
		sender->scale = SCALE_NONE;
	}
}

/* May follow_handshake() have something to do? */
ALWAYS_INLINE int is_in_handshake(const struct tcp_connection *connection, const struct tcp_side *sender,
				  const struct tcp_segment *segment)
{
	return has_any(segment, TCP_SYN) || sender->flags & TCP_SIDE_UNSCALED ||
	       (connection->syn_time && !connection->first_rtt);
}

/* The handshake (RFC 9293, 3.5): the options of a SYN, and how long it takes. */
ALWAYS_INLINE void follow_handshake(struct tcp_connection *connection, struct tcp_side *sender,
				    struct tcp_side *receiver, const struct tcp_segment *segment,
				    struct tcp_finding *finding)
{
	const int had_sent_syn = sender->flags & TCP_SIDE_UNSCALED, is_first = !connection->first_rtt;
	const __u64 since_syn = segment->time - connection->syn_time;

	if (has_any(segment, TCP_SYN)) {
		sender->flags |= TCP_SIDE_UNSCALED;
		sender->flags |= has_any(segment, TCP_ACK) ? TCP_SIDE_SENT_SYN_ACK : TCP_SIDE_SENT_SYN;
		if (!has_any(segment, TCP_ACK))
			connection->syn_time = segment->time;
		agree_on_scale(sender, receiver, segment);
		return;
	}
	if (!has_any(segment, TCP_ACK))
		return;
	sender->flags &= (__u8)~TCP_SIDE_UNSCALED;
	if (!connection->syn_time)
		return;
	if (is_first)
		connection->first_rtt = since_syn;
	if (!had_sent_syn || !(sender->flags & TCP_SIDE_SENT_SYN) || !(receiver->flags & TCP_SIDE_SENT_SYN_ACK) ||
	    sender->flags & TCP_SIDE_SHOOK_HANDS)
		return;
	/* Where the receiver has spoken since: not the second ACK of a simultaneous open, nor one that is not the next.
	 */
	if (!is_first && (receiver->flags & TCP_SIDE_SENT_SYN || finding->events & TCP_EVENT_LOST_SEGMENT))
		return;
	/* The clock may have gone backwards, a file may not say the time, and the ACK may be of something else. */
	if (!has_any(segment, TCP_RST) && segment->time > connection->syn_time &&
	    seq_before(receiver->base, segment->ack)) {
		finding->handshake = since_syn;
		sender->flags |= TCP_SIDE_SHOOK_HANDS;
	}
}

/*
 * The steps of a judgement. In the kernel each is a function of its own, which bpf/ defines: the verifier looks at each
 * once, and forgets behind a call what it knew of the numbers; together they are too complex for it. What one step
 * tells the next is in memory.
 */
#define TCP_STEP_PARAMETERS                                                                    \
	struct tcp_connection *connection, struct tcp_side *sender, struct tcp_side *receiver, \
		struct tcp_segment *segment, struct tcp_finding *finding

#define TCP_STEP_ARGUMENTS connection, sender, receiver, segment, finding

ALWAYS_INLINE void tcp_step_place(TCP_STEP_PARAMETERS)
{
	*finding = (struct tcp_finding){.events = meet_syn(connection, sender, segment)};
	set_bases(sender, receiver, segment);
	if (segment->length == 1 && segment->seq == sender->next && side_offers(receiver, 0))
		finding->events |= TCP_EVENT_ZERO_WINDOW_PROBE;
	if (has_any(segment, TCP_RST))
		finding->events |= TCP_EVENT_RESET;
	if (!(finding->events & TCP_EVENT_ZERO_WINDOW_PROBE))
		finding->events |=
			judge_place(sender, receiver, segment) | judge_repeated_ack(sender, receiver, segment, finding);
	if (segment->ack != sender->ack)
		sender->duplicates = 0;
	finding->events |= judge_ack(receiver, segment);
}

ALWAYS_INLINE void tcp_step_bytes(TCP_STEP_PARAMETERS)
{
	if (!(finding->events & TCP_EVENT_KEEP_ALIVE))
		finding->events |= judge_bytes(connection, sender, receiver, segment);
	keep_segment(sender, segment, finding->events);
}

ALWAYS_INLINE void tcp_step_handshake(TCP_STEP_PARAMETERS)
{
	follow_handshake(connection, sender, receiver, segment, finding);
}

#ifdef __bpf__
__noinline int call_step_place(TCP_STEP_PARAMETERS);
__noinline int call_step_bytes(TCP_STEP_PARAMETERS);
__noinline int call_step_handshake(TCP_STEP_PARAMETERS);
#else
#define call_step_place     tcp_step_place
#define call_step_bytes     tcp_step_bytes
#define call_step_handshake tcp_step_handshake
#endif

/* Judge a segment and remember it; a copy says nothing. `sender` and `receiver` are the two sides of the connection. */
ALWAYS_INLINE void tcp_judge(TCP_STEP_PARAMETERS)
{
	if (tcp_is_copy(sender, segment)) {
		*finding = (struct tcp_finding){0};
		return;
	}
	call_step_place(TCP_STEP_ARGUMENTS);
	call_step_bytes(TCP_STEP_ARGUMENTS);
	if (is_in_handshake(connection, sender, segment))
		call_step_handshake(TCP_STEP_ARGUMENTS);
}

#endif
