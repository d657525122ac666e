/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DEVICE_H
#define BPFSNIFF_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Enter a network namespace of our own with one more device than lo, an Ethernet one that is up; it lives as long as
 * the process. Test runs need one: without, a packet comes from lo. The index of the device, or -errno. */
static inline int device_create(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int tun, fd, ret = 0;

	strncpy(request.ifr_name, name, IFNAMSIZ - 1);
	if (unshare(CLONE_NEWNET))
		return -errno;
	tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (tun < 0 || ioctl(tun, TUNSETIFF, &request))
		return -errno;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	request.ifr_flags = IFF_UP;
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		ret = -errno;
	else
		ret = (int)if_nametoindex(name);
	close(fd);
	return ret;
}

#endif
