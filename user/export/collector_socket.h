/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_COLLECTOR_SOCKET_H
#define BPFSNIFF_COLLECTOR_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

enum { COLLECTOR_HOST_MAX = 256, COLLECTOR_PORT_MAX = 8 };

struct collector_address {
	char host[COLLECTOR_HOST_MAX];
	char port[COLLECTOR_PORT_MAX];
};

/* Take HOST, HOST:PORT or [HOST]:PORT apart. */
bool collector_parse(const char *text, struct collector_address *address);

/* A UDP socket that is connected to the collector. *size: bytes of a datagram that fit the way to it. A descriptor, or
 * -errno with *why, a static sentence or NULL. */
int collector_connect(const struct collector_address *address, uint16_t *size, const char **why);

#endif
