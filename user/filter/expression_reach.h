/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_REACH_H
#define BPFSNIFF_EXPRESSION_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What packets an expression can match, as far as libpcap can tell. */

/* A set of IP protocols: a bit for each, as in struct filter_config. */
typedef uint8_t protocol_set[32];

static inline bool protocol_set_has(const uint8_t *set, unsigned int protocol)
{
	return set[protocol / 8] & 1 << protocol % 8;
}

/* Whether no packet of these protocols can match an expression that other packets can match. The headers are where
 * libpcap looks for them: a packet behind extension headers or tags may match all the same. */
bool expression_misses(const char *text, const uint8_t *protocols);

/* The same for certain, wherever the filter finds the protocol. Compiles the expression many times. */
bool expression_surely_misses(const char *text, const uint8_t *protocols);

/* Whether every packet that an expression can match satisfies a clause too, which has no vlan, mpls or the like. For
 * certain; false too if no packet can match it, or if it cannot be compiled. */
bool expression_implies(const char *text, const char *clause);

/* Whether no packet between two addresses for documentation can match: they stand for all that the expression does not
 * name. `every_protocol`: ARP, and whatever else is not IP, counts too. Certain, as above. */
bool expression_misses_strangers(const char *text, bool every_protocol);

#endif
