#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Print "PACKETS FILTER" for each section of a pcapng file (sections.py FILE): the filter that its interfaces name."""
import struct
import sys

SECTION, INTERFACE, ENHANCED_PACKET, IF_FILTER = 0x0A0D0D0A, 1, 6, 11


def blocks(data):
    """(type, body) of each block."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("=II", data, at)
        yield kind, data[at + 8:at + length - 4]
        at += length


def options(body, at):
    """(code, value) of each option."""
    while at + 4 <= len(body):
        code, length = struct.unpack_from("=HH", body, at)
        yield code, body[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


def main():
    """Print."""
    sections = []
    with open(sys.argv[1], "rb") as file:
        for kind, body in blocks(file.read()):
            if kind == SECTION:
                sections.append([0, set()])
            elif kind == INTERFACE:
                sections[-1][1] |= {value[1:].decode() for code, value in options(body, 8) if code == IF_FILTER}
            elif kind == ENHANCED_PACKET:
                sections[-1][0] += 1
    for packets, filters in sections:
        print(packets, *filters)


main()
