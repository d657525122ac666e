/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONTROL_H
#define BPFSNIFF_CONTROL_H

#include <stdbool.h>

#include "control/control_message.h"

/* The server side of the Unix socket of a running sniffer. */
struct control;

struct control_handlers {
	/* Write the report into reply->text. */
	void (*status)(void *context, bool json, struct control_message *reply);
	/* Fill in the numbers, and the descriptors, which the handler keeps. */
	void (*prepare)(void *context, struct control_message *reply, struct message_fds *fds);
	/* Put a filter in force. Takes the descriptors that it keeps out of *fds. 0, or -errno with a sentence in
	 * reply->text.
	 */
	int (*install)(void *context, const struct control_message *message, struct message_fds *fds,
		       struct control_message *reply);
};

/* Listen, and answer only root and the real user of this process. 0 or -errno. */
int control_open(const struct control_handlers *handlers, void *context, struct control **result);

/* The descriptor to poll for POLLIN. */
int control_fd(const struct control *control);

/* Serve the clients that have sent something. Never blocks. */
void control_serve(struct control *control);

/* Takes NULL. */
void control_close(struct control *control);

#endif
