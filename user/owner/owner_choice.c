/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>

#include "owner/owner_internal.h"

enum { PASSES_MAX = 8 }; /* generations that the iterator may meet before their parents */

int owner_choose(struct owner *owner, const struct process_choice *choice)
{
	struct owner_choice processes = choice->processes;
	uint32_t first = 0, found, generation = owner->choice.processes.generation + 1;
	int ret;

	owner->choice = *choice;
	owner->choice.processes.generation = processes.generation = generation;
	if (owner->tasks_fd < 0)
		return 0;
	ret = bpf_map_update_elem(owner->choice_fd, &first, &processes, BPF_ANY);
	for (int i = 0; i < PASSES_MAX && processes.count && !ret; i++) {
		found = processes.found;
		ret = owner_iterate(owner->tasks_fd);
		if (!ret)
			ret = bpf_map_lookup_elem(owner->choice_fd, &first, &processes);
		if (processes.found == found)
			break;
	}
	return ret;
}

bool owner_choice_has(const struct owner *owner, const struct end_owner *end, const struct end_strings *strings,
		      uint64_t time)
{
	const struct process_choice *choice = &owner->choice;
	struct owner_family family;

	if (!end->pid)
		return false;
	if (choice->processes.count &&
	    (bpf_map_lookup_elem(owner->family_fd, &strings->who, &family) ||
	     family.generation != choice->processes.generation || !(family.since <= time ? family.now : family.before)))
		return false;
	if (choice->uid_count && !(end->has_details && process_choice_has_uid(choice, end->uid)))
		return false;
	return process_choice_has_cgroup(choice, end->cgroup);
}
