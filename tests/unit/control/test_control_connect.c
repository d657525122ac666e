/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients find a sniffer, strangers who listen under such names or not, and have their places with it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../open_descriptors.h"
#include "control/control.h"
#include "control/control_address.h"
#include "control/control_connect.h"

enum {
	PLACES = 8,
	STRANGERS = 300,
	SECONDS = 10, /* to wait for a sniffer */
};

static struct control *control;

static void status(void *context, bool json, struct control_message *reply)
{
	(void)context;
	(void)json;
	control_set_text(reply, "here");
}

static int open_control(void **state)
{
	static const struct control_handlers handlers = {.status = status};

	(void)state;
	return control_open(&handlers, NULL, &control);
}

static int close_control(void **state)
{
	(void)state;
	control_close(control);
	control = NULL;
	return 0;
}

static int connect_client(void)
{
	uid_t user;
	int fd = control_connect(getpid(), SECONDS, &user);

	assert_true(fd >= 0);
	assert_int_equal(user, getuid());
	control_serve(control);
	return fd;
}

/* 0, or -errno of the answer. */
static int ask(int fd)
{
	static struct control_message message, reply;
	struct message_fds fds;
	int ret = control_send(fd, &message, NULL);

	control_serve(control);
	if (!ret)
		ret = control_receive(fd, &reply, &fds);
	assert_true(ret || !strcmp(reply.text, "here"));
	return ret;
}

/* Listen under a name; the socket stays open. */
static void listen_of_type(int type, pid_t pid, uint64_t number)
{
	struct control_address address;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	control_address_set(&address, pid, number);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address.name, address.length), 0);
	assert_int_equal(listen(fd, 0), 0);
}

/* Listen under a name, and let `queue` of the place for clients be taken. */
static void listen_as_stranger(pid_t pid, uint64_t number, int queue)
{
	struct control_address address;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	control_address_set(&address, pid, number);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address.name, address.length) || listen(fd, 0))
		_exit(1);
	while (queue-- > 0) {
		int client = socket(AF_UNIX, SOCK_SEQPACKET, 0);

		if (client < 0 || connect(client, (struct sockaddr *)&address.name, address.length))
			_exit(1);
	}
}

