/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow/flow_log.h"

#include "flow/flow_json.h"

void flow_log_write(struct output *output, const struct flow_record *record)
{
	const size_t most = record->owner ? FLOW_JSON_OWNER_MAX : FLOW_JSON_MAX;
	struct json json = json_begin(output_room(output, most), most);

	json = json_end(flow_json(json, record));
	if (!json_fits(json)) /* the longest flow fits */
		return;
	output_advance(output, json.at);
	output_end_record(output);
}
