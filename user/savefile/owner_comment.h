/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OWNER_COMMENT_H
#define BPFSNIFF_OWNER_COMMENT_H

#include <stddef.h>
#include <stdint.h>

#include "packet/annotator.h"
#include "packet/packet_owner.h"

/*
 * The processes at the ends of a packet, as comments of a packet in a pcapng file: one for each end where something is
 * known, of lines such as "PID: 812". The first lines are those of ptcpdump's files, and Wireshark shows them.
 */

enum {
	OWNER_COMMENT_MAX = 640, /* bytes of a comment */
	OWNER_COMMENTS_MAX = 2 * (OWNER_COMMENT_MAX + 8),
};

/* Write them as options of a packet (draft-ietf-opsawg-pcapng section 3.5). Returns how many bytes they take, a
 * multiple of four. */
size_t owner_comments_write(const struct packet_owner *owner, uint8_t options[OWNER_COMMENTS_MAX]);

/* Sets packet->owner of the packets of a file that have such comments. */
struct owner_comments {
	struct annotator annotator; /* first, so that one pointer is both */
	struct packet_owner owner;
	char texts[2][OWNER_COMMENT_MAX + 1]; /* which the owner points into */
};

void owner_comments_init(struct owner_comments *comments);

#endif
