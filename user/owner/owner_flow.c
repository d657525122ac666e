/* SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/in.h>
#include <string.h>

#include "owner/owner_internal.h"
#include "owner/owner_resolve.h"
#include "tcp_connection.h"

/* What is asked of one end. Of an ICMP message more than the flow is known by, so that only its port-less owner is
 * found. */
static struct owner_question question_of(const struct owner *owner, const struct flow_question *flow, bool high)
{
	const struct flow_id *id = flow->id;
	struct owner_question question = {
		.key = {.netns = owner->netns,
			.local_port = high ? id->high_port : id->low_port,
			.remote_port = high ? id->low_port : id->high_port,
			.protocol = id->protocol},
		.time = flow->time,
		.receives = high != flow->source_is_high,
	};

	memcpy(question.key.local, high ? id->high : id->low, sizeof(question.key.local));
	memcpy(question.key.remote, high ? id->low : id->high, sizeof(question.key.remote));
	question.begins = question.receives && flow->tcp_flags == TCP_SYN;
	return question;
}

static bool lacks_ports(const struct flow_id *id)
{
	return !id->low_port && !id->high_port && (id->protocol == IPPROTO_TCP || id->protocol == IPPROTO_UDP);
}

const struct packet_owner *owner_of_flow(struct owner *owner, const struct flow_question *flow)
{
	const struct owner_question source = question_of(owner, flow, flow->source_is_high);
	const struct owner_question destination = question_of(owner, flow, !flow->source_is_high);
	struct packet_owner *found = &owner->packet;

	memset(found, 0, sizeof(*found));
	owner->strings[0].who.pid = owner->strings[1].who.pid = 0;
	if (lacks_ports(flow->id)) {
		found->source.why = found->destination.why = "it has no ports: later fragments, or cut";
		return found;
	}
	owner_resolve(owner, &source, &found->source, &owner->strings[0]);
	owner_resolve(owner, &destination, &found->destination, &owner->strings[1]);
	return found;
}

bool owner_chooses_flow(struct owner *owner, const struct flow_question *flow)
{
	const struct packet_owner *found;

	if (!process_choice_is_made(&owner->choice))
		return true;
	found = owner_of_flow(owner, flow);
	return owner_choice_has(owner, &found->source, &owner->strings[0], flow->time) ||
	       owner_choice_has(owner, &found->destination, &owner->strings[1], flow->time);
}
