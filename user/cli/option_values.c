/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/time_units.h"
#include "cli/option_internal.h"

error_t option_refuse(int key, const char *word, const char *advice)
{
	log_line("%s: '%s' %s", option_typed(key), word, advice);
	return EINVAL;
}

error_t option_number(int key, const char *word, uint64_t min, uint64_t max, uint64_t *number)
{
	char *end, advice[96];

	errno = 0;
	*number = strtoull(word, &end, 10);
	if (*word >= '0' && *word <= '9' && !*end && !errno && *number >= min && *number <= max)
		return 0;
	snprintf(advice, sizeof(advice), "is not a number from %llu to %llu", (unsigned long long)min,
		 (unsigned long long)max);
	return option_refuse(key, word, advice);
}

error_t option_seconds(int key, const char *word, uint64_t *ns)
{
	char *end;
	double seconds = strtod(word, &end);

	if (end == word || *end || !isfinite(seconds) || seconds < 1e-9 || seconds > 1e9)
		return option_refuse(key, word, "is not a number of seconds above 0, such as 2 or 0.5");
	*ns = (uint64_t)(seconds * NSEC_PER_SEC + 0.5);
	return 0;
}
