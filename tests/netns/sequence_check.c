/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hold a capture (pcapng, on standard input) of what sequence_send.c has sent against the filters that its sections
 * name: each frame is there exactly once if the filter that was in force accepts its class, and not at all if not.
 *
 *     sequence_check FILTERS CLASSES [SENT]... <CAPTURE
 *
 * FILTERS is a file of lines like "AC --port=1065,1067": the classes that a filter accepts, and its text. CLASSES is
 * the word that the frames were sent with; each SENT is a file that will at the end have what the sender of a stream
 * printed; what a stream without one has sent after its last frame in the capture is not missed. Prints "sections N
 * frames N".
 */
#include <arpa/inet.h>
#include <error.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sequence_frame.h"

enum {
	SECTION = 0x0a0d0d0a, /* pcapng block types */
	INTERFACE = 1,
	ENHANCED_PACKET = 6,
	BLOCK_MAX = 1 << 20,
	IF_FILTER = 11, /* option of an interface block: a zero byte, and the text */
	FILTERS_MAX = 64,
	SECTIONS_MAX = 100000,
	TEXT_MAX = 1024,
};

struct kernel_filter {
	char classes[32];
	char text[TEXT_MAX];
};

/* What is known of the frames of one sender. */
struct stream {
	uint64_t next;  /* the frames before this are explained */
	size_t section; /* where the last one was */
};

struct checker {
	struct kernel_filter filters[FILTERS_MAX];
	size_t filter_count;
	const struct kernel_filter *sections[SECTIONS_MAX]; /* in force; NULL: not said, there are no frames */
	size_t section_count;
	const char *classes;
	struct stream streams[SEQUENCE_STREAMS];
	uint64_t frames;
};

static void read_filters(struct checker *checker, const char *path)
{
	FILE *file = fopen(path, "r");
	struct kernel_filter *filter = checker->filters;

	if (!file)
		error(EXIT_FAILURE, 0, "no file %s", path);
	while (checker->filter_count < FILTERS_MAX &&
	       fscanf(file, "%31s %1023[^\n]", filter->classes, filter->text) == 2) {
		filter++;
		checker->filter_count++;
	}
	fclose(file);
}

static char class_of(const struct checker *checker, uint64_t number)
{
	return checker->classes[number % strlen(checker->classes)];
}

static bool accepts(const struct kernel_filter *filter, char class)
{
	return filter && strchr(filter->classes, class);
}

/* The frames from stream->next up to `number` are not in the capture: the filters of the sections up to the newest must
 * have rejected them, each its part, one after the other. */
static void explain_gap(const struct checker *checker, struct stream *stream, uint64_t number)
{
	for (; stream->section < checker->section_count; stream->section++) {
		const struct kernel_filter *filter = checker->sections[stream->section];

		while (stream->next < number && !accepts(filter, class_of(checker, stream->next)))
			stream->next++;
		if (stream->section + 1 == checker->section_count)
			break;
	}
	if (stream->next < number)
		error(EXIT_FAILURE, 0,
		      "frame %" PRIu64 " of stream %td, class %c, is missing before frame %" PRIu64 " in section %zu",
		      stream->next, stream - checker->streams, class_of(checker, stream->next), number,
		      checker->section_count);
}

static void check_frame(struct checker *checker, const uint8_t *bytes, uint32_t captured)
{
	const struct kernel_filter *filter = checker->sections[checker->section_count - 1];
	struct sequence_frame frame;
	struct stream *stream;
	char class;

	if (captured < sizeof(frame))
		error(EXIT_FAILURE, 0, "a frame of %u bytes", captured);
	memcpy(&frame, bytes, sizeof(frame));
	if (frame.stream >= SEQUENCE_STREAMS)
		error(EXIT_FAILURE, 0, "a frame of stream %u", frame.stream);
	class = (char)(ntohl(frame.ip.saddr) >> 16);
	stream = &checker->streams[frame.stream];
	if (class != class_of(checker, frame.number))
		error(EXIT_FAILURE, 0, "frame %" PRIu64 " is of class %c", frame.number, class);
	if (frame.number < stream->next)
		error(EXIT_FAILURE, 0, "frame %" PRIu64 " of stream %u after %" PRIu64, frame.number, frame.stream,
		      stream->next);
	if (!accepts(filter, class))
		error(EXIT_FAILURE, 0, "frame %" PRIu64 ", class %c, in section %zu, filter '%s'", frame.number, class,
		      checker->section_count, filter ? filter->text : "(not said)");
	explain_gap(checker, stream, frame.number);
	stream->section = checker->section_count - 1;
	stream->next = frame.number + 1;
	checker->frames++;
}

static void start_section(struct checker *checker)
{
	if (checker->section_count == SECTIONS_MAX)
		error(EXIT_FAILURE, 0, "too many sections");
	checker->sections[checker->section_count++] = NULL;
}

static void note_filter(struct checker *checker, const char *text, size_t length)
{
	for (size_t i = 0; i < checker->filter_count; i++) {
		const struct kernel_filter *filter = &checker->filters[i];

		if (strlen(filter->text) == length && !memcmp(filter->text, text, length)) {
			checker->sections[checker->section_count - 1] = filter;
			return;
		}
	}
	error(EXIT_FAILURE, 0, "an unknown filter: %.*s", (int)length, text);
}

static void read_interface(struct checker *checker, const uint8_t *body, size_t length)
{
	for (size_t at = 8; at + 4 <= length;) {
		uint16_t option[2]; /* code, length */

		memcpy(option, body + at, sizeof(option));
		if (option[0] == IF_FILTER)
			note_filter(checker, (const char *)body + at + sizeof(option) + 1, option[1] - 1U);
		at += sizeof(option) + (option[1] + sizeof(uint32_t) - 1) / sizeof(uint32_t) * sizeof(uint32_t);
	}
}

/* One block; false at the end of the capture. */
static bool read_block(struct checker *checker, FILE *file)
{
	static uint8_t body[BLOCK_MAX];
	uint32_t head[2], captured; /* type, length of all of it */

	if (fread(head, sizeof(head), 1, file) != 1)
		return false;
	if (head[1] < 12 || head[1] > BLOCK_MAX || fread(body, head[1] - sizeof(head), 1, file) != 1)
		error(EXIT_FAILURE, 0, "a damaged block");
	switch (head[0]) {
	case SECTION:
		start_section(checker);
		break;
	case INTERFACE:
		read_interface(checker, body, head[1] - 12);
		break;
	case ENHANCED_PACKET:
		memcpy(&captured, body + 12, sizeof(captured));
		check_frame(checker, body + 20, captured);
		break;
	default:
		break;
	}
	return true;
}

static uint64_t read_sent(const char *path)
{
	FILE *file = fopen(path, "r");
	uint64_t sent = 0;

	if (!file || fscanf(file, "%" SCNu64, &sent) != 1)
		error(EXIT_FAILURE, 0, "no number in %s", path);
	fclose(file);
	return sent;
}

int main(int argc, char **argv)
{
	static struct checker checker;

	if (argc < 3 || argc > 3 + SEQUENCE_STREAMS)
		error(EXIT_FAILURE, 0, "sequence_check FILTERS CLASSES [SENT]...");
	read_filters(&checker, argv[1]);
	checker.classes = argv[2];
	while (read_block(&checker, stdin))
		;
	for (int i = 3; i < argc; i++)
		explain_gap(&checker, &checker.streams[i - 3], read_sent(argv[i]));
	printf("sections %zu frames %" PRIu64 "\n", checker.section_count, checker.frames);
	return EXIT_SUCCESS;
}
