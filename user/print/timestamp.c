/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/timestamp.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/time_units.h"

static const struct calendar {
	struct tm *(*broken_down)(const time_t *second, struct tm *tm);
	const char *format; /* of strftime(3) */
	char zone;          /* follows it; NUL: none */
} calendars[] = {
	[TIME_CLOCK] = {localtime_r, "%H:%M:%S.", '\0'},
	[TIME_DATE] = {localtime_r, "%Y-%m-%d %H:%M:%S.", '\0'},
	[TIME_RFC3339] = {gmtime_r, "%Y-%m-%dT%H:%M:%S.", 'Z'},
};

void timestamp_init(struct timestamp *timestamp, enum time_style style)
{
	*timestamp = (struct timestamp){.style = style};
	tzset();
}

/* The nanoseconds of a second, cut to microseconds where that is asked for. */
static char *fraction_text(const struct timestamp *timestamp, char *at, uint64_t ns)
{
	at = text_9_digits(at, (uint32_t)ns);
	return timestamp->micro ? at - 3 : at;
}

static char *calendar_text(struct timestamp *timestamp, char *at, int64_t time_ns)
{
	const struct calendar *calendar = &calendars[timestamp->style];
	time_t second = time_ns / NSEC_PER_SEC;
	int64_t fraction = time_ns % NSEC_PER_SEC;

	if (fraction < 0) {
		second--;
		fraction += NSEC_PER_SEC;
	}
	if (second != timestamp->second || !timestamp->length) {
		struct tm tm;

		calendar->broken_down(&second, &tm);
		timestamp->second = second;
		timestamp->length = strftime(timestamp->text, sizeof(timestamp->text), calendar->format, &tm);
	}
	memcpy(at, timestamp->text, sizeof(timestamp->text));
	at = fraction_text(timestamp, at + timestamp->length, (uint64_t)fraction);
	*at = calendar->zone;
	return at + (calendar->zone != '\0');
}

/* The time from one moment to another, with the sign apart, as the difference of two int64_t may not fit in one. */
static uint64_t distance(char **at, int64_t from, int64_t to)
{
	if (to >= from)
		return (uint64_t)to - (uint64_t)from;
	*(*at)++ = '-';
	return (uint64_t)from - (uint64_t)to;
}

static char *seconds_text(const struct timestamp *timestamp, char *at, int64_t time_ns)
{
	uint64_t ns = distance(&at, 0, time_ns);

	at = text_u64(at, ns / NSEC_PER_SEC);
	*at++ = '.';
	return fraction_text(timestamp, at, ns % NSEC_PER_SEC);
}

/* From the reference: HH:MM:SS.nnnnnnnnn; hours take more digits from 100 on. */
static char *interval_text(const struct timestamp *timestamp, char *at, int64_t to)
{
	uint64_t ns = distance(&at, timestamp->reference, to);
	uint64_t seconds = ns / NSEC_PER_SEC;
	uint64_t hours = seconds / 3600;

	at = hours < 100 ? text_2_digits(at, (uint32_t)hours) : text_u64(at, hours);
	*at++ = ':';
	at = text_2_digits(at, seconds / 60 % 60);
	*at++ = ':';
	at = text_2_digits(at, seconds % 60);
	*at++ = '.';
	return fraction_text(timestamp, at, ns % NSEC_PER_SEC);
}

static char *relative_text(struct timestamp *timestamp, char *at, int64_t time_ns)
{
	if (!timestamp->started)
		timestamp->reference = time_ns;
	timestamp->started = true;
	at = interval_text(timestamp, at, time_ns);
	if (timestamp->style == TIME_DELTA)
		timestamp->reference = time_ns;
	return at;
}

char *timestamp_text(struct timestamp *timestamp, char *at, int64_t time_ns)
{
	switch (timestamp->style) {
	case TIME_NONE:
		return at;
	case TIME_EPOCH:
		return seconds_text(timestamp, at, time_ns);
	case TIME_DELTA:
	case TIME_ELAPSED:
		return relative_text(timestamp, at, time_ns);
	default:
		return calendar_text(timestamp, at, time_ns);
	}
}
