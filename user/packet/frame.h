/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FRAME_H
#define BPFSNIFF_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time_units.h"

enum { SNAPLEN_MAX = 262144 }; /* bytes: the most that is captured of a frame, as in tcpdump */

/* Link types by their number in capture files (LINKTYPE_ of the pcap registry, draft-ietf-opsawg-pcaplinktype). */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_TOKEN_RING = 6,
	LINK_PPP = 9,
	LINK_FDDI = 10,
	LINK_PPP_HDLC = 50,
	LINK_PPPOE = 51,
	LINK_RAW_BSD = 12, /* DLT_RAW as some systems wrote it */
	LINK_RAW_OPENBSD = 14,
	LINK_RAW = 101,
	LINK_CHDLC = 104,
	LINK_IEEE802_11 = 105,
	LINK_FRELAY = 107,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_IEEE802_11_PRISM = 119,
	LINK_IEEE802_11_RADIOTAP = 127,
	LINK_PPP_PPPD = 166,
	LINK_PPI = 192,
	LINK_PPP_WITH_DIR = 204,
	LINK_CHDLC_WITH_DIR = 205,
	LINK_FRELAY_WITH_DIR = 206,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_NFLOG = 239,
	LINK_PKTAP = 258,
	LINK_LINUX_SLL2 = 276,
	LINK_DSA_TAG_BRCM = 281,
	LINK_DSA_TAG_BRCM_PREPEND = 282,
	LINK_DSA_TAG_DSA = 284,
	LINK_DSA_TAG_EDSA = 285,
	LINK_UNKNOWN = 0xffff,
};

enum direction {
	DIRECTION_UNKNOWN,
	DIRECTION_IN,
	DIRECTION_OUT,
};

/* What the kernel or the card has done about the transport checksum. */
enum checksum_offload {
	OFFLOAD_NONE,
	OFFLOAD_PENDING, /* it is still to be computed */
	OFFLOAD_VALID,   /* it was verified */
};

/* Where frames come from: a network device, or an interface that a file describes. Owned by the source. */
struct interface {
	uint32_t id;            /* dense, from 0, in the order of first appearance */
	uint32_t place;         /* in its section of a file: the same in files of one capture; of a device the id */
	uint32_t index;         /* the kernel's ifindex; 0 for a file */
	const char *name;       /* NULL: the file does not say */
	uint16_t link_type;     /* enum link_type */
	uint16_t hardware_type; /* of a device: ARPHRD_* of <linux/if_arp.h> */
	uint32_t snaplen;       /* bytes; 0: no limit */
	bool loopback;          /* a loopback device; a file may say it of single frames instead */
};

/* A block of a pcapng file (draft-ietf-opsawg-pcapng section 3.1), as it was read, in the byte order of its section. */
struct file_block {
	const uint8_t *bytes; /* the whole block, well-formed as far as its type is known */
	uint32_t length;      /* bytes */
	uint32_t type;
	uint32_t captured; /* in a packet: bytes that were captured */
	uint64_t packets;  /* in statistics: of the interface, in the section so far */
	bool swapped;      /* its byte order is not this machine's */
};

/* One captured frame, valid until its source is asked for the next one. */
struct frame {
	const uint8_t *bytes; /* from the link-level header on, including VLAN tags */
	uint32_t captured;    /* bytes that were captured */
	uint32_t length;      /* bytes that were on the wire */
	uint64_t number;      /* from 1: its ordinal in the file, or among delivered frames */
	int64_t time_ns;      /* since 1970-01-01 UTC */
	enum direction direction;
	enum checksum_offload offload;
	const struct interface *interface;
	const struct file_block *block; /* of the pcapng file that it comes from; NULL: none */
	/* Small ones last, so that a frame is one cache line. */
	bool has_time;       /* false in pcapng Simple Packet Blocks, and when time_is_beyond */
	bool time_is_beyond; /* what time_ns can say: before 1677 or after 2262 */
	bool loopback;       /* it passed a loopback device */
	uint8_t packet_type; /* of a live frame: PACKET_* of <linux/if_packet.h> */
};

/* When a frame came, for what compares times without sign (base/time_units.h). */
static inline uint64_t frame_time(const struct frame *frame)
{
	return frame->has_time ? time_unsigned(frame->time_ns) : 0;
}

/* Where frames come from. */
struct source {
	/* Get the next frame. 1: *frame is filled in; 0: none is ready yet; -ENODATA: there will be no more; another
	 * -errno: failure, whose reason the source has logged. */
	int (*next)(struct source *source, struct frame *frame);
};

#endif
