/* SPDX-License-Identifier: BSD-2-Clause */
#include "control/control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "control/control_connect.h"
#include "input.h"

/*
 * Any bytes and descriptors over the socket of a sniffer: only a valid message reaches a handler, every message is
 * answered or ends the connection, and no descriptor leaks.
 */

enum { HEADER = offsetof(struct control_message, text), COPIES_MAX = 3, MESSAGES_MAX = 2 };

static struct control *control;
static int client = -1, nowhere = -1;

static void status(void *context, bool json, struct control_message *reply)
{
	(void)context;
	control_set_text(reply, json ? "{}" : "status");
}

static void prepare(void *context, struct control_message *reply, struct message_fds *fds)
{
	(void)context;
	reply->generation = 1;
	for (int i = 0; i < CONTROL_PREPARE_FDS; i++)
		fds->fds[i] = nowhere;
	fds->count = CONTROL_PREPARE_FDS;
}

static int install(void *context, const struct control_message *message, struct message_fds *fds,
		   struct control_message *reply)
{
	(void)context;
	must(fds->count <= CONTROL_FDS_MAX);
	must(message->interface_count <= CONTROL_INTERFACES);
	must(strnlen(message->text, sizeof(message->text)) <= message->text_length);
	control_close_fds(fds);
	control_set_text(reply, message->text);
	return -EBUSY;
}

static void connect_client(void)
{
	uid_t user;

	client = control_connect(getpid(), 1, &user);
	must(client >= 0 && user == getuid());
	control_serve(control);
}

int LLVMFuzzerInitialize(const int *argc, char ***argv);
int LLVMFuzzerInitialize(const int *argc, char ***argv)
{
	static const struct control_handlers handlers = {status, prepare, install};

	(void)argc;
	(void)argv;
	nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	must(nowhere >= 0);
	must(control_open(&handlers, NULL, &control) == 0);
	connect_client();
	return 0;
}

static void send_message(struct control_message *message, size_t length, size_t copies)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(COPIES_MAX * sizeof(int))];
	} rights = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec part = {.iov_base = message, .iov_len = length};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (copies) {
		int fds[COPIES_MAX] = {nowhere, client, nowhere};

		rights.header.cmsg_len = CMSG_LEN(copies * sizeof(int));
		memcpy(CMSG_DATA(&rights.header), fds, copies * sizeof(int));
		header.msg_control = &rights;
		header.msg_controllen = CMSG_SPACE(copies * sizeof(int));
	}
	must(sendmsg(client, &header, MSG_NOSIGNAL) == (ssize_t)length);
}

/* Receive the reply, or reconnect if there is none. */
static void receive_reply(void)
{
	static struct control_message reply;
	struct message_fds fds;
	int ret = control_receive(client, &reply, &fds);

	if (ret) {
		must(ret == -ENODATA || ret == -ECONNRESET);
		close(client);
		connect_client();
		return;
	}
	must(reply.kind == CONTROL_REPLY);
	control_close_fds(&fds);
}

/* The input: a byte of options, then the message. Some are corrected, because hardly any would be valid. */
static void exchange(struct input *input)
{
	static struct control_message message;
	uint8_t bits = (uint8_t)take(input, 1);
	uint16_t wanted = (uint16_t)take(input, 2);
	const uint8_t *bytes;
	size_t length = take_bytes(input, wanted, &bytes);

	memset(&message, 0, HEADER);
	memcpy(&message, bytes, length);
	if (bits & 0x80) {
		message.magic = CONTROL_MAGIC;
		message.version = CONTROL_VERSION;
		message.kind %= CONTROL_REPLY + 2;
		length = length < HEADER ? HEADER : length;
	}
	if (bits & 0x40 && length >= HEADER) {
		message.interface_count %= CONTROL_INTERFACES + 1;
		message.text_length = (uint32_t)(length - HEADER);
	}
	send_message(&message, length, bits % (COPIES_MAX + 1));
	control_serve(control);
	receive_reply();
}

/* The number of the next descriptor to be opened. */
static int next_fd(void)
{
	int fd = dup(nowhere);

	must(fd >= 0);
	close(fd);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};
	int before = next_fd();

	for (int i = 0; i < MESSAGES_MAX && input.left > 0; i++)
		exchange(&input);
	must(next_fd() == before);
	return 0;
}
