/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/explain.h"

#include <string.h>

#include "base/text.h"
#include "ends.h"
#include "packet/protocol_names.h"
#include "packet/tcp_event_names.h"
#include "packet/verdict_names.h"
#include "protocols.h"

enum {
	NAME_MAX_SHOWN = 64,
	LIST_MAX_SHOWN = 256, /* bytes of a list, which is cut behind a comma if it has one */
};

/* The packet, and the filter that decided about it. */
struct question {
	const struct filter_spec *spec;
	const struct offline_filter *offline;
	const struct flow_key *key;
	const struct packet *packet;
};

/* One end of a packet: its address or port, and the lists that contain it. */
struct end {
	char text[TEXT_IPV6_MAX + TEXT_OVERRUN];
	uint32_t lists;
};

/* What the user typed, shortened if it is long. */
static char *list_text(char *at, const char *label, const char *words)
{
	size_t length = strlen(words), shown = LIST_MAX_SHOWN;

	at = text_string(at, label);
	if (length <= LIST_MAX_SHOWN)
		return mempcpy(at, words, length);
	while (shown > 0 && words[shown - 1] != ',')
		shown--;
	return text_string(mempcpy(at, words, shown ? shown : LIST_MAX_SHOWN), "...");
}

static char *wanted_text(char *at, const char *words)
{
	return list_text(at, "; wanted ", words);
}

static char *address_text(char *at, const struct flow_key *key, const __u64 address[2])
{
	const uint8_t *bytes = (const uint8_t *)address;

	return key->version == 4 ? text_ipv4(at, bytes + 12) : text_ipv6(at, bytes);
}

/* The first of the lists in `asked` that rejects the packet. */
static enum list rejecting_list(uint32_t asked, uint32_t source, uint32_t destination)
{
	static const enum list lists[] = {LIST_EITHER, LIST_SOURCE, LIST_DESTINATION};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (!lists_hold(asked & lists[i], source, destination))
			return lists[i];
	return LIST_NOT;
}

static char *explain_ends(char *at, uint32_t asked, char *const words[LISTS], const struct end *source,
			  const struct end *destination)
{
	enum list list = rejecting_list(asked, source->lists, destination->lists);
	bool show_source = list == LIST_NOT ? source->lists & LIST_NOT : list != LIST_DESTINATION;
	bool show_destination = list == LIST_NOT ? destination->lists & LIST_NOT : list != LIST_SOURCE;

	if (show_source)
		at = text_string(text_string(at, "source "), source->text);
	if (show_source && show_destination)
		at = text_string(at, ", ");
	if (show_destination)
		at = text_string(text_string(at, "destination "), destination->text);
	return list_text(at, list == LIST_NOT ? "; not wanted " : "; wanted ", words[list_place(list)]);
}

/* The packet does not have what the lists ask for. */
static char *explain_absence(char *at, const char *what, uint32_t asked, char *const words[LISTS])
{
	enum list list = rejecting_list(asked, 0, 0);

	return list_text(text_string(at, what), list == LIST_NOT ? "; not wanted " : "; wanted ",
			 words[list_place(list)]);
}

static struct end address_end(const struct question *question, const __u64 address[2])
{
	struct end end = {.lists = offline_filter_lists_of(question->offline, address)};

	*address_text(end.text, question->key, address) = '\0';
	return end;
}

static char *explain_host(char *at, const struct question *question)
{
	const struct flow_key *key = question->key;
	const struct filter_spec *spec = question->spec;
	struct end source, destination;

	if (!(key->flags & FLOW_HAS_ADDRESSES))
		return explain_absence(at, "no addresses", spec->config.address_lists, spec->host_words);
	source = address_end(question, key->source);
	destination = address_end(question, key->destination);
	return explain_ends(at, spec->config.address_lists, spec->host_words, &source, &destination);
}

static struct end port_end(const struct filter_spec *spec, uint16_t port)
{
	struct end end = {.lists = spec->lists_of_port[port]};

	*text_u32(end.text, port) = '\0';
	return end;
}

static char *explain_port(char *at, const struct question *question)
{
	const struct flow_key *key = question->key;
	const struct filter_spec *spec = question->spec;
	struct end source = port_end(spec, key->source_port), destination = {.text = "cut", .lists = LIST_NOT};

	if (!(key->flags & (FLOW_HAS_PORTS | FLOW_HAS_SOURCE_PORT)))
		return explain_absence(at, "no readable ports", spec->config.port_lists, spec->port_words);
	if (key->flags & FLOW_LATER_FRAGMENT)
		at = text_string(at, "first fragment: ");
	if (key->flags & FLOW_HAS_PORTS)
		destination = port_end(spec, key->destination_port);
	return explain_ends(at, spec->config.port_lists, spec->port_words, &source, &destination);
}

static char *explain_direction(char *at, const struct question *question)
{
	bool out = question->packet->frame->direction == DIRECTION_OUT;

	return text_string(at, out ? "out; wanted in" : "in; wanted out");
}

