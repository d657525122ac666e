/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/packet_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/ring_internal.h"
#include "sandbox/ring_fds.h"

/* Reserved by IANA, so that no frame has it: bound to this type, a socket receives nothing. It cannot go back to
 * protocol 0 (packet_bind(), net/packet/af_packet.c). */
enum { ETHERTYPE_RESERVED = 0xffff };

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

static int set_up(int fd)
{
	int version = TPACKET_V3, reserve = VLAN_TAG_SIZE;

	return setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
			       setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof(reserve))
		       ? -errno
		       : 0;
}

int packet_socket_open(void)
{
	int first = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), fd, ret;

	if (first < 0)
		return -errno;
	fd = fcntl(first, F_DUPFD_CLOEXEC, RING_FD_MIN);
	ret = fd >= 0 ? set_up(fd) : errno == EINVAL ? -EMFILE : -errno; /* above RLIMIT_NOFILE */
	close(first);
	if (!ret)
		return fd;
	if (fd >= 0)
		close(fd);
	return ret;
}

int packet_socket_make_ring(int fd, const struct ring_options *options)
{
	struct ring_blocks blocks = ring_divide(options);
	struct tpacket_req3 request = {
		.tp_block_size = blocks.size,
		.tp_block_nr = blocks.count,
		.tp_frame_size = FRAME_SIZE,
		.tp_frame_nr = blocks.count * (blocks.size / FRAME_SIZE),
		.tp_retire_blk_tov = blocks.timeout_ms,
	};

	return setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)) ? -errno : 0;
}

int packet_socket_drop_ring(int fd)
{
	const struct tpacket_req3 request = {0};

	return setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)) ? -errno : 0;
}

static size_t map_size(const struct ring_options *options)
{
	struct ring_blocks blocks = ring_divide(options);

	return (size_t)blocks.size * blocks.count;
}

void *packet_socket_map(int fd, const struct ring_options *options)
{
	void *map = mmap(NULL, map_size(options), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return map == MAP_FAILED ? NULL : map;
}

void packet_socket_unmap(void *map, const struct ring_options *options)
{
	munmap(map, map_size(options));
}

int packet_socket_attach(int fd, int filter_fd)
{
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &filter_fd, sizeof(filter_fd)) ? -errno : 0;
}

int packet_socket_reject_all(int fd)
{
	struct sock_filter reject = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog program = {.len = 1, .filter = &reject};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? -errno : 0;
}

static int bind_to(int fd, unsigned int ifindex, uint16_t ethertype)
{
	const struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ethertype),
		.sll_ifindex = (int)ifindex,
	};

	return bind(fd, (const struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
}

int packet_socket_bind(int fd, unsigned int ifindex)
{
	return bind_to(fd, ifindex, ETH_P_ALL);
}

int packet_socket_unbind(int fd, unsigned int ifindex)
{
	return bind_to(fd, ifindex, ETHERTYPE_RESERVED);
}
