/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_SSH_SESSION_H
#define BPFSNIFF_SSH_SESSION_H

#include <stdbool.h>

#include "abi.h"

enum { SSH_SESSION_TEXT_MAX = 128 };

/* The session of ssh(1) that a text in the form of its SSH_CONNECTION describes: client's address and port, server's
 * address and port. False when it describes none. */
bool ssh_session_parse(const char *text, struct session *session);

/*
 * The session that this process runs in. When its own environment does not tell, as sudo(8) does not hand it on, then
 * that of the nearest of its ancestors. *session and text, "ADDRESS PORT to ADDRESS PORT", stay as they are if there is
 * none.
 */
void ssh_session_find(struct session *session, char text[SSH_SESSION_TEXT_MAX]);

#endif
