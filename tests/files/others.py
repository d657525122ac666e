#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Have tcpdump, tshark and capinfos read the files that packets.py has written: others.py CORPUS FOLDER. They must not
warn, and must find in them what is in the captures of the corpus."""
import collections
import os
import re
import subprocess
import sys

import pcapfile

# They warn so of the originals too: libpcap of every SLL2 file, Wireshark of a link type that it does not know.
HARMLESS = ("reading from file", "Running as user", "Warning: interface names might be incorrect",
            "capinfos: Unknown packet encapsulation 0 in frame", "(pcap: network type")
UNSUPPORTED = "contains record data that capinfos doesn't support."
RAW = {12: 101, 14: 101}  # libpcap has one number for raw IP
PSEUDO_HEADER = {123: 4}  # SUNATM: Wireshark does not count it
LENGTH_MAX = 2**31 - 1  # tshark knows no larger one


def run(*command):
    """(output, warnings)"""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, TZ="UTC"))
    lines = done.stderr.decode(errors="replace").splitlines()
    return done.stdout, [line for line in lines if line and not line.startswith(HARMLESS)]


def for_libpcap(capture):
    """Whether libpcap can hold it: it wants all interfaces of a file to have one link type and one snaplen."""
    return len({(interface.link_type, interface.snaplen) for interface in capture.interfaces}) == 1


def check_tcpdump(path, original):
    """tcpdump copies the file: times, lengths and bytes arrive."""
    written = pcapfile.Capture(path)
    if not for_libpcap(written):
        return
    _, warnings = run("tcpdump", "-n", "--nano", "-r", path, "-w", "copy.pcap")
    yield from (f"tcpdump: {line}" for line in warnings)
    copied = pcapfile.Capture("copy.pcap")
    if not warnings and [packet[:3] for packet in copied.packets] != [
            (packet.time or 0, packet.length, packet.bytes) for packet in original.packets]:
        yield "tcpdump finds other packets"
    link_type = written.interfaces[0].link_type
    if copied.interfaces and copied.interfaces[0].link_type != RAW.get(link_type, link_type):
        yield "tcpdump finds another link type"


def summaries(paths):
    """{file: {what capinfos says: of it, then of each of its interfaces}}"""
    output, warnings = run("capinfos", "-McEI", *paths)
    found = {}
    for line in output.decode(errors="replace").splitlines():
        key, _, value = (part.strip() for part in re.sub(" = ", ": ", line).partition(": "))
        if key == "File name":
            found[value] = summary = collections.defaultdict(list)
        elif key:
            summary[key].append(value)
    return found, [line for line in warnings if not line.endswith(UNSUPPORTED)]


def interface_summary(capture):
    """The same of the interfaces, by ourselves."""
    counts = collections.Counter(id(packet.interface) for packet in capture.packets)
    names = [pcapfile.name(interface) for interface in capture.interfaces]
    filters = [interface.options.get(pcapfile.IF_FILTER) for interface in capture.interfaces]
    return {"Number of packets": [str(len(capture.packets))] + [str(counts[id(each)]) for each in capture.interfaces],
            "Name": [name for name in names if name], "Filter string": [text[0][1:].decode() for text in filters if text],
            "Capture length": [str(interface.snaplen) for interface in capture.interfaces],
            "Time resolution": ["0x09"] * len(capture.interfaces)}


def check_capinfos(paths):
    """Counts, link types, interfaces. The link type is held against that of the original, where it has one."""
    found, warnings = summaries(paths.keys())
    yield from (f"capinfos: {line}" for line in warnings)
    originals = summaries(paths.values())[0]
    for path, have in found.items():
        for key, want in interface_summary(pcapfile.Capture(path)).items():
            if have[key] != want:
                yield f"{path}: capinfos says {key} {have[key]} and not {want}"
        encapsulation = originals.get(paths[path], {}).get("File encapsulation", ["unknown"])
        if encapsulation[0] not in ("unknown", "per-packet", *have["File encapsulation"]):
            yield f"{path}: capinfos says {have['File encapsulation']} and not {encapsulation}"


def seconds(time):
    """Since 1970, as Wireshark prints them."""
    return "%d.%09d" % divmod(time, 10**9)


def tshark_fields(packets):
    """What tshark is to say of each packet."""
    directions = {"in": "0x00000001", "out": "0x00000002"}
    for packet in packets:
        time = "" if packet.time is None else seconds(packet.time)
        comments = b",".join(packet.options.get(pcapfile.COMMENT, []))
        pseudo = PSEUDO_HEADER.get(packet.interface.link_type, 0)
        yield [time, str(len(packet.bytes) - pseudo), str(min(packet.length, LENGTH_MAX) - pseudo),
               directions.get(pcapfile.direction(packet), ""), comments.decode(errors="replace").replace("\n", "\\n")]


def check_tshark(paths):
    """One after the other, pcapng files are one file of many sections."""
    with open("all.pcapng", "wb") as together:
        for path in paths:
            with open(path, "rb") as file:
                together.write(file.read())
    fields = ["frame.time_epoch", "frame.cap_len", "frame.len", "frame.packet_flags_direction", "frame.comment"]
    output, warnings = run("tshark", "-n", "-r", "all.pcapng", "-T", "fields",
                           *[word for field in fields for word in ("-e", field)])
    yield from (f"tshark: {line}" for line in warnings)
    wanted = list(tshark_fields(packet for path in paths for packet in pcapfile.Capture(path).packets))
    got = [line.split("\t") for line in output.decode(errors="replace").splitlines()]
    if len(wanted) != len(got):
        yield f"tshark finds {len(got)} packets of {len(wanted)}"
    for number, (want, have) in enumerate(zip(wanted, got), 1):
        if want != have:
            yield f"tshark: packet {number} is {have} and not {want}"


def is_copy(path, original):
    """Whether it is a pcapng file made of another's blocks (blocks.py compares them), which is read as that one is."""
    return path.endswith(".pcapng") and original.data[:4] == b"\n\r\r\n"


def complaints(corpus, folder):
    """Everything that the three have to say."""
    captures = os.path.join(corpus, "captures")
    paths = {os.path.join(folder, name): os.path.join(captures, os.path.splitext(name)[0])
             for name in sorted(os.listdir(folder))}
    originals = {path: pcapfile.Capture(path) for path in paths.values()}
    paths = {path: original for path, original in paths.items() if not is_copy(path, originals[original])}
    for path, original in paths.items():
        for complaint in check_tcpdump(path, originals[original]):
            yield f"{path}: {complaint}"
    yield from check_capinfos(paths)
    yield from check_tshark([path for path in paths if path.endswith(".pcapng")])


def main():
    """Print the complaints; the exit status says whether all is well."""
    found = list(complaints(*sys.argv[1:]))
    print(*found[:100], f"{len(found)} complaints", sep="\n")
    return bool(found)


sys.exit(main())
