/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Send numbered frames as fast as one CPU can, until SIGTERM, or COUNT of them; then say how many.
 *
 *     sequence_send out DEVICE CPU STREAM CLASSES [COUNT]    from a packet socket: the frames leave by the device
 *     sequence_send in DEVICE CPU STREAM CLASSES [COUNT]     from behind a tap device: they come in by it
 *
 * CLASSES is a word like "ACBNN": the first frame is of class A, the second of class C, and so on, over and over. A
 * frame of class A is UDP from 10.65.0.1, port 1065, for 65 is the letter's code; it carries STREAM and its number. No
 * frame is lost on its way to a packet socket of the receiver: on both ways the kernel shows it to them within the
 * system call.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sequence_frame.h"

enum { BATCH = 64 };

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static int die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static uint16_t checksum(const struct iphdr *ip)
{
	uint16_t words[sizeof(*ip) / 2];
	uint32_t sum = 0;

	memcpy(words, ip, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t) ~(sum + (sum >> 16));
}

static void build(struct sequence_frame *frame, char class, uint32_t stream, uint64_t number)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.tot_len = htons(sizeof(*frame) - sizeof(frame->ethernet)),
		.saddr = htonl(10U << 24 | (uint32_t) class << 16 | 1),
		.daddr = htonl(10U << 24 | 9U << 16 | 2),
	};

	ip.check = checksum(&ip);
	*frame = (struct sequence_frame){
		.ethernet = {.h_dest = {2, 0, 0, 0, 0, 2}, .h_source = {2, 0, 0, 0, 0, 1}, .h_proto = htons(ETH_P_IP)},
		.ip = ip,
		.udp = {.source = htons((uint16_t)(1000 + class)),
			.dest = htons(9),
			.len = htons(sizeof(*frame) - sizeof(frame->ethernet) - sizeof(frame->ip))},
		.stream = stream,
		.number = number,
	};
}

static int open_out(const char *device)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(device)};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die(device);
	return fd;
}

static int open_in(const char *device)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die(device);
	return fd;
}

/* Each of these returns how many frames have gone. */
static int send_out(int fd, struct sequence_frame frames[], int count)
{
	struct mmsghdr messages[BATCH] = {0};
	struct iovec bytes[BATCH];
	int sent;

	for (int i = 0; i < count; i++) {
		bytes[i] = (struct iovec){.iov_base = &frames[i], .iov_len = sizeof(frames[i])};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &bytes[i], .msg_iovlen = 1};
	}
	sent = sendmmsg(fd, messages, (unsigned int)count, 0);
	if (sent < 0 && errno != ENOBUFS && errno != EINTR)
		die("sendmmsg");
	return sent < 0 ? 0 : sent;
}

static int send_in(int fd, struct sequence_frame frames[], int count)
{
	for (int i = 0; i < count; i++)
		if (write(fd, &frames[i], sizeof(frames[i])) < 0)
			die("write");
	return count;
}

static void stay_on_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

int main(int argc, char **argv)
{
	static struct sequence_frame frames[BATCH];
	uint64_t number = 0, limit = argc > 6 ? strtoull(argv[6], NULL, 10) : UINT64_MAX;
	bool out;
	int fd;

	if (argc < 6)
		return EXIT_FAILURE;
	out = !strcmp(argv[1], "out");
	fd = out ? open_out(argv[2]) : open_in(argv[2]);
	stay_on_cpu(atoi(argv[3]));
	signal(SIGTERM, stop);
	while (!stopped && number < limit) {
		int count = limit - number < BATCH ? (int)(limit - number) : BATCH;

		for (int i = 0; i < count; i++)
			build(&frames[i], argv[5][(number + (uint64_t)i) % strlen(argv[5])],
			      (uint32_t)strtoul(argv[4], NULL, 10), number + (uint64_t)i);
		number += (uint64_t)(out ? send_out(fd, frames, count) : send_in(fd, frames, count));
	}
	printf("%" PRIu64 "\n", number);
	return EXIT_SUCCESS;
}
