/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>

#include "owner/owner_resolve.h"

/* The zeros between the arguments become blanks. */
static bool join_arguments(char arguments[OWNER_ARGUMENTS_MAX])
{
	size_t length = OWNER_ARGUMENTS_MAX - 1;

	while (length && !arguments[length - 1])
		length--;
	for (size_t i = 0; i < length; i++)
		if (!arguments[i])
			arguments[i] = ' ';
	arguments[length] = '\0';
	return length > 0;
}

static const char *cgroup_path(const struct owner *owner, struct end_strings *strings)
{
	const uint64_t id = strings->process.cgroup;
	const char *known = cgroup_names_find(&owner->cgroups, id);

	if (known)
		return known;
	return bpf_map_lookup_elem(owner->cgroups_fd, &id, &strings->cgroup) ? NULL : strings->cgroup.path;
}

void owner_describe(const struct owner *owner, const struct owner_process_key *who, struct end_owner *end,
		    struct end_strings *strings)
{
	struct owner_process *process = &strings->process;

	end->pid = who->pid;
	strings->who = *who;
	if (bpf_map_lookup_elem(owner->processes_fd, who, process))
		return;
	process->command[sizeof(process->command) - 1] = '\0';
	end->has_details = true;
	end->command = process->command;
	end->arguments = join_arguments(process->arguments) ? process->arguments : NULL;
	end->uid = process->uid;
	end->cgroup = cgroup_path(owner, strings);
	if (process->is_thread_of_kernel)
		end->how = OWNER_KERNEL;
}

/* Who has a socket that nobody has used. False: there may be others, since *parted, when that process forked or ended.
 */
static bool sole_holder(const struct owner *owner, const struct owner_socket *socket, struct owner_process_key *who,
			uint64_t *parted)
{
	uint64_t since = socket->listed ? socket->listed : socket->created;
	struct owner_process process;

	*who = socket->listed ? socket->holder : socket->creator;
	*parted = since;
	if (!who->pid || (socket->listed && socket->holders > 1) ||
	    bpf_map_lookup_elem(owner->processes_fd, who, &process))
		return false;
	*parted = process.forked > process.exited ? process.forked : process.exited;
	/* An earlier fork may be forgotten over a later one, so that it counts even if that came after the end. */
	return process.forked < since &&
	       (process.exited < since || (socket->closed && socket->closed <= process.exited));
}

bool owner_holder(struct owner *owner, uint64_t cookie, struct owner_socket *socket, struct owner_process_key *who)
{
	uint64_t parted;

	if (sole_holder(owner, socket, who, &parted))
		return true;
	if (!who->pid || !owner_list_again(owner, parted))
		return false;
	return !bpf_map_lookup_elem(owner->sockets_fd, &cookie, socket) && sole_holder(owner, socket, who, &parted);
}
