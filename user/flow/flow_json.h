/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_JSON_H
#define BPFSNIFF_FLOW_JSON_H

#include "base/json.h"
#include "base/output.h"
#include "flow/flow_record.h"
#include "packet/packet_owner.h"

enum {
	FLOW_JSON_MAX = 2048,                  /* bytes of a flow */
	FLOW_JSON_OWNER_MAX = OUTPUT_ROOM_MAX, /* of one whose processes are known: the longest path of a control
						  group takes 24 KiB if each byte is escaped */
};

/* "flow", the member of a JSON object. */
struct json flow_json(struct json json, const struct flow_record *record);

/* The members that describe a process. */
struct json flow_json_process(struct json json, const struct end_owner *process);

/* A string: an address of 16 bytes, as flow_text_address() shows it. */
struct json flow_json_address(struct json json, const char *key, const uint8_t *address, uint8_t version);

#endif
