/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "owner/owner_internal.h"

enum { PASSES_MAX = 8 }; /* generations that the iterator may meet before their parents */

/* Tell the filter which control groups there are, and which are chosen. 0 or -errno. */
static int choose_cgroups(const struct owner *owner)
{
	int ret = 0;

	for (size_t i = 0; i < owner->cgroups.count && *owner->choice.cgroup && !ret; i++) {
		const struct cgroup_name *name = &owner->cgroups.names[i];
		const uint32_t is_chosen = process_choice_has_cgroup(&owner->choice, name->path);

		ret = bpf_map_update_elem(owner->wanted_cgroups_fd, &name->id, &is_chosen, BPF_ANY);
	}
	return ret == -E2BIG ? 0 : ret; /* of those without room the reader judges */
}

/* Tell the filter of a generation what to ask; NULL: no filter asks. 0 or -errno. */
static int choose_in_kernel(const struct owner *owner, const uint32_t *filter)
{
	const struct process_choice *choice = &owner->choice;
	struct owner_wanted wanted = {
		.filter = filter && process_choice_is_made(choice) ? *filter + 1 : 0,
		.generation = choice->processes.generation,
		.has_processes = choice->processes.count > 0,
		.has_cgroup = *choice->cgroup != 0,
		.uid_count = choice->uid_count,
	};
	const uint32_t first = 0;

	memcpy(wanted.uids, choice->uids, sizeof(wanted.uids));
	return bpf_map_update_elem(owner->wanted_fd, &first, &wanted, BPF_ANY);
}

/* Find the processes that run already. 0 or -errno. */
static int choose_processes(const struct owner *owner)
{
	struct owner_choice processes = owner->choice.processes;
	uint32_t first = 0, found;
	int ret;

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

/* While the choice changes no filter asks, and then it finds the whole of it: a packet may come after every store. */
int owner_choose(struct owner *owner, const struct process_choice *choice, uint32_t filter)
{
	uint32_t generation = owner->choice.processes.generation + 1;
	int ret;

	owner->choice = *choice;
	owner->choice.processes.generation = generation;
	ret = choose_in_kernel(owner, NULL);
	if (!ret)
		ret = choose_processes(owner);
	if (!ret)
		ret = choose_cgroups(owner);
	return ret ? ret : choose_in_kernel(owner, &filter);
}

/* Whether a process was chosen at a time. */
static bool chosen_then(const struct owner_family *family, uint64_t time)
{
	return family->since <= time ? family->now : family->since_before <= time ? family->before : family->earliest;
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
	     family.generation != choice->processes.generation || !chosen_then(&family, time)))
		return false;
	if (choice->uid_count && !(end->has_details && process_choice_has_uid(choice, end->uid)))
		return false;
	return process_choice_has_cgroup(choice, end->cgroup);
}
