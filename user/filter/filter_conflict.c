/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/filter_conflict.h"

#include <stdio.h>
#include <string.h>

#include "base/text_builder.h"
#include "filter/expression_contradiction.h"
#include "filter/expression_names.h"
#include "filter/expression_reach.h"
#include "filter/host_conflict.h"
#include "protocols.h"
#include "tcp_connection.h"
#include "tcp_event.h"

static const char *const port_options[LISTS] = {"--port", "--src-port", "--dst-port", "--not-port"};

/* Whether an option is given that only TCP can satisfy. */
static bool wants_tcp(const struct filter_config *config)
{
	return config->tcp_flags_set || config->tcp_flags_clear || config->tcp_events;
}

/* The protocols that the options leave, apart from the expression. */
static void reachable(const struct filter_spec *spec, bool every, bool with_ports, bool with_tcp, uint8_t *set)
{
	const struct filter_config *config = &spec->config;

	memcpy(set, config->protocols, sizeof(protocol_set));
	if (every)
		memset(set, 0xff, sizeof(protocol_set));
	for (unsigned int i = 0; i < 256; i++) {
		bool ports = i == PROTOCOL_TCP || i == PROTOCOL_UDP || i == PROTOCOL_DCCP || i == PROTOCOL_SCTP ||
			     i == PROTOCOL_UDPLITE;

		if ((with_ports && config->port_lists && !ports) ||
		    (with_tcp && wants_tcp(config) && i != PROTOCOL_TCP))
			set[i / 8] &= (uint8_t) ~(1 << i % 8);
	}
}

static bool is_empty(const uint8_t *set)
{
	static const protocol_set none;

	return !memcmp(set, none, sizeof(none));
}

/* "--port=53", or the first of the lists of ports that there are. */
static void name_ports(const struct filter_spec *spec, char name[FILTER_CONFLICT_MAX])
{
	for (int i = 0; i < LISTS; i++) {
		if (!spec->port_words[i])
			continue;
		snprintf(name, FILTER_CONFLICT_MAX / 4, "%s=%s", port_options[i], spec->port_words[i]);
		return;
	}
}

/* The option that only TCP can satisfy, of those that are given. */
static void name_tcp_option(const struct filter_spec *spec, char name[FILTER_CONFLICT_MAX])
{
	bool flags = spec->config.tcp_flags_set || spec->config.tcp_flags_clear;

	snprintf(name, FILTER_CONFLICT_MAX / 4, "%s=%s", flags ? "--tcp-flags" : "--tcp-event",
		 flags ? spec->tcp_flag_words : spec->tcp_event_words);
}

/* Only resets are wanted, and segments without RST. */
static bool reset_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	if (spec->config.tcp_events != TCP_EVENT_RESET || !(spec->config.tcp_flags_clear & TCP_RST))
		return false;
	snprintf(why, FILTER_CONFLICT_MAX,
		 "no packet can match --tcp-event=%.100s and --tcp-flags=%.100s together; leave out one of them",
		 spec->tcp_event_words, spec->tcp_flag_words);
	return true;
}

static bool flags_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	if (!(spec->config.tcp_flags_set & spec->config.tcp_flags_clear))
		return reset_conflict(spec, why);
	snprintf(why, FILTER_CONFLICT_MAX,
		 "no packet can match --tcp-flags=%.200s: a flag cannot be set and clear; leave out one of the two",
		 spec->tcp_flag_words);
	return true;
}

static bool protocol_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	char name[FILTER_CONFLICT_MAX] = "";
	protocol_set set;

	if (spec->config.every_protocol || spec->default_protocols)
		return false;
	reachable(spec, false, false, true, set);
	if (is_empty(set)) {
		name_tcp_option(spec, name);
		snprintf(why, FILTER_CONFLICT_MAX,
			 "no packet can match %.100s and --protocol=%.100s: only TCP has %s; leave out one of "
			 "them",
			 name, spec->protocol_words, strstr(name, "flags") ? "flags" : "such events");
		return true;
	}
	reachable(spec, false, true, false, set);
	if (!is_empty(set))
		return false;
	name_ports(spec, name);
	snprintf(why, FILTER_CONFLICT_MAX,
		 "no packet can match %.100s and --protocol=%.100s: only tcp, udp, sctp, dccp and udplite have ports; "
		 "leave out one of them",
		 name, spec->protocol_words);
	return true;
}

/* Whether a port at one end is allowed, by the list of that end and by --not-port. */
static bool allows_port(const struct filter_spec *spec, unsigned int port, enum list end)
{
	uint8_t lists = spec->lists_of_port[port];

	return !(lists & LIST_NOT) && (!(spec->config.port_lists & end) || lists & end);
}

/* "no packet can match --port=1, --src-port=2 and --dst-port=3 together; ..." */
static void say_ports(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	struct text_builder builder = text_builder_begin(why, FILTER_CONFLICT_MAX);
	int left = 0;

	for (int i = 0; i < LISTS; i++)
		left += spec->port_words[i] != NULL;
	text_builder_add(&builder, "no packet can match ");
	for (int i = 0; i < LISTS; i++) {
		if (!spec->port_words[i])
			continue;
		left--;
		text_builder_add(&builder, "%s=%.60s%s", port_options[i], spec->port_words[i],
				 left > 1    ? ", "
				 : left == 1 ? " and "
					     : " together; leave out one of them");
	}
}

