/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Send frames from a packet socket, as fast as one CPU can or at a given rate, and print what was sent:
 *
 *     generate DEVICE [cpu=N] [frames=N] [size=BYTES] [flows=N] [protocol=N] [rate=N]
 *
 *     {"sent":1000000,"bytes":64000000,"seconds":3.125,"cpu":3.120,"first_ns":1795634565245305555}
 *
 * "sent" is how many frames the kernel took, "first_ns" the time just before the first, in ns since 1970. `size` counts
 * the Ethernet header but not the frame check sequence. Frames are IPv4 from 10.9.0.0/16, one of each flow in turn,
 * with correct checksums. They pass the queueing discipline, so that other packet sockets see them leave too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "generate_frame.h"

enum { BATCH = 64, NS_PER_SECOND = 1000000000, BATCHES_PER_SECOND = 2000 };

static struct {
	const char *name;
	uint64_t value;
} settings[] = {
	{"cpu", 0}, {"frames", 1000000}, {"size", 64}, {"flows", 1}, {"protocol", IPPROTO_TCP}, {"rate", 0},
};

static uint64_t setting(const char *name)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (!strcmp(settings[i].name, name))
			return settings[i].value;
	abort();
}

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void set(const char *argument)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		size_t length = strlen(settings[i].name);

		if (strncmp(settings[i].name, argument, length) != 0 || argument[length] != '=')
			continue;
		settings[i].value = strtoull(argument + length + 1, NULL, 10);
		return;
	}
	errno = EINVAL;
	die(argument);
}

static void stay_on_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

static int open_socket(const char *device)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(device)};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die(device);
	return fd;
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static void sleep_until(int64_t ns)
{
	struct timespec time = {.tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

/* Send a batch. Returns how many frames the kernel took. */
static uint32_t send_batch(int fd, const uint8_t *frames, size_t size, uint64_t flows, uint64_t first, uint32_t count)
{
	struct mmsghdr messages[BATCH] = {0};
	struct iovec bytes[BATCH];
	int sent;

	for (uint32_t i = 0; i < count; i++) {
		bytes[i] = (struct iovec){
			.iov_base = (void *)(frames + (first + i) % flows * size),
			.iov_len = size,
		};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &bytes[i], .msg_iovlen = 1};
	}
	sent = sendmmsg(fd, messages, count, 0);
	if (sent < 0 && errno != ENOBUFS && errno != EINTR)
		die("sendmmsg");
	return sent < 0 ? 0 : (uint32_t)sent;
}

/* At a given rate, make batches small, but not so small that there are too many a second. */
static uint32_t batch_size(uint64_t rate)
{
	uint64_t size = rate ? rate / BATCHES_PER_SECOND : BATCH;

	return size < 1 ? 1 : size < BATCH ? (uint32_t)size : BATCH;
}

int main(int argc, char **argv)
{
	uint64_t sent = 0, frames, flows, rate;
	int64_t start, end, first_ns;
	uint32_t batch;
	size_t size;
	uint8_t *bytes;
	int fd;

	if (argc < 2)
		return EXIT_FAILURE;
	for (int i = 2; i < argc; i++)
		set(argv[i]);
	frames = setting("frames");
	flows = setting("flows");
	rate = setting("rate");
	size = setting("size");
	batch = batch_size(rate);
	bytes = generate_frames(flows, size, (uint8_t)setting("protocol"));
	if (!bytes)
		die("generate_frames");
	stay_on_cpu((int)setting("cpu"));
	prctl(PR_SET_TIMERSLACK, 1);
	fd = open_socket(argv[1]);
	first_ns = now_ns(CLOCK_REALTIME);
	start = now_ns(CLOCK_MONOTONIC);
	while (sent < frames) {
		uint32_t count = frames - sent < batch ? (uint32_t)(frames - sent) : batch;

		if (rate)
			sleep_until(start + (int64_t)((double)sent / (double)rate * NS_PER_SECOND));
		sent += send_batch(fd, bytes, size, flows, sent, count);
	}
	end = now_ns(CLOCK_MONOTONIC);
	printf("{\"sent\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"seconds\":%.6f,\"cpu\":%.6f,\"first_ns\":%" PRId64 "}\n",
	       sent, sent * size, (double)(end - start) / NS_PER_SECOND,
	       (double)now_ns(CLOCK_PROCESS_CPUTIME_ID) / NS_PER_SECOND, first_ns);
	free(bytes);
	return EXIT_SUCCESS;
}
