/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_FLOW_JSON_H
#define BPFSNIFF_FLOW_JSON_H

#include "base/json.h"
#include "flow/flow_record.h"

enum { FLOW_JSON_MAX = 2048 }; /* bytes of a flow */

/* "flow", the member of a JSON object. */
struct json flow_json(struct json json, const struct flow_record *record);

/* A string: an address of 16 bytes, as flow_text_address() shows it. */
struct json flow_json_address(struct json json, const char *key, const uint8_t *address, uint8_t version);

#endif
