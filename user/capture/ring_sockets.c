/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/if_packet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/ring_internal.h"

/* A socket that is being opened. */
struct opening {
	const struct ring_options *options;
	unsigned int ifindex;
	pthread_t thread;
	bool has_thread;
	int fd;
	enum ring_step step; /* the last one tried */
	int error;           /* 0 or -errno */
};

struct ring_sockets {
	size_t count;
	struct opening openings[];
};

struct ring_blocks ring_divide(const struct ring_options *options)
{
	const uint64_t most = UINT32_MAX; /* the kernel counts bytes in 32 bits */
	const uint64_t bytes = options->buffer_size < most ? options->buffer_size : most;
	struct ring_blocks blocks = {.size = BLOCK_SIZE_MIN, .timeout_ms = BLOCK_TIMEOUT_MS};

	if (options->patient)
		blocks.timeout_ms = BLOCK_TIMEOUT_PATIENT_MS;
	while (options->patient && blocks.size < BLOCK_SIZE_PATIENT && bytes / blocks.size / 2 >= BLOCKS_PATIENT)
		blocks.size *= 2;
	blocks.count = (uint32_t)(bytes / blocks.size);
	if (blocks.count < BLOCKS_MIN)
		blocks.count = BLOCKS_MIN;
	return blocks;
}

static int set_up_ring(int fd, const struct ring_options *options)
{
	int version = TPACKET_V3, reserve = VLAN_TAG_SIZE;
	struct ring_blocks blocks = ring_divide(options);
	struct tpacket_req3 request = {
		.tp_block_size = blocks.size,
		.tp_block_nr = blocks.count,
		.tp_frame_size = FRAME_SIZE,
		.tp_frame_nr = blocks.count * (blocks.size / FRAME_SIZE),
		.tp_retire_blk_tov = blocks.timeout_ms,
	};

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof(reserve)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)))
		return -errno;
	return 0;
}

static int enter_promiscuous_mode(int fd, unsigned int ifindex)
{
	struct packet_mreq request = {.mr_ifindex = (int)ifindex, .mr_type = PACKET_MR_PROMISC};

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) ? -errno : 0;
}

/* With protocol 0 a socket receives nothing until it is bound, and by then it has its filter. 0 or -errno. */
static int open_socket(struct opening *opening)
{
	int ret;

	opening->step = RING_SOCKET;
	opening->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (opening->fd < 0)
		return -errno;
	opening->step = RING_BUFFER;
	ret = set_up_ring(opening->fd, opening->options);
	if (ret || !opening->ifindex || !opening->options->promiscuous)
		return ret;
	opening->step = RING_PROMISCUOUS;
	return enter_promiscuous_mode(opening->fd, opening->ifindex);
}

static void *open_in_thread(void *opening)
{
	((struct opening *)opening)->error = open_socket(opening);
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
	for (size_t i = 0; i < sockets->count; i++)
		if (sockets->openings[i].fd >= 0)
			close(sockets->openings[i].fd);
	free(sockets);
}

static int attach_filter(struct opening *opening, int filter_fd)
{
	if (opening->error)
		return opening->error;
	opening->step = RING_FILTER;
	return setsockopt(opening->fd, SOL_SOCKET, SO_ATTACH_BPF, &filter_fd, sizeof(filter_fd)) ? -errno : 0;
}

int ring_sockets_finish(struct ring_sockets *sockets, int filter_fd, int fds[], struct ring_failure *failure)
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
	for (size_t i = 0; i < sockets->count; i++)
		fds[i] = sockets->openings[i].fd;
	free(sockets);
	return 0;
}
