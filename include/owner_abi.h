/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_ABI_H
#define BPFSNIFF_OWNER_ABI_H

/* What bpf/owner.bpf.c learns of sockets and processes, and user/owner/ reads. Times are CLOCK_MONOTONIC in ns; 0:
 * never. Addresses are in network byte order, IPv4 mapped into IPv6; ports are in host byte order. */

#ifndef __bpf__
#include <linux/types.h>
#endif

enum {
	OWNER_COMMAND_MAX = 16,    /* TASK_COMM_LEN of <linux/sched.h> */
	OWNER_ARGUMENTS_MAX = 128, /* bytes; what is longer is cut */
	OWNER_STINTS = 4,          /* a power of two */
	OWNER_HOLDERS = 8,         /* of a port */
	OWNER_SOCKETS_MAX = 13312, /* as many as 10 MiB have room for, beside the rest */
	OWNER_FLOWS_MAX = 16384,
	OWNER_PROCESSES_MAX = 4096,
	OWNER_PORTS_MAX = 2048,
	OWNER_CGROUPS_MAX = 1024,
	OWNER_CGROUP_PATH_MAX = 128,
	OWNER_CHOICE_MAX = 16, /* items of --process */
	OWNER_FAMILY_MAX = 4096,
	OWNER_WANTED_CGROUPS_MAX = 1024,
	OWNER_EPOCHS = 1024, /* a power of two */
};

/* The maps that the filter looks into (bpf/choice.bpf.c). */
enum owner_map {
	OWNER_MAP_FLOWS,
	OWNER_MAP_SOCKETS,
	OWNER_MAP_PORTS,
	OWNER_MAP_PROCESSES,
	OWNER_MAP_FAMILY,
	OWNER_MAP_WANTED,
	OWNER_MAP_WANTED_CGROUPS,
	OWNER_MAP_EPOCHS,
	OWNER_MAPS,
};

/* The `remote_port` of an ICMP echo: both ends have its identifier. */
enum owner_echo {
	OWNER_ECHO_NONE,
	OWNER_ECHO_ASKS,
	OWNER_ECHO_ANSWERS,
};

/* One end of a conversation. */
struct owner_flow_key {
	__u64 netns; /* its cookie */
	__u64 local[2];
	__u64 remote[2];
	__u16 local_port; /* ICMP echo: the identifier */
	__u16 remote_port;
	__u32 protocol;
};

/* How sure it is that packets of a flow belong to a socket. A weaker one never replaces a stronger one. */
enum owner_tie {
	OWNER_TIE_SENDER, /* a socket of another namespace has sent packets like this, which came across a veth */
	OWNER_TIE_KERNEL, /* the kernel itself has sent them, cookie 0 */
	OWNER_TIE_RAW,    /* a raw socket has */
	OWNER_TIE_SOCKET,
};

struct owner_tied {
	__u64 cookie; /* of the socket */
	__u64 since;
	__u32 tie; /* enum owner_tie */
	__u32 padding;
};

struct owner_flow {
	struct owner_tied now;
	struct owner_tied before; /* since 0: none */
};

/* Where a socket is bound, or, of TCP, listens; an address of zeros is any. */
struct owner_port_key {
	__u64 netns; /* 0: in any, of UDP */
	__u64 local[2];
	__u32 port;
	__u32 protocol;
};

struct owner_port {
	__u64 cookie[OWNER_HOLDERS]; /* of the sockets; 0: none */
	__u64 since[OWNER_HOLDERS];
	__u32 others;  /* how many found no place here */
	__u32 partial; /* bits of those that do not take all that comes: connected, or bound to a device */
};

/* A process, even if its number is used again. */
struct owner_process_key {
	__u64 start; /* task_struct's start_time of its first thread; 0: no process */
	__u32 pid;   /* in the first pid namespace */
	__u32 padding;
};

/* The name of a process; the rest is zeros. */
union owner_name {
	char text[OWNER_COMMAND_MAX];
	__u64 words[OWNER_COMMAND_MAX / 8];
};

struct owner_process {
	union owner_name command, before;    /* its name now, and the one before that */
	__u64 named, named_before;           /* since when; 0: as long as is known */
	char arguments[OWNER_ARGUMENTS_MAX]; /* each ends with a zero */
	__u64 executed;                      /* since when it has these; 0: likewise */
	__u64 cgroup;                        /* the id of the directory in cgroup2 */
	__u64 gave; /* when it last may have given its sockets to another: by fork, or passed */
	__u64 exited;
	__u32 uid; /* the effective one */
	__u32 is_thread_of_kernel;
};

/* A time in which one process has used a socket, and no other. */
struct owner_stint {
	struct owner_process_key who;
	__u64 since, last;
	__u64 taken; /* when it last received */
};

struct owner_socket {
	__u64 created; /* of a connection that came: when that began */
	__u64 closed;
	__u64 listed;   /* when the iterator has last found it */
	__u64 listener; /* the cookie of the socket that the connection came to, if that is known */
	__u64 netns;    /* the cookie of its network namespace; 0: not known */
	struct owner_process_key creator;
	struct owner_process_key acceptor;
	struct owner_process_key holder; /* one of those that had it open then */
	__u32 holders;                   /* how many these were */
	__u32 pass;                      /* of the iterator, from 1 */
	__u32 stint_count;
	__u32 hint_pid;
	__u64 hint_since; /* a packet left while `hint_pid` was running, which may be its sender */
	struct owner_stint stints[OWNER_STINTS]; /* a ring; the newest is stint_count - 1 */
};

struct owner_cgroup {
	char path[OWNER_CGROUP_PATH_MAX];
};

/* Why a process is chosen; bits. */
enum owner_chosen_by {
	OWNER_CHOSEN_ITSELF = 1,
	OWNER_CHOSEN_ANCESTOR = 2, /* one of its ancestors is chosen */
};

/* Whether a process is chosen, which changes with its name. */
struct owner_family {
	__u64 since, since_before;
	__u32 generation;            /* of the choice */
	__u32 now, before, earliest; /* bits of enum owner_chosen_by */
};

/* An item of --process. */
struct owner_chosen {
	union owner_name name;
	__u32 pid; /* in the reader's pid namespace; 0: the name counts */
	__u32 padding;
};

struct owner_choice {
	__u32 count; /* of items */
	__u32 found; /* how many processes the iterator has found to be chosen */
	__u32 generation;
	__u32 pid_level; /* with pid_namespace, where the reader of the iterator is; for the kernel only */
	struct owner_chosen items[OWNER_CHOICE_MAX];
	__u64 pid_namespace;
};

/* What the filter asks of a process. */
struct owner_wanted {
	__u32 filter;     /* of which generation, and one more; 0: none, every packet passes */
	__u32 generation; /* of the choice */
	__u32 has_processes, has_cgroup;
	__u32 uid_count;
	__u32 uids[OWNER_CHOICE_MAX];
};

/* Counters of changes: see bpf/owner_epochs.h. */
struct owner_epochs {
	__u64 of[OWNER_EPOCHS];
};

_Static_assert(sizeof(struct owner_flow_key) == 48, "owner_flow_key has no holes");
_Static_assert(sizeof(struct owner_port_key) == 32, "owner_port_key has no holes");
_Static_assert(sizeof(struct owner_process_key) == 16, "owner_process_key has no holes");
_Static_assert(sizeof(struct owner_socket) == 112 + 40 * OWNER_STINTS, "owner_socket has no holes");

#endif
