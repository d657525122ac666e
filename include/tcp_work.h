/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_TCP_WORK_H
#define BPFSNIFF_TCP_WORK_H

#include "flow_id.h"
#include "tcp_connection.h"

/* What the judgement of a segment needs room for, in the kernel outside the stack. */
struct tcp_work {
	struct flow_id id;
	struct tcp_segment segment;
	struct tcp_finding finding;
};

#endif
