/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_log.h"

#include "flow/flow_json.h"

void flow_log_write(struct output *output, const struct flow_record *record)
{
	struct json json = json_begin(output_room(output, FLOW_JSON_MAX), FLOW_JSON_MAX);

	json = json_end(flow_json(json, record));
	if (!json_fits(json)) /* the longest flow fits */
		return;
	output_advance(output, json.at);
	output_end_record(output);
}
