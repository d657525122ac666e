/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/offline_filter.h"

#include <errno.h>
#include <string.h>

#include "decode/decode_internal.h"
#include "filter/expression.h"
#include "filter/expression_compiler.h"
#include "filter/flow_limits.h"
#include "flow.h"
#include "match.h"
#include "sandbox/helper_process.h"

enum {
	ETHERNET_TYPE = 12, /* where an Ethernet header has its ethertype */
	ETHERNET_LENGTH = 14,
};

/* Offsets count from the start of the frame. */
struct dissect_input {
	const uint8_t *bytes;
	uint32_t captured;
};

static int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length)
{
	if (offset > input->captured || input->captured - offset < length)
		return -1;
	memcpy(to, input->bytes + offset, length);
	return 0;
}

static __u16 follow_tags(struct dissect_input *input, struct dissection *dissection, __u16 ethertype)
{
	return dissect_tags(input, dissection, ethertype);
}

static __u16 follow_tag(struct dissect_input *input, struct dissection *dissection, __u16 ethertype)
{
	return dissect_tag(input, dissection, ethertype);
}

static void follow_extensions(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	dissect_extensions(input, dissection, protocol);
}

static int follow_extension(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	return dissect_extension(input, dissection, protocol);
}

static const struct prefix_slot *prefix_slot_at(const void *spec, __u32 index)
{
	const struct prefix_table *table = &((const struct filter_spec *)spec)->table;

	return index < table->slot_count ? &table->slots[index] : NULL;
}

static int prefix_look_at(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 index)
{
	return prefix_look(spec, first, second, bits, index);
}

static __u32 prefix_find(const void *spec, __u64 first, __u64 second, __u32 bits, __u32 mask)
{
	return prefix_probe(spec, first, second, bits, mask);
}

static __u64 prefix_bloom_at(const void *spec, __u32 index)
{
	const struct prefix_table *table = &((const struct filter_spec *)spec)->table;

	return index < table->bloom_count ? table->bloom[index] : 0;
}

static __u32 address_pair_find(const volatile struct filter_config *config, const void *spec,
			       const struct flow_key *key)
{
	return address_pair_lists(config, spec, key);
}

static __u32 port_lists(const void *spec, __u16 port)
{
	return ((const struct filter_spec *)spec)->lists_of_port[port];
}

static void datagram_remember(void *state, const struct datagram_id *id, const struct datagram_ports *ports)
{
	flow_limits_remember(((struct offline_filter *)state)->flows, id, ports);
}

static int datagram_recall(void *state, const struct datagram_id *id, struct datagram_ports *ports)
{
	const struct datagram_ports *known = flow_limits_recall(((struct offline_filter *)state)->flows, id);

	if (!known)
		return -1;
	*ports = *known;
	return 0;
}

static __u64 flow_count(void *state, const struct flow_id *id)
{
	struct offline_filter *offline = state;

	return offline->place_in_flow = flow_limits_count(offline->flows, id);
}

int offline_filter_init(struct offline_filter *offline, const struct filter_spec *spec, const char *expression)
{
	*offline = (struct offline_filter){.spec = spec, .expressions = {.text = expression}};
	if (!spec->config.first && !spec->config.sample)
		return 0;
	offline->flows = flow_limits_open(spec->flow_table_size);
	return offline->flows ? 0 : -ENOMEM;
}

int offline_filter_hire_compiler(struct offline_filter *offline, const char *user)
{
	struct expression_set *set = &offline->expressions;
	int ret = set->text ? expression_compiler_start(set->text, user, &offline->compiler) : 0;

	set->compiler = offline->compiler;
	return ret;
}

