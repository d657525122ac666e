/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_PORTS_H
#define BPFSNIFF_OWNER_PORTS_H

#include "owner_flows.h"
#include "owner_users.h"

/* Who is bound to which port. */

ALWAYS_INLINE bool is_closed(__u64 cookie)
{
	const struct owner_socket *socket = bpf_map_lookup_elem(&ow_sockets, &cookie);

	return !socket || socket->closed;
}

static __attribute__((noinline)) int hold_port(const struct owner_port_key *key, __u64 cookie)
{
	struct owner_port only = {.cookie = {cookie}};
	struct owner_port *port = bpf_map_lookup_elem(&ow_ports, key);
	__u32 free = OWNER_HOLDERS;

	if (!port) {
		bpf_map_update_elem(&ow_ports, key, &only, BPF_ANY);
		raise_epoch(epoch_of_port(key->port, key->protocol));
		return 0;
	}
	for (__u32 i = 0; i < OWNER_HOLDERS; i++) {
		if (port->cookie[i] == cookie)
			return 0;
		if (free == OWNER_HOLDERS && (!port->cookie[i] || is_closed(port->cookie[i])))
			free = i;
	}
	if (free < OWNER_HOLDERS)
		port->cookie[free] = cookie;
	else
		port->others++;
	raise_epoch(epoch_of_port(key->port, key->protocol));
	return 0;
}

/* The only socket at an address and port; 0: none, or several. */
static __attribute__((noinline)) __u64 only_socket_at(const struct owner_port_key *key)
{
	const struct owner_port *port = bpf_map_lookup_elem(&ow_ports, key);
	__u64 found = 0;

	if (!port || port->others)
		return 0;
	for (__u32 i = 0; i < OWNER_HOLDERS; i++) {
		if (!port->cookie[i] || is_closed(port->cookie[i]))
			continue;
		if (found)
			return 0;
		found = port->cookie[i];
	}
	return found;
}

/* A connection has come to a listener: until it is accepted, nobody else knows of it. */
ALWAYS_INLINE void note_listener(const struct owner_flow_key *key, __u64 cookie)
{
	struct owner_port_key port = {.netns = key->netns, .port = key->local_port, .protocol = IP_TCP};
	struct owner_socket *socket;
	__u64 listener;

	port.local[0] = key->local[0];
	port.local[1] = key->local[1];
	listener = only_socket_at(&port);
	if (!listener && !port.local[0] && (__u32)port.local[1] == MAPPED_PREFIX) {
		map_ipv4(port.local, 0);
		listener = only_socket_at(&port);
	}
	if (!listener) {
		port.local[0] = port.local[1] = 0;
		listener = only_socket_at(&port);
	}
	socket = listener ? socket_of(cookie) : NULL;
	if (!socket || socket->listener == listener)
		return;
	socket->listener = listener;
	raise_epoch(epoch_of_socket(cookie));
}

#endif
