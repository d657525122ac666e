/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_options.h"

#include "base/load_bytes.h"
#include "tcp_scale.h"

/* What was captured of the options. */
struct dissect_input {
	const uint8_t *bytes;
	uint32_t captured;
};

static int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length)
{
	return load_bytes(input->bytes, input->captured, offset, to, length);
}

static __u32 tcp_option_at(struct dissect_input *input, __u32 offset, __u32 end, struct tcp_segment *segment)
{
	return tcp_option(input, offset, end, segment);
}

uint8_t tcp_option_scale(const uint8_t *options, uint32_t captured, uint32_t length)
{
	struct dissect_input input = {options, captured};
	struct tcp_segment segment;

	tcp_read_scale(&input, 0, length, &segment);
	return segment.scale;
}
