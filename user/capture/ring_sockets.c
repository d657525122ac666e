/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/if_packet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/packet_socket.h"
#include "capture/ring.h"

/* A socket that is being opened, and one in reserve. */
struct opening {
	const struct ring_options *options;
	unsigned int ifindex;
	pthread_t thread;
	bool has_thread;
	int fd, spare_fd;    /* negative: not open */
	enum ring_step step; /* the last one tried */
	int error;           /* 0 or -errno */
};

struct ring_sockets {
	size_t count;
	struct opening openings[];
};

static int enter_promiscuous_mode(int fd, unsigned int ifindex)
{
	struct packet_mreq request = {.mr_ifindex = (int)ifindex, .mr_type = PACKET_MR_PROMISC};

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) ? -errno : 0;
}

/* A socket for the next filter (ring_spares.h). It is in no promiscuous mode: this one stays in it, as the two take
 * turns. Returns as packet_socket_open(). */
static int open_spare(void)
{
	int fd = packet_socket_open(), ret;

	if (fd < 0)
		return fd;
	ret = packet_socket_reject_all(fd);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

/* With protocol 0 a socket receives nothing until it is bound, and by then it has its filter. 0 or -errno. */
static int open_sockets(struct opening *opening)
{
	int ret;

	opening->step = RING_SOCKET;
	opening->fd = packet_socket_open();
	if (opening->fd < 0)
		return opening->fd;
	opening->spare_fd = open_spare();
	if (opening->spare_fd < 0)
		return opening->spare_fd;
	opening->step = RING_BUFFER;
	ret = packet_socket_make_ring(opening->fd, opening->options);
	if (ret || !opening->ifindex || !opening->options->promiscuous)
		return ret;
	opening->step = RING_PROMISCUOUS;
	return enter_promiscuous_mode(opening->fd, opening->ifindex);
}

static void *open_in_thread(void *opening)
{
	((struct opening *)opening)->error = open_sockets(opening);
	return NULL;
}

struct ring_sockets *ring_sockets_begin(const struct ring_options *options)
{
	struct ring_sockets *sockets = calloc(1, sizeof(*sockets) + options->count * sizeof(sockets->openings[0]));

	if (!sockets)
		return NULL;
	sockets->count = options->count;
	for (size_t i = 0; i < options->count; i++) {
		struct opening *opening = &sockets->openings[i];

		opening->options = options;
		opening->ifindex = options->ifindexes[i];
		opening->fd = opening->spare_fd = -1;
		opening->has_thread = !pthread_create(&opening->thread, NULL, open_in_thread, opening);
		if (!opening->has_thread)
			open_in_thread(opening);
	}
	return sockets;
}

static void wait_for_threads(struct ring_sockets *sockets)
{
	for (size_t i = 0; i < sockets->count; i++) {
		struct opening *opening = &sockets->openings[i];

		if (opening->has_thread)
			pthread_join(opening->thread, NULL);
		opening->has_thread = false;
	}
}

void ring_sockets_abandon(struct ring_sockets *sockets)
{
	wait_for_threads(sockets);
	for (size_t i = 0; i < sockets->count; i++) {
		if (sockets->openings[i].fd >= 0)
			close(sockets->openings[i].fd);
		if (sockets->openings[i].spare_fd >= 0)
			close(sockets->openings[i].spare_fd);
	}
	free(sockets);
}

static int attach_filter(struct opening *opening, int filter_fd)
{
	if (opening->error)
		return opening->error;
	opening->step = RING_FILTER;
	return packet_socket_attach(opening->fd, filter_fd);
}

int ring_sockets_finish(struct ring_sockets *sockets, int filter_fd, int fds[], int spares[],
			struct ring_failure *failure)
{
	wait_for_threads(sockets);
	for (size_t i = 0; i < sockets->count; i++) {
		int ret = attach_filter(&sockets->openings[i], filter_fd);

		if (ret) {
			*failure = (struct ring_failure){.step = sockets->openings[i].step, .index = i};
			ring_sockets_abandon(sockets);
			return ret;
		}
	}
	for (size_t i = 0; i < sockets->count; i++) {
		fds[i] = sockets->openings[i].fd;
		spares[i] = sockets->openings[i].spare_fd;
	}
	free(sockets);
	return 0;
}
