#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The flow logs of two sniffers in ClickHouse, by the table and the commands of user/package/fleet.md.
#
source "$(dirname "$0")/fileslib.sh"

PORT=$((20000 + $$ % 10000))

setup() {
	need jq clickhouse-server clickhouse-client
}

query() {
	clickhouse-client --host 127.0.0.1 --port "$PORT" --query "$1"
}

start_server() {
	cat >config.xml <<-END
		<yandex><logger><level>error</level><log>$PWD/log</log><errorlog>$PWD/errors</errorlog></logger>
		<tcp_port>$PORT</tcp_port><listen_host>127.0.0.1</listen_host><path>$PWD/data/</path><tmp_path>$PWD/tmp/</tmp_path>
		<user_files_path>$PWD/files/</user_files_path><mark_cache_size>1000000</mark_cache_size>
		<users_config>users.xml</users_config><default_profile>default</default_profile></yandex>
	END
	cat >users.xml <<-END
		<yandex><profiles><default></default></profiles><quotas><default></default></quotas><users><default>
		<password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
		</default></users></yandex>
	END
	mkdir data
	clickhouse-server --config-file="$PWD/config.xml" >server 2>&1 &
	undo kill -KILL $!
	wait_for 20 query 'SELECT 1' >/dev/null 2>&1
}

test_the_fleet() {
	local sniffer
	start_server
	query "$(sed '/^--/d' "$ROOT/user/package/flows.sql")"
	for sniffer in one two; do
		"$SNIFFER" -r "$ROOT/tests/examples/office.pcap" --flow-log=flows.ndjson 2>/dev/null
		jq -c --arg sniffer "$sniffer" '.flow | {sniffer: $sniffer} + . + (.tcp // {}) | del(.tcp)' flows.ndjson |
			query 'INSERT INTO flows FORMAT JSONEachRow'
	done
	equal "sums" $'12\t80\t6462' "$(query 'SELECT count(), sum(arraySum(packets)), sum(arraySum(bytes)) FROM flows')"
	equal "top talkers" $'10.9.0.1\t6054\nfd09::1\t408' "$(query 'SELECT source, sum(bytes[1] + bytes[2]) AS total
		FROM flows GROUP BY source ORDER BY total DESC LIMIT 10')"
	equal "retransmitting peers" $'10.9.0.2\t2\t0' "$(query "SELECT destination, uniq(sniffer),
		sum(retransmissions[1]) AS again FROM flows WHERE destination = '10.9.0.2' GROUP BY destination")"
}

run_tests "$@"
