/* SPDX-License-Identifier: BSD-2-Clause */
#include "control/control.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/control_address.h"

enum {
	CLIENTS = 8, /* at one time; for one more the oldest has to go */
	EVENTS = 16,
};

struct control {
	struct control_handlers handlers;
	void *context;
	uid_t user;
	int epoll_fd, listen_fd;
	int clients[CLIENTS]; /* the oldest first */
	size_t count;
};

static int watch(const struct control *control, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(control->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int listen_on_own_name(struct control *control)
{
	struct control_address address;
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return -errno;
	control_address_set(&address, getpid(), number);
	control->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->listen_fd < 0 || bind(control->listen_fd, (struct sockaddr *)&address.name, address.length) ||
	    listen(control->listen_fd, CLIENTS))
		return -errno;
	return 0;
}

int control_open(const struct control_handlers *handlers, void *context, struct control **result)
{
	struct control *control = malloc(sizeof(*control));
	int ret;

	if (!control)
		return -ENOMEM;
	*control = (struct control){.handlers = *handlers, .context = context, .user = getuid(), .listen_fd = -1};
	control->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	ret = control->epoll_fd < 0 ? -errno : listen_on_own_name(control);
	if (!ret)
		ret = watch(control, control->listen_fd);
	if (ret) {
		control_close(control);
		return ret;
	}
	*result = control;
	return 0;
}

int control_fd(const struct control *control)
{
	return control->epoll_fd;
}

/* The kernel vouches for the credentials of the peer (SO_PEERCRED in unix(7)). */
static bool is_allowed(const struct control *control, int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) && (peer.uid == 0 || peer.uid == control->user);
}

/* Close a client's connection, and keep the others in order. */
static void drop_client(struct control *control, int fd)
{
	size_t kept = 0;

	for (size_t i = 0; i < control->count; i++)
		if (control->clients[i] != fd)
			control->clients[kept++] = control->clients[i];
	control->count = kept;
	close(fd);
}

static void accept_client(struct control *control)
{
	int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (!is_allowed(control, fd) || watch(control, fd)) {
		close(fd);
		return;
	}
	if (control->count == CLIENTS)
		drop_client(control, control->clients[0]);
	control->clients[control->count++] = fd;
}

/* A client that has given up or died believes that nothing was changed, so nothing may be changed for it. */
static bool has_hung_up(int fd)
{
	struct pollfd peer = {.fd = fd, .events = POLLRDHUP};

	return poll(&peer, 1, 0) > 0;
}

/* 0, or -errno when the client is to be dropped. */
static int answer(struct control *control, int fd, const struct control_message *message, struct message_fds *fds)
{
	static struct control_message reply;
	const struct control_handlers *handlers = &control->handlers;
	struct message_fds own = {.count = 0};

	memset(&reply, 0, offsetof(struct control_message, text));
	reply.kind = CONTROL_REPLY;
	if (message->kind == CONTROL_INSTALL && !has_hung_up(fd)) {
		reply.status = handlers->install(control->context, message, fds, &reply);
		return control_send(fd, &reply, NULL);
	}
	switch (message->kind) {
	case CONTROL_STATUS:
	case CONTROL_STATUS_JSON:
		handlers->status(control->context, message->kind == CONTROL_STATUS_JSON, &reply);
		return control_send(fd, &reply, NULL);
	case CONTROL_PREPARE:
		handlers->prepare(control->context, &reply, &own);
		return control_send(fd, &reply, &own);
	default:
		return -EPROTO;
	}
}

static void serve_client(struct control *control, int fd)
{
	static struct control_message message;
	struct message_fds fds;
	int ret;

	ret = control_receive(fd, &message, &fds);
	if (!ret)
		ret = answer(control, fd, &message, &fds);
	control_close_fds(&fds);
	if (ret && ret != -EAGAIN)
		drop_client(control, fd);
}

static bool is_client(const struct control *control, int fd)
{
	for (size_t i = 0; i < control->count; i++)
		if (control->clients[i] == fd)
			return true;
	return false;
}

void control_serve(struct control *control)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(control->epoll_fd, events, EVENTS, 0);

	for (int i = 0; i < count; i++) {
		int fd = events[i].data.fd;

		if (fd == control->listen_fd)
			accept_client(control);
		else if (is_client(control, fd)) /* not one that another has just replaced */
			serve_client(control, fd);
	}
}

void control_close(struct control *control)
{
	if (!control)
		return;
	for (size_t i = 0; i < control->count; i++)
		close(control->clients[i]);
	if (control->listen_fd >= 0)
		close(control->listen_fd);
	if (control->epoll_fd >= 0)
		close(control->epoll_fd);
	free(control);
}
