/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_DATAGRAM_H
#define BPFSNIFF_DATAGRAM_H

#include "compiler.h"
#include "flow_id.h"
#include "flow_key.h"

/*
 * Datagrams in fragments. Only the first fragment has ports; the later ones are judged by them, if it came before. The
 * includer defines the functions that are only declared here.
 */

/* Keep the ports of a datagram for its later fragments; look them up for one: 0, or -1 when they are not known. */
static void datagram_remember(void *state, const struct datagram_id *id, const struct datagram_ports *ports);
static int datagram_recall(void *state, const struct datagram_id *id, struct datagram_ports *ports);

/* Keep the ports of a first fragment, give a later one those of the first. *ids is scratch space. */
ALWAYS_INLINE void datagram_join(void *state, struct flow_ids *ids, struct flow_key *key)
{
	struct datagram_ports *ports = &ids->ports;

	ids->datagram = (struct datagram_id){
		.source = {key->source[0], key->source[1]},
		.destination = {key->destination[0], key->destination[1]},
		.id = key->fragment_id,
		.version = key->version,
	};

	if (key->flags & FLOW_FIRST_FRAGMENT) {
		*ports = (struct datagram_ports){
			.source_port = key->source_port,
			.destination_port = key->destination_port,
			.protocol = key->protocol,
			.flags = key->flags & (FLOW_HAS_PORTS | FLOW_HAS_SOURCE_PORT),
		};
		datagram_remember(state, &ids->datagram, ports);
	} else if (!datagram_recall(state, &ids->datagram, ports)) {
		key->source_port = ports->source_port;
		key->destination_port = ports->destination_port;
		key->protocol = ports->protocol;
		key->flags |= ports->flags;
	}
}

#endif
