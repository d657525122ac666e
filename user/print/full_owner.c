/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/full_owner.h"

#include "base/escape.h"
#include "base/text.h"
#include "print/summary.h"

enum { STRING_MAX = 256 };

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

char *full_owner(char *at, const struct palette *palette, const struct packet_owner *owner)
{
	at = summary_layer(at, palette, COLOR_STRONG, "Owner");
	at = end_text(at, " source  ", &owner->source);
	return end_text(at, "\n        destination  ", &owner->destination);
}
