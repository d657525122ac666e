/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

enum { ROOM = 4096, UNTOUCHED = 0x5a };

static char room[ROOM + 1];

/* What was written to `room`. */
static const char *written(struct json json)
{
	assert_true(json_fits(json));
	assert_in_range(json.at - room, 0, ROOM);
	*json.at = '\0';
	return room;
}

static struct json started(void)
{
	return json_begin(room, ROOM);
}

static void members(void **state)
{
	static const struct text_word word = TEXT_WORD("good");
	static const uint8_t bytes[] = {0x00, 0x7f, 0xff};
	struct json json = started();

	(void)state;
	json = json_number(json, "zero", 0);
	json = json_number(json, "most", UINT64_MAX);
	json = json_bool(json, "yes", true);
	json = json_bool(json, "no", false);
	json = json_clean_string(json, "clean", "a b");
	json = json_word(json, "word", &word);
	json = json_hex(json, "hex", bytes, sizeof(bytes));
	json = json_hex(json, "none", bytes, 0);
	assert_string_equal(written(json_end(json)),
			    "{\"zero\":0,\"most\":18446744073709551615,\"yes\":true,\"no\":false,\"clean\":\"a b\","
			    "\"word\":\"good\",\"hex\":\"007fff\",\"none\":\"\"}\n");
}

static void nesting(void **state)
{
	struct json json = started();

	(void)state;
	assert_string_equal(written(json_end(json)), "{}\n");
	json = json_open(started(), "empty", "[");
	json = json_close(json, "]");
	json = json_open(json, "objects", "[");
	json = json_close(json_open(json, NULL, "{"), "}");
	json = json_open(json, NULL, "{");
	json = json_number(json, "a", 1);
	json = json_open(json, "b", "{");
	json = json_close(json_number(json, "c", 2), "}");
	json = json_close(json, "}");
	json = json_close(json, "]");
	json = json_open(json, "mixed", "[");
	json = json_number(json, NULL, 3);
	json = json_string(json, NULL, "x");
	json = json_close(json, "]");
	json = json_number(json, "last", 4);
	assert_string_equal(written(json_end(json)), "{\"empty\":[],\"objects\":[{},{\"a\":1,\"b\":{\"c\":2}}],"
						     "\"mixed\":[3,\"x\"],\"last\":4}\n");
}

static void escapes(void **state)
{
	(void)state;
	assert_string_equal(written(json_end(json_string(started(), "s", "a\"\\\n\xc3\xa9\xff"))),
			    "{\"s\":\"a\\\"\\\\\\u000a\xc3\xa9\\ufffd\"}\n");
	assert_string_equal(written(json_end(json_string(started(), "s", ""))), "{\"s\":\"\"}\n");
}

/* A string that ends with a comma or a bracket does not deceive what is written behind it. */
static void punctuation_in_strings(void **state)
{
	struct json json = json_string(json_open(started(), "a", "["), NULL, "{[,");

	(void)state;
	json = json_number(json_close(json, "]"), "b", 1);
	assert_string_equal(written(json_end(json)), "{\"a\":[\"{[,\"],\"b\":1}\n");
}

static void cut_strings(void **state)
{
	(void)state;
	assert_string_equal(written(json_end(json_cut_string(started(), "s", "abc", 3))), "{\"s\":\"abc\"}\n");
	assert_string_equal(written(json_end(json_cut_string(started(), "s", "abcd", 3))), "{\"s\":\"abc...\"}\n");
	assert_string_equal(written(json_end(json_cut_string(started(), "s", "\n\n\n", 7))),
			    "{\"s\":\"\\u000a\\u000a...\"}\n");
	assert_string_equal(written(json_end(json_cut_string(started(), "s", "", 0))), "{\"s\":\"\"}\n");
}

static struct json two_numbers(struct json json)
{
	return json_number(json_number(json, "a", UINT64_MAX), "b", 7);
}

static struct json a_long_key(struct json json)
{
	return json_number(json, "a key that is longer than all the slack that there is behind a member", 7);
}

static struct json a_word(struct json json)
{
	static const struct text_word word = TEXT_WORD("unverified");

	return json_word(json, "w", &word);
}

static struct json booleans(struct json json)
{
	return json_bool(json_bool(json, "t", true), "f", false);
}

static struct json a_clean_string(struct json json)
{
	return json_clean_string(json, "s", "the quick brown fox jumps over the lazy dog");
}

static struct json a_string(struct json json)
{
	return json_string(json, "s", "\x01\x02\x03\x04\x05\x06\x07\x08 the quick brown fox jumps");
}

