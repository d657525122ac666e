/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_options.h"

#include "header_option.h"
#include "tcp_connection.h"

uint8_t tcp_option_scale(const uint8_t *options, uint32_t length)
{
	uint8_t scale = SCALE_NONE;
	uint32_t step;

	for (; length && *options != HEADER_OPTION_END; options += step, length -= step) {
		step = header_option_step(options, length);
		if (!step || step > length)
			break;
		if (*options == TCP_OPTION_WINDOW_SCALE && step == TCP_SCALE_LENGTH)
			scale = tcp_scale_of_shift(options[2]);
	}
	return scale;
}
