/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/file_opener.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/signal_wait.h"
#include "sandbox/helper_process.h"

/* The reply of the helper process: a status and, on success, the descriptor of the file (unix(7), SCM_RIGHTS). */
struct reply {
	int32_t status; /* 0 or -errno */
	struct iovec bytes;
	struct msghdr header;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} rights;
};

static void prepare(struct reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->bytes = (struct iovec){.iov_base = &reply->status, .iov_len = sizeof(reply->status)};
	reply->header = (struct msghdr){
		.msg_iov = &reply->bytes,
		.msg_iovlen = 1,
		.msg_control = &reply->rights,
		.msg_controllen = sizeof(reply->rights),
	};
}

/* Send what rotation_next_file() returned. 0 or -errno. */
static int send_file(int fd, int file)
{
	struct reply reply;

	prepare(&reply);
	reply.status = file < 0 ? file : 0;
	if (file < 0) {
		reply.header.msg_controllen = 0;
	} else {
		reply.rights.header.cmsg_level = SOL_SOCKET;
		reply.rights.header.cmsg_type = SCM_RIGHTS;
		reply.rights.header.cmsg_len = CMSG_LEN(sizeof(file));
		memcpy(CMSG_DATA(&reply.rights.header), &file, sizeof(file));
	}
	return sendmsg(fd, &reply.header, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* A descriptor or -errno. */
static int receive_file(int fd)
{
	struct reply reply;
	const struct cmsghdr *rights;
	ssize_t length;
	int file;

	prepare(&reply);
	length = recvmsg(fd, &reply.header, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	if (length != sizeof(reply.status))
		return length < 0 ? -errno : -EPIPE;
	if (reply.status)
		return reply.status;
	rights = CMSG_FIRSTHDR(&reply.header);
	if (!rights || rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(sizeof(file)))
		return -EMFILE; /* this process has no free descriptor, so the kernel dropped it (unix(7)) */
	memcpy(&file, CMSG_DATA(rights), sizeof(file));
	return file;
}

static void serve(int fd, void *context)
{
	struct rotation *rotation = context;

	while (!helper_process_receive(fd, &rotation->start, sizeof(rotation->start))) {
		int file = rotation_next_file(rotation), ret = send_file(fd, file);

		if (file >= 0)
			close(file);
		if (ret)
			return;
	}
}

int file_opener_start(const struct rotation *rotation, struct helper_process **opener)
{
	const struct file_owner *owner = &rotation->owner;
	const struct confinement confinement = {
		.role = ROLE_OPENER,
		.directory = rotation->directory,
		.creates_for = owner->uid != owner->self,
		.file_uid = owner->uid,
		.file_gid = owner->gid,
	};
	struct rotation copy = *rotation;

	return helper_process_start(serve, &copy, &confinement, opener);
}

int file_opener_next(const struct helper_process *opener, struct rotation *rotation)
{
	int ret = rotation_next_name(rotation);

	if (!ret)
		ret = helper_process_send(opener->fd, &rotation->start, sizeof(rotation->start));

	if (!ret)
		ret = signal_wait_events(opener->fd, POLLIN);
	return ret ? ret : receive_file(opener->fd);
}
