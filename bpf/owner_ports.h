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

/* Note a holder of a port. Returns whether anything has changed. */
ALWAYS_INLINE bool add_holder(struct owner_port *port, __u64 cookie, bool is_partial, __u64 since)
{
	__u32 place = OWNER_HOLDERS, bit;

	for (__u32 i = 0; i < OWNER_HOLDERS; i++) {
		if (port->cookie[i] == cookie) {
			bit = 1u << i;
			if (!is_partial || port->partial & bit)
				return false;
			port->partial |= bit;
			return true;
		}
		if (place == OWNER_HOLDERS && (!port->cookie[i] || is_closed(port->cookie[i])))
			place = i;
	}
	if (place >= OWNER_HOLDERS) {
		port->others++;
		return true;
	}
	bit = 1u << place;
	port->partial = is_partial ? port->partial | bit : port->partial & ~bit;
	port->cookie[place] = cookie;
	port->since[place] = since;
	return true;
}

static const struct owner_port free_port;

/* The verifier looks once at a function that is not static, and not at each call; that of Linux 6.1 takes no memory
 * that such a function was given as a key (check_helper_mem_access() in kernel/bpf/verifier.c). */
__noinline int hold_at(const struct owner_port_key *key, __u64 cookie, bool is_partial, __u64 since)
{
	struct owner_port_key own;
	struct owner_port *port;

	if (!key)
		return 0;
	own = *key;
	port = bpf_map_lookup_elem(&ow_ports, &own);
	if (!port) {
		bpf_map_update_elem(&ow_ports, &own, &free_port, BPF_NOEXIST);
		port = bpf_map_lookup_elem(&ow_ports, &own);
	}
	return port && add_holder(port, cookie, is_partial, since);
}

/* A datagram that leaves may be for a socket in another namespace. */
ALWAYS_INLINE void hold_port_since(const struct owner_port_key *key, __u64 cookie, bool is_partial, __u64 since)
{
	struct owner_port_key anywhere = {
		.local = {key->local[0], key->local[1]}, .port = key->port, .protocol = key->protocol};

	if (!hold_at(key, cookie, is_partial, since))
		return;
	if (key->protocol == IP_UDP)
		hold_at(&anywhere, cookie, is_partial, since);
	raise_epoch(epoch_of_port(key->port, key->protocol));
}

ALWAYS_INLINE void hold_port(const struct owner_port_key *key, __u64 cookie, bool is_partial)
{
	hold_port_since(key, cookie, is_partial, bpf_ktime_get_ns());
}

/* A socket listens. */
ALWAYS_INLINE void listens(const struct owner_flow_key *at, __u64 cookie)
{
	struct owner_port_key key = {
		.netns = at->netns, .local = {at->local[0], at->local[1]}, .port = at->local_port, .protocol = IP_TCP};

	hold_port(&key, cookie, false);
}

static const __u64 SEVERAL_SOCKETS = ~0ull;

/* The only socket at an address and port that takes all that comes there; 0: none at all. */
__noinline __u64 only_socket_at(const struct owner_port_key *key)
{
	const struct owner_port *port;
	struct owner_port_key own;
	__u64 found = 0;

	if (!key)
		return 0;
	own = *key;
	port = bpf_map_lookup_elem(&ow_ports, &own);
	if (!port)
		return 0;
	if (port->others)
		return SEVERAL_SOCKETS;
	for (__u32 i = 0; i < OWNER_HOLDERS; i++) {
		__u64 cookie = port->cookie[i];
		const struct owner_socket *socket;

		if (!cookie)
			continue;
		socket = bpf_map_lookup_elem(&ow_sockets, &cookie);
		if (socket && socket->closed)
			continue;
		if (!socket || found || port->partial & 1u << i)
			return SEVERAL_SOCKETS;
		found = cookie;
	}
	return found;
}

/* The only socket that takes what comes to an end of a flow: one at the address rather than at any
 * (inet_lookup_listener(), udp4_lib_lookup2()). 0: it is not known. */
ALWAYS_INLINE __u64 nearest_socket(const struct owner_flow_key *key)
{
	struct owner_port_key port = {.netns = key->netns,
				      .local = {key->local[0], key->local[1]},
				      .port = key->local_port,
				      .protocol = key->protocol};
	__u64 found = only_socket_at(&port);

	if (!found && !port.local[0] && (__u32)port.local[1] == MAPPED_PREFIX) {
		map_ipv4(port.local, 0);
		found = only_socket_at(&port);
	}
	if (!found) {
		port.local[0] = port.local[1] = 0;
		found = only_socket_at(&port);
	}
	return found == SEVERAL_SOCKETS ? 0 : found;
}

/* A connection begins. Until it is accepted, nobody but the listener knows of it. */
ALWAYS_INLINE void note_connection(const struct owner_flow_key *key, __u64 cookie)
{
	struct owner_socket *socket = new_socket(cookie);

	if (!socket)
		return;
	socket->created = bpf_ktime_get_ns();
	socket->listener = nearest_socket(key);
}

/* Before a socket that sends was bound, no post_bind program was asked, and one that connects takes from then on only
 * what its peer sends. */
ALWAYS_INLINE void hold_own_port(struct bpf_sock_addr *ctx, __u64 cookie, bool connects)
{
	struct owner_port_key key = {.netns = bpf_get_netns_cookie(ctx), .protocol = ctx->protocol};
	const volatile struct bpf_sock *sk = ctx->sk; /* the compiler may not make pointers into it */
	__u32 ipv4, ipv6[4];

	if (!sk || sk->type == SOCK_RAW || key.protocol == IP_TCP)
		return;
	ipv4 = sk->src_ip4;
	for (int i = 0; i < 4; i++)
		ipv6[i] = sk->src_ip6[i];
	key.port = sk->src_port;
	if (sk->family == AF_INET)
		map_ipv4(key.local, ipv4);
	else
		take_ipv6(key.local, ipv6);
	if (key.port)
		hold_port(&key, cookie, connects);
}

#endif