static bool port_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX])
{
	bool source = false, destination = false, either = !(spec->config.port_lists & LIST_EITHER);

	if (!spec->config.port_lists)
		return false;
	for (unsigned int port = 0; port < PORTS; port++) {
		bool from = allows_port(spec, port, LIST_SOURCE), to = allows_port(spec, port, LIST_DESTINATION);

		source |= from;
		destination |= to;
		either |= (from || to) && spec->lists_of_port[port] & LIST_EITHER;
	}
	if (source && destination && either)
		return false;
	say_ports(spec, why);
	return true;
}

/* What of the options an expression contradicts: "--protocol=tcp", "--tcp-flags=syn", "--port=53". */
static bool name_culprit(const struct filter_spec *spec, const char *expression, char name[FILTER_CONFLICT_MAX])
{
	const struct filter_config *config = &spec->config;
	protocol_set set;

	reachable(spec, config->every_protocol || spec->default_protocols, false, false, set);
	if (!spec->default_protocols && !config->every_protocol && expression_surely_misses(expression, set)) {
		snprintf(name, FILTER_CONFLICT_MAX, "--protocol=%.100s", spec->protocol_words);
		return true;
	}
	reachable(spec, true, false, true, set);
	if (wants_tcp(config) && expression_surely_misses(expression, set)) {
		name_tcp_option(spec, name);
		return true;
	}
	reachable(spec, true, true, false, set);
	if (!config->port_lists || !expression_surely_misses(expression, set))
		return false;
	name_ports(spec, name);
	return true;
}

/* The expression alone. */
static bool contradiction(const char *expression, bool hidden, char why[FILTER_CONFLICT_MAX])
{
	if (!expression_contradicts_itself(expression))
		return false;
	if (hidden)
		snprintf(why, FILTER_CONFLICT_MAX, "no packet can match the expression: leave out a part of it");
	else
		expression_contradiction_explain(expression, why, FILTER_CONFLICT_MAX);
	return true;
}

/* Loopback traffic is left out, and the expression matches nothing else. */
static bool loopback_conflict(const struct filter_spec *spec, const char *expression, bool hidden,
			      char why[FILTER_CONFLICT_MAX])
{
	if (spec->config.loopback != LOOPBACK_DROP || !host_expression_is_loopback(spec, expression))
		return false;
	snprintf(why, FILTER_CONFLICT_MAX,
		 "no packet can match %s%.200s%s: loopback traffic is left out; add --loopback",
		 hidden ? "the expression" : "'", hidden ? "" : expression, hidden ? "" : "'");
	return true;
}

/* The other of --direction and the expression asks for packets that go the other way. */
static bool direction_conflict(const struct filter_spec *spec, const char *expression, bool hidden,
			       char why[FILTER_CONFLICT_MAX])
{
	const uint8_t directions = spec->config.directions;
	const char *other = directions == DIRECTION_BIT_IN ? "outbound" : "inbound";

	if ((directions != DIRECTION_BIT_IN && directions != DIRECTION_BIT_OUT) || !strstr(expression, other) ||
	    !expression_implies(expression, other))
		return false;
	snprintf(why, FILTER_CONFLICT_MAX, "no packet can match %s and %s%.200s%s together; leave out one of them",
		 spec->direction_option, hidden ? "the expression" : "'", hidden ? "" : expression, hidden ? "" : "'");
	return true;
}

bool filter_conflict(const struct filter_spec *spec, const char *expression, bool hidden, char why[FILTER_CONFLICT_MAX])
{
	char culprit[FILTER_CONFLICT_MAX];

	if (flags_conflict(spec, why) || protocol_conflict(spec, why) || port_conflict(spec, why) ||
	    host_conflict(spec, why))
		return true;
	if (!expression)
		return false;
	if (contradiction(expression, hidden, why) || loopback_conflict(spec, expression, hidden, why) ||
	    direction_conflict(spec, expression, hidden, why))
		return true;
	if (!host_expression_conflict(spec, expression, culprit) && !name_culprit(spec, expression, culprit))
		return false;
	snprintf(why, FILTER_CONFLICT_MAX, "no packet can match %.130s and %s%.200s%s together; leave out one of them",
		 culprit, hidden ? "the expression" : "'", hidden ? "" : expression, hidden ? "" : "'");
	return true;
}

bool filter_narrows_expression(const struct filter_spec *spec, const char *expression)
{
	return expression && spec->default_protocols && !spec->config.every_protocol &&
	       !expression_implies(expression, "tcp or udp or sctp"); /* `port` has all three */
}

bool filter_hides_named(const struct filter_spec *spec, const char *expression)
{
	return expression && spec->default_protocols && !spec->config.every_protocol &&
	       expression_names_others(expression);
}

bool filter_open_protocols(struct filter_spec *spec, const char *expression)
{
	static const protocol_set default_protocols = {[PROTOCOL_TCP / 8] = 1 << PROTOCOL_TCP % 8,
						       [PROTOCOL_UDP / 8] = 1 << PROTOCOL_UDP % 8};

	if (!expression || !spec->default_protocols || spec->config.every_protocol ||
	    !expression_misses(expression, default_protocols))
		return false;
	spec->config.every_protocol = true;
	return true;
}
