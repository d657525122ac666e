/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPLAIN_H
#define BPFSNIFF_EXPLAIN_H

#include "filter/offline_filter.h"
#include "packet/annotator.h"
#include "packet/packet.h"

/* The annotator behind --explain: puts into words why the filter has judged a packet as it has. */
struct explainer {
	struct annotator annotator;           /* first, so that one pointer is both */
	const struct offline_filter *offline; /* has judged the packet's frame last */
	struct explanation explanation;
	char text[EXPLANATION_MAX];
};

void explainer_init(struct explainer *explainer, const struct offline_filter *offline);

#endif
