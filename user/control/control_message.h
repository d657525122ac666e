/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONTROL_MESSAGE_H
#define BPFSNIFF_CONTROL_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "abi.h"
#include "ebpf/kernel_filter_parts.h"
#include "ebpf/kernel_flows.h"
#include "filter/process_choice.h"

/* The messages on the Unix socket of a running sniffer: numbers in host byte order, text, and descriptors. */

enum {
	CONTROL_MAGIC = 0x66706273,
	CONTROL_VERSION = 8,
	CONTROL_TEXT_MAX = 60000,
	CONTROL_INTERFACES = 128,
};

enum control_kind {
	CONTROL_STATUS,      /* asks for the report as text */
	CONTROL_STATUS_JSON, /* asks for it as one JSON object */
	CONTROL_PREPARE,     /* asks for what a new filter inherits: numbers, and the descriptors of enum control_fd */
	CONTROL_INSTALL, /* hands over a filter: the parts of enum kernel_filter_part. -EAGAIN: prepare again; -EBUSY:
			    install again */
	CONTROL_REPLY,
};

/* The descriptors of the reply to CONTROL_PREPARE; where owners are known, OWNER_MAPS more; and where flows are
 * counted, KERNEL_FLOWS_FDS more: the maps that they are counted in. */
enum control_fd {
	CONTROL_TURN,
	CONTROL_NOTED_TURN,
	CONTROL_FLOWS,
	CONTROL_DATAGRAMS,
	CONTROL_CONNECTIONS,
	CONTROL_TOLD,
	CONTROL_NETNS,
	CONTROL_PREPARE_FDS,
};

enum { CONTROL_FDS_MAX = CONTROL_PREPARE_FDS + OWNER_MAPS + KERNEL_FLOWS_FDS };

_Static_assert((int)KERNEL_FILTER_PARTS <= (int)CONTROL_FDS_MAX, "a message has room for every part of a filter");

struct control_message {
	uint32_t magic;
	uint32_t version;
	uint32_t kind;       /* enum control_kind */
	int32_t status;      /* of a reply: 0, or -errno with a sentence as text */
	uint32_t generation; /* of the filter in force; of a new filter, that of the one to replace */
	uint32_t snaplen;    /* bytes */
	uint32_t first;      /* of the filter in force, or of the new one */
	uint32_t flow_table_size;
	uint32_t told_room; /* see filter_spec.h */
	uint32_t interface_count;
	struct process_choice who; /* of a new filter */
	struct session own_session;
	uint32_t ifindexes[CONTROL_INTERFACES];
	uint32_t text_length;
	char text[CONTROL_TEXT_MAX + 1]; /* only text_length bytes are sent; terminated when received */
};

/* Copy a text into a message, cut off at CONTROL_TEXT_MAX bytes. */
void control_set_text(struct control_message *message, const char *text);

/* The descriptors that go with a message. */
struct message_fds {
	int fds[CONTROL_FDS_MAX];
	size_t count;
};

/* Send a message with descriptors (NULL: none), without blocking. 0 or -errno. */
int control_send(int fd, struct control_message *message, const struct message_fds *fds);

/*
 * Receive one, with its descriptors, which are then the caller's. 0; -ENODATA when the other end is closed; -EPROTO
 * when it is not one of our messages, with every descriptor closed; or another -errno.
 */
int control_receive(int fd, struct control_message *message, struct message_fds *fds);

/* Close received descriptors. */
void control_close_fds(struct message_fds *fds);

#endif
