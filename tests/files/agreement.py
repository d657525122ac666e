#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold the sniffer's JSON against a reference decode, field by field: agreement.py SNIFFER CORPUS EXCEPTIONS

CORPUS is a folder with captures/ and oracle.ndjson.gz, which has an object for every packet whose outermost IP header
carries TCP or UDP; oracle.py there says what its keys mean. EXCEPTIONS is a table of file, frame, the fields that differ
and the reason. A difference that is not in the table is printed, and an entry of the table that is no difference.
"""
import collections
import contextlib
import datetime
import gzip
import hashlib
import importlib
import io
import ipaddress
import json
import os
import struct
import subprocess
import sys

import exception_table

AGREEMENT = 0.999  # of the packets
OTHER_LINKS = ["zeek--nflog-http.pcap", "libpcap--http_PPI.pcap", "zeek--wlanmon.pcap", "zeek--dns-inverse-query.pcap"]
OTHER_HEADERS = {"nflog", "ppi", "wlan", "wlan_radio", "fddi"}
EVERY_PACKET = ["--loopback", "--protocol=all", "--json"]
EXTENSIONS = {0: "ipv6.hopopts", 43: "ipv6.routing", 44: "ipv6.fraghdr", 51: "ah", 60: "ipv6.dstopts"}
IP_FLAGS = {"reserved": 4, "DF": 2, "MF": 1}
TCP_FLAGS = {"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16, "URG": 32, "ECE": 64, "CWR": 128, "AE": 256}
CHECKSUMS = {"not_present": "absent", "illegal": "bad"}  # the others have the same name
LENGTH_MAX = 2**31 - 1  # the oracle has no larger one
NOTHING = collections.defaultdict(lambda: None)


def bits(names, values):
    """A number of a list of names."""
    return None if names is None else sum(values[name] for name in names)


def nanoseconds(time):
    """Since 1970, of "YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ"."""
    if time is None:
        return None
    seconds = datetime.datetime.fromisoformat(time[:19] + "+00:00").timestamp()
    return int(seconds) * 10**9 + int(time[20:29])


def frame_fields(packet):
    """What the oracle says of the frame."""
    link = packet["link"] if packet["link"]["type"] == "ethernet" else {}
    return {"ts_ns": nanoseconds(packet.get("time")), "caplen": packet["captured"],
            "len": min(packet["length"], LENGTH_MAX), "eth_src": link.get("source"), "eth_dst": link.get("destination"),
            "vlan": [tag["id"] for tag in packet.get("vlan", [])],
            "malformed": "malformed" in packet or "truncated" in packet}


def ip_fields(header):
    """What the oracle says of the IP header."""
    ip = NOTHING | header
    six = ip["version"] == 6
    extensions = [EXTENSIONS[number] for number in header.get("extensions", [])]
    return {"ipver": ip["version"], "src": ip["source"], "dst": ip["destination"],
            "ttl": ip["hop_limit"] if six else ip["ttl"], "tos": ip["traffic_class"] if six else ip["tos"],
            "ip_hdr_len": 40 if six else ip["header_length"],
            "ip_len": ip["payload_length"] if six else ip["total_length"],
            "flow": ip["flow_label"], "ip_id": ip["id"], "ext": extensions,
            "ip_flags": bits(header.get("flags", [] if six else None), IP_FLAGS),
            "frag_off": header.get("fragment_offset", 0 if six else None),
            "ip_checksum": ip["checksum"], "ip_checksum_status": ip["checksum_status"]}


def transport_fields(packet):
    """What the oracle says of the TCP or UDP header; nothing where there is none."""
    proto = "tcp" if "tcp" in packet else "udp" if "udp" in packet else None
    if not proto:
        return {"proto": None}
    header = NOTHING | packet[proto]
    flags, options = bits(header["flags"], TCP_FLAGS), header["options"]
    if header["reserved"]:
        flags |= header["reserved"] << 9
    if proto == "tcp" and header["header_length"] is not None:
        options = options or ""
    return {"proto": proto, "sport": header["source_port"], "dport": header["destination_port"], "seq": header["seq"],
            "ack": header["ack"], "tcp_hdr_len": header["header_length"], "tcp_flags": flags,
            "window": header["window"], "urgent": header["urgent"], "tcp_options": options,
            "udp_len": header["length"], "checksum": header["checksum"], "checksum_status": header["checksum_status"]}


def payload_fields(packet):
    """What the oracle says of the payload."""
    payload = packet.get("payload", {"length": None, "hex": ""})
    captured = bytes.fromhex(payload["hex"])
    return {"payload_len": payload["length"], "payload_caplen": len(captured),
            "payload_sha1": hashlib.sha1(captured).hexdigest()}


def is_pseudo_sum(wanted):
    """Whether the checksum of TCP or UDP is the sum of the pseudo header alone, which the oracle does not know."""
    if wanted["checksum_status"] not in ("bad", "unverified") or wanted["checksum"] is None:
        return False
    if wanted["frag_off"] or (wanted["ip_flags"] or 0) & IP_FLAGS["MF"]:
        return False
    length = wanted["udp_len"]
    if wanted["proto"] == "tcp":
        parts = wanted["payload_len"], wanted["tcp_hdr_len"]
        length = None if None in parts else sum(parts)
    if length is None:
        return False
    addresses = b"".join(ipaddress.ip_address(wanted[name]).packed for name in ("src", "dst"))
    words = struct.unpack(f">{len(addresses) // 2}H", addresses)
    total = sum(words) + length + {"tcp": 6, "udp": 17}[wanted["proto"]]
    return total % 0xffff == wanted["checksum"] % 0xffff


def differences(wanted, packet):
    """The names of the fields that are not what the oracle says."""
    if not packet:
        return ["packet"]
    got = frame_fields(packet) | ip_fields(packet.get("ip", {})) | transport_fields(packet) | payload_fields(packet)
    return [name for name in got if got[name] != wanted[name]]


def read_capture(sniffer, path):
    """The packets of a capture that the oracle may know, by number."""
    done = subprocess.run([sniffer, "-r", path, *EVERY_PACKET], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return {packet["number"]: packet for packet in map(json.loads, done.stdout.splitlines()) if "ip" in packet}


def ask_tshark(corpus):
    """What the oracle says of captures whose link-level headers are left out in its file."""
    sys.path.insert(0, corpus)
    oracle = importlib.import_module("oracle")
    oracle.KEEP |= OTHER_HEADERS
    sys.argv[1:] = [os.path.join(corpus, "captures", name) for name in OTHER_LINKS]
    with contextlib.redirect_stdout(io.StringIO()) as lines:
        oracle.main()
    return lines.getvalue().splitlines()


def read_oracle(corpus):
    """{file: {frame: object}}, in our words."""
    oracle = collections.defaultdict(dict)
    with gzip.open(os.path.join(corpus, "oracle.ndjson.gz"), "rt") as file:
        for line in list(file) + ask_tshark(corpus):
            wanted = json.loads(line)
            status, options = wanted["checksum_status"], wanted["tcp_options"]
            wanted["checksum_status"] = CHECKSUMS.get(status, status)
            if is_pseudo_sum(wanted):
                wanted["checksum_status"] = "offloaded"
            wanted["tcp_options"] = "" if options == "<MISSING>" else options  # there are, but none was captured
            oracle[os.path.basename(wanted["file"])][wanted["frame"]] = wanted
    return oracle


def compare(sniffer, corpus):
    """(number of packets in the oracle, {(file, frame): fields that differ})"""
    oracle = read_oracle(corpus)
    captures = os.path.join(corpus, "captures")
    found = {}
    for name in sorted(os.listdir(captures)):
        packets = read_capture(sniffer, os.path.join(captures, name))
        for frame, wanted in oracle[name].items():
            fields = differences(wanted, packets.get(frame))
            if fields:
                found[name, frame] = fields
        for frame in packets.keys() - oracle[name].keys():
            if "tcp" in packets[frame] or "udp" in packets[frame]:
                found[name, frame] = ["extra"]
    return sum(map(len, oracle.values())), found


def main():
    """Compare; the exit status says whether they agree."""
    sniffer, corpus, table = sys.argv[1:]
    count, found = compare(sniffer, corpus)
    as_expected = exception_table.agrees(found, table)
    # The oracle's flag is for what it cannot dissect; a length that contradicts another need not be such.
    differ = sum(fields != ["malformed"] for fields in found.values())
    print(f"{count} packets, {differ} differ in more than whether they are malformed")
    return not as_expected or differ > count * (1 - AGREEMENT)


if __name__ == "__main__":
    sys.exit(main())
