/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode_samples.h"
#include "decoded.h"

#define FRAME_ENDS  "the frame ends inside the link-level header"
#define BEYOND      "link-level length beyond the end of the frame"
#define BAD_PPPOE   "PPPoE version, type or code other than that of session data"
#define BAD_VERSION "IP version other than the link level says"
#define THREE_TAGS  "81 00 00 01 81 00 00 02 91 00 00 03 "
#define FOUR_TAGS   THREE_TAGS "88 a8 00 04 "
#define FOUR_LABELS "00 00 00 00 00 00 10 00 00 00 20 00 00 00 30 00 "

/* A frame, and what is to be found in front of IP. */
#define SNAP_IPV4           "aa aa 03 00 00 00 08 00" IPV4_UDP
#define WLAN_ADDRESSES      "02 00 00 00 00 01 02 00 00 00 00 02 02 00 00 00 00 03"
#define ZEROS_16            "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define PKTAP(length, type) PKTAP_RECORD("01", length, type)
#define PKTAP_RECORD(record, length, type)                                                      \
	length " 00 00 00 " record " 00 00 00" type                                             \
	       " 00 00 00 65 6e 30 00 00 00 00 00" ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 \
	       "00 00 00 00 00 00 00 00"

struct link_case {
	const char *name;
	const char *hex;
	uint16_t type;
	uint16_t captured;  /* of the first header, with those in front of it */
	uint16_t ethertype; /* 0: none */
	uint8_t version;
	uint8_t vlans, mpls;
	uint16_t session; /* 0: no PPPoE */
	uint32_t payload; /* bytes that are here */
	uint32_t length;
	enum layer truncated; /* the frame was 40 bytes longer then */
	const char *malformed;
};

/* Link-level headers that lead to a UDP datagram with 4 bytes; and such that do not lead to IP. */
#define FOLLOWED(name, type, captured, ethertype, version, vlans, mpls, session, hex)                       \
	{                                                                                                   \
		name, hex, type, captured, ethertype, version, vlans, mpls, session, 4, 4, LAYER_NONE, NULL \
	}
#define STOPS(name, type, captured, ethertype, vlans, mpls, session, payload, length, truncated, malformed, hex)     \
	{                                                                                                            \
		name, hex, type, captured, ethertype, 0, vlans, mpls, session, payload, length, truncated, malformed \
	}

