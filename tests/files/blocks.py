#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare a pcapng file with a copy of it, block by block: blocks.py ORIGINAL COPY FILTER NUMBERS

FILTER is the text that the copy has as the filter of interfaces, behind the one that they had; NUMBERS names the packets that were kept
("1,2,5"; "all"). Prints what differs. Only this may: the length of a section, what is marked as not to be copied, and,
where packets were left out, the counts of those that were accepted and delivered. A damaged end of the original has no
copy."""
import collections
import itertools
import struct
import sys

SECTION, INTERFACE, OBSOLETE, SIMPLE, NAMES, STATISTICS, ENHANCED, SECRETS, NO_COPY = 0x0a0d0d0a, 1, 2, 3, 4, 5, 6, 10, 0x40000bad
PACKETS = (OBSOLETE, SIMPLE, ENHANCED)
BODY = {SECTION: 16, INTERFACE: 8, STATISTICS: 12}  # bytes before the options
CUSTOM_NO_COPY = (19372, 19373)
IF_FILTER, ACCEPTED, DELIVERED = 11, 6, 8

Block = collections.namedtuple("Block", "order type fixed options")


def padded(length):
    """Up to the next multiple of four."""
    return length + -length % 4


def options_start(order, kind, body):
    """Where the options of a block begin in its body; its length where there are none."""
    if kind in BODY:
        return BODY[kind]
    if kind in (ENHANCED, OBSOLETE):
        return 20 + padded(struct.unpack_from(order + "I", body, 12)[0])
    if kind == SECRETS:
        return 8 + padded(struct.unpack_from(order + "I", body, 4)[0])
    if kind == NAMES:
        at, record = 0, True
        while record and at < len(body):
            record, length = struct.unpack_from(order + "HH", body, at)
            at += 4 + padded(length)
        return at
    return len(body)


def read_options(order, data):
    """[(code, value)]"""
    found = []
    while len(data) >= 4:
        code, length = struct.unpack_from(order + "HH", data)
        if code == 0:
            break
        found.append((code, data[4:4 + length]))
        data = data[4 + padded(length):]
    return found


def blocks(path):
    """The whole blocks of a file."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<"
    while len(data) >= 12:
        if data[:4] == b"\n\r\r\n":
            order = "<" if data[8:12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, length = struct.unpack_from(order + "II", data)
        if length < 12 or length > len(data):
            break
        body = data[8:length - 4]
        start = options_start(order, kind, body)
        yield Block(order, kind, body[:start], read_options(order, body[start:]))
        data = data[length:]


def interface_of(block):
    """The number of a packet's or statistics block's interface."""
    if block.type == SIMPLE:
        return 0
    return struct.unpack_from(block.order + ("H" if block.type == OBSOLETE else "I"), block.fixed)[0]


def counted(block, seen, kept):
    """The options of a statistics block, with the counts of a copy that lacks packets."""
    number = interface_of(block)
    if seen[number] == kept[number]:
        return block.options
    return [(code, struct.pack(block.order + "Q", kept[number]) if code in (ACCEPTED, DELIVERED) else value)
            for code, value in block.options]


def both_filters(old, text):
    """The filter of the capture, if it is a text, and then that of the copy, if it is another one."""
    told = old[:1] != b"\0" or old[1:] == text.encode() or old.endswith(b"; then " + text.encode())
    return old if told else old + b"; then " + text.encode()


def expected(original, text, numbers):
    """The blocks that the copy must have."""
    packets, seen, kept = itertools.count(1), collections.Counter(), collections.Counter()
    for block in original:
        block = block._replace(options=[option for option in block.options if option[0] not in CUSTOM_NO_COPY])
        if block.type == NO_COPY:
            continue
        if block.type == SECTION:
            seen, kept = collections.Counter(), collections.Counter()
            block = block._replace(fixed=block.fixed[:8] + b"\xff" * 8)
        elif block.type == INTERFACE and IF_FILTER not in dict(block.options):
            block.options.append((IF_FILTER, b"\0" + text.encode()))
        elif block.type == INTERFACE:
            block = block._replace(options=[(code, both_filters(value, text) if code == IF_FILTER else value)
                                            for code, value in block.options])
        elif block.type == STATISTICS:
            block = block._replace(options=counted(block, seen, kept))
        elif block.type in PACKETS:
            seen[interface_of(block)] += 1
            if numbers is not None and next(packets) not in numbers:
                continue
            kept[interface_of(block)] += 1
        yield block


def main():
    original, copy, text, numbers = sys.argv[1:]
    numbers = None if numbers == "all" else {int(number) for number in numbers.split(",") if number}
    wanted, got = list(expected(blocks(original), text, numbers)), list(blocks(copy))
    complaints = [f"{original}: block {i}: wanted {one}, got {other}"
                  for i, (one, other) in enumerate(itertools.zip_longest(wanted, got), 1) if one != other]
    print("\n".join(complaints[:3]), end="\n" if complaints else "")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
