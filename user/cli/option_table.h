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
	KEY_PROCESS,
	KEY_UID,
	KEY_CGROUP,
	KEY_TCP_EVENT,
	KEY_FIRST,
	KEY_SAMPLE,
	KEY_FLOWS,
	KEY_OWN_SESSION,
	KEY_EXPLAIN,
	KEY_OWNER,
	KEY_SET_FILTER,
	KEY_STATUS,
	KEY_JSON,
	KEY_COLOR,
	KEY_STATS,
	KEY_TOP,
	KEY_BY,
	KEY_FLOW_LOG,
	KEY_IDLE,
	KEY_ACTIVE,
	KEY_METRICS,
	KEY_IPFIX,
	KEY_HELP,
	KEY_COUNT,
	KEY_PRINT,
	KEY_LENGTHS,
	KEY_MICRO,
	KEY_NANO,
	KEY_TIME_STAMP_PRECISION,
	KEY_IMMEDIATE_MODE,
	KEY_VERSION,
	OPTION_KEYS, /* above every key */
};

/* Every option, as --help lists them, but for those with OPTION_HIDDEN: words of tcpdump for what is always so, and
 * second names. A zeroed row ends the table. */
extern const struct argp_option option_table[];

/* The row of an option, the first if it has several names; NULL if there is none. */
const struct argp_option *option_row(int key);

/* The long name of an option, without dashes; "?" if there is none. */
const char *option_name(int key);

#endif