static const struct link_case cases[] = {
	FOLLOWED("ethernet ipv4", LINK_ETHERNET, 14, 0x800, 4, 0, 0, 0, ETHERNET "08 00" IPV4_UDP),
	FOLLOWED("ethernet ipv6", LINK_ETHERNET, 14, 0x86dd, 6, 0, 0, 0, ETHERNET "86 dd" IPV6_UDP),
	FOLLOWED("ethernet padding", LINK_ETHERNET, 14, 0x800, 4, 0, 0, 0,
		 ETHERNET "08 00" IPV4_UDP "00 00 00 00 00 00"),
	STOPS("ethernet other", LINK_ETHERNET, 14, 0x806, 0, 0, 0, 4, 4, LAYER_NONE, NULL,
	      ETHERNET "08 06 00 01 08 00"),
	STOPS("ethernet cut", LINK_ETHERNET, 13, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, ETHERNET "08"),
	STOPS("ethernet ends", LINK_ETHERNET, 13, 0, 0, 0, 0, 0, 0, LAYER_NONE, FRAME_ENDS, ETHERNET "08"),
	STOPS("ethernet nothing", LINK_ETHERNET, 0, 0, 0, 0, 0, 0, 26, LAYER_LINK, NULL, ""),
	STOPS("ethernet version", LINK_ETHERNET, 14, 0x800, 0, 0, 0, 2, 2, LAYER_NONE, BAD_VERSION,
	      ETHERNET "08 00 61 02"),
	STOPS("ethernet 1535", LINK_ETHERNET, 14, 0, 0, 0, 0, 3, 3, LAYER_NONE, BEYOND, ETHERNET "05 ff 42 42 03"),
	STOPS("ethernet 1536", LINK_ETHERNET, 14, 0x600, 0, 0, 0, 2, 2, LAYER_NONE, NULL, ETHERNET "06 00 aa aa"),
	STOPS("ethernet 0", LINK_ETHERNET, 14, 0, 0, 0, 0, 0, 0, LAYER_NONE, FRAME_ENDS,
	      ETHERNET "00 00 aa aa 03 00 00 00 08 00" IPV4_UDP),
	FOLLOWED("vlan", LINK_ETHERNET, 14, 0x800, 4, 1, 0, 0, ETHERNET "81 00 e1 23 08 00" IPV4_UDP),
	FOLLOWED("qinq", LINK_ETHERNET, 14, 0x86dd, 6, 2, 0, 0, ETHERNET "88 a8 00 01 81 00 00 02 86 dd" IPV6_UDP),
	FOLLOWED("four tags", LINK_ETHERNET, 14, 0x800, 4, 4, 0, 0, ETHERNET FOUR_TAGS "08 00" IPV4_UDP),
	FOLLOWED("twelve tags", LINK_ETHERNET, 14, 0x800, 4, 12, 0, 0,
		 ETHERNET FOUR_TAGS FOUR_TAGS FOUR_TAGS "08 00" IPV4_UDP),
	STOPS("thirteen tags", LINK_ETHERNET, 14, 0x8100, 12, 0, 0, 4, 4, LAYER_NONE, NULL,
	      ETHERNET FOUR_TAGS FOUR_TAGS FOUR_TAGS "81 00 00 05 08 00"),
	FOLLOWED("eleven tags, a label", LINK_ETHERNET, 14, 0x8847, 4, 11, 1, 0,
		 ETHERNET FOUR_TAGS FOUR_TAGS THREE_TAGS "88 47 00 01 01 40" IPV4_UDP),
	STOPS("twelve tags, a label", LINK_ETHERNET, 14, 0x8847, 12, 0, 0, 4, 4, LAYER_NONE, NULL,
	      ETHERNET FOUR_TAGS FOUR_TAGS FOUR_TAGS "88 47 00 01 01 40"),
	FOLLOWED("eleven tags, pppoe", LINK_ETHERNET, 14, 0x8864, 4, 11, 0, 0x1234,
		 ETHERNET FOUR_TAGS FOUR_TAGS THREE_TAGS "88 64 11 00 12 34 00 22 00 21" IPV4_UDP),
	STOPS("twelve tags, pppoe", LINK_ETHERNET, 14, 0x8864, 12, 0, 0, 8, 8, LAYER_NONE, NULL,
	      ETHERNET FOUR_TAGS FOUR_TAGS FOUR_TAGS "88 64 11 00 12 34 00 22 00 21"),
	STOPS("eleven tags, pppoe, a label", LINK_ETHERNET, 14, 0x8864, 11, 0, 0x1234, 4, 4, LAYER_NONE, NULL,
	      ETHERNET FOUR_TAGS FOUR_TAGS THREE_TAGS "88 64 11 00 12 34 00 06 02 81 00 01 01 40"),
	FOLLOWED("eleven tags, snap", LINK_ETHERNET, 14, 0x800, 4, 11, 0, 0,
		 ETHERNET FOUR_TAGS FOUR_TAGS THREE_TAGS "00 28 aa aa 03 00 00 00 08 00" IPV4_UDP),
	STOPS("twelve tags, snap", LINK_ETHERNET, 14, 0, 12, 0, 0, 8, 8, LAYER_NONE, NULL,
	      ETHERNET FOUR_TAGS FOUR_TAGS FOUR_TAGS "00 28 aa aa 03 00 00 00 08 00"),
	STOPS("tag cut", LINK_ETHERNET, 14, 0x8100, 0, 0, 0, 3, 43, LAYER_LINK, NULL, ETHERNET "81 00 00 01 08"),
	STOPS("tag ends", LINK_ETHERNET, 14, 0x8100, 0, 0, 0, 3, 3, LAYER_NONE, FRAME_ENDS, ETHERNET "81 00 00 01 08"),
	FOLLOWED("snap", LINK_ETHERNET, 14, 0x800, 4, 0, 0, 0,
		 ETHERNET "00 28 aa aa 03 00 00 00 08 00" IPV4_UDP "00 00"),
	FOLLOWED("snap in vlan", LINK_ETHERNET, 14, 0x800, 4, 1, 0, 0,
		 ETHERNET "81 00 00 01 00 28 aa aa 03 00 00 00 08 00" IPV4_UDP),
	FOLLOWED("vlan in snap", LINK_ETHERNET, 14, 0x800, 4, 1, 0, 0,
		 ETHERNET "00 2c aa aa 03 00 00 00 81 00 00 01 08 00" IPV4_UDP),
	STOPS("snap organisation", LINK_ETHERNET, 14, 0, 0, 0, 0, 10, 10, LAYER_NONE, NULL,
	      ETHERNET "00 0a aa aa 03 00 00 0c 20 00 01 02"),
	FOLLOWED("snap, vlan, snap", LINK_ETHERNET, 14, 0x800, 4, 1, 0, 0,
		 ETHERNET "00 34 aa aa 03 00 00 00 81 00 00 01 00 28 aa aa 03 00 00 00 08 00" IPV4_UDP),
	STOPS("snap length", LINK_ETHERNET, 14, 0, 0, 0, 0, 2, 2, LAYER_NONE, NULL,
	      ETHERNET "00 0a aa aa 03 00 00 00 00 02 01 02"),
	STOPS("snap cut", LINK_ETHERNET, 14, 0, 0, 0, 0, 5, 10, LAYER_LINK, NULL, ETHERNET "00 0a aa aa 03 00 00"),
	STOPS("llc padding", LINK_ETHERNET, 14, 0, 0, 0, 0, 4, 4, LAYER_NONE, NULL,
	      ETHERNET "00 04 42 42 03 00 00 00 00"),
	STOPS("llc beyond", LINK_ETHERNET, 14, 0, 0, 0, 0, 4, 4, LAYER_NONE, BEYOND, ETHERNET "00 0a 42 42 03 00"),
	STOPS("llc cut", LINK_ETHERNET, 14, 0, 0, 0, 0, 1, 10, LAYER_LINK, NULL, ETHERNET "00 0a 42"),
	STOPS("llc ends", LINK_ETHERNET, 14, 0, 0, 0, 0, 2, 2, LAYER_NONE, FRAME_ENDS, ETHERNET "00 02 42 42 00 00"),
	FOLLOWED("mpls", LINK_ETHERNET, 14, 0x8847, 4, 0, 1, 0, ETHERNET "88 47 00 01 0b 40" IPV4_UDP),
	FOLLOWED("mpls stack", LINK_ETHERNET, 14, 0x8848, 6, 0, 2, 0,
		 ETHERNET "88 48 00 01 00 40 00 02 01 40" IPV6_UDP),
	STOPS("mpls other", LINK_ETHERNET, 14, 0x8847, 0, 1, 0, 4, 4, LAYER_NONE, NULL,
	      ETHERNET "88 47 00 01 01 40 00 00 00 00"),
	STOPS("mpls cut", LINK_ETHERNET, 14, 0x8847, 0, 1, 0, 2, 42, LAYER_LINK, NULL,
	      ETHERNET "88 47 00 01 00 40 00 02"),
	FOLLOWED("twelve labels", LINK_ETHERNET, 14, 0x8847, 4, 0, 12, 0,
		 ETHERNET "88 47 " FOUR_LABELS FOUR_LABELS "00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00" IPV4_UDP),
	STOPS("thirteen labels", LINK_ETHERNET, 14, 0x8847, 0, 12, 0, 5, 5, LAYER_NONE, NULL,
	      ETHERNET "88 47 " FOUR_LABELS FOUR_LABELS FOUR_LABELS "00 00 01 00 45"),
	FOLLOWED("pppoe", LINK_ETHERNET, 14, 0x8864, 4, 0, 0, 0x1234,
		 ETHERNET "88 64 11 00 12 34 00 22 00 21" IPV4_UDP),
	FOLLOWED("pppoe padding", LINK_ETHERNET, 14, 0x8864, 6, 0, 0, 0x1234,
		 ETHERNET "88 64 11 00 12 34 00 36 00 57" IPV6_UDP "00 00"),
	FOLLOWED("pppoe qinq", LINK_ETHERNET, 14, 0x8864, 4, 2, 0, 0x1234,
		 ETHERNET "88 a8 00 01 81 00 00 02 88 64 11 00 12 34 00 21 21" IPV4_UDP),
	FOLLOWED("pppoe mpls", LINK_ETHERNET, 14, 0x8864, 4, 0, 1, 0x1234,
		 ETHERNET "88 64 11 00 12 34 00 26 02 81 00 01 0b 40" IPV4_UDP),
	FOLLOWED("pppoe mpls to many", LINK_ETHERNET, 14, 0x8864, 4, 0, 1, 0x1234,
		 ETHERNET "88 64 11 00 12 34 00 26 02 83 00 01 0b 40" IPV4_UDP),
	STOPS("pppoe lcp", LINK_ETHERNET, 14, 0x8864, 0, 0, 0x1234, 4, 4, LAYER_NONE, NULL,
	      ETHERNET "88 64 11 00 12 34 00 06 c0 21 09 00 00 04 00 00"),
	STOPS("pppoe code", LINK_ETHERNET, 14, 0x8864, 0, 0, 0x1234, 2, 2, LAYER_NONE, BAD_PPPOE,
	      ETHERNET "88 64 11 a7 12 34 00 02 00 21"),
	STOPS("pppoe discovery", LINK_ETHERNET, 14, 0x8863, 0, 0, 0, 6, 6, LAYER_NONE, NULL,
	      ETHERNET "88 63 11 09 00 00 00 00"),
	STOPS("pppoe cut", LINK_ETHERNET, 14, 0x8864, 0, 0, 0, 3, 43, LAYER_LINK, NULL, ETHERNET "88 64 11 00 12"),
	STOPS("pppoe protocol cut", LINK_ETHERNET, 14, 0x8864, 0, 0, 0x1234, 1, 34, LAYER_LINK, NULL,
	      ETHERNET "88 64 11 00 12 34 00 22 00"),
	STOPS("pppoe empty", LINK_ETHERNET, 14, 0x8864, 0, 0, 0x1234, 0, 0, LAYER_NONE, FRAME_ENDS,
	      ETHERNET "88 64 11 00 12 34 00 00 00 21"),
	FOLLOWED("link pppoe", LINK_PPPOE, 6, 0, 4, 0, 0, 0x1234, "11 00 12 34 00 22 00 21" IPV4_UDP),
	STOPS("link pppoe cut", LINK_PPPOE, 5, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, "11 00 12 34 00"),
	FOLLOWED("ppp", LINK_PPP, 4, 0, 4, 0, 0, 0, "ff 03 00 21" IPV4_UDP),
	FOLLOWED("ppp short", LINK_PPP, 1, 0, 6, 0, 0, 0, "57" IPV6_UDP),
	FOLLOWED("ppp no address", LINK_PPP, 2, 0, 4, 0, 0, 0, "00 21" IPV4_UDP),
	FOLLOWED("ppp mpls", LINK_PPP, 4, 0, 4, 0, 1, 0, "ff 03 02 81 00 01 01 40" IPV4_UDP),
	FOLLOWED("ppp mpls multicast", LINK_PPP, 4, 0, 4, 0, 1, 0, "ff 03 02 83 00 01 01 40" IPV4_UDP),
	STOPS("ppp lcp", LINK_PPP, 4, 0, 0, 0, 0, 4, 4, LAYER_NONE, NULL, "ff 03 c0 21 09 00 00 04"),
	STOPS("ppp cut", LINK_PPP, 3, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, "ff 03 00"),
	FOLLOWED("ppp cisco", LINK_PPP_HDLC, 4, 0x800, 4, 0, 0, 0, "0f 00 08 00" IPV4_UDP),
	FOLLOWED("ppp cisco to all", LINK_PPP_HDLC, 4, 0x800, 4, 0, 0, 0, "8f 00 08 00" IPV4_UDP),
	FOLLOWED("ppp hdlc", LINK_PPP_HDLC, 4, 0, 6, 0, 0, 0, "ff 03 00 57" IPV6_UDP),
	FOLLOWED("ppp direction", LINK_PPP_WITH_DIR, 5, 0, 4, 0, 0, 0, "01 ff 03 00 21" IPV4_UDP),
	STOPS("ppp direction cut", LINK_PPP_WITH_DIR, 0, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, ""),
	FOLLOWED("cisco", LINK_CHDLC, 4, 0x86dd, 6, 0, 0, 0, "0f 00 86 dd" IPV6_UDP),
	STOPS("cisco slarp", LINK_CHDLC, 4, 0x8035, 0, 0, 0, 2, 2, LAYER_NONE, NULL, "8f 00 80 35 00 00"),
	STOPS("cisco cut", LINK_CHDLC, 3, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, "0f 00 86"),
	FOLLOWED("raw 4", LINK_RAW, 0, 0, 4, 0, 0, 0, IPV4_UDP),
	FOLLOWED("raw 6", LINK_RAW_BSD, 0, 0, 6, 0, 0, 0, IPV6_UDP),
	FOLLOWED("raw openbsd", LINK_RAW_OPENBSD, 0, 0, 4, 0, 0, 0, IPV4_UDP),
	STOPS("raw other", LINK_RAW, 0, 0, 0, 0, 0, 3, 3, LAYER_NONE, NULL, "50 00 00"),
	FOLLOWED("ipv4", LINK_IPV4, 0, 0, 4, 0, 0, 0, IPV4_UDP),
	STOPS("ipv4 is 6", LINK_IPV4, 0, 0, 0, 0, 0, 2, 2, LAYER_NONE, BAD_VERSION, "60 00"),
	FOLLOWED("ipv6", LINK_IPV6, 0, 0, 6, 0, 0, 0, IPV6_UDP),
	STOPS("ipv6 is 4", LINK_IPV6, 0, 0, 0, 0, 0, 2, 2, LAYER_NONE, BAD_VERSION, "45 00"),
	FOLLOWED("sll", LINK_LINUX_SLL, 16, 0x800, 4, 0, 0, 0,
		 "00 04 00 01 00 06 02 00 00 00 00 01 00 00 08 00" IPV4_UDP),
	FOLLOWED("sll vlan", LINK_LINUX_SLL, 16, 0x86dd, 6, 1, 0, 0,
		 "00 04 00 01 00 06 02 00 00 00 00 01 00 00 81 00 00 01 86 dd" IPV6_UDP),
	FOLLOWED("sll llc", LINK_LINUX_SLL, 16, 0x800, 4, 0, 0, 0,
		 "00 04 00 01 00 06 02 00 00 00 00 01 00 00 00 04 aa aa 03 00 00 00 08 00" IPV4_UDP),
	STOPS("sll novell", LINK_LINUX_SLL, 16, 0, 0, 0, 0, 2, 2, LAYER_NONE, NULL,
	      "00 04 00 01 00 06 02 00 00 00 00 01 00 00 00 01 ff ff"),
	STOPS("sll cut", LINK_LINUX_SLL, 15, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL,
	      "00 04 00 01 00 06 02 00 00 00 00 01 00 00 08"),
	FOLLOWED("sll2", LINK_LINUX_SLL2, 20, 0x86dd, 6, 0, 0, 0,
		 "86 dd 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00" IPV6_UDP),
	STOPS("sll2 cut", LINK_LINUX_SLL2, 19, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL,
	      "86 dd 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00"),
	FOLLOWED("null little", LINK_NULL, 4, 0, 4, 0, 0, 0, "02 00 00 00" IPV4_UDP),
	FOLLOWED("null big", LINK_NULL, 4, 0, 4, 0, 0, 0, "00 00 00 02" IPV4_UDP),
	FOLLOWED("null linux", LINK_NULL, 4, 0, 6, 0, 0, 0, "0a 00 00 00" IPV6_UDP),
	FOLLOWED("null windows", LINK_NULL, 4, 0, 6, 0, 0, 0, "17 00 00 00" IPV6_UDP),
	FOLLOWED("null openbsd", LINK_NULL, 4, 0, 6, 0, 0, 0, "00 00 00 18" IPV6_UDP),
	FOLLOWED("null freebsd", LINK_NULL, 4, 0, 6, 0, 0, 0, "1c 00 00 00" IPV6_UDP),
	FOLLOWED("null darwin", LINK_NULL, 4, 0, 6, 0, 0, 0, "1e 00 00 00" IPV6_UDP),
	STOPS("null other", LINK_NULL, 4, 0, 0, 0, 0, 2, 2, LAYER_NONE, NULL, "07 00 00 00 01 02"),
	STOPS("null cut", LINK_NULL, 3, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, "02 00 00"),
	FOLLOWED("loop", LINK_LOOP, 4, 0, 6, 0, 0, 0, "00 00 00 18" IPV6_UDP),
	FOLLOWED("wlan from ds", LINK_IEEE802_11, 24, 0x800, 4, 0, 0, 0,
		 "08 02 00 00" WLAN_ADDRESSES "10 00" SNAP_IPV4),
	FOLLOWED("wlan qos", LINK_IEEE802_11, 26, 0x86dd, 6, 0, 0, 0,
		 "88 01 00 00" WLAN_ADDRESSES "10 00 00 00 aa aa 03 00 00 00 86 dd" IPV6_UDP),
	FOLLOWED("wlan qos, ht control", LINK_IEEE802_11, 30, 0x800, 4, 0, 0, 0,
		 "88 81 00 00" WLAN_ADDRESSES "10 00 00 00 01 02 03 04" SNAP_IPV4),
	FOLLOWED("wlan four addresses, qos", LINK_IEEE802_11, 32, 0x800, 4, 0, 0, 0,
		 "88 03 00 00" WLAN_ADDRESSES "10 00 02 00 00 00 00 04 00 00" SNAP_IPV4),
	FOLLOWED("wlan aggregate", LINK_IEEE802_11, 40, 0x800, 4, 0, 0, 0,
		 "88 02 00 00" WLAN_ADDRESSES "10 00 80 00" ETHERNET "00 28" SNAP_IPV4),
	STOPS("wlan protected", LINK_IEEE802_11, 24, 0, 0, 0, 0, 8, 8, LAYER_NONE, NULL,
	      "08 42 00 00" WLAN_ADDRESSES "10 00 aa aa 03 00 00 00 08 00"),
	STOPS("wlan fragment", LINK_IEEE802_11, 24, 0, 0, 0, 0, 8, 8, LAYER_NONE, NULL,
	      "08 02 00 00" WLAN_ADDRESSES "11 00 aa aa 03 00 00 00 08 00"),
	STOPS("wlan first fragment", LINK_IEEE802_11, 24, 0, 0, 0, 0, 8, 8, LAYER_NONE, NULL,
	      "08 06 00 00" WLAN_ADDRESSES "10 00 aa aa 03 00 00 00 08 00"),
	STOPS("wlan without data", LINK_IEEE802_11, 24, 0, 0, 0, 0, 0, 0, LAYER_NONE, NULL,
	      "48 01 00 00" WLAN_ADDRESSES "10 00"),
	STOPS("wlan beacon", LINK_IEEE802_11, 0, 0, 0, 0, 0, 6, 6, LAYER_NONE, NULL, "80 00 00 00 aa aa"),
	STOPS("wlan cut", LINK_IEEE802_11, 6, 0, 0, 0, 0, 0, 22, LAYER_LINK, NULL, "08 02 00 00 aa aa"),
	STOPS("wlan ends", LINK_IEEE802_11, 1, 0, 0, 0, 0, 0, 0, LAYER_NONE, FRAME_ENDS, "08"),
	FOLLOWED("radiotap", LINK_IEEE802_11_RADIOTAP, 8 + 24, 0x800, 4, 0, 0, 0,
		 "00 00 08 00 00 00 00 00 08 02 00 00" WLAN_ADDRESSES "10 00" SNAP_IPV4),
	FOLLOWED("radiotap padding", LINK_IEEE802_11_RADIOTAP, 9 + 28, 0x800, 4, 0, 0, 0,
		 "00 00 09 00 02 00 00 00 20 88 02 00 00" WLAN_ADDRESSES "10 00 00 00 00 00" SNAP_IPV4),
	FOLLOWED("radiotap time, padding, two words", LINK_IEEE802_11_RADIOTAP, 25 + 28, 0x800, 4, 0, 0, 0,
		 "00 00 19 00 03 00 00 80 00 00 00 00 00 00 00 00 01 02 03 04 05 06 07 08 20"
		 "88 02 00 00" WLAN_ADDRESSES "10 00 00 00 00 00" SNAP_IPV4),
	STOPS("radiotap length", LINK_IEEE802_11_RADIOTAP, 0, 0, 0, 0, 0, 8, 8, LAYER_NONE, "radiotap length below 8",
	      "00 00 07 00 00 00 00 00"),
	STOPS("radiotap cut", LINK_IEEE802_11_RADIOTAP, 7, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, "00 00 08 00 00 00 00"),
	FOLLOWED("prism", LINK_IEEE802_11_PRISM, 8 + 24, 0x800, 4, 0, 0, 0,
		 "44 00 00 00 08 00 00 00 08 02 00 00" WLAN_ADDRESSES "10 00" SNAP_IPV4),
	FOLLOWED("prism big", LINK_IEEE802_11_PRISM, 8 + 24, 0x800, 4, 0, 0, 0,
		 "00 00 00 44 00 00 00 08 08 02 00 00" WLAN_ADDRESSES "10 00" SNAP_IPV4),
	FOLLOWED("avs", LINK_IEEE802_11_PRISM, 12 + 24, 0x800, 4, 0, 0, 0,
		 "80 21 10 02 00 00 00 0c 00 00 00 00 08 02 00 00" WLAN_ADDRESSES "10 00" SNAP_IPV4),
	STOPS("prism length", LINK_IEEE802_11_PRISM, 0, 0, 0, 0, 0, 8, 8, LAYER_NONE, "length of the Prism header",
	      "44 00 00 00 07 00 00 07"),
	FOLLOWED("sll radiotap", LINK_LINUX_SLL, 16 + 8 + 24, 0x800, 4, 0, 0, 0,
		 "00 03 03 23 00 06 02 00 00 00 00 01 00 00 00 04 00 00 08 00 00 00 00 00 08 02 00 00" WLAN_ADDRESSES
		 "10 00" SNAP_IPV4),
	FOLLOWED("sll2 frame relay", LINK_LINUX_SLL2, 20 + 4, 0, 4, 0, 0, 0,
		 "00 00 00 00 00 00 00 02 03 02 00 00 00 00 00 00 00 00 00 00 18 41 03 cc" IPV4_UDP),
	FOLLOWED("sll gre", LINK_LINUX_SLL, 16, 0x800, 4, 0, 0, 0,
		 "00 00 03 0a 00 04 0a 09 00 01 00 00 00 00 08 00" IPV4_UDP),
	FOLLOWED("frame relay", LINK_FRELAY, 4, 0, 4, 0, 0, 0, "18 41 03 cc" IPV4_UDP),
	FOLLOWED("frame relay long address", LINK_FRELAY, 6, 0, 6, 0, 0, 0, "18 40 40 41 03 8e" IPV6_UDP),
	FOLLOWED("frame relay pad, snap", LINK_FRELAY, 10, 0x800, 4, 0, 0, 0, "18 41 03 00 80 00 00 00 08 00" IPV4_UDP),
	FOLLOWED("frame relay bridged", LINK_FRELAY, 10 + 14, 0x800, 4, 0, 0, 0,
		 "18 41 03 00 80 00 80 c2 00 07" ETHERNET "08 00" IPV4_UDP),
	FOLLOWED("frame relay bridged, checksum", LINK_FRELAY, 10 + 14, 0x800, 4, 0, 0, 0,
		 "18 41 03 00 80 00 80 c2 00 01" ETHERNET "08 00" IPV4_UDP "01 02 03 04"),
	FOLLOWED("frame relay cisco", LINK_FRELAY, 4, 0x800, 4, 0, 0, 0, "18 41 08 00" IPV4_UDP),
	FOLLOWED("frame relay direction", LINK_FRELAY_WITH_DIR, 5, 0, 4, 0, 0, 0, "01 18 41 03 cc" IPV4_UDP),
	STOPS("frame relay other", LINK_FRELAY, 4, 0, 0, 0, 0, 1, 1, LAYER_NONE, NULL, "18 41 03 81 00"),
	STOPS("frame relay cut", LINK_FRELAY, 1, 0, 0, 0, 0, 0, 39, LAYER_LINK, NULL, "18"),
	FOLLOWED("chdlc direction", LINK_CHDLC_WITH_DIR, 5, 0x800, 4, 0, 0, 0, "00 0f 00 08 00" IPV4_UDP),
	FOLLOWED("pppd", LINK_PPP_PPPD, 4, 0, 4, 0, 0, 0, "01 03 00 21" IPV4_UDP),
	FOLLOWED("fddi", LINK_FDDI, 13, 0x800, 4, 0, 0, 0, "50 40 00 00 00 00 80 40 00 00 00 00 40" SNAP_IPV4),
	STOPS("fddi other", LINK_FDDI, 13, 0, 0, 0, 0, 2, 2, LAYER_NONE, NULL,
	      "41 40 00 00 00 00 80 40 00 00 00 00 40 aa aa"),
	FOLLOWED("token ring", LINK_TOKEN_RING, 14, 0x800, 4, 0, 0, 0,
		 "10 40 02 00 00 00 00 01 02 00 00 00 00 02" SNAP_IPV4),
	FOLLOWED("token ring route", LINK_TOKEN_RING, 18, 0x800, 4, 0, 0, 0,
		 "10 40 02 00 00 00 00 01 82 00 00 00 00 02 04 10 12 30" SNAP_IPV4),
	FOLLOWED("token ring longest route", LINK_TOKEN_RING, 14 + 31, 0x800, 4, 0, 0, 0,
		 "10 40 02 00 00 00 00 01 82 00 00 00 00 02 1f 10" ZEROS_16
		 "00 00 00 00 00 00 00 00 00 00 00 00 00" SNAP_IPV4),
	STOPS("token ring short route", LINK_TOKEN_RING, 14, 0, 0, 0, 0, 2, 2, LAYER_NONE,
	      "token ring route below 2 bytes", "10 40 02 00 00 00 00 01 82 00 00 00 00 02 01 10"),
	STOPS("token ring other", LINK_TOKEN_RING, 14, 0, 0, 0, 0, 1, 1, LAYER_NONE, NULL,
	      "10 00 02 00 00 00 00 01 02 00 00 00 00 02 aa"),
	FOLLOWED("dsa", LINK_DSA_TAG_DSA, 18, 0x800, 4, 0, 0, 0, ETHERNET "c0 00 00 01 08 00" IPV4_UDP),
	FOLLOWED("dsa vlan", LINK_DSA_TAG_DSA, 18, 0x86dd, 6, 1, 0, 0,
		 ETHERNET "c0 00 00 01 81 00 00 05 86 dd" IPV6_UDP),
	FOLLOWED("edsa", LINK_DSA_TAG_EDSA, 22, 0x800, 4, 0, 0, 0, ETHERNET "da da 00 00 c0 00 00 01 08 00" IPV4_UDP),
	FOLLOWED("brcm", LINK_DSA_TAG_BRCM, 18, 0x800, 4, 0, 0, 0, ETHERNET "20 00 00 05 08 00" IPV4_UDP),
	FOLLOWED("brcm prepended", LINK_DSA_TAG_BRCM_PREPEND, 18, 0x800, 4, 0, 0, 0,
		 "20 00 00 05" ETHERNET "08 00" IPV4_UDP),
	STOPS("dsa cut", LINK_DSA_TAG_DSA, 13, 0, 0, 0, 0, 0, 35, LAYER_LINK, NULL, ETHERNET "c0"),
	FOLLOWED("nflog", LINK_NFLOG, 16, 0, 4, 0, 0, 0, "02 00 00 00 05 00 0a 00 00 00 00 00 24 00 09 00" IPV4_UDP),
	FOLLOWED("nflog big", LINK_NFLOG, 8, 0, 6, 0, 0, 0, "0a 00 00 00 00 38 00 09" IPV6_UDP "01 02 03 04"),
	STOPS("nflog bridge", LINK_NFLOG, 8, 0, 0, 0, 0, 2, 2, LAYER_NONE, NULL, "07 00 00 00 06 00 09 00 45 00"),
	STOPS("nflog without packet", LINK_NFLOG, 4, 0, 0, 0, 0, 8, 8, LAYER_NONE, NULL,
	      "02 00 00 00 08 00 0a 00 00 00 00 00"),
	STOPS("nflog field below 4", LINK_NFLOG, 4, 0, 0, 0, 0, 4, 4, LAYER_NONE, NULL, "02 00 00 00 03 00 00 00"),
	FOLLOWED("ppi", LINK_PPI, 8 + 14, 0x800, 4, 0, 0, 0, "00 00 08 00 01 00 00 00" ETHERNET "08 00" IPV4_UDP),
	FOLLOWED("ppi fields", LINK_PPI, 12, 0, 4, 0, 0, 0, "00 00 0c 00 65 00 00 00 01 02 03 04" IPV4_UDP),
	STOPS("ppi in ppi", LINK_PPI, 8, 0, 0, 0, 0, 8, 8, LAYER_NONE, NULL,
	      "00 00 08 00 c0 00 00 00 00 00 08 00 01 00 00 00"),
	STOPS("ppi length", LINK_PPI, 0, 0, 0, 0, 0, 8, 8, LAYER_NONE, "PPI length below 8", "00 00 07 00 01 00 00 00"),
	FOLLOWED("pktap", LINK_PKTAP, 108 + 14, 0x800, 4, 0, 0, 0, PKTAP("6c", "01") ETHERNET "08 00" IPV4_UDP),
	FOLLOWED("pktap raw", LINK_PKTAP, 108, 0, 6, 0, 0, 0, PKTAP("6c", "0c") IPV6_UDP),
	STOPS("pktap length", LINK_PKTAP, 0, 0, 0, 0, 0, 108, 108, LAYER_NONE, "length of the PKTAP header",
	      PKTAP("6b", "01")),
	STOPS("pktap without packet", LINK_PKTAP, 0, 0, 0, 0, 0, 108 + 14, 108 + 14, LAYER_NONE, NULL,
	      PKTAP_RECORD("02", "6c", "01") ETHERNET "08 00"),
	STOPS("pktap ends", LINK_PKTAP, 8, 0, 0, 0, 0, 0, 0, LAYER_NONE, FRAME_ENDS, "6c 00 00 00 01 00 00 00"),
	STOPS("unknown", LINK_UNKNOWN, 0, 0, 0, 0, 0, 3, 3, LAYER_NONE, NULL, "45 00 00"),
};

