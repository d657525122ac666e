/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/offline_filter.h"

#include <errno.h>
#include <string.h>

#include "base/load_bytes.h"
#include "datagram.h"
#include "decode/decode_network.h"
#include "filter/expression.h"
#include "filter/expression_compiler.h"
#include "filter/flow_limits.h"
#include "flow.h"
#include "flow_account.h"
#include "match.h"
#include "packet/protocol_names.h"
#include "sandbox/helper_process.h"
#include "tcp_filter.h"

/* Offsets count from the start of the frame. */
struct dissect_input {
	const uint8_t *bytes;
	uint32_t captured;
	uint32_t end; /* on the wire */
	uint32_t interface;
};

static int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length)
{
	return load_bytes(input->bytes, input->captured, offset, to, length);
}

/* A frame in user space has all its tags in the bytes. */
static int dissect_has_tag_outside(const struct dissect_input *input)
{
	(void)input;
	return 0;
}

static const struct prefix_slot *prefix_slot_at(const void *spec, __u32 index)
{
	return &((const struct filter_spec *)spec)->table.slots[index];
}

static const struct ipv4_bucket *ipv4_bucket_at(const void *spec, __u32 index)
{
	return &((const struct filter_spec *)spec)->table.buckets[index];
}

static __u64 prefix_bloom_at(const void *spec, __u32 index)
{
	return ((const struct filter_spec *)spec)->table.bloom[index];
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

static void follow_datagram(void *state, struct flow_key *key)
{
	struct flow_ids ids;

	datagram_join(state, &ids, key);
}

static __u64 flow_count(void *state, const struct flow_id *id)
{
	struct offline_filter *offline = state;

	return offline->place_in_flow = flow_limits_count(offline->flows, id);
}

static struct tcp_connection *tcp_connection_of(void *state, const struct flow_id *id)
{
	struct offline_filter *offline = state;
	struct tcp_connection *connection = flow_limits_connection(offline->flows, id);

	offline->connection = connection;
	return connection;
}

static void tcp_tell(void *state, const struct tcp_side *sender, const struct tcp_side *receiver, struct tcp_work *work)
{
	(void)state;
	(void)sender;
	(void)receiver;
	(void)work;
}

static __u64 tcp_now(void *state)
{
	return ((const struct offline_filter *)state)->time;
}

static __u32 dissect_frame_end(struct dissect_input *input)
{
	return input->end;
}

static __u32 dissect_within_frame(struct dissect_input *input, __u32 end)
{
	return end < input->end ? end : input->end;
}

static __u32 dissect_interface(struct dissect_input *input)
{
	return input->interface;
}

static __u32 tcp_option_at(struct dissect_input *input, __u32 offset, __u32 end, struct tcp_segment *segment)
{
	return tcp_option(input, offset, end, segment);
}

int offline_filter_init(struct offline_filter *offline, const struct filter_spec *spec, const char *expression)
{
	*offline = (struct offline_filter){.spec = spec, .expressions = {.text = expression}};
	if (!filter_needs_ports(&spec->config))
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

static void count_undecoded(struct offline_filter *offline, uint16_t link_type)
{
	size_t i = 0;

	while (i < offline->undecoded_count && offline->undecoded[i].link_type != link_type)
		i++;
	if (i == UNDECODED_LINK_TYPES)
		return;
	if (i == offline->undecoded_count)
		offline->undecoded[offline->undecoded_count++] = (struct undecoded){.link_type = link_type};
	offline->undecoded[i].frames++;
}

/* The kernel shows 802.11 as it is, and does not look for IP in it; so neither does the filter. */
static bool is_live_wireless(const struct interface *interface)
{
	return interface->index &&
	       (interface->link_type == LINK_IEEE802_11 || interface->link_type == LINK_IEEE802_11_PRISM ||
		interface->link_type == LINK_IEEE802_11_RADIOTAP);
}

/* Where the dissection begins, and with what type or length. Of link types that no packet socket has, the decoder finds
 * the IP header. */
static struct network_place start_of(struct offline_filter *offline, const struct frame *frame)
{
	const uint8_t *bytes = frame->bytes;

	if (frame->interface->link_type != LINK_ETHERNET) {
		if (!name_link_type(frame->interface->link_type))
			count_undecoded(offline, frame->interface->link_type);
		return is_live_wireless(frame->interface) ? (struct network_place){0} : decode_network(frame);
	}
	if (frame->captured < ETHERNET_HEADER)
		return (struct network_place){0};
	return (struct network_place){
		.ethertype = (uint16_t)(bytes[ETHERNET_TYPE] << 8 | bytes[ETHERNET_TYPE + 1]),
		.offset = ETHERNET_HEADER,
		.end = frame->captured,
	};
}

static enum verdict match(struct offline_filter *offline, const struct frame *frame)
{
	static const uint32_t bits[] = {
		[DIRECTION_UNKNOWN] = 0,
		[DIRECTION_IN] = DIRECTION_BIT_IN,
		[DIRECTION_OUT] = DIRECTION_BIT_OUT,
	};
	const struct filter_config *config = &offline->spec->config;
	struct dissect_input input = {.bytes = frame->bytes};
	const bool has_session = config->own_session.is_set;
	enum verdict verdict = match_frame(config, bits[frame->direction], frame->loopback);
	struct network_place start;

	offline->undirected +=
		frame->direction == DIRECTION_UNKNOWN && config->directions != (DIRECTION_BIT_IN | DIRECTION_BIT_OUT);
	if (verdict != VERDICT_ACCEPTED && !has_session)
		return verdict;
	start = start_of(offline, frame);
	input.captured = start.end;
	offline->frame_end = start.end + (frame->length - frame->captured);
	dissect_frame(&input, start.ethertype, start.offset, filter_needs_transport(config), &offline->dissection);
	offline->is_own_session = has_session && match_own_session(&config->own_session, &offline->dissection.key);
	return verdict != VERDICT_ACCEPTED ? verdict
					   : match_flow(config, offline->spec, offline, &offline->dissection.key);
}

/* The verdict of --tcp-event on a frame that match() has dissected. */
static enum verdict match_tcp(struct offline_filter *offline, const struct frame *frame)
{
	struct dissect_input input = {frame->bytes, frame->captured, offline->frame_end, frame->interface->place};

	offline->tcp = (struct tcp_work){0};
	offline->time = frame_time(frame);
	return match_tcp_event(&offline->spec->config, &input, offline, &offline->dissection, &offline->tcp);
}

/* What an accepted frame adds to its flow. */
static void describe_flow(struct offline_filter *offline, const struct frame *frame)
{
	struct dissect_input input = {frame->bytes, frame->captured, offline->frame_end, frame->interface->place};
	const struct filter_config *config = &offline->spec->config;
	struct tcp_connection *connection;

	if (!config->tcp_events)
		offline->tcp = (struct tcp_work){0};
	offline->time = frame_time(frame);
	flow_describe(&input, offline, &offline->dissection, &offline->flow);
	if (!(offline->dissection.key.flags & FLOW_HAS_TCP_FLAGS) ||
	    flow_read_segment(config, &input, &offline->dissection, offline->flow.time, &offline->tcp))
		return;
	connection = tcp_connection_of(offline, &offline->flow.id);
	if (connection)
		flow_follow_tcp(config, connection, &offline->tcp, &offline->flow);
}

/* The verdict, or -errno: an expression that is wrong is refused also when the flags leave it no frame. */
static int judge(struct offline_filter *offline, const struct frame *frame)
{
	const struct filter_config *config = &offline->spec->config;
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
	if (config->tcp_events)
		verdict = match_tcp(offline, frame);
	if ((config->first || config->sample) && verdict == VERDICT_ACCEPTED)
		verdict = match_state(config, offline, &ids, &offline->dissection.key);
	if (config->counts_flows && verdict == VERDICT_ACCEPTED)
		describe_flow(offline, frame);
	return (int)verdict;
}

int offline_filter_match(struct offline_filter *offline, const struct frame *frame)
{
	int verdict;

	offline->seen++;
	offline->connection = NULL;
	verdict = judge(offline, frame);
	if (verdict == -EINTR) { /* the frame is nobody's: it has no verdict */
		offline->seen--;
		helper_process_abandon(offline->compiler);
		offline->compiler = NULL;
		offline->expressions.compiler = NULL;
	}
	if (verdict < 0)
		return verdict;
	offline->verdict = (enum verdict)verdict;
	offline->counts[verdict]++;
	return verdict;
}

uint32_t offline_filter_lists_of(const struct offline_filter *offline, const __u64 address[2])
{
	return address_lists(&offline->spec->config.prefixes, offline->spec, address[0], address[1]);
}

void offline_filter_evicted(const struct offline_filter *offline, uint64_t *flows, uint64_t *connections)
{
	*flows = offline->flows ? flow_limits_evicted(offline->flows) : 0;
	*connections = offline->flows ? flow_limits_evicted_connections(offline->flows) : 0;
}

void offline_filter_release(struct offline_filter *offline)
{
	expression_set_release(&offline->expressions);
	helper_process_stop(offline->compiler);
	flow_limits_close(offline->flows);
	offline->flows = NULL;
}
