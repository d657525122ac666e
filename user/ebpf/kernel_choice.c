/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "choice.skel.h"
#include "ebpf/kernel_filter_internal.h"

/* The stage of a filter that chooses by process. */

static int find_netns(uint64_t *cookie)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret;
	socklen_t size = sizeof(*cookie);

	if (fd < 0)
		return -errno;
	ret = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &size) ? -errno : 0;
	close(fd);
	return ret;
}

static int share_maps(const struct choice_bpf *skeleton, const struct kernel_filter *filter,
		      const int owners[OWNER_MAPS])
{
	const struct {
		struct bpf_map *map;
		int fd;
	} maps[] = {
		{skeleton->maps.bs_cpus, filter->parts[KERNEL_FILTER_CPUS]},
		{skeleton->maps.bs_stages, filter->parts[KERNEL_FILTER_STAGES]},
		{skeleton->maps.ow_flows, owners[OWNER_MAP_FLOWS]},
		{skeleton->maps.ow_sockets, owners[OWNER_MAP_SOCKETS]},
		{skeleton->maps.ow_ports, owners[OWNER_MAP_PORTS]},
		{skeleton->maps.ow_processes, owners[OWNER_MAP_PROCESSES]},
		{skeleton->maps.ow_family, owners[OWNER_MAP_FAMILY]},
		{skeleton->maps.ow_wanted, owners[OWNER_MAP_WANTED]},
		{skeleton->maps.ow_wanted_cgroups, owners[OWNER_MAP_WANTED_CGROUPS]},
		{skeleton->maps.ow_epochs, owners[OWNER_MAP_EPOCHS]},
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(maps) / sizeof(*maps); i++)
		ret = bpf_map__reuse_fd(maps[i].map, maps[i].fd);
	return ret;
}

int kernel_filter_ask_owners(struct kernel_filter *filter, const int maps[OWNER_MAPS])
{
	struct choice_bpf *skeleton = choice_bpf__open();
	uint64_t netns = 0;
	int ret;

	if (!skeleton)
		return -errno;
	filter->choice = skeleton;
	ret = find_netns(&netns);
	if (ret)
		return ret;
	skeleton->rodata->netns = netns;
	skeleton->rodata->generation = filter->generation;
	bpf_program__set_type(skeleton->progs.choose, bpf_program__type(filter->match));
	ret = share_maps(skeleton, filter, maps);
	if (!ret)
		ret = choice_bpf__load(skeleton);
	if (ret)
		return ret;
	return kernel_filter_put_program(filter->parts[KERNEL_FILTER_STAGES],
					 filter->expression_fd < 0 ? STAGE_EXPRESSION : STAGE_HOLDS,
					 bpf_program__fd(skeleton->progs.choose));
}

void kernel_choice_close(struct kernel_filter *filter)
{
	choice_bpf__destroy(filter->choice);
	filter->choice = NULL;
}
