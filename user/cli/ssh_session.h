/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SSH_SESSION_H
#define BPFSNIFF_SSH_SESSION_H

#include <stdbool.h>

#include "abi.h"

enum { SSH_SESSION_TEXT_MAX = 128 };

/* Parse the value of SSH_CONNECTION, as ssh(1) documents it: the client's address and port, the server's address and
 * port. False, with *session untouched, if it is malformed. Ports are in host byte order (struct session in abi.h). */
bool ssh_session_parse(const char *text, struct session *session);

/*
 * Find the SSH session that this process runs in, by its own environment or, since sudo(8) does not pass the variable
 * on, by that of its nearest ancestor where it names a session. `text` becomes "ADDRESS PORT to ADDRESS PORT". If there
 * is no session, *session and `text` stay as they are.
 */
void ssh_session_find(struct session *session, char text[SSH_SESSION_TEXT_MAX]);

#endif