/* A process that listens under many names of another process; under every second one nobody can connect any more. */
static pid_t start_stranger(pid_t victim)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (uint64_t i = 0; i < STRANGERS; i++)
			listen_as_stranger(victim, i, i % 2 ? 1 : 0);
		(void)!write(ready[1], "", 1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void stop_stranger(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void names(void **state)
{
	struct control_address address;

	(void)state;
	control_address_set(&address, 4194304, 0xabc);
	assert_int_equal(address.length, offsetof(struct sockaddr_un, sun_path) + 1 + 33);
	assert_int_equal(address.name.sun_family, AF_UNIX);
	assert_memory_equal(address.name.sun_path, "\0bpfsniff-4194304-0000000000000abc", 35);
}

/* The addresses of this process that are listed; *last is one of them. */
static size_t listed(struct control_address *last)
{
	FILE *list = control_addresses_open();
	struct control_address address;
	size_t count = 0;

	assert_non_null(list);
	while (control_addresses_next(list, &address)) {
		if (address.pid != getpid())
			continue;
		*last = address;
		count++;
	}
	fclose(list);
	return count;
}

/* The clients of a sniffer do not count as sniffers. Each time it is another name. */
static void a_sniffer_is_listed(void **state)
{
	struct control_address one, other;
	int client = connect_client();

	assert_int_equal(listed(&one), 1);
	listen_of_type(SOCK_STREAM, getpid(), 7);
	assert_int_equal(listed(&one), 1);
	close(client);
	close_control(state);
	assert_int_equal(listed(&one), 0);
	assert_int_equal(open_control(state), 0);
	assert_int_equal(listed(&other), 1);
	assert_memory_not_equal(one.name.sun_path, other.name.sun_path, one.length - sizeof(one.name.sun_family));
}

static void among_strangers(void **state)
{
	pid_t stranger = start_stranger(getpid());
	struct control_address last;
	int client;

	(void)state;
	assert_int_equal(listed(&last), STRANGERS + 1);
	client = connect_client();
	assert_int_equal(ask(client), 0);
	close(client);
	stop_stranger(stranger);
}

/* Who does not answer is waited for, but not for ever. */
static void nothing_but_strangers(void **state)
{
	size_t before;
	pid_t stranger;
	uid_t user;

	assert_int_equal(close_control(state), 0);
	assert_int_equal(control_connect(getpid(), SECONDS, &user), -ECONNREFUSED);
	stranger = start_stranger(getpid());
	before = open_descriptors();
	assert_int_equal(control_connect(getpid(), 0, &user), -ETIMEDOUT);
	assert_int_equal(open_descriptors(), before);
	stop_stranger(stranger);
}

/* Listen, leave the socket to a child, and end. The child ends with the test, however that ends: then nobody has the
 * other end of `alive` any more. */
static void leave_socket(const int alive[2], int ready)
{
	char byte;

	close(alive[1]);
	listen_as_stranger(getpid(), 1, 0);
	if (fork() == 0) {
		(void)!read(alive[0], &byte, 1);
		_exit(0);
	}
	(void)!write(ready, "", 1);
	_exit(0);
}

/* The process that listened has ended, and its child has the socket. */
static void a_socket_that_outlives_its_process(void **state)
{
	int ready[2], alive[2], ret;
	pid_t parent;
	uid_t user;
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(alive), 0);
	parent = fork();
	if (parent == 0)
		leave_socket(alive, ready[1]);
	close(alive[0]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	ret = control_connect(parent, SECONDS, &user);
	close(alive[1]);
	close(ready[0]);
	assert_int_equal(ret, -ECONNREFUSED);
}

/* A new client takes the place of one that has gone, and of the oldest only when there is none. */
static void a_free_place_first(void **state)
{
	int clients[PLACES + 1];

	(void)state;
	for (size_t i = 0; i < PLACES; i++)
		clients[i] = connect_client();
	for (size_t gone = 1; gone < PLACES; gone++) {
		close(clients[gone]);
		control_serve(control);
		clients[gone] = connect_client();
		for (size_t i = 0; i < PLACES; i++)
			assert_int_equal(ask(clients[i]), 0);
	}
	clients[PLACES] = connect_client();
	for (size_t i = 1; i <= PLACES; i++)
		assert_int_equal(ask(clients[i]), 0);
	assert_int_not_equal(ask(clients[0]), 0);
	for (size_t i = 0; i <= PLACES; i++)
		close(clients[i]);
}

/* A client waits for an answer, and not for ever. */
static void the_patience_of_a_client(void **state)
{
	int client = connect_client();
	struct timeval patience;
	socklen_t size = sizeof(patience);

	(void)state;
	assert_int_equal(fcntl(client, F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(getsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, &size), 0);
	assert_int_equal(patience.tv_sec, SECONDS);
	assert_int_equal(patience.tv_usec, 0);
	close(client);
}

/* A user that is not this one, where this one is root. */
static uid_t become_another(void)
{
	enum { NOBODY = 65534 };

	if (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY))
		_exit(1);
	return geteuid();
}

/* The caller learns whose sniffer it is. */
static void a_sniffer_of_another_user(void **state)
{
	uid_t user, wanted;
	int ready[2], fd;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		wanted = become_another();
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of user takes it back (commit_creds(), kernel/cred.c) */
		listen_as_stranger(getpid(), 1, 0);
		(void)!write(ready[1], &wanted, sizeof(wanted));
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &wanted, sizeof(wanted)), sizeof(wanted));
	fd = control_connect(pid, SECONDS, &user);
	assert_true(fd >= 0);
	assert_int_equal(user, wanted);
	close(fd);
	close(ready[0]);
	close(ready[1]);
	stop_stranger(pid);
}

/* Root and oneself, whoever that is. */
static void who_is_trusted(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		uid_t self = become_another();

		_exit(!control_is_trusted(0) || !control_is_trusted(self) || control_is_trusted(self + 1));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test_setup_teardown(a_sniffer_is_listed, open_control, close_control),
		cmocka_unit_test_setup_teardown(among_strangers, open_control, close_control),
		cmocka_unit_test_setup_teardown(nothing_but_strangers, open_control, close_control),
		cmocka_unit_test(a_socket_that_outlives_its_process),
		cmocka_unit_test_setup_teardown(the_patience_of_a_client, open_control, close_control),
		cmocka_unit_test(a_sniffer_of_another_user),
		cmocka_unit_test(who_is_trusted),
		cmocka_unit_test_setup_teardown(a_free_place_first, open_control, close_control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