static void link_level(void **state)
{
	const struct link_case *expected = *state;
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, expected->type, expected->hex, expected->truncated ? 40 : 0);

	assert_int_equal(packet->link.type, expected->type);
	assert_int_equal(packet->link.captured, expected->captured);
	assert_int_equal(link_has(&packet->link, LINK_FIELD_ETHERTYPE), expected->ethertype != 0);
	assert_int_equal(packet->link.ethertype, expected->ethertype);
	assert_int_equal(packet->ip.version, expected->version);
	assert_int_equal(packet->link.vlan_count, expected->vlans);
	assert_int_equal(packet->link.mpls_count, expected->mpls);
	assert_int_equal(link_has(&packet->link, LINK_FIELD_PPPOE_SESSION), expected->session != 0);
	assert_int_equal(packet->link.pppoe_session, expected->session);
	assert_int_equal(packet->udp.present, expected->version != 0);
	assert_int_equal(packet->payload.captured, expected->payload);
	assert_int_equal(packet->payload.length, expected->length);
	assert_int_equal(packet->truncated, expected->truncated);
	assert_sentence(packet->malformed, expected->malformed);
}

/* PPPoE promises more than there is: that is said, and what is there is decoded. */
static void length_beyond(void **state)
{
	struct decoded decoded = {0};
	const struct packet *packet =
		decode_hex(&decoded, LINK_ETHERNET, ETHERNET "88 64 11 00 12 34 01 22 00 21" IPV4_UDP, 0);

	(void)state;
	assert_sentence(packet->malformed, BEYOND);
	assert_int_equal(packet->udp.checksum_status, CHECKSUM_GOOD);
	assert_int_equal(packet->payload.length, 4);
}

