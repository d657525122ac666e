/* SPDX-License-Identifier: BSD-2-Clause */
#include "control/control_address.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

enum {
	LISTENS = 1 << 16, /* __SO_ACCEPTCON among the flags of /proc/net/unix (unix_seq_show(), net/unix/af_unix.c) */
	LINE_SIZE = 256,   /* more than a name and what stands in front of it */
};

void control_address_set(struct control_address *address, pid_t pid, uint64_t number)
{
	int length;

	*address = (struct control_address){.pid = pid, .name = {.sun_family = AF_UNIX}};
	length = snprintf(address->name.sun_path + 1, sizeof(address->name.sun_path) - 1, "bpfsniff-%d-%016" PRIx64,
			  (int)pid, number);
	address->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

FILE *control_addresses_open(void)
{
	return fopen("/proc/net/unix", "re");
}

/* What cannot be read is somebody else's name, or a part of one that is longer than a line. */
static int parse(const char *line, struct control_address *address)
{
	unsigned int flags, type;
	char number[17];
	int pid;

	if (sscanf(line, "%*[^:]: %*x %*x %x %x %*x %*u @bpfsniff-%d-%16[0-9a-f]", &flags, &type, &pid, number) != 4 ||
	    !(flags & LISTENS) || type != SOCK_SEQPACKET)
		return 0;
	control_address_set(address, (pid_t)pid, strtoumax(number, NULL, 16));
	return 1;
}

int control_addresses_next(FILE *list, struct control_address *address)
{
	char line[LINE_SIZE];

	while (fgets(line, sizeof(line), list))
		if (parse(line, address))
			return 1;
	return 0;
}
