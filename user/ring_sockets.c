/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ring_block.h"

struct ring_blocks ring_divide(const struct ring_options *options)
{
	const uint64_t most = UINT32_MAX; /* the kernel counts the bytes in 32 bits */
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

/* With protocol 0 a socket sees nothing before it is bound, and by then it has its filter. */
static int open_socket(unsigned int ifindex, const struct ring_options *options, int *fd, enum ring_step *step)
{
	int ret;

	*step = RING_SOCKET;
	*fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return -errno;
	*step = RING_FILTER;
	if (setsockopt(*fd, SOL_SOCKET, SO_ATTACH_BPF, &options->filter_fd, sizeof(options->filter_fd)))
		return -errno;
	*step = RING_BUFFER;
	ret = set_up_ring(*fd, options);
	if (ret || !ifindex || !options->promiscuous)
		return ret;
	*step = RING_PROMISCUOUS;
	return enter_promiscuous_mode(*fd, ifindex);
}

int ring_sockets_open(const struct ring_options *options, int fds[], struct ring_failure *failure)
{
	for (size_t i = 0; i < options->count; i++) {
		int ret = open_socket(options->ifindexes[i], options, &fds[i], &failure->step);

		if (!ret)
			continue;
		failure->index = i;
		for (size_t j = 0; j <= i; j++)
			if (fds[j] >= 0)
				close(fds[j]);
		return ret;
	}
	return 0;
}
