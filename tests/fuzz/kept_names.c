/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <string.h>

/* Replace the look-ups of libc (by the linker's --wrap), which read a file for every name. */

struct servent *__wrap_getservbyname(const char *name, const char *protocol);
struct protoent *__wrap_getprotobyname(const char *name);

struct servent *__wrap_getservbyname(const char *name, const char *protocol)
{
	static struct servent https;

	(void)protocol;
	https.s_port = htons(443);
	return strcmp(name, "https") ? NULL : &https;
}

struct protoent *__wrap_getprotobyname(const char *name)
{
	static struct protoent vrrp = {.p_proto = 112};

	return strcmp(name, "vrrp") ? NULL : &vrrp;
}
