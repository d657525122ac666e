/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_PACKET_OWNER_H
#define BPFSNIFF_PACKET_OWNER_H

#include <stdbool.h>
#include <stdint.h>

/* How it is known which process is at an end of a packet. */
enum owner_how {
	OWNER_UNKNOWN,
	OWNER_EXACT,    /* the socket was known when the packet passed, and this process has used it */
	OWNER_FLOW,     /* the same, but the socket became known just after the packet */
	OWNER_ACCEPTED, /* this process has accepted the connection, and none has used it yet */
	OWNER_BOUND,    /* the only socket bound to the port is this process's */
	OWNER_SEVERAL,  /* one of several processes, of which this has used the socket or port last */
	OWNER_KERNEL,   /* the kernel itself */
	OWNER_SENDER,   /* a process in another network namespace of this machine */
};

enum {
	OWNER_STRINGS_MAX = 4096, /* bytes of any string of an end */
};

struct end_owner {
	enum owner_how how;
	const char *why; /* with OWNER_UNKNOWN and OWNER_SEVERAL; else NULL */
	uint32_t pid;    /* in the first pid namespace; 0: none is named */
	bool has_details;
	uint32_t uid;          /* with details; the effective one */
	const char *command;   /* any bytes; NULL without details */
	const char *arguments; /* any bytes, separated by blanks; NULL: not known */
	const char *cgroup;    /* path below the root of cgroup2; NULL: not known */
};

struct packet_owner {
	struct end_owner source, destination;
};

/* The word for it: "exact". */
const char *owner_how_name(enum owner_how how);

#endif
