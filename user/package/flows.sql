-- SPDX-License-Identifier: BSD-2-Clause
-- The flows of many sniffers in ClickHouse, as the flow log has them; see fleet.md.
CREATE TABLE flows
(
    sniffer String,
    source String,
    source_port UInt16,
    destination String,
    destination_port UInt16,
    protocol UInt8,
    first String,
    last String,
    end String,
    packets Array(UInt64),
    bytes Array(UInt64),
    flags Array(String),
    retransmissions Array(UInt32),
    rtt_ns UInt64,
    handshake_ns UInt64
)
ENGINE = MergeTree()
ORDER BY (source, destination)
