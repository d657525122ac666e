/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/collector_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	IPV4_UDP_HEADERS = 28,
	IPV6_UDP_HEADERS = 48,
	PATH_DEFAULT = 512, /* RFC 7011, 10.3.3 */
	PATH_MAX_BYTES = 1500,
};

static bool is_port(const char *port)
{
	const size_t length = strlen(port);

	return length && length <= 5 && strspn(port, "0123456789") == length && atoi(port) > 0 && atoi(port) < 65536;
}

bool collector_parse(const char *text, struct collector_address *address)
{
	const char *colon = strrchr(text, ':'), *end = strrchr(text, ']');
	const bool is_bracketed = *text == '[' && end;
	const bool has_port = is_bracketed ? end[1] == ':' : colon && colon == strchr(text, ':');
	const char *host = is_bracketed ? text + 1 : text;
	size_t length = is_bracketed ? (size_t)(end - host) : has_port ? (size_t)(colon - text) : strlen(text);

	if (!length || length >= sizeof(address->host) || (is_bracketed && end[1] && !has_port))
		return false;
	if (has_port && !is_port(colon + 1))
		return false;
	snprintf(address->host, sizeof(address->host), "%.*s", (int)length, host);
	snprintf(address->port, sizeof(address->port), "%s", has_port ? colon + 1 : "4739");
	return true;
}

static uint16_t path_size(int fd, int family)
{
	int mtu = PATH_DEFAULT;
	socklen_t size = sizeof(mtu);
	const int headers = family == AF_INET6 ? IPV6_UDP_HEADERS : IPV4_UDP_HEADERS;

	if (getsockopt(fd, family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP, family == AF_INET6 ? IPV6_MTU : IP_MTU, &mtu,
		       &size))
		mtu = PATH_DEFAULT;
	if (mtu > PATH_MAX_BYTES)
		mtu = PATH_MAX_BYTES;
	return (uint16_t)(mtu - headers);
}

int collector_connect(const struct collector_address *address, uint16_t *size, const char **why)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *found = NULL;
	int fd = -1, error = getaddrinfo(address->host, address->port, &hints, &found);

	*why = NULL;
	if (error) {
		*why = gai_strerror(error);
		return -EADDRNOTAVAIL;
	}
	error = EADDRNOTAVAIL;
	for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
		if (fd >= 0 && !connect(fd, at->ai_addr, at->ai_addrlen)) {
			*size = path_size(fd, at->ai_family);
			continue;
		}
		error = errno;
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd < 0 ? -error : fd;
}
