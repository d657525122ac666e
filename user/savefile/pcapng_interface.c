/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>

#include "base/time_units.h"
#include "savefile/pcap_format.h"
#include "savefile/reader_internal.h"

enum {
	RESOLUTION_BINARY = 0x80, /* a power of two instead of ten */
	RESOLUTION_DEFAULT = 6,
};

int pcapng_next_option(struct reader *reader, struct pcapng_options *options, struct pcapng_option_value *option)
{
	size_t left = options->end - options->next;
	struct pcapng_option header;

	if (left < sizeof(header))
		return 0;
	memcpy(&header, options->next, sizeof(header));
	option->code = host16(reader, header.code);
	option->length = host16(reader, header.length);
	option->bytes = options->next + sizeof(header);
	if (option->code == OPTION_END)
		return 0;
	left -= sizeof(header);
	if (option->length + pcapng_padding(option->length) > left)
		return reader_damage(reader, "a block with an option of %u bytes where %zu are left", option->length,
				     left);
	options->next = option->bytes + option->length + pcapng_padding(option->length);
	return 1;
}

/* 10^exponent, for an exponent below 20. */
static uint64_t power_of_ten(unsigned int exponent)
{
	uint64_t power = 1;

	while (exponent--)
		power *= 10;
	return power;
}

/* if_tsresol, draft-ietf-opsawg-pcapng section 4.2: one unit is 10^-exponent or 2^-exponent seconds. */
static void set_resolution(struct time_unit *unit, uint8_t resolution)
{
	unsigned int exponent = resolution & ~RESOLUTION_BINARY;

	unit->multiplier = NSEC_PER_SEC;
	unit->divisor = 1;
	unit->shift = 0;
	if (resolution & RESOLUTION_BINARY) {
		unit->shift = exponent;
	} else if (exponent <= 9) {
		unit->multiplier = power_of_ten(9 - exponent);
	} else if (exponent - 9 < 20) {
		unit->multiplier = 1;
		unit->divisor = power_of_ten(exponent - 9);
	} else {
		unit->multiplier = 0; /* 2^64 such units are less than a nanosecond */
	}
}

/* Read name, resolution and offset. 0 or -EBADMSG. */
static int read_options(struct reader *reader, struct pcapng_options *options, struct time_unit *unit,
			struct pcapng_option_value *name)
{
	struct pcapng_option_value option;
	uint64_t seconds;
	int ret;

	while ((ret = pcapng_next_option(reader, options, &option)) == 1) {
		if (option.code == INTERFACE_NAME) {
			*name = option;
		} else if (option.code == INTERFACE_RESOLUTION) {
			if (option.length != 1)
				return reader_damage(reader, "a time resolution of %u bytes, not 1", option.length);
			set_resolution(unit, option.bytes[0]);
		} else if (option.code == INTERFACE_OFFSET) {
			if (option.length != sizeof(seconds))
				return reader_damage(reader, "a time offset of %u bytes, not 8", option.length);
			memcpy(&seconds, option.bytes, sizeof(seconds));
			unit->offset_ns = (__int128)(int64_t)host64(reader, seconds) * NSEC_PER_SEC;
		}
	}
	return ret;
}

int pcapng_read_interface(struct reader *reader, const uint8_t *body, size_t length)
{
	struct pcapng_interface header;
	struct pcapng_options options = {body + sizeof(header), body + length};
	struct pcapng_option_value name = {0};
	struct file_interface described = {0};
	int ret;

	memcpy(&header, body, sizeof(header));
	described.interface.link_type = host16(reader, header.link_type);
	described.interface.snaplen = host32(reader, header.snaplen);
	set_resolution(&described.unit, RESOLUTION_DEFAULT);
	ret = read_options(reader, &options, &described.unit, &name);
	if (ret < 0)
		return ret;
	return reader_add_interface(reader, &described, (const char *)name.bytes, name.length);
}
