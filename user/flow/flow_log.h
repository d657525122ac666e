/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_LOG_H
#define BPFSNIFF_FLOW_LOG_H

#include "base/output.h"
#include "flow/flow_record.h"

/* Write a flow as a line of JSON. The first error stays in output->error. */
void flow_log_write(struct output *output, const struct flow_record *record);

#endif
