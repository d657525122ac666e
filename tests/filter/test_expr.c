/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "expr.h"
#include "pcap_read.h"
#include "run_filter.h"

/*
 * Every expression of the corpus on every frame of the corpus: what the translated program says in the kernel is what
 * libpcap's interpreter says.
 */

#define CORPUS "../shared/corpus/"

enum { LINE_MAX_BYTES = 512, FRAMES_MAX = 32768 };

/* A frame of the corpus, cut to what a test run takes. */
struct sample {
	uint16_t link_type;
	struct frame frame;
	uint8_t bytes[];
};

static struct sample *samples[FRAMES_MAX];
static size_t sample_count;

static bool same_sample(const struct sample *a, const struct sample *b)
{
	return a->link_type == b->link_type && a->frame.captured == b->frame.captured &&
	       memcmp(a->bytes, b->bytes, a->frame.captured) == 0;
}

static uint32_t hash(const struct sample *sample)
{
	uint32_t value = 2166136261u ^ sample->link_type; /* FNV-1a */

	for (uint32_t i = 0; i < sample->frame.captured; i++)
		value = (value ^ sample->bytes[i]) * 16777619u;
	return value;
}

/* Each different frame once: the table is its own hash table until all are in. */
static void add_sample(const struct frame *frame)
{
	uint32_t length = frame->captured < RUN_FRAME_MAX ? frame->captured : RUN_FRAME_MAX;
	struct sample *sample = malloc(sizeof(*sample) + length);
	uint32_t slot;

	assert_non_null(sample);
	memcpy(sample->bytes, frame->bytes, length);
	sample->link_type = frame->interface->link_type;
	sample->frame = (struct frame){.bytes = sample->bytes, .captured = length, .length = length};
	slot = hash(sample) % FRAMES_MAX;
	while (samples[slot] && !same_sample(samples[slot], sample))
		slot = (slot + 1) % FRAMES_MAX;
	if (samples[slot]) {
		free(sample);
		return;
	}
	assert_in_range(++sample_count, 1, FRAMES_MAX - 1);
	samples[slot] = sample;
}

static int by_link_type(const void *a, const void *b)
{
	const struct sample *const *left = a;
	const struct sample *const *right = b;

	if (!*left || !*right)
		return !*left - !*right;
	return (*left)->link_type - (*right)->link_type;
}

static void read_capture(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	struct source *source = pcap_read_open(fd, name);
	struct frame frame;

	assert_non_null(source);
	while (source->next(source, &frame) == 1)
		if (frame.captured > 0)
			add_sample(&frame);
	pcap_read_close(source);
	close(fd);
}

static void read_captures(void)
{
	DIR *directory = opendir(CORPUS "captures");

	assert_non_null(directory);
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
		if (entry->d_name[0] != '.')
			read_capture(dirfd(directory), entry->d_name);
	closedir(directory);
	qsort(samples, FRAMES_MAX, sizeof(samples[0]), by_link_type);
	assert_in_range(sample_count, 10000, FRAMES_MAX);
}

/* A network of our own, whose loopback interface libpcap can open. */
static int setup(void **state)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd;

	(void)state;
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
	read_captures();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < sample_count; i++)
		free(samples[i]);
	return 0;
}

/* The next line of a file without its line feed, or NULL at the end. */
static char *next_line(FILE *file, char line[LINE_MAX_BYTES])
{
	if (!fgets(line, LINE_MAX_BYTES, file))
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* Load for the kernel what was compiled; below 0 for the one thing that is refused. */
static int load(const char *text, const struct expression *expression, enum xlate_base base)
{
	size_t count;
	const struct sock_filter *program = expr_program(expression, &count);
	struct xlate_options options = {.base = base, .next_fd = -1};
	struct bpf_insn *insns = NULL;
	size_t length;
	const char *reason;
	int fd;

	if (strstr(text, "protochain")) {
		assert_int_equal(xlate(program, count, &options, &insns, &length, &reason), -EINVAL);
		assert_non_null(strstr(reason, "loop"));
		return -1;
	}
	fd = run_load_classic(BPF_PROG_TYPE_SOCKET_FILTER, program, count, base);
	assert_return_code(fd, 0);
	return fd;
}

/* One expression on all samples [first, end), which have one link type. Returns how many were accepted. */
static size_t compare(const char *text, int fd, const struct expression *expected, size_t first, size_t end)
{
	size_t accepted = 0;

	for (size_t i = first; i < end; i++) {
		const struct frame *frame = &samples[i]->frame;
		bool match = expr_match(expected, frame);

		if (run_socket_filter(fd, frame->bytes, frame->captured, NULL) != match)
			fail_msg("\"%s\", link type %u, frame %zu: the kernel differs", text, samples[i]->link_type, i);
		accepted += match;
	}
	return accepted;
}

/* What the corpus expression means on frames that a test run makes up: they come in, through lo. */
static const char *without_metadata(const char *text)
{
	static const struct {
		const char *text, *plain;
	} table[] = {{"inbound", "1 = 1"}, {"outbound", "1 = 0"}, {"inbound and tcp", "tcp"}, {"ifindex 1", "1 = 1"}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].text, text) == 0)
			return table[i].plain;
	return text;
}

/* Compiled for a live Ethernet interface, `vlan` looks beside the frame too. */
static void compare_ethernet(const char *text, size_t first, size_t end)
{
	struct expression *live = NULL, *file = NULL;
	char error[256];
	int fd;

	assert_int_equal(expr_compile_live(text, "lo", LINK_ETHERNET, &live, error, sizeof(error)), 0);
	assert_int_equal(expr_compile_file(without_metadata(text), LINK_ETHERNET, &file, error, sizeof(error)), 0);
	fd = load(text, live, XLATE_LINK);
	if (fd >= 0) {
		compare(text, fd, file, first, end);
		close(fd);
	}
	expr_free(live);
	expr_free(file);
}

/* Link types whose expressions libpcap compiles for a file. */
static void compare_link_type(const char *text, size_t first, size_t end)
{
	struct expression *file = NULL;
	char error[256];
	int fd;

	if (expr_compile_file(text, samples[first]->link_type, &file, error, sizeof(error))) {
		assert_string_not_equal(error, "");
		return;
	}
	fd = load(text, file, XLATE_LINK);
	if (fd >= 0) {
		compare(text, fd, file, first, end);
		close(fd);
	}
	expr_free(file);
}

static void test_corpus(void **state)
{
	FILE *expressions = fopen(CORPUS "expressions.txt", "r");
	char text[LINE_MAX_BYTES];
	size_t count = 0;

	(void)state;
	assert_non_null(expressions);
	for (; next_line(expressions, text); count++) {
		for (size_t first = 0, end; first < sample_count; first = end) {
			for (end = first; end < sample_count && samples[end]->link_type == samples[first]->link_type;)
				end++;
			if (samples[first]->link_type == LINK_ETHERNET)
				compare_ethernet(text, first, end);
			else
				compare_link_type(text, first, end);
		}
	}
	fclose(expressions);
	assert_int_equal(count, 242);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
