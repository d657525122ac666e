/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/time_units.h"

void flow_text_address(char text[FLOW_ADDRESS_MAX], const uint8_t *address, uint8_t version)
{
	if (version == 4)
		*text_ipv4(text, address + 12) = '\0';
	else
		*text_ipv6(text, address) = '\0';
}

void flow_text_time(char text[FLOW_TIME_MAX], int64_t ns)
{
	int64_t fraction = ns % NSEC_PER_SEC;
	time_t seconds = (time_t)(ns / NSEC_PER_SEC);
	char date[32] = "";
	struct tm tm;

	if (fraction < 0) { /* before 1970 */
		fraction += NSEC_PER_SEC;
		seconds--;
	}
	if (gmtime_r(&seconds, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, FLOW_TIME_MAX, "%s.%09dZ", date, (int)fraction);
}

void flow_text_sums(char *text, size_t size, const struct flow_sums *sums)
{
	snprintf(text, size,
		 "%" PRIu64 " flows: packets %" PRIu64 " + evicted %" PRIu64 ", bytes %" PRIu64 " + evicted %" PRIu64,
		 sums->count, sums->packets, sums->evicted_packets, sums->bytes, sums->evicted_bytes);
}
