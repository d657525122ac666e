/* SPDX-License-Identifier: BSD-2-Clause */
#include "owner/owner.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text_builder.h"
#include "owner.skel.h"
#include "owner/kernel_excerpt.h"
#include "owner/owner_internal.h"

enum { MISSING_MAX = 512 };

/* What is not known without a program, for the user. */
struct program {
	const char *name, *lack;
	bool optional; /* older kernels do not have what it attaches to */
};

static const struct program programs[] = {
	{"ow_sockops", "who opens a TCP connection", false},
	{"ow_queued", "who sends UDP, ICMP and other packets", false},
	{"ow_received", "which process of another network namespace sends", false},
	{"ow_delivered", "which of several sockets on a port takes a datagram", false},
	{"ow_create", "who makes a socket", false},
	{"ow_release", "who closes a socket", false},
	{"ow_connect4", "who connects over IPv4", false},
	{"ow_connect6", "who connects over IPv6", false},
	{"ow_sendmsg4", "who sends a datagram over IPv4", false},
	{"ow_sendmsg6", "who sends a datagram over IPv6", false},
	{"ow_post_bind4", "who is bound to an IPv4 port", false},
	{"ow_post_bind6", "who is bound to an IPv6 port", false},
	{"ow_getpeername4", "who accepts an IPv4 connection", false},
	{"ow_getpeername6", "who accepts an IPv6 connection", false},
	{"ow_sent", "who sends through a shared socket or passes one on", true},
	{"ow_taken", "who receives through a shared socket", true},
	{"ow_exec", "which program a process has become", false},
	{"ow_rename", "when a process takes another name", false},
	{"ow_fork", "when a process passes its sockets on to a child", false},
	{"ow_exit", "when a process ends", false},
	{"ow_cgroup", "the path of a new control group", false},
	{"ow_old", "sockets from before the start", false},
	{"ow_tasks", "which processes run already", false},
};

enum { PROGRAMS = sizeof(programs) / sizeof(*programs) };

/* libbpf speaks to developers. */
static int say_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* Make an excerpt of the kernel's types, for which the programs must be opened once already. NULL: libbpf has to read
 * all of them. */
static struct kernel_excerpt *open_excerpt(void)
{
	struct owner_bpf *skeleton = owner_bpf__open();
	struct kernel_excerpt *excerpt = skeleton ? kernel_excerpt_open(skeleton->obj) : NULL;

	owner_bpf__destroy(skeleton);
	if (!excerpt || !kernel_excerpt_prepare())
		return excerpt;
	kernel_excerpt_close(excerpt);
	return NULL;
}

/* Load all programs, or without those that older kernels do not know. */
static int load(struct owner *owner, struct kernel_excerpt *excerpt, bool all)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = excerpt ? kernel_excerpt_path(excerpt) : NULL);
	int ret;

	owner->skeleton = owner_bpf__open_opts(&options);
	if (!owner->skeleton)
		return -errno;
	if (excerpt)
		kernel_excerpt_serve(excerpt, owner->skeleton->obj);
	for (size_t i = 0; i < PROGRAMS && !all; i++)
		if (programs[i].optional)
			bpf_program__set_autoload(
				bpf_object__find_program_by_name(owner->skeleton->obj, programs[i].name), false);
	ret = owner_bpf__load(owner->skeleton);
	if (!ret)
		return 0;
	owner_bpf__destroy(owner->skeleton);
	owner->skeleton = NULL;
	return ret;
}

static bool is_for_cgroup(const struct bpf_program *program)
{
	enum bpf_prog_type type = bpf_program__type(program);

	return type == BPF_PROG_TYPE_CGROUP_SOCK || type == BPF_PROG_TYPE_CGROUP_SOCK_ADDR ||
	       type == BPF_PROG_TYPE_CGROUP_SKB || type == BPF_PROG_TYPE_SOCK_OPS;
}

/* Attach a program; the link goes with the skeleton. NULL: it could not be. */
static struct bpf_link *attach(const struct bpf_program *program, int cgroup_fd)
{
	if (bpf_program__fd(program) < 0)
		return NULL;
	if (is_for_cgroup(program))
		return bpf_program__attach_cgroup(program, cgroup_fd);
	return bpf_program__expected_attach_type(program) == BPF_TRACE_ITER ? bpf_program__attach_iter(program, NULL)
									    : bpf_program__attach_trace(program);
}

/* Put a link where the skeleton destroys it. */
static void keep_link(const struct owner *owner, const struct bpf_program *program, struct bpf_link *link)
{
	const struct bpf_object_skeleton *skeleton = owner->skeleton->skeleton;

	for (int i = 0; i < skeleton->prog_cnt; i++)
		if (*skeleton->progs[i].prog == program)
			*skeleton->progs[i].link = link;
}

/* Attach everything, and say what does not attach. */
static void attach_all(struct owner *owner, int cgroup_fd)
{
	char text[MISSING_MAX];
	struct text_builder missing = text_builder_begin(text, sizeof(text));

	for (size_t i = 0; i < PROGRAMS; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(owner->skeleton->obj, programs[i].name);
		struct bpf_link *link = attach(program, cgroup_fd);

		keep_link(owner, program, link);
		if (!link)
			text_builder_add(&missing, "%s%s", missing.length ? ", " : "", programs[i].lack);
	}
	owner->lacks_users = !owner->skeleton->links.ow_sent || !owner->skeleton->links.ow_taken;
	if (missing.length)
		log_line("--owner: this kernel does not report %s", text);
}

