/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_owner.h"

#include <stdlib.h>
#include <string.h>

/* The end that is on another machine is never found. */
enum { LOOKS_MAX = 8 };

/* A server is first known by its port, and the process that has accepted the connection later. */
static bool is_settled(const struct end_owner *end)
{
	return end->how == OWNER_EXACT || end->how == OWNER_KERNEL;
}

bool flow_owner_is_settled(const struct flow_owner *owner)
{
	return owner && (owner->looks >= LOOKS_MAX || (is_settled(&owner->ends[0]) && is_settled(&owner->ends[1])));
}

/* Copy a string to the end of a text. NULL stays NULL. */
static const char *keep_string(char **at, const char *string)
{
	char *kept = *at;

	if (!string)
		return NULL;
	*at = stpcpy(kept, string) + 1;
	return kept;
}

static size_t size_of(const char *string)
{
	return string ? strlen(string) + 1 : 0;
}

static void keep_end(struct flow_owner *owner, int high, const struct end_owner *found)
{
	struct end_owner *end = &owner->ends[high];
	char *text, *at;

	if (is_settled(end) || (end->pid && !found->pid))
		return;
	text = malloc(size_of(found->why) + size_of(found->command) + size_of(found->arguments) +
		      size_of(found->cgroup) + 1);
	if (!text)
		return;
	free(owner->texts[high]);
	owner->texts[high] = at = text;
	*end = *found;
	end->why = keep_string(&at, found->why);
	end->command = keep_string(&at, found->command);
	end->arguments = keep_string(&at, found->arguments);
	end->cgroup = keep_string(&at, found->cgroup);
}

void flow_owner_take(struct flow_owner **owner, const struct packet_owner *found, bool source_is_high)
{
	if (!*owner)
		*owner = flow_owner_hold(calloc(1, sizeof(**owner)));
	if (!*owner)
		return;
	(*owner)->looks++;
	keep_end(*owner, source_is_high, &found->source);
	keep_end(*owner, !source_is_high, &found->destination);
}

struct flow_owner *flow_owner_hold(struct flow_owner *owner)
{
	if (owner)
		owner->holders++;
	return owner;
}

void flow_owner_release(struct flow_owner *owner)
{
	if (!owner || --owner->holders)
		return;
	free(owner->texts[0]);
	free(owner->texts[1]);
	free(owner);
}
