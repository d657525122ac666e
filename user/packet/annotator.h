/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_ANNOTATOR_H
#define BPFSNIFF_ANNOTATOR_H

struct packet;

/* Knows more about a packet than its bytes say. Annotators run in the order of their list, between decode() and the
 * sinks, and see each packet that a sink will see, in the order of the source. */
struct annotator {
	/* Point packet to what is known of it, which stays valid until the next call; leave NULL what is not. Neither
	 * allocates nor fails. */
	void (*annotate)(struct annotator *annotator, struct packet *packet);
};

#endif
