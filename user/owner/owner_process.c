/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>

#include "owner/owner_resolve.h"
#include "owner_alone.h"

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

/* The name that a process had at a time. More than two are not remembered. */
static const char *name_then(const struct owner_process *process, uint64_t time)
{
	if (process->named <= time)
		return process->command.text;
	return process->named_before <= time ? process->before.text : "?";
}

void owner_describe(const struct owner *owner, const struct owner_process_key *who, uint64_t time,
		    struct end_owner *end, struct end_strings *strings)
{
	struct owner_process *process = &strings->process;

	end->pid = who->pid;
	strings->who = *who;
	if (bpf_map_lookup_elem(owner->processes_fd, who, process))
		return;
	process->command.text[sizeof(process->command.text) - 1] = '\0';
	process->before.text[sizeof(process->before.text) - 1] = '\0';
	end->has_details = true;
	end->command = name_then(process, time);
	end->arguments = process->executed <= time && join_arguments(process->arguments) ? process->arguments : NULL;
	end->uid = process->uid;
	end->cgroup = cgroup_path(owner, strings);
	if (process->is_thread_of_kernel)
		end->how = OWNER_KERNEL;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Who alone has a socket open. False: there may be others; *who is the likeliest, and *given when another got it, at
 * the latest. */
static bool sole_holder(const struct owner *owner, const struct owner_socket *socket, struct owner_process_key *who,
			uint64_t *given)
{
	__u64 since;
	struct owner_process_key first = first_holder(socket, &since);
	struct owner_process process;

	*given = since;
	*who = socket->stint_count ? newest_stint(socket)->who : first;
	if (socket->stint_count)
		*given = later(*given, newest_stint(socket)->since);
	if (!first.pid || bpf_map_lookup_elem(owner->processes_fd, &first, &process))
		return false;
	*given = later(*given, later(process.gave, process.exited));
	if ((socket->listed && socket->holders > 1) || others_have_used(socket, &first, since) ||
	    may_have_given(&process, &first, socket, since))
		return false;
	*who = first;
	return true;
}

bool owner_holder(struct owner *owner, uint64_t cookie, struct owner_socket *socket, struct owner_process_key *who)
{
	uint64_t given;

	if (sole_holder(owner, socket, who, &given))
		return true;
	if (socket->closed || !owner_list_again(owner, given))
		return false;
	return !bpf_map_lookup_elem(owner->sockets_fd, &cookie, socket) && sole_holder(owner, socket, who, &given);
}