static int find_netns(struct owner *owner)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret = 0;
	socklen_t size = sizeof(owner->netns);

	if (fd < 0)
		return -errno;
	if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &owner->netns, &size))
		ret = -errno;
	close(fd);
	return ret;
}

static void take_maps(struct owner *owner)
{
	const struct owner_bpf *skeleton = owner->skeleton;

	owner->flows_fd = bpf_map__fd(skeleton->maps.ow_flows);
	owner->sockets_fd = bpf_map__fd(skeleton->maps.ow_sockets);
	owner->ports_fd = bpf_map__fd(skeleton->maps.ow_ports);
	owner->processes_fd = bpf_map__fd(skeleton->maps.ow_processes);
	owner->cgroups_fd = bpf_map__fd(skeleton->maps.ow_cgroups);
	owner->added_fd = bpf_map__fd(skeleton->maps.ow_added);
	owner->pass_fd = bpf_map__fd(skeleton->maps.ow_pass);
	owner->family_fd = bpf_map__fd(skeleton->maps.ow_family);
	owner->choice_fd = bpf_map__fd(skeleton->maps.ow_choice);
	owner->wanted_fd = bpf_map__fd(skeleton->maps.ow_wanted);
	owner->wanted_cgroups_fd = bpf_map__fd(skeleton->maps.ow_wanted_cgroups);
	owner->epochs_fd = bpf_map__fd(skeleton->maps.ow_epochs);
}

static int start(struct owner *owner, int cgroup_fd, const struct process_choice *choice)
{
	int ret = find_netns(owner);
	struct kernel_excerpt *excerpt;

	if (ret)
		return ret;
	excerpt = open_excerpt();
	if (load(owner, excerpt, true))
		ret = load(owner, excerpt, false);
	kernel_excerpt_close(excerpt);
	if (ret)
		return ret;
	take_maps(owner);
	owner->cpus = libbpf_num_possible_cpus();
	if (owner->cpus < 1)
		return -EINVAL;
	attach_all(owner, cgroup_fd);
	owner->iterator_fd = owner->skeleton->links.ow_old ? bpf_link__fd(owner->skeleton->links.ow_old) : -1;
	owner->tasks_fd = owner->skeleton->links.ow_tasks ? bpf_link__fd(owner->skeleton->links.ow_tasks) : -1;
	cgroup_names_read(&owner->cgroups, cgroup_fd);
	local_addresses_read(&owner->local);
	ret = owner_choose(owner, choice, 0);
	return ret ? ret : owner_list_open(owner);
}

int owner_open(const struct process_choice *choice, struct owner **result)
{
	struct owner *owner = calloc(1, sizeof(*owner));
	int cgroup_fd, ret;

	if (!owner)
		return -ENOMEM;
	cgroup_fd = cgroup_root_open();
	if (cgroup_fd < 0) {
		log_line("--owner needs cgroup2, which is not mounted; mount it with: mount -t cgroup2 cgroup2 "
			 "/sys/fs/cgroup");
		owner_close(owner);
		return -ENOENT;
	}
	owner->annotator.annotate = owner_annotate;

	libbpf_set_print(say_nothing);
	ret = start(owner, cgroup_fd, choice);
	if (!ret && choice->cgroup[0] && choice->cgroup[1] && faccessat(cgroup_fd, choice->cgroup + 1, F_OK, 0))
		log_line("--cgroup: no control group '%s' exists yet; its packets are shown once it does",
			 choice->cgroup);
	close(cgroup_fd);
	if (ret) {
		log_line("cannot trace the owners of packets: %s", strerror(-ret));
		owner_close(owner);
		return ret;
	}
	*result = owner;
	return 0;
}

struct annotator *owner_annotator(struct owner *owner)
{
	return &owner->annotator;
}

void owner_maps(const struct owner *owner, int fds[OWNER_MAPS])
{
	const int maps[OWNER_MAPS] = {
		[OWNER_MAP_FLOWS] = owner->flows_fd,
		[OWNER_MAP_SOCKETS] = owner->sockets_fd,
		[OWNER_MAP_PORTS] = owner->ports_fd,
		[OWNER_MAP_PROCESSES] = owner->processes_fd,
		[OWNER_MAP_FAMILY] = owner->family_fd,
		[OWNER_MAP_WANTED] = owner->wanted_fd,
		[OWNER_MAP_WANTED_CGROUPS] = owner->wanted_cgroups_fd,
		[OWNER_MAP_EPOCHS] = owner->epochs_fd,
	};

	memcpy(fds, maps, sizeof(maps));
}

void owner_close(struct owner *owner)
{
	if (!owner)
		return;
	owner_bpf__destroy(owner->skeleton);
	cgroup_names_release(&owner->cgroups);
	local_addresses_release(&owner->local);
	free(owner);
}
