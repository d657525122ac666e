/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/ring.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/time_units.h"
#include "capture/cooked_header.h"
#include "capture/interface_query.h"
#include "capture/packet_socket.h"
#include "capture/ring_internal.h"
#include "protocols.h"

enum {
	ADDRESSES_SIZE = 2 * ETH_ALEN, /* of an Ethernet header */
	CACHE_LINE = 64,
	FETCH_AHEAD_MIN = 1024, /* bytes: what is nearer comes too late for short frames */
	FETCH_MAX = 1536,       /* bytes of a frame: in longer ones the processor knows by then what follows */
};

/* Where the struct sockaddr_ll of a frame stands, and where its bytes may begin (tpacket_rcv(),
 * net/packet/af_packet.c). */
enum {
	ADDRESS_OFFSET = TPACKET_ALIGN(sizeof(struct tpacket3_hdr)),
	BYTES_OFFSET_MIN = ADDRESS_OFFSET + sizeof(struct sockaddr_ll) + VLAN_TAG_SIZE,
};

struct socket {
	int fd;               /* -1: given up */
	unsigned int ifindex; /* 0: every interface */
	uint8_t *map;
	uint32_t block_size, block_count;
	uint32_t block;            /* the block to read next */
	bool reading;              /* user space owns the block */
	uint32_t frames_left;      /* in the block, the current one included */
	uint64_t offset;           /* of the current frame in the block */
	struct tpacket3_hdr frame; /* the header of the current frame */
};

struct ring {
	struct source source; /* first, so that one pointer is both */
	struct ring_session *session;
	size_t map_size; /* of each socket's ring */
	uint64_t lost;
	size_t count;
	struct socket *given; /* the socket whose frame the reader has */
	int64_t next_ns;      /* the time of the oldest frame of the others */
	struct socket sockets[];
};

static struct tpacket_block_desc *block_of(const struct socket *s)
{
	return (struct tpacket_block_desc *)(s->map + (size_t)s->block * s->block_size);
}

