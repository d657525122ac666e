/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/tcp_options.h"

#include "header_option.h"
#include "tcp_connection.h"

enum {
	OPTION_WINDOW_SCALE = 3, /* RFC 7323, 2.2 */
	WINDOW_SCALE_LENGTH = 3,
};

uint8_t tcp_option_scale(const uint8_t *options, uint32_t length)
{
	uint8_t scale = SCALE_NONE;
	uint32_t step;

	for (; length && *options != HEADER_OPTION_END; options += step, length -= step) {
		step = header_option_step(options, length);
		if (!step || step > length)
			break;
		if (*options == OPTION_WINDOW_SCALE && step == WINDOW_SCALE_LENGTH)
			scale = SCALE_SHIFT + (options[2] < TCP_SHIFT_MAX ? options[2] : TCP_SHIFT_MAX);
	}
	return scale;
}
