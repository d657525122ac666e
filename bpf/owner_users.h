/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_USERS_H
#define BPFSNIFF_OWNER_USERS_H

#include "owner_epochs.h"
#include "owner_maps.h"

/* Who uses a socket, and what is known of a process. */

enum { PF_KTHREAD = 0x00200000 }; /* <linux/sched.h> */

static const __u64 HINT_LIFE_NS = 100000000; /* a system call that sends may take so long */
static const __u64 HINT_AGE_NS = 1000000;

static const struct owner_socket unused_socket;

/* Most processes have but one thread, and helpers cost time. */
ALWAYS_INLINE bool is_leader(const struct task_struct *thread)
{
	return thread->pid == thread->tgid;
}

/*
 * The process of a thread. `group_leader` is read by a helper: of a pointer that a plain load takes out of a structure
 * the verifier asks in all types of the kernel, by name, whether it may be trusted (btf_nested_type_is_trusted()),
 * which takes up to a millisecond of the start for each program.
 */
ALWAYS_INLINE struct owner_process_key process_key(const struct task_struct *thread)
{
	struct owner_process_key key = {.start = is_leader(thread) ? thread->start_time
								   : BPF_CORE_READ(thread, group_leader, start_time),
					.pid = (__u32)thread->tgid};

	return key;
}

ALWAYS_INLINE const struct task_struct *leader_of(const struct task_struct *thread)
{
	return is_leader(thread) ? thread : BPF_CORE_READ(thread, group_leader);
}

/* What changes while a process runs: it may become another user, or be put into another group. Returns whether it has.
 */
ALWAYS_INLINE bool follow_user(const struct task_struct *thread, struct owner_process *process)
{
	const struct task_struct *leader = leader_of(thread);
	const bool is_current = is_leader(thread) && thread == bpf_get_current_task_btf();
	const __u64 cgroup =
		is_current ? bpf_get_current_cgroup_id() : BPF_CORE_READ(leader, cgroups, dfl_cgrp, kn, id);
	const __u32 uid = BPF_CORE_READ(leader, cred, euid.val);

	if (process->cgroup == cgroup && process->uid == uid)
		return false;
	process->cgroup = cgroup;
	process->uid = uid;
	return true;
}

/* The first thread stands for the process. */
ALWAYS_INLINE void describe(const struct task_struct *thread, struct owner_process *process)
{
	const struct task_struct *leader = leader_of(thread);

	BPF_CORE_READ_INTO(&process->command.text, leader, comm);
	follow_user(thread, process);
	process->is_thread_of_kernel = !!(thread->flags & PF_KTHREAD);
}

/* The process goes on as another program. It has had its new name for a moment. */
ALWAYS_INLINE void keep_names(const struct owner_process *known, struct owner_process *process)
{
	process->before = known->before;
	process->named = known->named;
	process->named_before = known->named_before;
	process->executed = bpf_ktime_get_ns();
}

/* The process takes another name. */
ALWAYS_INLINE void rename_process(struct owner_process *process, const char *text)
{
	union owner_name name = {0};

	bpf_probe_read_kernel_str(name.text, sizeof(name.text), text);
	if (name.words[0] == process->command.words[0] && name.words[1] == process->command.words[1])
		return;
	process->before = process->command;
	process->named_before = process->named;
	process->command = name;
	process->named = bpf_ktime_get_ns();
}

/* Where the command line lies in memory, and how much of it is wanted; behind it follows the environment, which stays
 * secret. */
ALWAYS_INLINE __u64 arguments_size(const struct task_struct *task, __u64 *start)
{
	__u64 end = BPF_CORE_READ(task, mm, arg_end), size;

	*start = BPF_CORE_READ(task, mm, arg_start);
	size = *start && end > *start ? end - *start : 0;
	return size < OWNER_ARGUMENTS_MAX ? size : OWNER_ARGUMENTS_MAX - 1;
}

/* Note what the current process is called, unless that is known. */
static __attribute__((noinline)) int note_process(const struct owner_process_key *key, bool anew)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct owner_process *known = bpf_map_lookup_elem(&ow_processes, key);
	struct owner_process process = {.gave = known ? known->gave : 0, .exited = known ? known->exited : 0};
	__u64 start, size;

	if (known && !anew) {
		if (follow_user(task, known))
			raise_process(key);
		return 0;
	}
	describe(task, &process);
	if (known)
		keep_names(known, &process);
	size = arguments_size(task, &start);
	barrier_var(size);
	bpf_probe_read_user(process.arguments, size & (OWNER_ARGUMENTS_MAX - 1), (const void *)start);
	bpf_map_update_elem(&ow_processes, key, &process, BPF_ANY);
	raise_process(key);
	return 0;
}

