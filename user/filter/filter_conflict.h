/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FILTER_CONFLICT_H
#define BPFSNIFF_FILTER_CONFLICT_H

#include <stdbool.h>
#include <stddef.h>

#include "filter/filter_spec.h"

enum { FILTER_CONFLICT_MAX = 512 }; /* bytes of a sentence, terminator included */

/* Parts of a filter that no packet can satisfy together. */

/*
 * Whether the options contradict each other or the expression (NULL: none), where that is certain; then `why` names
 * them and says what to change. `hidden`: the expression may not be quoted. Call it after filter_spec_finish(). It may
 * look up the names of the expression.
 */
bool filter_conflict(const struct filter_spec *spec, const char *expression, bool hidden,
		     char why[FILTER_CONFLICT_MAX]);

/* If no list of protocols has been given, and no TCP or UDP packet can satisfy the expression (NULL: none), keep every
 * frame. Whether that has happened. */
bool filter_open_protocols(struct filter_spec *spec, const char *expression);

/* Whether the default of --protocol rejects packets that the expression may match. */
bool filter_narrows_expression(const struct filter_spec *spec, const char *expression);

/* Whether it rejects packets of a protocol that the expression names. */
bool filter_hides_named(const struct filter_spec *spec, const char *expression);

#endif
