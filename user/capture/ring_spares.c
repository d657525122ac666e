/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/ring_spares.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/packet_socket.h"

enum state {
	BARE,      /* without rings */
	PREPARING, /* threads set them up */
	READY,
	TAKEN,
	RETIRING, /* threads put them away */
};

enum { WORKERS = 2 }; /* not one for each socket: the sniffer needs its share of the processors meanwhile */

struct spare {
	unsigned int ifindex;
	int fd;    /* -1: taken */
	void *map; /* NULL: none */
	int error; /* of the last work: 0 or -errno */
};

struct worker {
	struct ring_spares *spares;
	size_t first; /* of its sockets: it works on every WORKERS-th */
	pthread_t thread;
	bool has_thread;
};

struct ring_spares {
	const struct ring_options *options;
	enum state state;
	struct worker workers[WORKERS];
	unsigned int busy; /* how many of them are at work */
	size_t count;
	struct spare spares[];
};

struct ring_spares *ring_spares_open(const struct ring_options *options, const int fds[])
{
	struct ring_spares *spares = calloc(1, sizeof(*spares) + options->count * sizeof(spares->spares[0]));

	if (!spares)
		return NULL;
	spares->options = options;
	spares->count = options->count;
	for (size_t i = 0; i < spares->count; i++)
		spares->spares[i] = (struct spare){.ifindex = options->ifindexes[i], .fd = fds[i]};
	return spares;
}

/* An interface that is down, or went down while nobody listened, is an error of the socket, but no news: the reader of
 * the other socket has been told. */
static void forget_error(int fd)
{
	int error;
	socklen_t size = sizeof(error);

	(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

static int prepare(struct spare *spare, const struct ring_options *options)
{
	int ret = packet_socket_make_ring(spare->fd, options);

	if (ret)
		return ret;
	spare->map = packet_socket_map(spare->fd, options);
	if (!spare->map)
		return -errno;
	ret = packet_socket_bind(spare->fd, spare->ifindex);
	forget_error(spare->fd);
	return ret == -ENODEV ? 0 : ret; /* the interface is gone, and the others go on */
}

/* Rejecting all frees the last filter as well. An interface that is gone has unbound the socket. */
static int retire(struct spare *spare, const struct ring_options *options)
{
	int ret = packet_socket_reject_all(spare->fd);

	(void)packet_socket_unbind(spare->fd, spare->ifindex);
	if (spare->map)
		packet_socket_unmap(spare->map, options);
	spare->map = NULL;
	return ret ? ret : packet_socket_drop_ring(spare->fd);
}

static void *work(void *context)
{
	const struct worker *worker = context;
	struct ring_spares *spares = worker->spares;

	for (size_t i = worker->first; i < spares->count; i += WORKERS) {
		struct spare *spare = &spares->spares[i];

		spare->error =
			spares->state == PREPARING ? prepare(spare, spares->options) : retire(spare, spares->options);
	}
	__atomic_sub_fetch(&spares->busy, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void begin(struct ring_spares *spares, enum state state)
{
	spares->state = state;
	spares->busy = WORKERS;
	for (size_t i = 0; i < WORKERS; i++) {
		struct worker *worker = &spares->workers[i];

		worker->spares = spares;
		worker->first = i;
		worker->has_thread = i < spares->count && !pthread_create(&worker->thread, NULL, work, worker);
		if (!worker->has_thread)
			work(worker);
	}
}

/* Wait for the threads. The first error of their work, or 0. */
static int join(struct ring_spares *spares)
{
	int first = 0;

	for (size_t i = 0; i < WORKERS; i++) {
		if (spares->workers[i].has_thread)
			pthread_join(spares->workers[i].thread, NULL);
		spares->workers[i].has_thread = false;
	}
	for (size_t i = 0; i < spares->count && !first; i++)
		first = spares->spares[i].error;
	return first;
}

int ring_spares_prepare(struct ring_spares *spares)
{
	int ret;

	if (spares->state == READY || spares->state == TAKEN)
		return spares->state == READY ? 0 : -EAGAIN;
	if (__atomic_load_n(&spares->busy, __ATOMIC_ACQUIRE))
		return -EAGAIN;
	ret = join(spares);
	if (spares->state != PREPARING) {
		begin(spares, PREPARING);
		return -EAGAIN;
	}
	if (ret)
		begin(spares, RETIRING);
	else
		spares->state = READY;
	return ret;
}

int ring_spares_take(struct ring_spares *spares, struct ring_session *session, struct source **source)
{
	int *fds = calloc(spares->count, sizeof(*fds)), ret = -ENOMEM;
	void **maps = calloc(spares->count, sizeof(*maps));

	for (size_t i = 0; fds && maps && i < spares->count; i++) {
		fds[i] = spares->spares[i].fd;
		maps[i] = spares->spares[i].map;
	}
	if (fds && maps)
		ret = ring_open_mapped(fds, maps, spares->options, session, source);
	free(fds);
	free(maps);
	if (ret)
		return ret;
	spares->state = TAKEN;
	for (size_t i = 0; i < spares->count; i++) {
		spares->spares[i].fd = -1;
		spares->spares[i].map = NULL;
	}
	return 0;
}

void ring_spares_give_back(struct ring_spares *spares, struct source *source)
{
	for (size_t i = 0; i < spares->count; i++)
		spares->spares[i].fd = ring_give_up(source, i, &spares->spares[i].map);
	ring_close(source);
	begin(spares, RETIRING);
}

void ring_spares_put_away(struct ring_spares *spares)
{
	if (spares->state != READY && (spares->state != PREPARING || __atomic_load_n(&spares->busy, __ATOMIC_ACQUIRE)))
		return;
	join(spares);
	begin(spares, RETIRING);
}

void ring_spares_close(struct ring_spares *spares)
{
	if (!spares)
		return;
	join(spares);
	for (size_t i = 0; i < spares->count; i++) {
		if (spares->spares[i].map)
			packet_socket_unmap(spares->spares[i].map, spares->options);
		if (spares->spares[i].fd >= 0)
			close(spares->spares[i].fd);
	}
	free(spares);
}
