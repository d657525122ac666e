/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ring.h"
#include "ring_block.h"

uint32_t ring_block_count(uint64_t buffer_size)
{
	uint64_t blocks = buffer_size / BLOCK_SIZE;

	return blocks < BLOCKS_MIN ? BLOCKS_MIN : blocks > BLOCKS_MAX ? BLOCKS_MAX : (uint32_t)blocks;
}

static int set_up_ring(int fd, uint64_t buffer_size)
{
	int version = TPACKET_V3, reserve = VLAN_TAG_SIZE;
	struct tpacket_req3 request = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = ring_block_count(buffer_size),
		.tp_frame_size = FRAME_SIZE,
		.tp_retire_blk_tov = BLOCK_TIMEOUT_MS,
	};

	request.tp_frame_nr = request.tp_block_nr * (BLOCK_SIZE / FRAME_SIZE);
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
	ret = set_up_ring(*fd, options->buffer_size);
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
