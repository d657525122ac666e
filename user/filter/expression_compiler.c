/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_compiler.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "filter/expression.h"
#include "sandbox/helper_process.h"

enum { PATIENCE_MS = 100 };

/* Sent before the instructions. */
struct reply {
	int32_t status; /* what expression_compile_file() returned */
	uint32_t count; /* of the instructions */
	char error[256];
};

static int answer(int fd, const char *text, uint16_t link_type)
{
	struct reply reply = {0};
	struct expression *expression = NULL;
	const struct sock_filter *program = NULL;
	size_t count = 0;
	int ret;

	reply.status = expression_compile_file(text, link_type, &expression, reply.error, sizeof(reply.error));
	if (!reply.status)
		program = expression_program(expression, &count);
	reply.count = (uint32_t)count;
	ret = helper_process_send(fd, &reply, sizeof(reply));
	if (!ret)
		ret = helper_process_send(fd, program, count * sizeof(*program));
	expression_close(expression);
	return ret;
}

/* A long expression may take minutes: this process must not outlive the one that asks. */
static void serve(int fd, void *context)
{
	const char *text = context;
	uint16_t link_type;

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* which a change of user would undo */
	while (!helper_process_receive(fd, &link_type, sizeof(link_type)))
		if (answer(fd, text, link_type))
			return;
}

int expression_compiler_start(const char *text, const char *user, struct helper_process **compiler)
{
	const struct confinement confinement = {.role = ROLE_COMPILER, .user = user, .directory = -1};

	return helper_process_start(serve, (char *)text, &confinement, compiler);
}

static int receive_program(int fd, size_t count, struct expression **expression)
{
	struct sock_filter *program = malloc(count * sizeof(*program));
	int ret = program ? helper_process_receive(fd, program, count * sizeof(*program)) : -ENOMEM;

	if (!ret)
		ret = expression_adopt(program, count, expression);
	if (ret)
		free(program);
	return ret;
}

static bool must_stop(void)
{
	sigset_t pending;

	return !sigpending(&pending) &&
	       (sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) || sigismember(&pending, SIGHUP));
}

/* Wait for the answer, but not on when a signal that is blocked asks to end. 0 or -EINTR. */
static int wait_for_reply(int fd)
{
	struct pollfd reply = {.fd = fd, .events = POLLIN};

	while (poll(&reply, 1, PATIENCE_MS) <= 0)
		if (must_stop())
			return -EINTR;
	return 0;
}

int expression_compiler_ask(const struct helper_process *compiler, uint16_t link_type, struct expression **expression,
			    char *error, size_t error_size)
{
	struct reply reply;
	int ret = helper_process_send(compiler->fd, &link_type, sizeof(link_type));

	if (!ret)
		ret = wait_for_reply(compiler->fd);
	if (!ret)
		ret = helper_process_receive(compiler->fd, &reply, sizeof(reply));
	if (ret)
		return ret;
	snprintf(error, error_size, "%.*s", (int)sizeof(reply.error), reply.error);
	return reply.status ? reply.status : receive_program(compiler->fd, reply.count, expression);
}
