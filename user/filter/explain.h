/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPLAIN_H
#define BPFSNIFF_EXPLAIN_H

#include "filter/offline_filter.h"
#include "packet/packet.h"

/* Put into words why a filter has judged the packet, whose frame was its last, as it has: fills in packet->verdict,
 * packet->rejected and packet->explanation, which is kept in `text`. */
void explain(const struct offline_filter *offline, struct packet *packet, char text[PACKET_EXPLANATION_MAX]);

#endif
