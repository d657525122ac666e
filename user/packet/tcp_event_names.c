/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet/tcp_event_names.h"

static const struct text_word names[TCP_EVENTS] = {
	TEXT_WORD("retransmission"),
	TEXT_WORD("fast-retransmission"),
	TEXT_WORD("spurious-retransmission"),
	TEXT_WORD("out-of-order"),
	TEXT_WORD("lost-segment"),
	TEXT_WORD("ack-lost-segment"),
	TEXT_WORD("duplicate-ack"),
	TEXT_WORD("zero-window"),
	TEXT_WORD("zero-window-probe"),
	TEXT_WORD("zero-window-probe-ack"),
	TEXT_WORD("window-full"),
	TEXT_WORD("window-update"),
	TEXT_WORD("keep-alive"),
	TEXT_WORD("keep-alive-ack"),
	TEXT_WORD("reused-ports"),
	TEXT_WORD("reset"),
};

const struct text_word *name_tcp_event(unsigned int place)
{
	return &names[place];
}
