/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_FAMILY_H
#define BPFSNIFF_OWNER_FAMILY_H

#include "owner_users.h"

/* The processes that --process names, and their children. */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct owner_choice);
} ow_choice SEC(".maps");

/* NULL: no process is named. */
ALWAYS_INLINE struct owner_choice *choice(void)
{
	__u32 first = 0;
	struct owner_choice *chosen = bpf_map_lookup_elem(&ow_choice, &first);

	return chosen && chosen->count ? chosen : NULL;
}

ALWAYS_INLINE bool read_number(const struct task_struct *leader, __u32 level, struct upid *number)
{
	const struct pid *pid = BPF_CORE_READ(leader, thread_pid);
	const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);

	return level <= BPF_CORE_READ(pid, level) &&
	       !bpf_probe_read_kernel(number, sizeof(*number), numbers + level * sizeof(*number));
}

/* The number of a process in the pid namespace of the one who chose; 0: it has none there. */
ALWAYS_INLINE __u32 number_there(const struct owner_choice *chosen, const struct task_struct *leader)
{
	struct upid number;

	if (!read_number(leader, chosen->pid_level, &number) || (__u64)number.ns != chosen->pid_namespace)
		return 0;
	return (__u32)number.nr;
}

/* The one who chose is the one who reads the iterator. */
ALWAYS_INLINE void note_namespace(struct owner_choice *chosen)
{
	const struct task_struct *reader = bpf_get_current_task_btf();
	struct upid number;

	chosen->pid_level = BPF_CORE_READ(reader, thread_pid, level);
	if (read_number(reader, chosen->pid_level, &number))
		chosen->pid_namespace = (__u64)number.ns;
}

/* Whether an item of the list is the process's number or name. */
ALWAYS_INLINE bool is_chosen(const struct owner_choice *chosen, __u32 number, const union owner_name *name)
{
	__u32 i;

	for (i = 0; i < chosen->count && i < OWNER_CHOICE_MAX; i++) {
		const struct owner_chosen *item = &chosen->items[i];

		if (item->pid ? item->pid == number
			      : item->name.words[0] == name->words[0] && item->name.words[1] == name->words[1])
			return true;
	}
	return false;
}

ALWAYS_INLINE __u32 named(const struct owner_choice *chosen, const struct task_struct *leader, const char *command)
{
	union owner_name name = {0};

	bpf_probe_read_kernel_str(name.text, sizeof(name.text), command);
	return is_chosen(chosen, number_there(chosen, leader), &name) ? OWNER_CHOSEN_ITSELF : 0;
}

ALWAYS_INLINE void add_family(const struct owner_choice *chosen, const struct owner_process_key *key, __u32 chosen_by)
{
	struct owner_family family = {
		.generation = chosen->generation, .now = chosen_by, .before = chosen_by, .earliest = chosen_by};

	bpf_map_update_elem(&ow_family, key, &family, BPF_ANY);
}

/* What is known under this choice; NULL: nothing. */
ALWAYS_INLINE const struct owner_family *family_of(const struct owner_choice *chosen,
						   const struct owner_process_key *key)
{
	const struct owner_family *family = bpf_map_lookup_elem(&ow_family, key);

	return family && family->generation == chosen->generation ? family : NULL;
}

ALWAYS_INLINE bool is_chosen_now(const struct owner_choice *chosen, const struct owner_process_key *key)
{
	const struct owner_family *family = family_of(chosen, key);

	return family && family->now;
}

/* The child of a chosen process is chosen too. */
ALWAYS_INLINE void family_fork(const struct task_struct *parent, const struct task_struct *child)
{
	const struct owner_choice *chosen = choice();
	struct owner_process_key of_parent = process_key(parent), of_child = process_key(child);

	if (chosen && is_chosen_now(chosen, &of_parent))
		add_family(chosen, &of_child, OWNER_CHOSEN_ANCESTOR);
}

/* With another name, a process may be chosen, or no longer. */
ALWAYS_INLINE void family_rename(const struct task_struct *leader, const char *name)
{
	const struct owner_choice *chosen = choice();
	struct owner_process_key key = process_key(leader);
	const struct owner_family *known;
	struct owner_family family = {0};

	if (!chosen)
		return;
	known = family_of(chosen, &key);
	family.generation = chosen->generation;
	if (known) {
		family.earliest = known->before;
		family.since_before = known->since;
		family.before = known->now;
	}
	family.now = (family.before & OWNER_CHOSEN_ANCESTOR) | named(chosen, leader, name);
	family.since = bpf_ktime_get_ns();
	if (family.now == family.before)
		return;
	bpf_map_update_elem(&ow_family, &key, &family, BPF_ANY);
	raise_process(&key);
}

ALWAYS_INLINE bool parent_is_chosen(const struct owner_choice *chosen, const struct task_struct *leader)
{
	const struct task_struct *parent = BPF_CORE_READ(leader, real_parent, group_leader);
	struct owner_process_key key = {.start = BPF_CORE_READ(parent, start_time),
					.pid = (__u32)BPF_CORE_READ(parent, tgid)};

	return is_chosen_now(chosen, &key);
}

/* A process that runs already. Its parent may be looked at after it: then another pass finds it. */
ALWAYS_INLINE void family_old(const struct task_struct *leader)
{
	struct owner_choice *chosen = choice();
	struct owner_process_key key = process_key(leader);
	__u32 chosen_by;

	if (!chosen || family_of(chosen, &key))
		return;
	note_namespace(chosen);
	chosen_by =
		named(chosen, leader, leader->comm) | (parent_is_chosen(chosen, leader) ? OWNER_CHOSEN_ANCESTOR : 0);
	if (!chosen_by)
		return;
	add_family(chosen, &key, chosen_by);
	chosen->found++;
}

#endif