static void return_block(struct socket *s)
{
	__atomic_store_n(&block_of(s)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	s->block = (s->block + 1) % s->block_count;
	s->reading = false;
}

/*
 * Make the frame at `offset` the current one. Whoever else has the memory of the ring may write anything there at any
 * time, so the header is copied and only the copy is checked and used. A frame that would not lie within its block ends
 * the block: no frame is known to begin behind it.
 */
static void take_frame(struct socket *s)
{
	const struct tpacket3_hdr *header = &s->frame;
	uint64_t room;

	if (!s->frames_left)
		return;
	if (s->offset > s->block_size - BYTES_OFFSET_MIN) {
		s->frames_left = 0;
		return;
	}
	memcpy(&s->frame, (uint8_t *)block_of(s) + s->offset, sizeof(s->frame));
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* no second look at the original */
	room = s->block_size - s->offset;
	if (header->tp_mac < BYTES_OFFSET_MIN || header->tp_mac > room || header->tp_snaplen > room - header->tp_mac ||
	    header->tp_snaplen > header->tp_len || header->tp_len > UINT32_MAX - VLAN_TAG_SIZE)
		s->frames_left = 0;
}

/* Whether there is a frame, in this block or the next. Returns blocks to the kernel once they are read, or if empty. */
static bool has_frame(struct socket *s)
{
	while (!s->frames_left) {
		struct tpacket_block_desc *block;

		if (s->reading)
			return_block(s);
		block = block_of(s);
		if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return false;
		s->reading = true;
		s->frames_left = block->hdr.bh1.num_pkts;
		s->offset = block->hdr.bh1.offset_to_first_pkt;
		take_frame(s);
	}
	return true;
}

static void skip_frame(struct socket *s)
{
	s->frames_left--;
	if (s->frame.tp_next_offset < BYTES_OFFSET_MIN) /* of the last frame it is 0 */
		s->frames_left = 0;
	s->offset += s->frame.tp_next_offset;
	take_frame(s);
}

/*
 * Another CPU has mostly written the frames, so that reading them waits for their cache lines. Ask for those of a later
 * frame while this one is handled: as many as this one has, so that every line is asked for once while lengths stay the
 * same. Asking for memory that is not there does no harm.
 */
static void fetch_ahead(const struct socket *s)
{
	const uint32_t size = s->frame.tp_snaplen + BYTES_OFFSET_MIN;
	const uint32_t length = size < FETCH_MAX ? size : FETCH_MAX;
	const uint64_t ahead = size > FETCH_AHEAD_MIN ? size : FETCH_AHEAD_MIN;
	const uint8_t *first = (const uint8_t *)block_of(s) + s->offset + ahead;

	for (uint32_t line = 0; line < length; line += CACHE_LINE)
		__builtin_prefetch(first + line);
}

static int64_t time_of(const struct tpacket3_hdr *header)
{
	return (int64_t)header->tp_sec * NSEC_PER_SEC + header->tp_nsec;
}

/* The socket with the oldest frame, or NULL if none has a frame. Sets ring->next_ns. */
static struct socket *find_oldest(struct ring *ring)
{
	struct socket *first = NULL;
	int64_t first_ns = INT64_MAX;

	ring->next_ns = INT64_MAX;
	for (size_t i = 0; i < ring->count; i++) {
		struct socket *s = &ring->sockets[i];
		int64_t ns = has_frame(s) ? time_of(&s->frame) : INT64_MAX;

		if (ns < first_ns) {
			ring->next_ns = first_ns;
			first_ns = ns;
			first = s;
		} else if (ns < ring->next_ns) {
			ring->next_ns = ns;
		}
	}
	return first;
}

/* Stay with one socket while it has the oldest frame: there may be many sockets, and blocks are long. */
static struct socket *oldest(struct ring *ring)
{
	struct socket *s = ring->given;

	return s && s->frames_left && time_of(&s->frame) <= ring->next_ns ? s : find_oldest(ring);
}

static enum checksum_offload offload_of(uint32_t status)
{
	return status & TP_STATUS_CSUMNOTREADY ? OFFLOAD_PENDING
	       : status & TP_STATUS_CSUM_VALID ? OFFLOAD_VALID
					       : OFFLOAD_NONE;
}

/*
 * The kernel delivers the outer VLAN tag beside the bytes. Move the addresses down and put the tag back between them
 * and the type, so that the frame is as it was on the wire. PACKET_RESERVE made the room.
 */
static void restore_vlan_tag(struct frame *frame, uint8_t *bytes, const struct tpacket3_hdr *header)
{
	uint16_t tag[2] = {htons(ETH_P_8021Q), htons((uint16_t)header->hv1.tp_vlan_tci)};

	if (header->tp_status & TP_STATUS_VLAN_TPID_VALID)
		tag[0] = htons(header->hv1.tp_vlan_tpid);
	memmove(bytes - VLAN_TAG_SIZE, bytes, ADDRESSES_SIZE);
	memcpy(bytes - VLAN_TAG_SIZE + ADDRESSES_SIZE, tag, sizeof(tag));
	frame->bytes = bytes - VLAN_TAG_SIZE;
	frame->length += VLAN_TAG_SIZE;
	frame->captured += VLAN_TAG_SIZE;
}

/* Is there an Ethernet header with the type that the kernel noted? */
static bool begins_as_ethernet(const struct tpacket3_hdr *header, const uint8_t *bytes, uint16_t protocol)
{
	const uint8_t *type = bytes + ETHERNET_TYPE;

	return header->tp_snaplen >= ETH_HLEN && (is_length(protocol) || (type[0] << 8 | type[1]) == protocol);
}

/*
 * Bytes in front of the network header. The kernel leaves 16 bytes or more free in front of that, behind struct
 * sockaddr_ll (tpacket_rcv() in net/packet/af_packet.c). Where a sender has not said where it is, it takes the first
 * byte (dev_queue_xmit_nit() in net/core/dev.c).
 */
static uint32_t link_length_of(const struct tpacket3_hdr *header, const uint8_t *bytes,
			       const struct sockaddr_ll *address)
{
	if (header->tp_net > header->tp_mac)
		return header->tp_net - header->tp_mac;
	if (interface_link_type_of(address->sll_hatype) == LINK_ETHERNET &&
	    begins_as_ethernet(header, bytes, ntohs(address->sll_protocol)))
		return ETH_HLEN;
	return 0;
}

static void describe(struct ring *ring, const struct socket *s, struct frame *frame)
{
	const struct tpacket3_hdr *header = &s->frame;
	const uint32_t snaplen = ring->session->snaplen;
	uint8_t *start = (uint8_t *)block_of(s) + s->offset, *bytes = start + header->tp_mac;
	uint32_t link_length;
	struct interface_key key;
	struct sockaddr_ll address;

	memcpy(&address, start + ADDRESS_OFFSET, sizeof(address));
	link_length = link_length_of(header, bytes, &address);
	key = (struct interface_key){
		.index = (uint32_t)address.sll_ifindex,
		.hardware_type = address.sll_hatype,
		.link_type = interface_frame_link_type(address.sll_hatype, ntohs(address.sll_protocol), link_length),
	};
	*frame = (struct frame){
		.bytes = bytes,
		.captured = header->tp_snaplen,
		.length = header->tp_len,
		.number = ++ring->session->delivered,
		.time_ns = time_of(header),
		.has_time = true,
		.direction = address.sll_pkttype == PACKET_OUTGOING ? DIRECTION_OUT : DIRECTION_IN,
		.offload = offload_of(header->tp_status),
		.interface = interface_table_get(&ring->session->interfaces, s->fd, &key, time_of(header)),
	};
	frame->loopback = frame->interface->loopback;
	frame->packet_type = address.sll_pkttype;
	if (header->tp_status & TP_STATUS_VLAN_VALID && header->tp_snaplen >= ADDRESSES_SIZE &&
	    key.link_type == LINK_ETHERNET)
		restore_vlan_tag(frame, bytes, header);
	if (key.link_type == LINK_RAW || key.link_type == LINK_LINUX_SLL)
		link_header_remove(frame, link_length);
	if (key.link_type == LINK_LINUX_SLL)
		cooked_header_put(frame, bytes + (frame->bytes - bytes), &address);
	if (frame->captured > snaplen)
		frame->captured = snaplen;
}

static int ring_next(struct source *source, struct frame *frame)
{
	struct ring *ring = (struct ring *)source;
	struct socket *s;

	/* Until now the reader may have used the last frame. */
	if (ring->given)
		skip_frame(ring->given);
	ring->given = s = oldest(ring);
	if (!s)
		return 0;
	fetch_ahead(s);
	describe(ring, s, frame);
	return 1;
}

int ring_open_mapped(const int fds[], void *const maps[], const struct ring_options *options,
		     struct ring_session *session, struct source **source)
{
	const struct ring_blocks blocks = ring_divide(options);
	struct ring *ring = calloc(1, sizeof(*ring) + options->count * sizeof(ring->sockets[0]));

	if (!ring)
		return -ENOMEM;
	*ring = (struct ring){
		.source.next = ring_next,
		.session = session,
		.map_size = (size_t)blocks.size * blocks.count,
		.count = options->count,
	};
	for (size_t i = 0; i < options->count; i++)
		ring->sockets[i] = (struct socket){
			.fd = fds[i],
			.ifindex = options->ifindexes[i],
			.map = maps[i],
			.block_size = blocks.size,
			.block_count = blocks.count,
		};
	*source = &ring->source;
	return 0;
}

int ring_open(const int fds[], const struct ring_options *options, struct ring_session *session, struct source **source)
{
	void **maps = calloc(options->count, sizeof(*maps));
	size_t mapped = 0;
	int ret = maps ? 0 : -ENOMEM;

	for (; !ret && mapped < options->count; mapped += !ret) {
		maps[mapped] = packet_socket_map(fds[mapped], options);
		ret = maps[mapped] ? 0 : -errno;
	}
	if (!ret)
		ret = ring_open_mapped(fds, maps, options, session, source);
	while (ret && mapped > 0)
		packet_socket_unmap(maps[--mapped], options);
	free(maps);
	return ret;
}

int ring_start(struct source *source, struct ring_failure *failure)
{
	struct ring *ring = (struct ring *)source;

	for (size_t i = 0; i < ring->count; i++) {
		int ret = packet_socket_bind(ring->sockets[i].fd, ring->sockets[i].ifindex);

		if (!ret)
			continue;
		*failure = (struct ring_failure){.step = RING_BIND, .index = i};
		return ret;
	}
	return 0;
}

int ring_attach(struct source *source, int filter_fd)
{
	struct ring *ring = (struct ring *)source;
	int ret = 0;

	for (size_t i = 0; !ret && i < ring->count; i++)
		ret = packet_socket_attach(ring->sockets[i].fd, filter_fd);
	return ret;
}

size_t ring_fds(const struct source *source, int fds[], size_t max)
{
	const struct ring *ring = (const struct ring *)source;

	for (size_t i = 0; i < ring->count && i < max; i++)
		fds[i] = ring->sockets[i].fd;
	return ring->count;
}

uint64_t ring_lost(struct source *source)
{
	struct ring *ring = (struct ring *)source;

	for (size_t i = 0; i < ring->count; i++) {
		struct tpacket_stats_v3 stats;
		socklen_t size = sizeof(stats);

		if (!getsockopt(ring->sockets[i].fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
			ring->lost += stats.tp_drops;
	}
	return ring->lost;
}

/* Binding a socket to another protocol takes it off the list of the old one and waits until no CPU walks that list any
 * more (synchronize_net() in packet_do_bind(), net/packet/af_packet.c). */
int ring_stop(struct source *source)
{
	struct ring *ring = (struct ring *)source;
	int ret = 0;

	for (size_t i = 0; i < ring->count; i++) {
		int error = packet_socket_unbind(ring->sockets[i].fd, ring->sockets[i].ifindex);

		if (error && error != -ENODEV)
			ret = error;
	}
	return ret;
}

int ring_give_up(struct source *source, size_t index, void **map)
{
	struct socket *s = &((struct ring *)source)->sockets[index];
	int fd = s->fd;

	*map = s->map;
	s->fd = -1;
	return fd;
}

void ring_close(struct source *source)
{
	struct ring *ring = (struct ring *)source;

	if (!ring)
		return;
	for (size_t i = 0; i < ring->count; i++) {
		if (ring->sockets[i].fd < 0)
			continue;
		munmap(ring->sockets[i].map, ring->map_size);
		close(ring->sockets[i].fd);
	}
	free(ring);
}
