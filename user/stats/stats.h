/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_STATS_H
#define BPFSNIFF_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "base/json.h"

/* One report. seen = accepted + rejected and accepted = delivered + lost hold by construction of stats_settle(). */
struct stats {
	uint64_t verdict[VERDICT_COUNT];
	uint64_t delivered; /* handed to the output */
	uint64_t lost;      /* found the ring full */
	uint64_t evicted;   /* flows of --first that lost their place to newer ones */
};

enum { STATS_TEXT_MAX = 1024 };

/*
 * Leave out the accepted frames that are still in the ring: a frame is seen once it has been delivered or lost. Returns
 * how many they are; a negative number is a bug: more were delivered or lost than the filter accepted.
 */
int64_t stats_settle(struct stats *stats);

/* Frames with a verdict. */
uint64_t stats_seen(const struct stats *stats);

/* The reasons that are not zero, with their numbers: "loopback 40, not-ip 2". Returns the length. */
size_t stats_reasons(const struct stats *stats, char text[STATS_TEXT_MAX]);

/* "statistics", the member of a JSON object. */
struct json stats_member(struct json json, const struct stats *stats);

/* The contract's three lines, or its JSON object with a newline; terminated. Returns the length. */
size_t stats_text(const struct stats *stats, char text[STATS_TEXT_MAX]);
size_t stats_json(const struct stats *stats, char text[STATS_TEXT_MAX]);

#endif