/* A file that has more of a frame than it says was on the wire. */
static void longer_than_the_wire(void **state)
{
	static const uint8_t bytes[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6, 0xaa, 0xbb};
	struct decoded decoded = {0};
	const struct packet *packet = decode_bytes(&decoded, LINK_ETHERNET, bytes, sizeof(bytes), 10);

	(void)state;
	assert_null(packet->malformed);
	assert_int_equal(packet->link.ethertype, 0x806);
	assert_int_equal(packet->payload.captured, 2);
	assert_int_equal(packet->payload.length, 2);
}

static void addresses(void **state)
{
	static const uint8_t one[] = {2, 0, 0, 0, 0, 1}, two[] = {2, 0, 0, 0, 0, 2};
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_ETHERNET, ETHERNET "08 06", 0);

	(void)state;
	assert_true(link_has(&packet->link, LINK_FIELD_SOURCE) && link_has(&packet->link, LINK_FIELD_DESTINATION));
	assert_memory_equal(packet->link.source, one, 6);
	assert_memory_equal(packet->link.destination, two, 6);
	packet = decode_hex(&decoded, LINK_ETHERNET, "02 00 00 00 00 02 02", 60);
	assert_true(link_has(&packet->link, LINK_FIELD_DESTINATION));
	assert_false(link_has(&packet->link, LINK_FIELD_SOURCE));
	packet = decode_hex(&decoded, LINK_LINUX_SLL, "00 04 00 01 00 06 02 00 00 00 00 01 00 00 08 06", 0);
	assert_true(link_has(&packet->link, LINK_FIELD_SOURCE) && !link_has(&packet->link, LINK_FIELD_DESTINATION));
	assert_memory_equal(packet->link.source, one, 6);
	packet = decode_hex(&decoded, LINK_LINUX_SLL, "00 04 00 01 00 08 02 00 00 00 00 01 00 00 08 06", 0);
	assert_false(link_has(&packet->link, LINK_FIELD_SOURCE));
	packet =
		decode_hex(&decoded, LINK_LINUX_SLL2, "08 06 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00", 0);
	assert_true(link_has(&packet->link, LINK_FIELD_SOURCE));
	assert_memory_equal(packet->link.source, one, 6);
	packet =
		decode_hex(&decoded, LINK_LINUX_SLL2, "08 06 00 00 00 00 00 02 03 04 00 00 00 00 00 00 00 00 00 00", 0);
	assert_false(link_has(&packet->link, LINK_FIELD_SOURCE));
}

