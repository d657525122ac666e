/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FULL_OWNER_H
#define BPFSNIFF_FULL_OWNER_H

#include "packet/packet_owner.h"
#include "print/color.h"

enum { FULL_OWNER_MAX = 2048 }; /* bytes of the text of both ends */

/* Append a line for each end of a packet with all that is known of its process. Returns the new end. */
char *full_owner(char *at, const struct palette *palette, const struct packet_owner *owner);

#endif