ALWAYS_INLINE struct owner_process_key current_process(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct owner_process_key key = process_key(task);

	note_process(&key, false);
	return key;
}

ALWAYS_INLINE struct owner_socket *new_socket(__u64 cookie)
{
	bpf_map_update_elem(&ow_sockets, &cookie, &unused_socket, BPF_NOEXIST);
	return bpf_map_lookup_elem(&ow_sockets, &cookie);
}

ALWAYS_INLINE struct owner_socket *socket_of(__u64 cookie)
{
	struct owner_socket *socket = bpf_map_lookup_elem(&ow_sockets, &cookie);

	return socket ? socket : new_socket(cookie);
}

/* The process may have given its sockets to another: to a child, or over a Unix socket. */
ALWAYS_INLINE void note_gift(const struct task_struct *giver)
{
	struct owner_process_key key = process_key(giver);
	struct owner_process *process = bpf_map_lookup_elem(&ow_processes, &key);

	if (process)
		process->gave = bpf_ktime_get_ns();
	raise_process(&key);
}

ALWAYS_INLINE void note_exit(const struct task_struct *leader)
{
	struct owner_process_key key = process_key(leader);
	struct owner_process *process = bpf_map_lookup_elem(&ow_processes, &key);

	if (process)
		process->exited = bpf_ktime_get_ns();
	raise_process(&key);
}

/* When the system call that ends now has begun, as far as a packet that it sent tells. */
ALWAYS_INLINE __u64 use_began(const struct owner_socket *socket, __u32 pid, __u64 now)
{
	__u64 hint = socket->hint_since;

	return socket->hint_pid == pid && hint < now && now - hint < HINT_LIFE_NS ? hint : now;
}

ALWAYS_INLINE void note_use(__u64 cookie, struct owner_socket *socket, const struct owner_process_key *who,
			    bool receives)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 count = socket->stint_count;
	struct owner_stint *newest = &socket->stints[(count - 1) & (OWNER_STINTS - 1)];

	if (count && same_process(&newest->who, who)) {
		newest->last = now;
		if (receives)
			newest->taken = now;
		return;
	}
	newest = &socket->stints[count & (OWNER_STINTS - 1)];
	newest->since = use_began(socket, who->pid, now);
	newest->last = now;
	newest->taken = receives ? now : 0;
	newest->who = *who;
	socket->stint_count = count + 1;
	raise_epoch(epoch_of_socket(cookie));
}

/* The current process has used the socket, to receive or otherwise. */
static __attribute__((noinline)) int used(__u64 cookie, bool receives)
{
	struct owner_process_key who = current_process();
	struct owner_socket *socket = cookie ? socket_of(cookie) : NULL;

	if (socket)
		note_use(cookie, socket, &who, receives);
	return 0;
}

/* A packet of the socket leaves while a process runs that is not known to use the socket: most often it is about to.
 * The kernel tells it only when its system call ends. */
ALWAYS_INLINE void note_hint(__u64 cookie, struct owner_socket *socket, __u64 now)
{
	const struct owner_stint *newest = newest_stint(socket);
	__u32 pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	bool was_open;

	if (socket->stint_count && newest->who.pid == pid)
		return;
	if (socket->hint_pid == pid && now - socket->hint_since < HINT_AGE_NS)
		return;
	was_open = socket->stint_count && socket->hint_pid && socket->hint_pid != newest->who.pid &&
		   socket->hint_since > newest->last;
	socket->hint_pid = pid;
	socket->hint_since = now;
	if (!was_open)
		raise_epoch(epoch_of_socket(cookie));
}

/* accept(2) asks for the peer's name, if its caller does. So does getpeername(2), of a socket that somebody has made
 * too.
 */
ALWAYS_INLINE int accepted(__u64 cookie)
{
	struct owner_process_key who = current_process();
	struct owner_socket *socket = socket_of(cookie);

	if (!socket || socket->stint_count || socket->acceptor.pid || socket->creator.pid || socket->listed)
		return 1;
	socket->acceptor = who;
	raise_epoch(epoch_of_socket(cookie));
	return 1;
}

#endif