/* From 01 to 02, in the headers of other networks. */
static void other_addresses(void **state)
{
	static const uint8_t one[] = {2, 0, 0, 0, 0, 1}, two[] = {2, 0, 0, 0, 0, 2};
	static const struct {
		uint16_t type;
		const char *hex;
	} rows[] = {
		{LINK_IEEE802_11, "08 00 00 00 02 00 00 00 00 02 02 00 00 00 00 01 02 00 00 00 00 03 00 00"},
		{LINK_IEEE802_11, "08 01 00 00 02 00 00 00 00 03 02 00 00 00 00 01 02 00 00 00 00 02 00 00"},
		{LINK_IEEE802_11, "08 42 00 00 02 00 00 00 00 02 02 00 00 00 00 03 02 00 00 00 00 01 00 00"},
		{LINK_IEEE802_11, "08 03 00 00 02 00 00 00 00 04 02 00 00 00 00 03 02 00 00 00 00 02 00 00 "
				  "02 00 00 00 00 01"},
		{LINK_FDDI, "50 40 00 00 00 00 40 40 00 00 00 00 80"},
		{LINK_TOKEN_RING, "10 40 02 00 00 00 00 02 82 00 00 00 00 01"},
		{LINK_DSA_TAG_DSA, "02 00 00 00 00 02 02 00 00 00 00 01 c0 00 00 01 08 06"},
		{LINK_DSA_TAG_EDSA, "02 00 00 00 00 02 02 00 00 00 00 01 da da 00 00 c0 00 00 01 08 06"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct decoded decoded = {0};
		const struct packet *packet = decode_hex(&decoded, rows[i].type, rows[i].hex, 40);

		assert_true(link_has(&packet->link, LINK_FIELD_SOURCE));
		assert_true(link_has(&packet->link, LINK_FIELD_DESTINATION));
		assert_memory_equal(packet->link.source, one, 6);
		assert_memory_equal(packet->link.destination, two, 6);
	}
}

static void tag_fields(void **state)
{
	static const struct vlan outer = {.tpid = 0x88a8, .id = 0x123, .priority = 7, .dei = false};
	static const struct vlan inner = {.tpid = 0x9100, .id = 0xfff, .priority = 2, .dei = true};
	struct decoded decoded = {0};
	const struct packet *packet = decode_hex(&decoded, LINK_ETHERNET, ETHERNET "88 a8 e1 23 91 00 5f ff 08 06", 0);
	const struct vlan *vlan = packet->link.vlan;

	(void)state;
	assert_int_equal(packet->link.vlan_count, 2);
	assert_true(vlan[0].tpid == outer.tpid && vlan[0].id == outer.id && vlan[0].priority == outer.priority &&
		    vlan[0].dei == outer.dei);
	assert_true(vlan[1].tpid == inner.tpid && vlan[1].id == inner.id && vlan[1].priority == inner.priority &&
		    vlan[1].dei == inner.dei);
}

static void label_fields(void **state)
{
	struct decoded decoded = {0};
	const struct packet *packet =
		decode_hex(&decoded, LINK_ETHERNET, ETHERNET "88 47 ab cd ea 40 00 01 01 ff" IPV4_UDP, 0);
	const struct mpls *mpls = packet->link.mpls;

	(void)state;
	assert_int_equal(packet->link.mpls_count, 2);
	assert_int_equal(mpls[0].label, 0xabcde);
	assert_int_equal(mpls[0].traffic_class, 5);
	assert_int_equal(mpls[0].ttl, 0x40);
	assert_false(mpls[0].bottom);
	assert_int_equal(mpls[1].label, 0x10);
	assert_int_equal(mpls[1].traffic_class, 0);
	assert_int_equal(mpls[1].ttl, 0xff);
	assert_true(mpls[1].bottom);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(cases) + 6] = {
		cmocka_unit_test(length_beyond), cmocka_unit_test(longer_than_the_wire),
		cmocka_unit_test(addresses),     cmocka_unit_test(tag_fields),
		cmocka_unit_test(label_fields),  cmocka_unit_test(other_addresses),
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		tests[i + 6] = (struct CMUnitTest){cases[i].name, link_level, NULL, NULL, (void *)&cases[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
