/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/owner_text.h"

#include "base/escape.h"
#include "base/text.h"
#include "owner_abi.h"

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
