/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open TCP connections on the loopback device, one after the other, each with a message of one byte either way, and
 * print how long one takes:
 *
 *     connect CONNECTIONS CPU
 *
 *     64512.3
 *
 * in ns. One thread is at both ends, so that nothing waits for a scheduler.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_SECOND = 1000000000, ADDRESSES = 250 };

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static int listen_anywhere(struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t size = sizeof(*address);

	if (fd < 0 || listen(fd, 16) || getsockname(fd, (struct sockaddr *)address, &size))
		die("listen");
	return fd;
}

static void pass_byte(int from, int to)
{
	char byte = 0;

	if (send(from, &byte, 1, 0) != 1 || recv(to, &byte, 1, 0) != 1)
		die("send");
}

static void connect_once(int listener, const struct sockaddr_in *address)
{
	int client = socket(AF_INET, SOCK_STREAM, 0), server;
	struct sockaddr_in peer;
	socklen_t size = sizeof(peer);

	if (client < 0 || connect(client, (const struct sockaddr *)address, sizeof(*address)))
		die("connect");
	server = accept(listener, (struct sockaddr *)&peer, &size);
	if (server < 0)
		die("accept");
	pass_byte(client, server);
	pass_byte(server, client);
	close(client);
	close(server);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address;
	int64_t count, start;
	cpu_set_t cpus;
	int listener;

	if (argc != 3)
		return EXIT_FAILURE;
	count = strtoll(argv[1], NULL, 10);
	CPU_ZERO(&cpus);
	CPU_SET((size_t)strtoul(argv[2], NULL, 10), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
	listener = listen_anywhere(&address);
	start = now_ns();
	for (int64_t i = 0; i < count; i++) {
		/* Each address has ports of its own, which are used up while older connections are in TIME_WAIT. */
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(i % ADDRESSES));
		connect_once(listener, &address);
	}
	printf("%.1f\n", (double)(now_ns() - start) / (double)count);
	return EXIT_SUCCESS;
}
