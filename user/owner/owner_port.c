/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <netinet/in.h>
#include <string.h>

#include "base/text_builder.h"
#include "owner/owner_resolve.h"

/* Those who are bound to a port. */
struct holders {
	struct owner_process_key who[OWNER_HOLDERS]; /* different ones */
	size_t count;
	size_t last; /* the one that has used its socket last */
	uint64_t last_use;
	bool more; /* than these */
};

static void add(struct holders *holders, struct owner *owner, uint64_t cookie, struct owner_socket *socket)
{
	const struct owner_stint *newest = &socket->stints[(socket->stint_count - 1) % OWNER_STINTS];
	uint64_t last_use = socket->stint_count ? newest->last : 0;
	struct owner_process_key who = newest->who;
	size_t i = 0;

	if (!socket->stint_count)
		holders->more |= !owner_holder(owner, cookie, socket, &who);
	if (!who.pid)
		return;
	while (i < holders->count && memcmp(&holders->who[i], &who, sizeof(who)) != 0)
		i++;
	if (i == holders->count)
		holders->who[holders->count++] = who;
	if (last_use >= holders->last_use) {
		holders->last = i;
		holders->last_use = last_use;
	}
}

/* Who is bound to an address and port. */
static struct holders find_holders(struct owner *owner, const struct owner_question *question, const __u64 address[2])
{
	struct owner_port_key key = {
		.netns = owner->netns, .port = question->key.local_port, .protocol = question->key.protocol};
	struct holders holders = {0};
	struct owner_socket socket;
	struct owner_port port;

	memcpy(key.local, address, sizeof(key.local));
	if (bpf_map_lookup_elem(owner->ports_fd, &key, &port))
		return holders;
	holders.more = port.others > 0;
	for (size_t i = 0; i < OWNER_HOLDERS; i++) {
		if (!port.cookie[i] || bpf_map_lookup_elem(owner->sockets_fd, &port.cookie[i], &socket))
			continue;
		if (!socket.closed || socket.closed > question->time)
			add(&holders, owner, port.cookie[i], &socket);
	}
	return holders;
}

static bool is_mapped(const __u64 address[2])
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return !memcmp(address, prefix, sizeof(prefix));
}

/* The kernel too prefers a socket of the address to one of any address. */
static struct holders nearest_holders(struct owner *owner, const struct owner_question *question)
{
	static const uint8_t any[2][16] = {{[10] = 0xff, [11] = 0xff}, {0}}; /* 0.0.0.0 and :: */
	struct holders holders = find_holders(owner, question, question->key.local);
	__u64 address[2];

	if (holders.count || !local_addresses_have(&owner->local, question->key.local))
		return holders;
	for (size_t i = !is_mapped(question->key.local); i < 2 && !holders.count; i++) {
		memcpy(address, any[i], sizeof(address));
		holders = find_holders(owner, question, address);
	}
	return holders;
}

bool owner_resolve_port(struct owner *owner, const struct owner_question *question, struct end_owner *end,
			struct end_strings *strings)
{
	struct text_builder why = text_builder_begin(strings->why, sizeof(strings->why));
	struct holders holders;

	if (question->key.protocol != IPPROTO_TCP && question->key.protocol != IPPROTO_UDP)
		return false;
	holders = nearest_holders(owner, question);
	if (!holders.count)
		return false;
	end->how = holders.count > 1 || holders.more ? OWNER_SEVERAL : OWNER_BOUND;
	if (end->how == OWNER_SEVERAL) {
		text_builder_add(&why, "the port is of the processes");
		for (size_t i = 0; i < holders.count; i++)
			text_builder_add(&why, "%s %u", i ? "," : "", holders.who[i].pid);
		text_builder_add(&why, "%s", holders.more ? " and others" : "");
		end->why = strings->why;
	}
	owner_describe(owner, &holders.who[holders.last], end, strings);
	return true;
}
