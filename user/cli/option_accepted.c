/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_internal.h"

/* Options of tcpdump that ask for what is always so. */
error_t option_accepted(struct parsing *parsing, int key, const char *word)
{
	(void)parsing;
	(void)word;
	switch (key) {
	case 'f': /* addresses are never looked up */
	case 'n':
	case 'N':
	case 'K': /* checksums never hide a packet */
	case 'O': /* the optimizer changes no verdict */
	case 'U': /* a file is written as soon as no packet waits */
	case 'v': /* every field is shown, but with -q */
	case KEY_IMMEDIATE_MODE:
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}
