#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold what the sniffer says of each packet of the corpus, and what it writes, against what another reader finds:
packets.py SNIFFER CORPUS FOLDER. The files written stay in FOLDER, named as in the corpus with .pcapng or .pcap added.

No packet may be missing or extra. A file written must hold what its format can: pcapng everything (of a pcapng file
blocks.py compares each block); pcap neither a missing time nor interfaces, directions and comments. What is read back
from it is written again to the same bytes.
"""
import json
import os
import subprocess
import sys

import agreement
import pcapfile


def read_counts(path):
    """{file: number of packets}"""
    with open(path, encoding="utf-8") as table:
        rows = [line.split("\t") for line in table if not line.startswith("#")]
    return {row[0]: int(row[8]) for row in rows}


def members(capture):
    """The members of each JSON object that do not depend on the bytes."""
    for number, packet in enumerate(capture.packets, 1):
        yield {"number": number, "time": packet.time, "interface": pcapfile.name(packet.interface),
               "direction": pcapfile.direction(packet), "length": packet.length, "captured": len(packet.bytes)}


def same_members(packet):
    """Those of an object that was read."""
    chosen = {key: packet.get(key) for key in ("number", "interface", "direction", "length", "captured")}
    return chosen | {"time": agreement.nanoseconds(packet.get("time"))}


def is_pcapng(capture):
    """Whether its blocks are copied."""
    return capture.data[:4] == b"\n\r\r\n"


def essence(capture):
    """What of each packet has to survive in a pcapng file. Where that is not a copy, no packet may exceed the snaplen."""
    too_long = {id(packet.interface) for packet in capture.packets
                if len(packet.bytes) > packet.interface.snaplen and not is_pcapng(capture)}
    for packet in capture.packets:
        interface = packet.interface
        yield {"time": packet.time, "length": packet.length, "bytes": packet.bytes,
               "direction": pcapfile.direction(packet), "comments": packet.options.get(pcapfile.COMMENT),
               "interface": pcapfile.name(interface), "link type": interface.link_type,
               "snaplen": 0 if id(interface) in too_long else interface.snaplen}


def pcap_essence(capture):
    """And in a pcap file."""
    for packet in capture.packets:
        yield {"time": packet.time or 0, "length": packet.length, "bytes": packet.bytes,
               "link type": packet.interface.link_type}


def without(names, packets):
    """JSON objects without what a format does not hold."""
    return [{key: value for key, value in packet.items() if key not in names} for packet in packets]


def differ(what, wanted, got):
    """The first difference of two lists of objects, if there is one."""
    wanted, got = list(wanted), list(got)
    for number, (want, have) in enumerate(zip(wanted, got), 1):
        if want != have:
            keys = [key for key in want.keys() | have.keys() if want.get(key) != have.get(key)]
            changes = [f"{key} {want.get(key)!r:.60} became {have.get(key)!r:.60}" for key in keys]
            yield f"{what}: packet {number}: {'; '.join(changes)}"
            return
    if len(wanted) != len(got):
        yield f"{what}: {len(wanted)} packets became {len(got)}"


def convert(sniffer, source, target):
    """(exit status, JSON objects); the sniffer writes the file too."""
    done = subprocess.run([sniffer, "-r", source, *agreement.EVERY_PACKET, "-w", target], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def same_bytes(*paths):
    """Whether two files are the same."""
    contents = []
    for path in paths:
        with open(path, "rb") as file:
            contents.append(file.read())
    return contents[0] == contents[1]


def check_pcapng(sniffer, source, target, capture):
    """Read, write, and read and write again, in pcapng."""
    status, packets = convert(sniffer, source, target)
    if status != (capture.damage is not None):
        yield f"exit status {status}, and the damage is: {capture.damage}"
    yield from differ("JSON", members(capture), map(same_members, packets))
    written = pcapfile.Capture(target)
    yield from differ("pcapng", essence(capture), essence(written))
    if written.damage:
        yield f"the pcapng is damaged: {written.damage}"
    status, again = convert(sniffer, target, "again.pcapng")
    yield from differ("JSON from pcapng", packets, again)
    if status or not same_bytes(target, "again.pcapng"):
        yield "pcapng written again is not the same"


def check_pcap(sniffer, source, target, capture):
    """The same in pcap, for captures of one link type."""
    _, packets = convert(sniffer, source, target)
    written = pcapfile.Capture(target)
    yield from differ("pcap", pcap_essence(capture), pcap_essence(written))
    if written.damage:
        yield f"the pcap is damaged: {written.damage}"
    status, again = convert(sniffer, target, "again.pcap")
    lost = {"interface", "direction"}
    if any(packet.time is None for packet in capture.packets):
        lost.add("time")
    yield from differ("JSON from pcap", without(lost, packets), without(lost, again))
    if status or not same_bytes(target, "again.pcap"):
        yield "pcap written again is not the same"


def check(sniffer, source, target, count):
    """The complaints about one capture."""
    capture = pcapfile.Capture(source)
    if len(capture.packets) != count:
        yield f"{count} packets by the table, {len(capture.packets)} by pcapfile.py"
    yield from check_pcapng(sniffer, source, target + ".pcapng", capture)
    if len({packet.interface.link_type for packet in capture.packets}) <= 1:
        yield from check_pcap(sniffer, source, target + ".pcap", capture)


def main():
    """Check every file; the exit status says whether all is well."""
    sniffer, corpus, folder = sys.argv[1:]
    bad = 0
    counts = read_counts(os.path.join(corpus, "captures.tsv"))
    for name, count in counts.items():
        for complaint in check(sniffer, os.path.join(corpus, "captures", name), os.path.join(folder, name), count):
            print(f"{name}: {complaint}")
            bad += 1
    print(f"{sum(counts.values())} packets of {len(counts)} files, {bad} complaints")
    return bad > 0


sys.exit(main())
