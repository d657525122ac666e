/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/foreign_format.h"

#include <stdbool.h>
#include <string.h>

/* What editcap(1) of Wireshark reads. */
#define CONVERT ": editcap FILE NEW.pcapng converts it"

static const struct signature {
	const char *bytes;
	size_t length;
	const char *what;
} signatures[] = {
	{"\xfd"
	 "7zXZ",
	 6, "compressed with xz: xz -dc FILE | bpfsniff -r -"},
	{"\x04\x22\x4d\x18", 4, "compressed with lz4: lz4 -dc FILE | bpfsniff -r -"},
	{"BZh", 3, "compressed with bzip2: bzip2 -dc FILE | bpfsniff -r -"},
	{"LZIP", 4, "compressed with lzip: lzip -dc FILE | bpfsniff -r -"},
	{"\x1f\x9d", 2, "compressed with compress: gzip -dc FILE | bpfsniff -r -"},
	{"PK\3\4", 4, "a zip archive: unzip -p FILE | bpfsniff -r -"},
	{"7z\xbc\xaf\x27\x1c", 6, "a 7z archive: 7z x -so FILE | bpfsniff -r -"},
	{"snoop\0\0", 8, "a snoop file" CONVERT},
	{"btsnoop", 8, "a btsnoop file" CONVERT},
	{"GMBU", 4, "a Microsoft Network Monitor file" CONVERT},
	{"RTSS", 4, "a Microsoft Network Monitor file" CONVERT},
	{"iptrace ", 8, "an iptrace file" CONVERT},
	{"TRSNIFF data", 12, "a Sniffer file" CONVERT},
	{"XCP", 4, "a NetXRay file" CONVERT},
};

static uint32_t big16(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* The seconds since 1970 of an ERF timestamp, which counts 2^-32 seconds in little-endian order. */
static uint32_t erf_seconds(const uint8_t *record)
{
	return record[4] | (uint32_t)record[5] << 8 | (uint32_t)record[6] << 16 | (uint32_t)record[7] << 24;
}

/* ERF has no magic number, but its records chain up: time, type, flags, record length, drops, wire length. Two in a row
 * within a day, or one that is the whole file, are no accident. A clock that was never set counts from 0. */
static bool is_erf(const uint8_t *start, size_t length)
{
	enum { HEADER = 16, TYPE_MAX = 48, DAY = 86400, YEAR_1990 = 631152000 };
	const uint8_t *second;
	uint32_t size, type;

	if (length < HEADER)
		return false;
	type = start[8] & 0x7f;
	size = big16(start + 10);
	if (type == 0 || type > TYPE_MAX || size < HEADER)
		return false;
	if (erf_seconds(start) > DAY && erf_seconds(start) < YEAR_1990)
		return false;
	if (length < (size_t)size + HEADER)
		return length == size;
	second = start + size;
	return (second[8] & 0x7f) <= TYPE_MAX && big16(second + 10) >= HEADER &&
	       erf_seconds(second) + DAY - erf_seconds(start) <= 2 * DAY;
}

const char *foreign_format(const uint8_t *start, size_t length)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(*signatures); i++) {
		const struct signature *known = &signatures[i];

		if (length >= known->length && memcmp(start, known->bytes, known->length) == 0)
			return known->what;
	}
	return is_erf(start, length) ? "an ERF file" CONVERT : NULL;
}
