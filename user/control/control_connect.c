/* SPDX-License-Identifier: BSD-2-Clause */
#include "control/control_connect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "control/control_address.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* since Linux 6.5 */
#endif

enum { PAUSE_NS = 20000000 }; /* until a sniffer with a full queue of clients is tried again */

/* The connection to a sniffer; there may be several with the process id that is wanted. */
struct found {
	int fd; /* -1: none yet */
	uid_t user;
	bool busy; /* one that may be it accepts nobody at the moment */
};

bool control_is_trusted(uid_t user)
{
	return user == 0 || user == geteuid();
}

bool control_answers(uid_t user)
{
	return geteuid() == 0 || user == geteuid();
}

/* Process ids are given out again, and the socket of a process that has ended may live on in another. */
static bool is_alive(int fd, pid_t pid)
{
	int pidfd;
	socklen_t size = sizeof(pidfd);
	bool alive;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size))
		return errno == ENOPROTOOPT && (!kill(pid, 0) || errno == EPERM);
	alive = !syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) || errno == EPERM;
	close(pidfd);
	return alive;
}

/* Keep the connection if the process listens there, unless it has one to a sniffer that is trusted. */
static void consider(struct found *found, int fd, pid_t pid)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) || peer.pid != pid || !is_alive(fd, pid) ||
	    (found->fd >= 0 && !control_is_trusted(peer.uid))) {
		close(fd);
		return;
	}
	if (found->fd >= 0)
		close(found->fd);
	found->fd = fd;
	found->user = peer.uid;
}

/* Never waits: strangers may listen under such names too, and accept nobody. */
static int try_address(struct found *found, const struct control_address *address)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address->name, address->length)) {
		found->busy |= errno == EAGAIN;
		close(fd);
	} else {
		consider(found, fd, address->pid);
	}
	return 0;
}

/* Try every address of the process. 0 or -errno. */
static int search(pid_t pid, struct found *found)
{
	FILE *list = control_addresses_open();
	struct control_address address;
	int ret = 0;

	if (!list)
		return -errno;
	found->busy = false;
	while (!ret && (found->fd < 0 || !control_is_trusted(found->user)) && control_addresses_next(list, &address))
		ret = address.pid == pid ? try_address(found, &address) : 0;
	fclose(list);
	return ret;
}

static int limit_patience(int fd, int seconds)
{
	const struct timeval patience = {.tv_sec = seconds};
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) ||
			       setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience))
		       ? -errno
		       : 0;
}

int control_connect(pid_t pid, int seconds, uid_t *user)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct found found = {.fd = -1};
	struct timespec start, now;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		ret = search(pid, &found);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (ret || found.fd >= 0 || !found.busy || now.tv_sec - start.tv_sec >= seconds)
			break;
		nanosleep(&pause, NULL);
	}
	if (!ret && found.fd >= 0)
		ret = limit_patience(found.fd, seconds);
	if (!ret && found.fd >= 0) {
		*user = found.user;
		return found.fd;
	}
	if (found.fd >= 0)
		close(found.fd);
	return ret ? ret : found.busy ? -ETIMEDOUT : -ECONNREFUSED;
}
