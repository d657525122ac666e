/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TCP_EVENT_NAMES_H
#define BPFSNIFF_TCP_EVENT_NAMES_H

#include "base/text.h"
#include "tcp_event.h"

enum { TCP_EVENTS = 16 }; /* bits of enum tcp_event, from the low bit */

/* The name of an event by the place of its bit, the same in every style of output. */
const struct text_word *name_tcp_event(unsigned int place);

#endif
