/* SPDX-License-Identifier: BSD-2-Clause */
#include "print/header_options.h"

#include "header_option.h"

char *header_option_hex(char *at, const uint8_t *bytes, unsigned int length)
{
	if (!length)
		return at;
	*at++ = ' ';
	return text_hex_bytes(at, bytes, length);
}

char *header_option_number(char *at, const uint8_t *bytes, unsigned int length)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < length; i++)
		value = value << 8 | bytes[i];
	return text_field(at, " ", value);
}

static const struct header_option *find(const struct header_option *known, size_t count, uint8_t kind)
{
	for (size_t i = 0; i < count; i++)
		if (known[i].kind == kind)
			return &known[i];
	return NULL;
}

static char *option_name(char *at, const struct header_option *option, uint8_t kind)
{
	return option ? text_word(at, &option->name) : text_field(at, "option ", kind);
}

/* Zeros behind the end of the option list mean nothing; anything else there is shown. */
static char *end_of_list(char *at, const uint8_t *bytes, unsigned int count)
{
	at = text_string(at, "eol");
	for (unsigned int i = 0; i < count; i++)
		if (bytes[i])
			return header_option_hex(text_string(at, ", padding"), bytes, count);
	return at;
}

/* The length of the option at `bytes`; 0: it is impossible. Of the `left` bytes of the list, `captured` are here. */
static unsigned int option_length(const struct header_option *option, const uint8_t *bytes, unsigned int captured,
				  unsigned int left)
{
	if (left < 2)
		return 0;
	if (captured < 2)
		return 2;
	if (bytes[1] < 2 || bytes[1] > left)
		return 0;
	if (option && (bytes[1] < option->length_min || bytes[1] > option->length_max))
		return 0;
	return bytes[1];
}

static char *malformed(char *at, const struct header_option *option, const uint8_t *bytes, unsigned int captured)
{
	at = option_name(text_string(at, "[malformed: "), option, bytes[0]);
	at = captured < 2 ? text_string(at, " without length") : text_field(at, " length ", bytes[1]);
	*at++ = ']';
	return header_option_hex(at, bytes, captured);
}

char *header_options_text(char *at, const struct header_option *known, size_t known_count, const uint8_t *options,
			  unsigned int captured, unsigned int length)
{
	unsigned int option_end;

	for (unsigned int start = 0; start < captured; start = option_end) {
		const uint8_t *bytes = options + start;
		unsigned int here = captured - start;

		if (start)
			at = text_string(at, ", ");
		if (bytes[0] == HEADER_OPTION_END)
			return end_of_list(at, bytes + 1, here - 1);
		option_end = start + 1;
		if (bytes[0] == HEADER_OPTION_NO_OPERATION) {
			at = text_string(at, "nop");
			continue;
		}

		const struct header_option *option = find(known, known_count, bytes[0]);
		unsigned int size = option_length(option, bytes, here, length - start);

		if (!size)
			return malformed(at, option, bytes, here);
		at = option_name(at, option, bytes[0]);
		if (size > here)
			return here > 2 ? header_option_hex(at, bytes + 2, here - 2) : at;
		at = (option && option->value ? option->value : header_option_hex)(at, bytes + 2, size - 2);
		option_end = start + size;
	}
	return at;
}
