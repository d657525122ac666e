/* SPDX-License-Identifier: BSD-2-Clause */
#include <bpf/bpf.h>
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "owner/owner_internal.h"

enum { REST = 20 }; /* so many times longer than it takes, at least, from one pass to the next */

int owner_iterate(int link_fd)
{
	int fd = bpf_iter_create(link_fd), ret = 0;
	char nothing[64];
	ssize_t got;

	if (fd < 0)
		return fd;
	do
		got = read(fd, nothing, sizeof(nothing));
	while (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)));
	if (got < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int owner_list_open(struct owner *owner)
{
	uint64_t begin = (uint64_t)clock_monotonic_ns(), end;
	uint32_t first = 0;
	int ret;

	if (owner->iterator_fd < 0)
		return 0;
	owner->pass++;
	ret = bpf_map_update_elem(owner->pass_fd, &first, &owner->pass, BPF_ANY);
	if (!ret)
		ret = owner_iterate(owner->iterator_fd);
	end = (uint64_t)clock_monotonic_ns();
	owner->listed = begin;
	owner->next_list = owner->pass > 1 ? end + REST * (end - begin) : 0;
	return ret;
}

bool owner_list_again(struct owner *owner, uint64_t since)
{
	if (owner->iterator_fd < 0)
		return false;
	if (owner->listed > since)
		return true;
	return (uint64_t)clock_monotonic_ns() >= owner->next_list && !owner_list_open(owner);
}
