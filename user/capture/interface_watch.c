/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/interface_watch.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/log.h"

enum { LOOK_NS = 250000000 }; /* long enough for the kernel to remove an interface that it takes down for that */

int interface_watch_init(struct interface_watch *watch, char names[][IF_NAMESIZE], const unsigned int ifindexes[],
			 size_t count)
{
	*watch = (struct interface_watch){.names = names, .ifindexes = ifindexes, .count = count};
	watch->states = calloc(count, sizeof(*watch->states));
	if (!watch->states)
		return -ENOMEM;
	watch->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return watch->timer_fd < 0 ? -errno : 0;
}

static void set_timer(const struct interface_watch *watch)
{
	const struct itimerspec timer = {.it_value.tv_nsec = LOOK_NS};

	timerfd_settime(watch->timer_fd, 0, &timer, NULL);
}

void interface_watch_learn_names(const struct interface_watch *watch, int fd)
{
	for (size_t i = 0; i < watch->count; i++) {
		struct ifreq request = {.ifr_ifindex = (int)watch->ifindexes[i]};

		/* A device that came later may have the index of one that is gone. */
		if (request.ifr_ifindex && watch->states[i] != INTERFACE_GONE && !ioctl(fd, SIOCGIFNAME, &request))
			memcpy(watch->names[i], request.ifr_name, IF_NAMESIZE);
	}
}

void interface_watch_error(struct interface_watch *watch, size_t index, int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error != ENETDOWN || watch->states[index] == INTERFACE_GONE)
		return;
	watch->states[index] = INTERFACE_LOST;
	set_timer(watch);
}

static enum interface_state look(const struct interface_watch *watch, size_t index, int fd)
{
	struct ifreq request = {.ifr_ifindex = (int)watch->ifindexes[index]};

	if (ioctl(fd, SIOCGIFNAME, &request) && errno == ENODEV) {
		log_line("interface '%s' is gone", watch->names[index]);
		return INTERFACE_GONE;
	}
	if (watch->states[index] == INTERFACE_LOST)
		log_line("interface '%s' is down; the capture continues when it is up again", watch->names[index]);
	if (!ioctl(fd, SIOCGIFFLAGS, &request) && request.ifr_flags & IFF_UP)
		return INTERFACE_LISTENED;
	return INTERFACE_SAID_DOWN;
}

bool interface_watch_look(struct interface_watch *watch, int fd)
{
	bool down = false, left = false;
	uint64_t times;

	if (read(watch->timer_fd, &times, sizeof(times)) != sizeof(times))
		return true;
	for (size_t i = 0; i < watch->count; i++) {
		enum interface_state *state = &watch->states[i];

		if (*state == INTERFACE_LOST || *state == INTERFACE_SAID_DOWN)
			*state = look(watch, i, fd);
		down |= *state == INTERFACE_SAID_DOWN;
		left |= *state != INTERFACE_GONE;
	}
	if (down)
		set_timer(watch);
	return left;
}

void interface_watch_release(struct interface_watch *watch)
{
	if (!watch->states)
		return;
	if (watch->timer_fd >= 0)
		close(watch->timer_fd);
	free(watch->states);
	*watch = (struct interface_watch){0};
}
