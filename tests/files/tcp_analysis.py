#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold the analysis of TCP in the sniffer's JSON against tshark's: tcp_analysis.py SNIFFER CORPUS ORACLE EXCEPTIONS

ORACLE has tshark's lines (tcp_oracle.py says what they are). EXCEPTIONS is a table of file, frame, what differs and the
reason. A difference that is not in the table is printed, and an entry of the table that is no difference.
"""
import collections
import gzip
import json
import os
import subprocess
import sys

import exception_table

AGREEMENT = 0.995  # of the packets have the same words
EVERY_PACKET = ["--loopback", "--protocol=all", "--json"]


def nanoseconds(seconds):
    """Of tshark's decimal seconds; None for times that go backwards, which we have no word for."""
    if not seconds or seconds.startswith("-"):
        return None
    whole, fraction = seconds.split(".")
    return int(whole) * 10**9 + int(fraction.ljust(9, "0"))


def read_oracle(path):
    """{file: {frame: columns}}"""
    oracle = collections.defaultdict(dict)
    with gzip.open(path, "rt") as lines:
        for line in lines:
            name, frame, *columns = line.rstrip("\n").split("\t")
            oracle[name][int(frame)] = columns
    return oracle


def read_capture(sniffer, path):
    """The TCP header of every packet that has one, by number."""
    done = subprocess.run([sniffer, "-r", path, *EVERY_PACKET], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False)
    packets = {packet["number"]: packet for packet in map(json.loads, done.stdout.splitlines())}
    return {number: packet["tcp"] for number, packet in packets.items() if "tcp" in packet}


def differences(header, columns):
    """The names of what is not as tshark has it."""
    seq, ack, words, duplicate, rtt, handshake = columns
    wanted = {
        "seq": int(seq), "ack": int(ack) if "ACK" in header["flags"] else None, "words": words,
        "duplicate": int(duplicate) if duplicate else None, "rtt": nanoseconds(rtt),
    }
    got = {
        "seq": header.get("relative_seq"), "ack": header.get("relative_ack"),
        "words": ",".join(header.get("analysis", [])), "duplicate": header.get("duplicate_ack_number"),
        "rtt": header.get("rtt_ns"),
    }
    if "handshake_ns" in header:  # tshark repeats it on every packet of the connection
        wanted["handshake"], got["handshake"] = nanoseconds(handshake), header["handshake_ns"]
    return [name for name in got if got[name] != wanted[name]]


def compare(sniffer, corpus, oracle):
    """(number of packets compared, {(file, frame): what differs})"""
    count, found = 0, {}
    for name, lines in sorted(oracle.items()):
        packets = read_capture(sniffer, os.path.join(corpus, "captures", name))
        for frame in sorted(packets.keys() & lines.keys()):
            count += 1
            if "flags" not in packets[frame]:
                continue  # the header is cut before them
            fields = differences(packets[frame], lines[frame])
            if fields:
                found[name, frame] = fields
                if "VERBOSE" in os.environ:
                    print(name, frame, fields, lines[frame], packets[frame])
    return count, found


def main():
    """Compare; the exit status says whether they agree."""
    sniffer, corpus, lines, table = sys.argv[1:]
    count, found = compare(sniffer, corpus, read_oracle(lines))
    as_expected = exception_table.agrees(found, table)
    differ = sum("words" in fields for fields in found.values())
    print(f"{count} packets, {differ} have other words than tshark's, {len(found)} differ in anything")
    return not as_expected or differ > count * (1 - AGREEMENT)


if __name__ == "__main__":
    sys.exit(main())
