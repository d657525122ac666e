/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_TABLE_H
#define BPFSNIFF_OPTION_TABLE_H

#include <argp.h>

/* Keys of the options without a letter; the key of the others is their letter. */
enum key {
	KEY_NETNS = 256,
	KEY_DURATION,
	KEY_LOOPBACK,
	KEY_PROTOCOL,
	KEY_HOST,
	KEY_SRC,
	KEY_DST,
	KEY_NOT_HOST,
	KEY_PORT,
	KEY_SRC_PORT,
	KEY_DST_PORT,
	KEY_NOT_PORT,
	KEY_HOST_FILE,
	KEY_NOT_HOST_FILE,
	KEY_TCP_FLAGS,
	KEY_FIRST,
	KEY_SAMPLE,
	KEY_FLOWS,
	KEY_OWN_SESSION,
	KEY_EXPLAIN,
	KEY_SET_FILTER,
	KEY_STATUS,
	KEY_JSON,
	KEY_COLOR,
	KEY_STATS,
	KEY_HELP,
};

/* Every option, as --help lists them; a zeroed row ends the table. */
extern const struct argp_option option_table[];

/* The row of an option; NULL if there is none. */
const struct argp_option *option_row(int key);

/* The long name of an option, without dashes; "?" if there is none. */
const char *option_name(int key);

#endif
