/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_RING_SPARES_H
#define BPFSNIFF_RING_SPARES_H

#include "capture/ring.h"

/*
 * The sockets for the next filter, one for each interface. A running sniffer cannot open any, so it has them from the
 * start and takes turns with those in use. While no filter is expected they have no ring and cost next to nothing.
 * Setting them up and putting them away takes the kernel some 10 ms a step, so threads do it while the sniffer goes on
 * reading.
 */
struct ring_spares;

/* Take over bare sockets from ring_sockets_finish(). The options must outlive the spares. NULL without memory; then the
 * sockets stay the caller's. */
struct ring_spares *ring_spares_open(const struct ring_options *options, const int fds[]);

/* Have rings set up, bound behind a filter that rejects every frame. 0 when they are ready; -EAGAIN when that is under
 * way, or what has to come before it; or why it failed, another -errno: then the next call tries again. */
int ring_spares_prepare(struct ring_spares *spares);

/* Open a source with the rings that are ready, as ring_open(). */
int ring_spares_take(struct ring_spares *spares, struct ring_session *session, struct source **source);

/* Close a source whose frames have been read, and put its sockets away: they are the next spares. The spares before
 * must have been taken. */
void ring_spares_give_back(struct ring_spares *spares, struct source *source);

/* Put rings away that are ready and have not been taken. */
void ring_spares_put_away(struct ring_spares *spares);

/* Wait for what is under way and close the sockets. Takes NULL. */
void ring_spares_close(struct ring_spares *spares);

#endif
