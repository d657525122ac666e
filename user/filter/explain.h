/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPLAIN_H
#define BPFSNIFF_EXPLAIN_H

#include "filter/offline_filter.h"
#include "packet/annotator.h"
#include "packet/packet.h"

/* The annotator behind --explain: says why the filter accepted or rejected a packet. */
struct explainer {
	struct annotator annotator;           /* first, so that one pointer is both */
	const struct offline_filter *offline; /* the packet's frame is the last that it judged */
	struct explanation explanation;
	char text[EXPLANATION_MAX];
};

void explainer_init(struct explainer *explainer, const struct offline_filter *offline);

#endif
