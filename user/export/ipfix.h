/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_IPFIX_H
#define BPFSNIFF_IPFIX_H

#include <stdbool.h>
#include <stddef.h>

#include "flow/flow_record.h"

/* Sends flows to an IPFIX collector (RFC 7011) over UDP, each with both directions in one record (RFC 5103). */
struct ipfix;

enum { IPFIX_WHY_MAX = 256 };

/*
 * `collector` is HOST, HOST:PORT, or [HOST]:PORT for an IPv6 address; the default port is 4739. All that is opened is
 * opened now. 0, or -errno with a sentence in `why`: -EINVAL if `collector` is wrong, -ENOSYS without libfixbuf.
 */
int ipfix_open(const char *collector, struct ipfix **result, char why[IPFIX_WHY_MAX]);

/* Whether HOST and PORT can be told apart in `collector`. */
bool ipfix_is_collector(const char *collector);

/* Add a flow to the message, and send that when it is full. A flow without addresses has no record. */
void ipfix_add(struct ipfix *ipfix, const struct flow_record *record);

/* Send what is in the message. */
void ipfix_flush(struct ipfix *ipfix);

/* Takes NULL; does not flush. */
void ipfix_close(struct ipfix *ipfix);

#endif
