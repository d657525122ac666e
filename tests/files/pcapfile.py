# SPDX-License-Identifier: BSD-2-Clause
"""A reader of capture files to hold the sniffer's against: all in memory, no options, no mercy."""
import collections
import struct

Interface = collections.namedtuple("Interface", "link_type snaplen order options")
Packet = collections.namedtuple("Packet", "time length bytes interface options", defaults=[{}])
Statistics = collections.namedtuple("Statistics", "interface options")

COMMENT, IF_NAME, IF_RESOLUTION, IF_FILTER, IF_OFFSET, PACKET_FLAGS = 1, 2, 9, 11, 14, 2
VARIANTS = {0xA1B2C3D4: (1000, 16), 0xA1B23C4D: (1, 16), 0xA1B2CD34: (1000, 24)}  # ns in a unit, bytes of a record
CAPTURED_MAX = 262144
LINUX_SLL, LINUX_SLL2, PKTAP, WITH_DIRECTION = 113, 276, 258, (166, 204, 205, 206)  # link types
BLOCK_MAX = 16 << 20


class Capture:
    """What a file has: options of its sections, interfaces, packets, statistics, and why it ended (None: well)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.sections, self.interfaces, self.packets, self.statistics = [], [], [], []
        self.order, self.first, self.damage = "<", 0, None
        try:
            if self.data[:4] == b"\n\r\r\n":
                self.read_blocks()
            else:
                self.read_records()
        except (struct.error, ValueError, IndexError) as error:
            self.damage = error

    def get(self, layout, at):
        """Numbers at an offset, in the byte order of the file."""
        return struct.unpack_from(self.order + layout, self.data, at)

    def read_records(self):
        """pcap: draft-ietf-opsawg-pcap"""
        self.order = "<" if self.get("I", 0)[0] in VARIANTS else ">"
        unit, header = VARIANTS[self.get("I", 0)[0]]
        snaplen, link_type = self.get("II", 16)
        interface = Interface(link_type & 0xFFFF, snaplen, self.order, {})
        self.interfaces.append(interface)
        at = 24
        while at < len(self.data):
            seconds, fraction, captured, length = self.get("IIII", at)
            end = at + header + captured
            if captured > max(snaplen, CAPTURED_MAX) or end > len(self.data):
                raise ValueError(f"a record of {captured} bytes at {at}")
            time = seconds * 10**9 + fraction * unit
            self.packets.append(Packet(time, length, self.data[at + header:end], interface))
            at = end

    def read_blocks(self):
        """pcapng: draft-ietf-opsawg-pcapng"""
        at = 0
        while at < len(self.data):
            if self.data[at:at + 4] == b"\n\r\r\n":
                self.order = "<" if self.data[at + 8] == 0x4D else ">"
            kind, length = self.get("II", at)
            end = at + length
            if length < 12 or length % 4 or length > BLOCK_MAX or self.get("I", end - 4)[0] != length:
                raise ValueError(f"a block of {length} bytes at {at}")
            self.read_block(kind, at + 8, end - 4)
            at = end

    def read_block(self, kind, at, end):
        """The body of a block."""
        if kind == 0x0A0D0D0A:
            self.first = len(self.interfaces)
            self.sections.append(self.options(at + 16, end))
        elif kind == 1:
            link_type, _, snaplen = self.get("HHI", at)
            self.interfaces.append(Interface(link_type, snaplen, self.order, self.options(at + 8, end)))
        elif kind == 2:
            number, _, high, low, captured, length = self.get("HHIIII", at)
            self.add_packet((number, high << 32 | low, captured, length), at + 20, end)
        elif kind == 3:
            length, = self.get("I", at)
            captured = min(length, self.interfaces[self.first].snaplen or length)
            self.add_packet((0, None, captured, length), at + 4, end)
        elif kind == 5:
            number, _, _ = self.get("III", at)
            self.statistics.append(Statistics(self.interfaces[self.first + number], self.options(at + 12, end)))
        elif kind == 6:
            number, high, low, captured, length = self.get("IIIII", at)
            self.add_packet((number, high << 32 | low, captured, length), at + 20, end)

    def add_packet(self, fields, at, end):
        """A packet whose bytes, then options, are in data[at:end]."""
        number, units, captured, length = fields
        options_at = at + captured + -captured % 4
        if at + captured > end:
            raise ValueError(f"a packet of {captured} bytes at {at}")
        interface = self.interfaces[self.first + number]
        time = None if units is None else nanoseconds(units, interface)
        options = {} if units is None else self.options(options_at, end)
        self.packets.append(Packet(time, length, self.data[at:at + captured], interface, options))

    def options(self, at, end):
        """{code: [value, ...]}"""
        options = collections.defaultdict(list)
        while at + 4 <= end:
            code, length = self.get("HH", at)
            if code == 0:
                break
            if at + 4 + length > end:
                raise ValueError(f"an option of {length} bytes at {at}")
            options[code].append(self.data[at + 4:at + 4 + length])
            at += 4 + length + -length % 4
        return options


def number(interface, value):
    """Of an option of something on that interface."""
    return int.from_bytes(value, {"<": "little", ">": "big"}[interface.order], signed=True)


def nanoseconds(units, interface):
    """Since 1970; what is finer is cut off."""
    resolution = interface.options.get(IF_RESOLUTION, [b"\6"])[0][0]
    offset = number(interface, interface.options.get(IF_OFFSET, [b""])[0])
    per_second = 2 ** (resolution & 0x7F) if resolution & 0x80 else 10**resolution
    return units * 10**9 // per_second + offset * 10**9


def direction(packet):
    """As the sniffer names it; None where the file does not say."""
    flags = number(packet.interface, packet.options.get(PACKET_FLAGS, [b""])[0])
    return {1: "in", 2: "out"}.get(flags & 3) or link_direction(packet)


def link_direction(packet):
    """What the link-level header says (tcpdump.org/linktypes)."""
    link_type, header = packet.interface.link_type, packet.bytes
    if link_type == LINUX_SLL and len(header) >= 4:
        kind = int.from_bytes(header[:2], "big")
    elif link_type == LINUX_SLL2 and len(header) >= 11:
        kind = header[10]
    elif link_type in WITH_DIRECTION and header:
        kind = 4 if header[0] else 0
    elif link_type == PKTAP and len(header) > 36:
        return {1: "in", 2: "out"}.get(header[36] & 3)
    else:
        return None
    return ["in", "in", "in", "in", "out"][kind] if kind <= 4 else None


def name(interface):
    """None where the file does not say."""
    value = interface.options.get(IF_NAME)
    return value[0].decode(errors="replace") if value else None
