/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ebpf/kernel_filter.h"
#include "filter/expression.h"
#include "measure.h"

/*
 * Compare an expression in our filter with the same expression as a classic socket filter, by the wall-clock time in ns
 * that a sender needs for a packet that a socket at the other end of a veth rejects.
 */

enum { BATCH = 64, BATCHES = 2000 };

/* IPv4, TCP: 10.9.0.1:40000 > 10.9.0.2:443, SYN. */
static uint8_t packet[] = {
	2,    0,    0, 0,    0, 2, 2, 0, 0,  0, 0, 1, 8,    0,                          /* Ethernet */
	0x45, 0,    0, 40,   0, 1, 0, 0, 64, 6, 0, 0, 10,   9, 0,    1,    10, 9, 0, 2, /* IPv4 */
	0x9c, 0x40, 1, 0xbb, 0, 0, 0, 1, 0,  0, 0, 0, 0x50, 2, 0xff, 0xff, 0,  0, 0, 0, /* TCP */
};

/* None matches the packet. */
static const char *const expressions[] = {
	"tcp port 80",
	"net 10.10.0.0/16 and not port 22",
	"tcp[13] & 2 != 0 and ip[2:2] > 100",
};

enum { EXPRESSIONS = sizeof(expressions) / sizeof(*expressions) };

static int packet_socket(const char *device, int protocol)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons((uint16_t)protocol),
		.sll_ifindex = (int)if_nametoindex(device),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	check(fd < 0, "socket");
	check(bind(fd, (const struct sockaddr *)&address, sizeof(address)), device);
	return fd;
}

/* ns per packet sent. */
static double measure_sending(int sender)
{
	static struct iovec buffer = {.iov_base = packet, .iov_len = sizeof(packet)};
	struct mmsghdr messages[BATCH];
	struct timespec start, end;

	for (int i = 0; i < BATCH; i++)
		messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &buffer, .msg_iovlen = 1}};
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (int i = 0; i < BATCHES; i++)
		check(sendmmsg(sender, messages, BATCH, 0) != BATCH, "sendmmsg");
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / (BATCH * BATCHES);
}

static double measure_classic(int sender, const struct sock_filter *program, size_t count)
{
	const struct sock_fprog classic = {.len = (unsigned short)count, .filter = (struct sock_filter *)program};
	int receiver = packet_socket("right", ETH_P_ALL);
	double ns;

	check(setsockopt(receiver, SOL_SOCKET, SO_ATTACH_FILTER, &classic, sizeof(classic)), "SO_ATTACH_FILTER");
	ns = measure_sending(sender);
	close(receiver);
	return ns;
}

static double measure_ours(int sender, const struct kernel_filter *filter)
{
	int receiver = packet_socket("right", ETH_P_ALL), root = kernel_filter_part(filter, KERNEL_FILTER_DISPATCH);
	double ns;

	check(setsockopt(receiver, SOL_SOCKET, SO_ATTACH_BPF, &root, sizeof(root)), "SO_ATTACH_BPF");
	ns = measure_sending(sender);
	close(receiver);
	return ns;
}

static struct expression *compile(const char *text, struct kernel_filter **filter)
{
	struct kernel_filter_expression compiled = {.base = CBPF_LINK};
	struct kernel_filter_error error;
	struct expression *expression;
	static struct filter_spec spec;
	char words[256];

	filter_spec_init(&spec);
	check(expression_compile_file(text, LINK_ETHERNET, &expression, words, sizeof(words)), text);
	compiled.program = expression_program(expression, &compiled.count);
	check(kernel_filter_open(&spec, &compiled, BPF_PROG_TYPE_SOCKET_FILTER, NULL, filter, &error), error.log);
	return expression;
}

int main(void)
{
	const struct sock_filter reject = BPF_STMT(BPF_RET | BPF_K, 0);
	struct expression *compiled[EXPRESSIONS];
	struct kernel_filter *filters[EXPRESSIONS];
	struct series empty, classic[EXPRESSIONS], ours[EXPRESSIONS], ratio[EXPRESSIONS];
	int sender;

	check(unshare(CLONE_NEWNET), "unshare");
	check(system("ip link add left type veth peer name right && ip link set left up && ip link set right up"),
	      "ip link");
	sender = packet_socket("left", 0);
	print_machine();
	for (int i = 0; i < EXPRESSIONS; i++)
		compiled[i] = compile(expressions[i], &filters[i]);
	for (int round = 0; round < ROUNDS; round++) {
		empty.ns[round] = measure_classic(sender, &reject, 1);
		for (int i = 0; i < EXPRESSIONS; i++) {
			size_t count;
			const struct sock_filter *program = expression_program(compiled[i], &count);

			classic[i].ns[round] = measure_classic(sender, program, count);
			ours[i].ns[round] = measure_ours(sender, filters[i]);
			ratio[i].ns[round] = ours[i].ns[round] / classic[i].ns[round];
		}
	}
	printf("%-36s %7.0f\n%-36s %7s %7s %7s\n", "ns per packet sent, empty filter", median(&empty, NULL), "",
	       "classic", "ours", "ratio");
	for (int i = 0; i < EXPRESSIONS; i++) {
		printf("%-36s %7.0f %7.0f %7.2f\n", expressions[i], median(&classic[i], NULL), median(&ours[i], NULL),
		       median(&ratio[i], NULL));
		kernel_filter_close(filters[i]);
		expression_close(compiled[i]);
	}
	close(sender);
	return EXIT_SUCCESS;
}
