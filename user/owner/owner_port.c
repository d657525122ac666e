/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <netinet/in.h>
#include <string.h>

#include "base/text_builder.h"
#include "owner/owner_resolve.h"
#include "owner_alone.h"

/* Those who are bound to a port. */
struct holders {
	struct owner_process_key
		who[3 * OWNER_HOLDERS]; /* different ones: at the address, and at any of either family */
	size_t count;
	size_t last; /* the one that has used its socket last */
	uint64_t last_use;
	bool more;     /* than these */
	bool is_taken; /* one of the sockets takes all that comes there */
};

/* The process that has received first since a time, as far as is remembered; NULL: none has. */
static const struct owner_process_key *first_receiver(const struct owner_socket *socket, uint64_t time)
{
	uint32_t first = socket->stint_count > OWNER_STINTS ? socket->stint_count - OWNER_STINTS : 0;

	for (uint32_t i = first; i < socket->stint_count; i++)
		if (socket->stints[i % OWNER_STINTS].taken >= time)
			return &socket->stints[i % OWNER_STINTS].who;
	return NULL;
}

static void add(struct holders *holders, struct owner *owner, uint64_t cookie, struct owner_socket *socket,
		uint64_t time)
{
	uint64_t last_use = socket->stint_count ? newest_stint(socket)->last : 0;
	const struct owner_process_key *receiver;
	struct owner_process_key who;
	size_t i = 0;

	holders->more |= !owner_holder(owner, cookie, socket, &who);
	receiver = first_receiver(socket, time);
	if (receiver && !same_process(receiver, &who)) {
		holders->more = true; /* that has had it open then */
		who = *receiver;
	}
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

/* Add those who are bound to an address and port. */
static void find_holders(struct holders *holders, struct owner *owner, const struct owner_question *question,
			 const __u64 address[2])
{
	struct owner_port_key key = {
		.netns = owner->netns, .port = question->key.local_port, .protocol = question->key.protocol};
	struct owner_socket socket;
	struct owner_port port;

	memcpy(key.local, address, sizeof(key.local));
	if (bpf_map_lookup_elem(owner->ports_fd, &key, &port))
		return;
	holders->more |= port.others > 0;
	for (size_t i = 0; i < OWNER_HOLDERS; i++) {
		bool is_partial = port.partial & 1u << i;

		if (!port.cookie[i] || port.since[i] > question->time)
			continue;
		if (bpf_map_lookup_elem(owner->sockets_fd, &port.cookie[i], &socket)) {
			holders->more = true; /* forgotten, and perhaps still open */
			continue;
		}
		if (socket.closed && socket.closed <= question->time)
			continue;
		holders->more |= is_partial;
		holders->is_taken |= !is_partial;
		add(holders, owner, port.cookie[i], &socket, question->time);
	}
}

static bool is_mapped(const __u64 address[2])
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return !memcmp(address, prefix, sizeof(prefix));
}

/* Every socket on the port takes what is for a group, or for all (RFC 5771, RFC 919, and RFC 4291, 2.7). */
static bool is_for_group(const __u64 address[2])
{
	uint8_t bytes[16];

	memcpy(bytes, address, sizeof(bytes));
	if (is_mapped(address))
		return bytes[12] >> 4 == 0xe || !memcmp(bytes + 12, "\xff\xff\xff\xff", 4);
	return bytes[0] == 0xff;
}

/* The kernel too prefers a socket of the address to one of any address. */
static struct holders nearest_holders(struct owner *owner, const struct owner_question *question)
{
	static const uint8_t any[2][16] = {{[10] = 0xff, [11] = 0xff}, {0}}; /* 0.0.0.0 and :: */
	bool is_group = is_for_group(question->key.local);
	struct holders holders = {0};
	__u64 address[2];

	find_holders(&holders, owner, question, question->key.local);
	if (!local_addresses_have(&owner->local, question->key.local))
		return holders;
	for (size_t i = !is_mapped(question->key.local); i < 2 && (is_group || !holders.is_taken); i++) {
		memcpy(address, any[i], sizeof(address));
		find_holders(&holders, owner, question, address);
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
	owner_describe(owner, &holders.who[holders.last], question->time, end, strings);
	return true;
}
