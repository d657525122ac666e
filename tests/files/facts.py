#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Print what is in capture files: facts.py sections|interfaces|packets|statistics FILE...

Everything is a line; of packets it is the interface, the direction, the length and the bytes. Fails on a damaged file."""
import sys

import pcapfile

SECTION = {2: "hardware", 3: "os", 4: "application"}
STATISTICS = {4: "received", 5: "dropped", 6: "accepted", 8: "delivered"}


def sections(capture):
    """What wrote the file."""
    for options in capture.sections:
        yield ", ".join(f"{word} {options[code][0].decode()}" for code, word in SECTION.items())


def interfaces(capture):
    """Name, link type, snaplen and filter."""
    for interface in capture.interfaces:
        text = interface.options.get(pcapfile.IF_FILTER, [b"\0"])[0][1:].decode()
        yield f"{pcapfile.name(interface)} {interface.link_type} {interface.snaplen} {text}"


def packets(capture):
    """Where each came from, and what it is."""
    for packet in capture.packets:
        yield f"{pcapfile.name(packet.interface)} {pcapfile.direction(packet)} {packet.length} {packet.bytes.hex()}"


def statistics(capture):
    """The counters of each interface."""
    for block in capture.statistics:
        numbers = {word: pcapfile.number(block.interface, block.options[code][0])
                   for code, word in STATISTICS.items() if code in block.options}
        yield " ".join([str(pcapfile.name(block.interface))] + [f"{word} {n}" for word, n in numbers.items()])


def main():
    """All files, one behind the other."""
    for path in sys.argv[2:]:
        capture = pcapfile.Capture(path)
        if capture.damage:
            sys.exit(f"{path} is damaged: {capture.damage}")
        for line in globals()[sys.argv[1]](capture):
            print(line)


main()
