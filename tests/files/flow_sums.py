#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Add the packets of `bpfsniff --json` up to flows, and compare with what the sniffer counted itself.

usage: flow_sums.py PACKETS FLOWS STATISTICS   compare flow by flow
       flow_sums.py --sums FLOWS STATISTICS    only that the flows and what was evicted are what was accepted

FLOWS is a flow log, or the table of --top --json.
"""

import collections
import json
import sys

EPOCH = "1970-01-01T00:00:00.000000000Z"


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line[0] in "{["]


def flows_in(path):
    """Of a table the last, which is that of the whole run."""
    objects = lines(path)
    if objects and isinstance(objects[0], list):
        objects = objects[-1]
    return [line["flow"] for line in objects]


def is_plain(packet):
    """Its length and its ports are in its own headers."""
    ip = packet.get("ip", {})
    if "destination" not in ip or packet.get("time", EPOCH) == EPOCH or "malformed" in packet or "truncated" in packet:
        return False
    return bool(ip.get("total_length") or ip.get("payload_length")) and not (
        ip.get("fragment_offset") or "MF" in ip.get("flags", []))


def ip_bytes(packet):
    ip = packet["ip"]
    if ip["version"] == 4:
        return ip["total_length"]
    return 40 + ip["payload_length"]


def sent_by(packet):
    """The two ends of a packet, and its protocol."""
    ip = packet["ip"]
    ports = packet.get("tcp") or packet.get("udp") or {}
    return (
        (ip["source"], ports.get("source_port", 0)),
        (ip["destination"], ports.get("destination_port", 0)),
        ip["protocol"],
    )


class Flow:
    def __init__(self, packet):
        self.first = self.last = packet["time"]
        self.packets = collections.Counter()
        self.bytes = collections.Counter()
        self.flags = set()
        self.again = collections.Counter()
        self.source = sent_by(packet)[0]
        self.knows_source = False

    def add(self, packet):
        source, destination, _ = sent_by(packet)
        self.first = min(self.first, packet["time"])
        self.last = max(self.last, packet["time"])
        self.packets[source] += 1
        self.bytes[source] += ip_bytes(packet)
        tcp = packet.get("tcp", {})
        flags = tcp.get("flags", [])
        self.flags.update(set(flags) - {"AE"})  # the eight of RFC 9293
        self.again[source] += "retransmission" in tcp.get("analysis", [])
        if "SYN" in flags and not self.knows_source:
            self.source = destination if "ACK" in flags else source
            self.knows_source = True


def added_up(packets):
    flows = {}
    for packet in packets:
        source, destination, protocol = sent_by(packet)
        key = (*sorted((source, destination)), protocol)
        if key not in flows:
            flows[key] = Flow(packet)
        flows[key].add(packet)
    return flows


def same(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: {expected} expected, not {found}")


def compare(flows, records):
    seen = set()
    for record in records:
        source = (record["source"], record.get("source_port", 0))
        destination = (record["destination"], record.get("destination_port", 0))
        key = (*sorted((source, destination)), record["protocol"])
        if key in seen:
            sys.exit(f"{key} is there twice")
        seen.add(key)
        flow = flows[key]
        ends = (flow.source, destination if flow.source == source else source)
        same(f"{key} source", flow.source, source)
        for name, counted in (("packets", flow.packets), ("bytes", flow.bytes)):
            if source == destination:
                same(f"{key} {name}", sum(counted.values()), sum(record[name]))
            else:
                same(f"{key} {name}", [counted[end] for end in ends], record[name])
        same(f"{key} first", flow.first, record["first"])
        same(f"{key} last", flow.last, record["last"])
        if record["protocol"] == 6:
            same(f"{key} flags", flow.flags, set(record["tcp"]["flags"]))
            same(f"{key} retransmissions", [flow.again[end] for end in ends], record["tcp"]["retransmissions"])
    same("flows", len(flows), len(seen))


def check_sums(records, statistics):
    flows = statistics["flows"]
    packets = sum(sum(record["packets"]) for record in records)
    octets = sum(sum(record["bytes"]) for record in records)
    same("packets of flows", flows["packets"], packets)
    same("bytes of flows", flows["bytes"], octets)
    same("packets accepted", statistics["accepted"], packets + flows["evicted_packets"])


def main():
    records, statistics = flows_in(sys.argv[2]), lines(sys.argv[3])[-1]["statistics"]
    check_sums(records, statistics)
    if sys.argv[1] == "--sums":
        return
    packets = lines(sys.argv[1])
    if not all(map(is_plain, packets)):
        return
    compare(added_up(packets), records)
    same("bytes accepted", sum(map(ip_bytes, packets)),
         statistics["flows"]["bytes"] + statistics["flows"]["evicted_bytes"])
    print(len(packets), len(records))


if __name__ == "__main__":
    main()
