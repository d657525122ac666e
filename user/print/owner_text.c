/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/owner_text.h"

#include "base/escape.h"
#include "base/text.h"
#include "owner_abi.h"
#include "print/summary.h"

enum { STRING_MAX = 256 };

char *owner_short(char *at, const struct end_owner *owner)
{
	if (owner->how == OWNER_UNKNOWN)
		return at;
	at = text_string(at, " (");
	if (owner->pid) {
		at = owner->has_details ? escape_terminal(at, owner->command, OWNER_COMMAND_MAX) : text_string(at, "?");
		at = text_string(text_u32(text_string(at, "["), owner->pid), "]");
	}
	if (owner->pid && owner->how != OWNER_EXACT)
		at = text_string(at, ", ");
	if (owner->how != OWNER_EXACT)
		at = text_string(at, owner_how_name(owner->how));
	return text_string(at, ")");
}

char *owner_brief(char *at, const struct packet_owner *owner)
{
	if (owner->source.how == OWNER_UNKNOWN && owner->destination.how == OWNER_UNKNOWN)
		return at;
	at = text_string(owner_short(at, &owner->source), " >");
	return owner_short(at, &owner->destination);
}

static char *string_field(char *at, const char *label, const char *value)
{
	return value ? escape_terminal(text_string(at, label), value, STRING_MAX) : at;
}

static char *end_text(char *at, const char *which, const struct end_owner *owner)
{
	at = text_string(at, which);
	if (owner->pid)
		at = text_field(at, "pid ", owner->pid);
	at = string_field(at, "  command ", owner->command);
	at = string_field(at, "  arguments ", owner->arguments);
	if (owner->has_details)
		at = text_field(at, "  uid ", owner->uid);
	at = string_field(at, "  cgroup ", owner->cgroup);
	at = text_string(text_string(at, owner->pid ? "  " : ""), owner_how_name(owner->how));
	return string_field(at, ": ", owner->why);
}

char *owner_full(char *at, const struct palette *palette, const struct packet_owner *owner)
{
	at = summary_layer(at, palette, COLOR_STRONG, "Owner");
	at = end_text(at, " source  ", &owner->source);
	return end_text(at, "\n        destination  ", &owner->destination);
}
