/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_TOP_TEXT_H
#define BPFSNIFF_FLOW_TOP_TEXT_H

#include "base/text_builder.h"
#include "flow/flow_top.h"

enum { TOP_NAME_MAX = 256 }; /* bytes of a name, with its end */

/* Append what a row is about: both ends of a flow, with their processes where these are known; an address; a protocol
 * and port; a process. With `protocol`, that of a flow stands in front. */
void top_text_name(struct text_builder *line, const struct top *top, const struct top_row *row, bool protocol);

/* Whether the text of a row has all of these words. */
bool top_text_has(const struct top *top, const struct top_row *row, const char *words);

#endif
