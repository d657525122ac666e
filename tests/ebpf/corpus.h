/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CORPUS_H
#define BPFSNIFF_CORPUS_H

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "packet/frame.h"
#include "run_filter.h"
#include "savefile/savefile_read.h"

/* The captures and expressions to test against. Included by the tests, after cmocka.h. */

#define CORPUS "../shared/corpus/"

enum { CORPUS_LINE = 512, CORPUS_FRAMES = 32768, CORPUS_SKIP = 77 };

/* A frame of the corpus, cut to what a test run accepts. */
struct sample {
	uint16_t link_type;
	struct frame frame;
	uint8_t bytes[];
};

/* All frames of the corpus, sorted by link type; filled in by corpus_read(). */
static struct sample *samples[CORPUS_FRAMES];
static size_t sample_count;

static inline bool same_sample(const struct sample *a, const struct sample *b)
{
	return a->link_type == b->link_type && a->frame.captured == b->frame.captured &&
	       memcmp(a->bytes, b->bytes, a->frame.captured) == 0;
}

static inline uint32_t hash(const struct sample *sample)
{
	uint32_t value = 2166136261u ^ sample->link_type; /* FNV-1a */

	for (uint32_t i = 0; i < sample->frame.captured; i++)
		value = (value ^ sample->bytes[i]) * 16777619u;
	return value;
}

/* Link types of interfaces, and those with similar programs. For others, libpcap compiles some expressions without any
 * load. */
static inline bool known_link_type(uint16_t link_type)
{
	static const uint16_t known[] = {
		LINK_NULL,      LINK_ETHERNET,         LINK_PPP,
		LINK_PPP_HDLC,  LINK_RAW_BSD,          LINK_RAW,
		LINK_CHDLC,     LINK_IEEE802_11,       LINK_LOOP,
		LINK_LINUX_SLL, LINK_LINUX_SLL2,       LINK_IPV4,
		LINK_IPV6,      LINK_IEEE802_11_PRISM, LINK_IEEE802_11_RADIOTAP,
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == link_type)
			return true;
	return false;
}

/* Add a frame unless it is already there: until all are added, samples[] is a hash table. */
static inline void add_sample(const struct frame *frame)
{
	uint32_t length = frame->captured < RUN_FRAME_MAX ? frame->captured : RUN_FRAME_MAX;
	struct sample *sample = malloc(sizeof(*sample) + length);
	uint32_t slot;

	assert_non_null(sample);
	memcpy(sample->bytes, frame->bytes, length);
	sample->link_type = frame->interface->link_type;
	sample->frame = (struct frame){.bytes = sample->bytes, .captured = length, .length = length};
	slot = hash(sample) % CORPUS_FRAMES;
	while (samples[slot] && !same_sample(samples[slot], sample))
		slot = (slot + 1) % CORPUS_FRAMES;
	if (samples[slot]) {
		free(sample);
		return;
	}
	assert_in_range(++sample_count, 1, CORPUS_FRAMES - 1);
	samples[slot] = sample;
}

static inline int by_link_type(const void *a, const void *b)
{
	const struct sample *const *left = a;
	const struct sample *const *right = b;

	if (!*left || !*right)
		return !*left - !*right;
	return (*left)->link_type - (*right)->link_type;
}

static inline void read_capture(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	struct source *source = savefile_read_open(fd, name);
	struct frame frame;

	assert_non_null(source);
	while (source->next(source, &frame) == 1)
		if (frame.captured > 0 && known_link_type(frame.interface->link_type))
			add_sample(&frame);
	savefile_read_close(source);
	close(fd);
}

/* The corpus is not part of the repository. run.sh takes the exit status 77 with this line of TAP for "skipped". */
static inline bool corpus_is_missing(void)
{
	if (!access(CORPUS "captures", F_OK))
		return false;
	puts("1..0 # SKIP no captures in " CORPUS);
	return true;
}

static inline void corpus_read(void)
{
	DIR *directory = opendir(CORPUS "captures");

	assert_non_null(directory);
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		if (entry->d_name[0] != '.')
			read_capture(dirfd(directory), entry->d_name);
	closedir(directory);
	qsort(samples, CORPUS_FRAMES, sizeof(samples) / CORPUS_FRAMES, by_link_type);
	assert_in_range(sample_count, 10000, CORPUS_FRAMES);
}

static inline void corpus_free(void)
{
	for (size_t i = 0; i < sample_count; i++)
		free(samples[i]);
}

/* The end of the samples with the link type of sample `first`. */
static inline size_t corpus_end(size_t first)
{
	size_t end = first;

	while (end < sample_count && samples[end]->link_type == samples[first]->link_type)
		end++;
	return end;
}

/* The next line of a file without its newline, or NULL at the end. */
static inline char *corpus_line(FILE *file, char line[CORPUS_LINE])
{
	if (!fgets(line, CORPUS_LINE, file))
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

#endif
