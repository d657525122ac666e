/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_top_text.h"

#include <string.h>

#include "base/escape.h"
#include "flow/flow_owner.h"
#include "flow/flow_text.h"
#include "packet/protocol_names.h"

enum { COMMAND_MAX = 16 }; /* bytes of a command that are shown; the kernel has no longer ones (TASK_COMM_LEN) */

static void append_protocol(struct text_builder *line, uint8_t protocol)
{
	const struct text_word *name = name_protocol(protocol);

	if (name)
		text_builder_string(line, name->text);
	else
		text_builder_number(line, protocol, 0);
}

/* COMMAND[PID] */
static void append_process(struct text_builder *line, const struct end_owner *process)
{
	char command[COMMAND_MAX + 1];

	*escape_terminal(command, process->command ? process->command : "?", COMMAND_MAX) = '\0';
	text_builder_add(line, "%s[%u]", command, process->pid);
}

static void append_end(struct text_builder *line, const struct flow_record *record, bool high)
{
	const struct flow_endpoint end = flow_endpoint(&record->id, high);
	char address[FLOW_ADDRESS_MAX];

	flow_text_address(address, end.address, record->id.version);
	if (!flow_has_ports(&record->id)) {
		text_builder_string(line, address);
	} else {
		text_builder_string(line, record->id.version == 4 ? "" : "[");
		text_builder_string(line, address);
		text_builder_string(line, record->id.version == 4 ? ":" : "]:");
		text_builder_number(line, end.port, 0);
	}
	if (!record->owner || !record->owner->ends[high].pid)
		return;
	text_builder_add(line, " (");
	append_process(line, &record->owner->ends[high]);
	text_builder_add(line, ")");
}

static void append_flow(struct text_builder *line, const struct flow_record *record, bool protocol)
{
	const bool high = flow_source_is_high(&record->totals);

	if (!flow_has_addresses(&record->id)) {
		text_builder_string(line, "not IP");
		return;
	}
	if (protocol) {
		append_protocol(line, record->id.protocol);
		text_builder_string(line, " ");
	}
	append_end(line, record, high);
	text_builder_string(line, " > ");
	append_end(line, record, !high);
}

static void append_host(struct text_builder *line, const struct top_row *row)
{
	static const uint8_t none[sizeof(row->address)];
	char address[FLOW_ADDRESS_MAX];

	flow_text_address(address, row->address, row->version);
	text_builder_add(line, "%s", memcmp(row->address, none, sizeof(none)) != 0 ? address : "not IP");
}

void top_text_name(struct text_builder *line, const struct top *top, const struct top_row *row, bool protocol)
{
	switch (top->choice.key) {
	case TOP_HOST:
		append_host(line, row);
		break;
	case TOP_PORT:
		append_protocol(line, row->protocol);
		if (row->port)
			text_builder_add(line, " %u", row->port);
		break;
	case TOP_PROCESS:
		if (row->process)
			append_process(line, row->process);
		else
			text_builder_add(line, "not known");
		break;
	case TOP_FLOW:
	default:
		if (row->flow)
			append_flow(line, row->flow, protocol);
	}
}

bool top_text_has(const struct top *top, const struct top_row *row, const char *words)
{
	char text[TOP_NAME_MAX], word[TOP_NAME_MAX];
	struct text_builder line = text_builder_begin(text, sizeof(text));
	const char *state = row->flow ? flow_state_name(row->flow) : NULL;

	top_text_name(&line, top, row, true);
	text_builder_add(&line, " %s", state ? state : "");
	for (size_t length; *words; words += length) {
		words += strspn(words, " ");
		length = strcspn(words, " ");
		if (length >= sizeof(word))
			return false;
		*(char *)mempcpy(word, words, length) = '\0';
		if (!strcasestr(text, word))
			return false;
	}
	return true;
}