/* Link types that no packet socket has: the decoder finds the IP header in those. */
static uint16_t find_network(const struct frame *frame, uint32_t *offset)
{
	struct packet packet = {.frame = frame};
	struct cursor cursor = {.at = frame->bytes, .captured = frame->captured, .length = frame->captured};
	enum network network = decode_link(&packet, &cursor);

	*offset = (uint32_t)(cursor.at - frame->bytes);
	if (network == NETWORK_BY_VERSION)
		network = *offset >= frame->captured        ? NETWORK_NONE
			  : frame->bytes[*offset] >> 4 == 4 ? NETWORK_IPV4
			  : frame->bytes[*offset] >> 4 == 6 ? NETWORK_IPV6
							    : NETWORK_NONE;
	return network == NETWORK_IPV4 ? ETHERTYPE_IPV4 : network == NETWORK_IPV6 ? ETHERTYPE_IPV6 : 0;
}

/* Where the dissection begins, and with what. A length of 0 is one too (eth_type_trans() in net/ethernet/eth.c). */
static uint16_t start_of(const struct frame *frame, uint32_t *offset)
{
	uint16_t ethertype;

	*offset = ETHERNET_LENGTH;
	if (frame->interface->link_type != LINK_ETHERNET)
		return find_network(frame, offset);
	if (frame->captured < ETHERNET_LENGTH)
		return 0;
	ethertype = (uint16_t)(frame->bytes[ETHERNET_TYPE] << 8 | frame->bytes[ETHERNET_TYPE + 1]);
	return ethertype ? ethertype : ETHERTYPE_LLC;
}

static enum verdict match(struct offline_filter *offline, const struct frame *frame)
{
	static const uint32_t bits[] = {
		[DIRECTION_UNKNOWN] = 0,
		[DIRECTION_IN] = DIRECTION_BIT_IN,
		[DIRECTION_OUT] = DIRECTION_BIT_OUT,
	};
	const struct filter_config *config = &offline->spec->config;
	struct dissect_input input = {.bytes = frame->bytes, .captured = frame->captured};
	enum verdict verdict = match_frame(config, bits[frame->direction], frame->interface->loopback);
	uint32_t offset;
	uint16_t ethertype;

	if (verdict != VERDICT_ACCEPTED)
		return verdict;
	ethertype = start_of(frame, &offset);
	dissect_frame(&input, ethertype, offset, match_needs_transport(config), &offline->dissection);
	return match_flow(config, offline->spec, &offline->dissection.key);
}

/* The verdict, or -errno: an expression that is wrong is refused also when the flags leave it no frame. */
static int judge(struct offline_filter *offline, const struct frame *frame)
{
	const struct expression *expression = NULL;
	struct flow_ids ids;
	enum verdict verdict;

	if (offline->expressions.text) {
		int ret = expression_set_get(&offline->expressions, frame->interface->link_type, &expression);

		if (ret)
			return ret;
	}
	verdict = match(offline, frame);
	if (verdict != VERDICT_ACCEPTED)
		return (int)verdict;
	if (expression && !expression_match(expression, frame))
		return VERDICT_EXPRESSION;
	return offline->flows ? (int)match_state(&offline->spec->config, offline, &ids, &offline->dissection.key)
			      : VERDICT_ACCEPTED;
}

int offline_filter_match(struct offline_filter *offline, const struct frame *frame)
{
	int verdict = judge(offline, frame);

	if (verdict < 0)
		return verdict;
	offline->verdict = (enum verdict)verdict;
	offline->counts[verdict]++;
	return verdict;
}

uint32_t offline_filter_lists_of(const struct offline_filter *offline, const __u64 address[2])
{
	return address_lists(&offline->spec->config, offline->spec, address[0], address[1]);
}

uint64_t offline_filter_evicted(const struct offline_filter *offline)
{
	return offline->flows ? flow_limits_evicted(offline->flows) : 0;
}

void offline_filter_release(struct offline_filter *offline)
{
	expression_set_release(&offline->expressions);
	helper_process_stop(offline->compiler);
	flow_limits_close(offline->flows);
	offline->flows = NULL;
}
