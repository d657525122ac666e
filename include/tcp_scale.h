/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_SCALE_H
#define BPFSNIFF_TCP_SCALE_H

#include "compiler.h"
#include "header_option.h"
#include "tcp_connection.h"

/* The window scale of a SYN, compiled for the kernel and twice for user space. The includer defines the functions that
 * are only declared here. */

struct dissect_input;

enum { TCP_OPTIONS_MAX = 40 }; /* bytes of options that a header has room for, each of which may be one */

/* Copy bytes of the frame: 0, or a negative number when they are not all there. */
static int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length);

/* tcp_option(), by a call that the kernel makes. */
static __u32 tcp_option_at(struct dissect_input *input, __u32 offset, __u32 end, struct tcp_segment *segment);

/* The option has been cut, and maybe the window scale with it. */
ALWAYS_INLINE __u32 tcp_option_cut(struct tcp_segment *segment)
{
	if (segment->scale == SCALE_NONE)
		segment->scale = SCALE_UNKNOWN;
	return 0;
}

/* Note what the option of a SYN at `offset` says of the window scale; the options end before `end`. Returns the bytes
 * to the next one, 0 when there is none. */
ALWAYS_INLINE __u32 tcp_option(struct dissect_input *input, __u32 offset, __u32 end, struct tcp_segment *segment)
{
	__u8 option[TCP_SCALE_LENGTH];
	__u32 step;

	if (offset + 2 > end)
		return 0;
	if (dissect_load(input, offset, option, 2)) {
		if (dissect_load(input, offset, option, 1))
			return tcp_option_cut(segment);
		if (option[0] == HEADER_OPTION_NO_OPERATION)
			return 1;
		return option[0] == HEADER_OPTION_END ? 0 : tcp_option_cut(segment);
	}
	if (option[0] == HEADER_OPTION_END)
		return 0;
	step = header_option_step(option, 2);
	if (option[0] != TCP_OPTION_WINDOW_SCALE || step != TCP_SCALE_LENGTH)
		return step;
	if (offset + step > end)
		return 0;
	if (dissect_load(input, offset, option, sizeof(option)))
		return tcp_option_cut(segment);
	segment->scale = tcp_scale_of_shift(option[2]);
	return step;
}

/* The window scale of a SYN with these options, the last of several. */
ALWAYS_INLINE void tcp_read_scale(struct dissect_input *input, __u32 offset, __u32 end, struct tcp_segment *segment)
{
	segment->scale = SCALE_NONE;
	UNROLL
	for (int i = 0; i < TCP_OPTIONS_MAX; i++) {
		const __u32 step = tcp_option_at(input, offset, end, segment);

		if (!step)
			return;
		offset += step;
	}
}

#endif
