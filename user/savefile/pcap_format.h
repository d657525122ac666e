/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PCAP_FORMAT_H
#define BPFSNIFF_PCAP_FORMAT_H

#include <stdint.h>

/*
 * The structures of capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng). Every field
 * is in the byte order of the machine that wrote the file, which the magic numbers reveal.
 */

enum pcap_magic {
	PCAP_MAGIC_MICRO = 0xa1b2c3d4,
	PCAP_MAGIC_NANO = 0xa1b23c4d,
	PCAP_MAGIC_MODIFIED = 0xa1b2cd34, /* micro, with longer record headers */
};

enum {
	PCAP_MAJOR = 2,
	PCAP_MINOR = 4,
	PCAP_SNAPLEN = 262144,        /* libpcap's MAXIMUM_SNAPLEN */
	CAPTURE_BLOCK_MAX = 16 << 20, /* a longer block or record counts as damage, as in libpcap and Wireshark */
};

struct pcap_file_header {
	uint32_t magic;
	uint16_t major, minor;
	int32_t zone;
	uint32_t accuracy;
	uint32_t snaplen;
	uint32_t link_type; /* in the low 16 bits; the length of the FCS is above them */
};

struct pcap_record {
	uint32_t seconds, fraction;
	uint32_t captured, length;
};

/* What PCAP_MAGIC_MODIFIED adds to a record. */
struct pcap_record_addition {
	uint32_t ifindex;
	uint16_t protocol;
	uint8_t packet_type, padding;
};

enum pcapng_block_type {
	PCAPNG_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
	PCAPNG_INTERFACE = 1,
	PCAPNG_OBSOLETE_PACKET = 2,
	PCAPNG_SIMPLE_PACKET = 3,
	PCAPNG_NAME_RESOLUTION = 4,
	PCAPNG_STATISTICS = 5,
	PCAPNG_ENHANCED_PACKET = 6,
	PCAPNG_DECRYPTION_SECRETS = 10,
	PCAPNG_CUSTOM_NO_COPY = 0x40000bad,
};

enum {
	PCAPNG_BYTE_ORDER = 0x1a2b3c4d,
	PCAPNG_MAJOR = 1,
	PCAPNG_MINOR = 0,
};

/* Every block starts with this, and ends with a copy of its length. */
struct pcapng_block_header {
	uint32_t type;
	uint32_t length; /* of the whole block */
};

struct pcapng_section {
	uint32_t byte_order;
	uint16_t major, minor;
	int64_t length; /* of the section, in bytes; -1: unknown */
};

struct pcapng_interface {
	uint16_t link_type, reserved;
	uint32_t snaplen; /* 0: no limit */
};

struct pcapng_enhanced_packet {
	uint32_t interface;
	uint32_t time_high, time_low;
	uint32_t captured, length;
};

struct pcapng_obsolete_packet {
	uint16_t interface, drops;
	uint32_t time_high, time_low;
	uint32_t captured, length;
};

struct pcapng_simple_packet {
	uint32_t length;
};

struct pcapng_statistics {
	uint32_t interface;
	uint32_t time_high, time_low;
};

/* The secrets follow, padded to four bytes. */
struct pcapng_secrets {
	uint32_t type, length;
};

/* The value follows, padded to four bytes. */
struct pcapng_option {
	uint16_t code, length;
};

enum pcapng_option_code {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_CUSTOM_TEXT_NO_COPY = 19372,
	OPTION_CUSTOM_BYTES_NO_COPY = 19373,
	SECTION_HARDWARE = 2,
	SECTION_OS = 3,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_RESOLUTION = 9,
	INTERFACE_FILTER = 11,
	INTERFACE_OFFSET = 14,
	PACKET_FLAGS = 2,
	PACKET_HASH = 3,
	STATISTICS_START = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5,
	STATISTICS_ACCEPTED = 6,
	STATISTICS_DELIVERED = 8,
};

/* The packet flags word, section 4.3.1. */
enum pcapng_packet_flag {
	FLAG_INBOUND = 1,
	FLAG_OUTBOUND = 2,
	FLAG_DIRECTION = 3,
	FLAG_CHECKSUM_NOT_READY = 1 << 9,
	FLAG_CHECKSUM_VALID = 1 << 10,
};

_Static_assert(sizeof(struct pcap_file_header) == 24, "as on disk");
_Static_assert(sizeof(struct pcap_record) == 16, "as on disk");
_Static_assert(sizeof(struct pcap_record_addition) == 8, "as on disk");
_Static_assert(sizeof(struct pcapng_section) == 16, "as on disk");
_Static_assert(sizeof(struct pcapng_interface) == 8, "as on disk");
_Static_assert(sizeof(struct pcapng_enhanced_packet) == 20, "as on disk");
_Static_assert(sizeof(struct pcapng_obsolete_packet) == 20, "as on disk");
_Static_assert(sizeof(struct pcapng_statistics) == 12, "as on disk");

/* Padding bytes up to the next multiple of four. */
static inline uint32_t pcapng_padding(uint32_t length)
{
	return -length & 3;
}

#endif
