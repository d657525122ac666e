/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_FLOW_H
#define BPFSNIFF_FLOW_H

#include "dissect.h"
#include "flow_identify.h"

/*
 * State per flow: --first and --sample. A flow is what goes between two endpoints, in both directions. The includer
 * defines the function that is only declared here.
 */

/* Count a packet of a flow. Returns its ordinal in the flow, from 1. */
static __u64 flow_count(void *state, const struct flow_id *id);

/* The verdict of --sample and --first on a frame that everything else has accepted. A frame without addresses is in
 * no flow and passes. *ids is scratch space. */
ALWAYS_INLINE enum verdict match_state(const volatile struct filter_config *config, void *state, struct flow_ids *ids,
				       const struct flow_key *key)
{
	if (!(key->flags & FLOW_HAS_ADDRESSES))
		return VERDICT_ACCEPTED;
	flow_identify(key, &ids->flow);
	if (config->sample && flow_hash(&ids->flow, 0) % config->sample)
		return VERDICT_SAMPLE;
	if (config->first && flow_count(state, &ids->flow) > config->first)
		return VERDICT_FLOW_LIMIT;
	return VERDICT_ACCEPTED;
}

#endif
