/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OWNER_TEXT_H
#define BPFSNIFF_OWNER_TEXT_H

#include "packet/packet_owner.h"

/* The processes at the ends of a packet, as text. */

enum { OWNER_TEXT_MAX = 256 }; /* the longest text of each function below */

/* The process at one end, behind a blank: " (curl[812])", " (nginx[33], bound)", " (kernel)"; a word behind the
 * process says how it is known, where it is not known exactly. Nothing where none is known. Returns the new end. */
char *owner_short(char *at, const struct end_owner *owner);

/* Both: " (curl[812]) > (nginx[33])", or the one that is known: " (curl[812]) >", " > (nginx[33])". */
char *owner_brief(char *at, const struct packet_owner *owner);

#endif
