/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_HOST_CONFLICT_H
#define BPFSNIFF_HOST_CONFLICT_H

#include <stdbool.h>

#include "filter/filter_conflict.h"

/* Lists of addresses that no packet can satisfy, by themselves or together with an expression. */

/* Whether the lists leave no address; `why` is the sentence that says so. */
bool host_conflict(const struct filter_spec *spec, char why[FILTER_CONFLICT_MAX]);

/* Whether no packet that matches the expression has an address in one of the lists; `name` is that one: "--host=::1".
 */
bool host_expression_conflict(const struct filter_spec *spec, const char *expression, char name[FILTER_CONFLICT_MAX]);

/* Whether an expression matches only packets of this filter from or to loopback addresses. */
bool host_expression_is_loopback(const struct filter_spec *spec, const char *expression);

#endif
