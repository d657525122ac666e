/* SPDX-License-Identifier: BSD-2-Clause */
#include "control/control_message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = offsetof(struct control_message, text) };

/* Room for the ancillary data, aligned as cmsg(3) requires. */
union ancillary {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(CONTROL_FDS_MAX * sizeof(int))];
};

void control_set_text(struct control_message *message, const char *text)
{
	message->text_length = (uint32_t)strnlen(text, CONTROL_TEXT_MAX);
	memcpy(message->text, text, message->text_length);
	message->text[message->text_length] = '\0';
}

int control_send(int fd, struct control_message *message, const struct message_fds *fds)
{
	union ancillary ancillary = {0};
	struct iovec bytes = {.iov_base = message, .iov_len = HEADER + message->text_length};
	struct msghdr header = {.msg_iov = &bytes, .msg_iovlen = 1};

	message->magic = CONTROL_MAGIC;
	message->version = CONTROL_VERSION;
	if (fds && fds->count) {
		const size_t bytes_of_fds = fds->count * sizeof(*fds->fds);
		struct cmsghdr *rights = &ancillary.header;

		header.msg_control = &ancillary;
		header.msg_controllen = CMSG_SPACE(bytes_of_fds);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(bytes_of_fds);
		memcpy(CMSG_DATA(rights), fds->fds, bytes_of_fds);
	}
	return sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

void control_close_fds(struct message_fds *fds)
{
	while (fds->count)
		close(fds->fds[--fds->count]);
}

/* All descriptors that came with a message; more than there is room for the kernel has closed (MSG_CTRUNC). */
static void take_fds(struct msghdr *header, struct message_fds *fds)
{
	fds->count = 0;

	for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
		size_t bytes = part->cmsg_len - CMSG_LEN(0);

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(&fds->fds[fds->count], CMSG_DATA(part), bytes);
		fds->count += bytes / sizeof(int);
	}
}

static int is_sound(const struct control_message *message, size_t length)
{
	return length >= HEADER && message->magic == CONTROL_MAGIC && message->version == CONTROL_VERSION &&
	       message->text_length <= CONTROL_TEXT_MAX && length == HEADER + message->text_length &&
	       message->interface_count <= CONTROL_INTERFACES;
}

int control_receive(int fd, struct control_message *message, struct message_fds *fds)
{
	union ancillary ancillary = {0};
	struct iovec bytes = {.iov_base = message, .iov_len = HEADER + CONTROL_TEXT_MAX};
	struct msghdr header = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &ancillary,
		.msg_controllen = CMSG_LEN(
			CONTROL_FDS_MAX *
			sizeof(int)), /* not CMSG_SPACE: the kernel would fill the padding with descriptors too */
	};
	ssize_t length = recvmsg(fd, &header, MSG_CMSG_CLOEXEC);

	fds->count = 0;
	if (length < 0)
		return -errno;
	take_fds(&header, fds);
	if (length > 0 && !(header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) && is_sound(message, (size_t)length)) {
		message->text[message->text_length] = '\0';
		return 0;
	}
	control_close_fds(fds);
	return length ? -EPROTO : -ENODATA;
}