static char *interface_text(char *at, const struct interface *interface)
{
	if (!interface->name)
		return text_string(at, "an interface without a name");
	return mempcpy(text_string(at, "interface "), interface->name, strnlen(interface->name, NAME_MAX_SHOWN));
}

/* The filter looks at the device before it looks at the addresses. */
static char *explain_loopback(char *at, const struct question *question)
{
	const struct frame *frame = question->packet->frame;
	const struct flow_key *key = question->key;
	bool source = is_loopback_address(key->source);

	if (frame->loopback)
		return interface_text(at, frame->interface);
	at = text_string(at, source ? "source " : "destination ");
	return address_text(at, key, source ? key->source : key->destination);
}

static char *explain_duplicate(char *at, const struct question *question)
{
	return text_string(interface_text(at, question->packet->frame->interface),
			   ", which shows it on its way in too");
}

static char *explain_not_ip(char *at, const struct question *question)
{
	const struct link_header *link = &question->packet->link;
	const struct text_word *name = name_ethertype(link->ethertype);

	if (!name_link_type(link->type))
		return text_string(text_field(at, "link type ", link->type), " is not decoded");
	if (!link_has(link, LINK_FIELD_ETHERTYPE))
		return text_string(at, "no ethertype");
	at = text_field_hex(at, "ethertype ", link->ethertype, 4);
	return name ? text_word(text_string(at, " "), name) : at;
}

static char *explain_malformed(char *at, const struct question *question)
{
	const char *why = question->packet->malformed;

	return text_string(at, why ? why : "the capture ends inside the IP header");
}

static char *explain_protocol(char *at, const struct question *question)
{
	const struct text_word *name = name_protocol(question->key->protocol);
	const char *words = question->spec->protocol_words;

	at = text_u32(at, question->key->protocol);
	if (name)
		at = text_word(text_string(at, " "), name);
	return wanted_text(at, words ? words : "tcp,udp");
}

static char *explain_tcp_flags(char *at, const struct question *question)
{
	const struct flow_key *key = question->key;

	if (!(key->flags & FLOW_HAS_TCP_FLAGS))
		at = text_string(at, "no TCP flags");
	else if (!key->tcp_flags)
		at = text_string(at, "none");
	else
		at = name_tcp_flags(at, key->tcp_flags, false);
	return wanted_text(at, question->spec->tcp_flag_words);
}

static char *explain_sample(char *at, const struct question *question)
{
	return text_field(at, "its flow is not the one in ", question->spec->config.sample);
}

static char *explain_tcp_event(char *at, const struct question *question)
{
	const uint32_t events = question->offline->tcp.finding.events;
	const char *separator = "";

	if (question->key->protocol != PROTOCOL_TCP)
		at = text_string(at, "not TCP");
	else if (!events)
		at = text_string(at, "no event");
	for (uint32_t left = events; left; left &= left - 1) {
		at = text_word(text_string(at, separator), name_tcp_event((unsigned int)__builtin_ctz(left)));
		separator = ",";
	}
	return wanted_text(at, question->spec->tcp_event_words);
}

static char *explain_flow_limit(char *at, const struct question *question)
{
	at = text_u64(text_string(at, "packet "), question->offline->place_in_flow);
	return text_field(at, " of its flow; wanted ", question->spec->config.first);
}

static void explain(struct annotator *annotator, struct packet *packet)
{
	static char *(*const explainers[VERDICT_COUNT])(char *at, const struct question *question) = {
		[VERDICT_DIRECTION] = explain_direction, [VERDICT_LOOPBACK] = explain_loopback,
		[VERDICT_DUPLICATE] = explain_duplicate, [VERDICT_NOT_IP] = explain_not_ip,
		[VERDICT_MALFORMED] = explain_malformed, [VERDICT_PROTOCOL] = explain_protocol,
		[VERDICT_HOST] = explain_host,           [VERDICT_PORT] = explain_port,
		[VERDICT_TCP_FLAGS] = explain_tcp_flags, [VERDICT_TCP_EVENT] = explain_tcp_event,
		[VERDICT_SAMPLE] = explain_sample,       [VERDICT_FLOW_LIMIT] = explain_flow_limit,
	};
	struct explainer *explainer = (struct explainer *)annotator;
	const struct offline_filter *offline = explainer->offline;
	const struct question question = {offline->spec, offline, &offline->dissection.key, packet};

	explainer->explanation = (struct explanation){
		.verdict = verdict_name(offline->verdict),
		.rejected = offline->verdict != VERDICT_ACCEPTED,
	};
	packet->explanation = &explainer->explanation;
	if (!explainers[offline->verdict])
		return;
	*explainers[offline->verdict](explainer->text, &question) = '\0';
	explainer->explanation.why = explainer->text;
}

void explainer_init(struct explainer *explainer, const struct offline_filter *offline)
{
	explainer->annotator.annotate = explain;
	explainer->offline = offline;
}
