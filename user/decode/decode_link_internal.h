/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DECODE_LINK_INTERNAL_H
#define BPFSNIFF_DECODE_LINK_INTERNAL_H

#include "decode/decode_internal.h"

/* For decode_link*.c only. */

/* The next `size` bytes of what stands in front of IP, as far as they are there; what is missing is said. */
struct header link_pull(struct packet *packet, struct cursor *cursor, uint32_t size);

/* Addresses of 6 bytes; NULL: not captured. */
void link_set_source(struct link_header *link, const uint8_t *bytes);
void link_set_destination(struct link_header *link, const uint8_t *bytes);

/* LLC, and SNAP behind it. */
enum network link_llc(struct packet *packet, struct cursor *cursor);

/* IEEE 802.3, 3.1.1 */
enum network link_ethernet(struct packet *packet, struct cursor *cursor);

/* Headers of the link types that name them, after whatever else a frame may begin with. */
enum network link_fddi(struct packet *packet, struct cursor *cursor);
enum network link_token_ring(struct packet *packet, struct cursor *cursor);
enum network link_frame_relay(struct packet *packet, struct cursor *cursor);
enum network link_dsa(struct packet *packet, struct cursor *cursor);
enum network link_edsa(struct packet *packet, struct cursor *cursor);
enum network link_brcm_prepend(struct packet *packet, struct cursor *cursor);
enum network link_ieee80211(struct packet *packet, struct cursor *cursor);
enum network link_prism(struct packet *packet, struct cursor *cursor);
enum network link_radiotap(struct packet *packet, struct cursor *cursor);
enum network link_nflog(struct packet *packet, struct cursor *cursor);

/* Step over a header that says what link type stands behind it; LINK_UNKNOWN: it says none that can. */
uint16_t link_pktap(struct packet *packet, struct cursor *cursor);
uint16_t link_ppi(struct packet *packet, struct cursor *cursor);

/* Little-endian numbers. */
static inline uint16_t load16_little(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t load32_little(const uint8_t *bytes)
{
	return load16_little(bytes) | (uint32_t)load16_little(bytes + 2) << 16;
}

#endif
