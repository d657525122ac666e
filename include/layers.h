/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_LAYERS_H
#define BPFSNIFF_LAYERS_H

/* How far a frame is followed, by the filter and by the decoder. */
enum {
	LINK_LAYERS_MAX = 12, /* VLAN tags, LLC and PPPoE headers and MPLS labels together */
	EXTENSIONS_MAX = 12,  /* IPv6 extension headers, AH among them */
};

#endif