static struct json a_cut_string(struct json json)
{
	return json_cut_string(json, "s", "\x01\x02\x03\x04\x05\x06\x07\x08 the quick brown fox jumps", 30);
}

static struct json hex(struct json json)
{
	static const uint8_t bytes[40] = {1, 2, 3};

	return json_hex(json, "h", bytes, sizeof(bytes));
}

static struct json nested(struct json json)
{
	json = json_open(json, "a", "[");
	for (int i = 0; i < 5; i++)
		json = json_close(json_number(json_open(json, NULL, "{"), "i", 1), "}");
	return json_close(json, "]");
}

/* The last room goes on brackets, which ask for no more than they take. */
static struct json deep(struct json json)
{
	for (int i = 0; i < 50; i++)
		json = json_open(json, NULL, "[");
	for (int i = 0; i < 50; i++)
		json = json_close(json, "]");
	return json;
}

/* With room of any size: not a byte is written behind it, and either all is there or it is said that it is not. */
static void any_room(void **state)
{
	struct json (*write)(struct json) = *(struct json(**)(struct json)) * state;
	char expected[ROOM + 1];
	size_t length, fitted = 0;

	memcpy(expected, written(json_end(write(started()))), sizeof(expected));
	length = strlen(expected);
	for (size_t size = 0; size < length + 2ul * JSON_SLACK; size++) {
		struct json json;

		memset(room, UNTOUCHED, sizeof(room));
		json = json_end(write(json_begin(room, size)));
		for (size_t i = size; i < sizeof(room); i++)
			assert_int_equal(room[i], UNTOUCHED);
		assert_false(json_fits(json) && size < length);
		assert_true(json_fits(json) || !fitted);
		if (!json_fits(json))
			continue;
		fitted += !fitted ? size : 0;
		assert_int_equal(json.at - room, length);
		assert_memory_equal(room, expected, length);
	}
	assert_in_range(fitted, length, length + JSON_SLACK + TEXT_U64_MAX);
}

/* What does not fit ends it: a shorter member behind it is not written either. */
static void nothing_follows_a_gap(void **state)
{
	struct json json = json_begin(room, 40);

	(void)state;
	json = json_number(json, "number", 1);
	assert_false(json_fits(json));
	assert_false(json_fits(json_number(json, "a", 1)));
	assert_false(json_fits(json_close(json, "}")));
	assert_false(json_fits(json_string_close(json_hex_part(json_string_open(json, "h"), NULL, 0))));
	assert_false(json_fits(json_string(json, "s", "")));
	assert_false(json_fits(json_cut_string(json, "s", "a", 0)));
	assert_false(json_fits(json_end(json)));
	assert_true(json_fits(json_number(json_begin(room, 64), "number", 1)));
}

/* A string that is longer than each of its rooms: nothing is lost between them, and no room is overrun. */
static void a_string_in_parts(void **state)
{
	static const char string[] = "\x01\xc3\xa9 plain \"quoted\" \xff and \xf0\x9f\x90\xa7, all of it\n";
	char whole[ROOM + 1];

	(void)state;
	memcpy(whole, written(json_end(json_string(started(), "s", string))), sizeof(whole));
	for (size_t size = 8; size < 64; size++) {
		const char *from = string, *end = string + sizeof(string) - 1;
		struct json json = json_string_open(started(), "s");

		while (from < end) {
			struct json part = json_continue(json.at, size);

			memset(part.at, UNTOUCHED, (size_t)(room + ROOM - part.at));
			json = json_string_part(part, &from, end);
			assert_in_range(json.at - part.at, 1, size - JSON_STRING_END);
			for (const char *at = part.end; at < room + ROOM; at++)
				assert_int_equal(*at, UNTOUCHED);
		}
		json = json_string_close(json);
		json.end = room + ROOM;
		assert_string_equal(written(json_end(json)), whole);
	}
}

int main(void)
{
	static struct json (*const writers[])(struct json) = {
		two_numbers, a_long_key, a_word, booleans, a_clean_string, a_string, a_cut_string, hex, nested, deep,
	};
	enum { WRITERS = sizeof(writers) / sizeof(writers[0]), OTHERS = 7 };
	struct CMUnitTest tests[OTHERS + WRITERS] = {
		cmocka_unit_test(members),           cmocka_unit_test(nesting),
		cmocka_unit_test(escapes),           cmocka_unit_test(punctuation_in_strings),
		cmocka_unit_test(cut_strings),       cmocka_unit_test(nothing_follows_a_gap),
		cmocka_unit_test(a_string_in_parts),
	};

	for (size_t i = 0; i < WRITERS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){"any_room", any_room, NULL, NULL, (void *)&writers[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
