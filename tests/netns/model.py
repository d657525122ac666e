#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the filter has to say of a frame, by the RFCs and the manual alone: nothing here is the sniffer's.

    model.py make COUNT SEED FILE             write random frames to a pcap file
    model.py judge FILE FILTER                print the verdict of each, a line a frame, under one of the FILTERS
    model.py options FILTER                   print the options of that filter, one a line
    model.py send FILE DEVICE                 send them
    model.py print FILE                       print them in hexadecimal, a line a frame
"""
import collections
import ipaddress
import random
import socket
import struct
import sys

HOP, ROUTING, FRAGMENT, AH, DESTINATION = 0, 43, 44, 51, 60
ICMP, TCP, UDP, DCCP, ICMP6, SCTP, UDPLITE = 1, 6, 17, 33, 58, 132, 136
WITH_PORTS = (TCP, UDP, DCCP, SCTP, UDPLITE)
VLAN, QINQ, MPLS, PPPOE, IPV4, IPV6 = 0x8100, 0x88A8, 0x8847, 0x8864, 0x0800, 0x86DD
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
LINK_LAYERS, EXTENSIONS = 12, 12  # as many as the manual promises to follow

# What each option means here: lists hold addresses and prefixes, or ranges of ports.
FILTERS = {
    "default": {},
    "port": {"port": [(53, 53), (80, 90)]},
    "ports": {"src-port": [(1000, 2000)], "not-port": [(443, 443)]},
    "hosts": {"src": ["10.9.0.0/30", "2001:db8::/126"], "not-port": [(7, 7)]},
    "host": {"host": ["10.9.0.4", "2001:db8::5"], "not-host": ["10.9.0.1", "2001:db8::1"], "protocol": "all"},
    "flags": {"tcp-flags": "syn,!ack"},
    "first": {"first": 2, "protocol": "all"},
    "first-port": {"first": 3, "port": [(53, 53), (443, 443)], "protocol": "udp,sctp,dccp,udplite"},
}


def options(name):
    """The options of a filter as they are typed."""
    for option, value in FILTERS[name].items():
        if isinstance(value, list):
            value = ",".join(word if isinstance(word, str) else f"{word[0]}-{word[1]}" for word in value)
        yield f"--{option}={value}"


class Cut(Exception):
    """A field is not there."""


class Frame:
    """The bytes of a frame, of which headers leave only a part."""

    def __init__(self, data):
        self.data, self.at, self.end = data, 0, len(data)

    def take(self, count):
        """The next bytes."""
        if self.at + count > self.end:
            raise Cut()
        self.at += count
        return self.data[self.at - count:self.at]

    def enclose(self, count):
        """A header says that so many bytes from here on belong to it; the rest is padding."""
        self.end = min(self.end, self.at + count)


def network(frame):
    """Follow the link-level headers: the ethertype of the IP header, or None."""
    frame.take(12)
    kind, = struct.unpack("!H", frame.take(2))
    for _ in range(LINK_LAYERS):
        if kind in (IPV4, IPV6):
            return kind
        if kind in (VLAN, QINQ):  # IEEE 802.1Q, 9.3
            kind, = struct.unpack("!2xH", frame.take(4))
        elif kind == MPLS:  # RFC 3032, 2.1
            bottom = frame.take(4)[2] & 1
            if bottom:
                kind = {4: IPV4, 6: IPV6}.get(frame.take(1)[0] >> 4)
                frame.at -= 1
        elif kind == PPPOE:  # RFC 2516, 4; RFC 1661, 2
            version, code, _, length = struct.unpack("!BBHH", frame.take(6))
            frame.enclose(length)
            kind = {0x21: IPV4, 0x57: IPV6}.get(struct.unpack("!H", frame.take(2))[0]) if (version, code) == (0x11, 0) else None
        else:
            return None
    return kind if kind in (IPV4, IPV6) else None


class Packet:
    """What a filter asks of a frame. Ports and flags are None where they cannot be read."""

    def __init__(self, data):
        self.version = self.source = self.destination = None
        self.protocol = 0
        self.malformed = self.later = self.first = False
        self.ports, self.flags, self.datagram = [None, None], None, None
        frame = Frame(data)
        try:
            kind = network(frame)
        except Cut:
            kind = None
        if not kind:
            return
        self.version = 4 if kind == IPV4 else 6
        try:
            self.ipv4(frame) if kind == IPV4 else self.ipv6(frame)
        except (Cut, ValueError):
            self.malformed = True
        else:
            self.transport(frame)

    def ipv4(self, frame):
        """RFC 791, 3.1."""
        start, header = frame.at, frame.take(20)
        if header[0] >> 4 != 4:
            raise ValueError("another version")
        self.source, self.destination = header[12:16], header[16:20]
        if header[0] & 15 < 5:
            raise ValueError("a header below 20 bytes")
        total, ident, fragment, protocol = struct.unpack("!2xHHHxB10x", header)
        frame.at = start
        if total:  # a superpacket may say 0
            frame.enclose(total)
        frame.at = start + (header[0] & 15) * 4
        self.later, self.first = bool(fragment & 0x1FFF), not fragment & 0x1FFF and bool(fragment & 0x2000)
        self.datagram = (self.source, self.destination, ident, protocol)
        self.follow(frame, protocol, (AH,))

    def ipv6(self, frame):
        """RFC 8200, 3."""
        header = frame.take(40)
        if header[0] >> 4 != 6:
            raise ValueError("another version")
        self.source, self.destination = header[8:24], header[24:40]
        length, following = struct.unpack("!4xHBx32x", header)
        if length:  # a jumbogram says 0
            frame.enclose(length)
        self.follow(frame, following, (HOP, ROUTING, FRAGMENT, DESTINATION, AH))

    def follow(self, frame, protocol, extensions):
        """RFC 8200, 4, and RFC 4302: from header to header, to the transport protocol."""
        for _ in range(EXTENSIONS):
            if self.later or protocol not in extensions:
                self.protocol = protocol
                return
            header = frame.take(8)
            if protocol == FRAGMENT:
                place, ident = struct.unpack("!2xHI", header)
                self.later, self.first = bool(place >> 3), not place >> 3 and bool(place & 1)
                self.datagram = (self.source, self.destination, ident)
            length = {AH: header[1] * 4 + 8, FRAGMENT: 8}.get(protocol, header[1] * 8 + 8)
            frame.at += length - 8
            protocol = header[0]
        if not self.later and protocol in extensions:
            raise ValueError("too many extension headers")
        self.protocol = protocol

    def transport(self, frame):
        """Ports stand first in the header of each protocol that has them; RFC 9293, 3.1 for the flags."""
        if self.later or self.protocol not in WITH_PORTS:
            return
        start = frame.at
        try:
            for end in range(2):
                self.ports[end], = struct.unpack("!H", frame.take(2))
            if self.protocol == TCP:
                frame.at = start
                self.flags = frame.take(14)[13]
        except Cut:
            pass


class Judge:
    """One filter, which remembers flows and the first fragments of datagrams."""

    def __init__(self, filter_options):
        self.options = filter_options
        words = filter_options.get("protocol", "tcp,udp")
        numbers = {"tcp": TCP, "udp": UDP, "sctp": SCTP, "dccp": DCCP, "udplite": UDPLITE}
        self.protocols = None if words == "all" else {numbers[word] for word in words.split(",")}
        self.datagrams, self.flows = {}, collections.Counter()

    def verdict(self, packet):
        """The word of the statistics."""
        loopback = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))
        if any(inside(end, loopback) for end in (packet.source, packet.destination)):
            return "loopback"
        if self.protocols is not None:
            if not packet.version:
                return "not-ip"
            if packet.malformed:
                return "malformed"
            if packet.protocol not in self.protocols:
                return "protocol"
        if not self.hosts_hold(packet):
            return "host"
        self.join(packet)
        if not self.ports_hold(packet):
            return "port"
        if not self.flags_hold(packet):
            return "tcp-flags"
        return self.place_in_flow(packet)

    def asks(self, *names):
        """The lists among these that are given."""
        return [name for name in names if name in self.options]

    def hosts_hold(self, packet):
        """--host and the like."""
        if not self.asks("host", "src", "dst", "not-host"):
            return True
        if packet.source is None:
            return False
        source, destination = (
            {name: inside(end, networks(self.options[name])) for name in self.asks("host", "src", "dst", "not-host")}
            for end in (packet.source, packet.destination))
        return lists_hold(source, destination, "host", "src", "dst", "not-host")

    def ports_hold(self, packet):
        """--port and the like. A port that is cut may be one that is not wanted."""
        names = self.asks("port", "src-port", "dst-port", "not-port")
        if not names:
            return True
        if packet.ports[0] is None:
            return False
        source, destination = (
            {name: (name == "not-port" if port is None else any(low <= port <= high for low, high in self.options[name]))
             for name in names} for port in packet.ports)
        return lists_hold(source, destination, "port", "src-port", "dst-port", "not-port")

    def flags_hold(self, packet):
        """--tcp-flags."""
        bits = {"fin": FIN, "syn": SYN, "rst": RST, "psh": PSH, "ack": ACK}
        words = self.options.get("tcp-flags")
        if not words:
            return True
        return packet.flags is not None and all(
            not packet.flags & bits[word[1:]] if word[0] == "!" else packet.flags & bits[word] for word in words.split(","))

    def join(self, packet):
        """A later fragment has the ports, and the protocol, of the first one, if that came before."""
        if not self.asks("port", "src-port", "dst-port", "not-port", "first"):
            return
        if packet.first:
            self.datagrams[packet.datagram] = (list(packet.ports), packet.protocol)
        elif packet.later and packet.datagram in self.datagrams:
            ports, packet.protocol = self.datagrams[packet.datagram]
            packet.ports = list(ports)

    def place_in_flow(self, packet):
        """--first: a flow is what goes between two endpoints, in both directions."""
        if "first" not in self.options or packet.source is None:
            return "accepted"
        ends = zip((packet.source, packet.destination), (port or 0 for port in packet.ports))
        flow = (frozenset(collections.Counter(ends).items()), packet.protocol)
        self.flows[flow] += 1
        return "accepted" if self.flows[flow] <= self.options["first"] else "flow-limit"


def networks(words):
    return [ipaddress.ip_network(word) for word in words]


def inside(address, nets):
    """Is an address, which may be None, in one of these networks?"""
    if address is None:
        return False
    address = ipaddress.ip_address(address)
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped if mapped and net.version == 4 else address) in net for net in nets)


def lists_hold(source, destination, either, of_source, of_destination, unwanted):
    """What is asked of both ends; each says which of the given lists it is in."""
    return ((either not in source or source[either] or destination[either]) and
            source.get(of_source, True) and destination.get(of_destination, True) and
            not source.get(unwanted, False) and not destination.get(unwanted, False))


# Random frames: mostly whole ones whose values meet the filters', some changed in a byte, some cut.

def random_transport(chance, protocol):
    ports = struct.pack("!HH", *(chance.choice([7, 53, 80, 85, 443, 1000, 1500, 40000]) for _ in range(2)))
    if protocol == TCP:
        return ports + bytes(8) + bytes([0x50, chance.choice([SYN, SYN | ACK, ACK, RST, FIN | ACK, PSH | ACK])]) + bytes(6)
    return ports + bytes(chance.choice([4, 8, 12]))


def random_ipv4(chance):
    protocol = chance.choice([TCP, TCP, TCP, UDP, UDP, UDP, SCTP, DCCP, UDPLITE, ICMP, AH])
    fragment = chance.choice([0, 0, 0, 0, 0x4000, 0x2000, 0x2000, 0x2002, 5, 0x1FFF])
    payload = random_transport(chance, protocol)
    if protocol == AH:
        inner = chance.choice([TCP, UDP, AH])
        payload = bytes([inner, chance.choice([1, 4])]) + bytes(10) + random_transport(chance, inner)
    words = chance.choice([5, 5, 5, 6, 15])
    source, destination = (bytes([chance.choice([10] * 30 + [127]), 9, 0, chance.randint(1, 6)]) for _ in range(2))
    total = chance.choice([words * 4 + len(payload)] * 8 + [0, words * 4, words * 4 + 2, 19])
    return IPV4, struct.pack("!BBHHHBBH4s4s", 0x40 | words, 0, total, chance.randint(1, 20), fragment, 64, protocol, 0,
                             source, destination) + bytes(words * 4 - 20) + payload


def random_ipv6(chance):
    protocol = chance.choice([TCP, TCP, TCP, UDP, UDP, UDP, SCTP, DCCP, ICMP6])
    payload = random_transport(chance, protocol)
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 3])):
        kind = chance.choice([HOP, ROUTING, FRAGMENT, FRAGMENT, FRAGMENT, DESTINATION, AH])
        if kind == FRAGMENT:
            header = struct.pack("!BBHI", protocol, chance.choice([0, 7]), chance.choice([0, 1, 1, 8, 9, 0xFFF8]), chance.randint(1, 20))
        elif kind == AH:
            header = bytes([protocol, 1]) + bytes(10)
        else:
            header = bytes([protocol, chance.choice([0, 0, 1])])
            header += bytes(header[1] * 8 + 6)
        protocol, payload = kind, header + payload
    source, destination = (chance.choice([bytes.fromhex("20010db8") + bytes(11)] * 20 + [bytes(15)]) + bytes([chance.randint(1, 6)])
                           for _ in range(2))
    length = chance.choice([len(payload)] * 8 + [0, 3, 8])
    return IPV6, struct.pack("!IHBB16s16s", 6 << 28, length, protocol, 64, source, destination) + payload


def random_frame(chance):
    kind, packet = chance.choice([random_ipv4, random_ipv6])(chance)
    for _ in range(chance.choice([0, 0, 0, 0, 0, 1, 2])):
        layer = chance.choice([VLAN, QINQ, MPLS, PPPOE])
        if layer in (VLAN, QINQ):
            packet = struct.pack("!HH", chance.randint(0, 4095), kind) + packet
        elif layer == MPLS and kind in (IPV4, IPV6):
            packet = bytes([0, 1, 0x01, 64]) + packet
        elif layer == PPPOE and kind in (IPV4, IPV6):
            packet = struct.pack("!BBHHH", 0x11, 0, 1, len(packet) + 2, 0x21 if kind == IPV4 else 0x57) + packet
        else:
            continue
        kind = layer
    if chance.random() < 0.03:
        kind = chance.choice([0x0806, 0x88CC, 0x1234])
    frame = bytearray(bytes.fromhex("020000000002020000000001") + struct.pack("!H", kind) + packet)
    if chance.random() < 0.15:
        frame[chance.randrange(14, len(frame))] = chance.choice([0, 1, 6, 17, 44, 51, 60, 255, chance.randrange(256)])
    if chance.random() < 0.15:
        del frame[chance.randrange(20, len(frame)):]  # the kernel drops frames without a whole tag: skb_vlan_untag()
    return bytes(frame)


def read(path):
    """The frames of a pcap file that write() made."""
    with open(path, "rb") as file:
        file.read(24)
        while header := file.read(16):
            yield file.read(struct.unpack("<8xI4x", header)[0])


def write(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for frame in frames:
            file.write(struct.pack("<IIII", 1, 0, len(frame), len(frame)) + frame)


def main():
    """See above."""
    command, *rest = sys.argv[1:]
    if command == "make":
        chance = random.Random(int(rest[1]))
        write(rest[2], (random_frame(chance) for _ in range(int(rest[0]))))
    elif command == "judge":
        judge = Judge(FILTERS[rest[1]])
        for data in read(rest[0]):
            print(judge.verdict(Packet(data)))
    elif command == "options":
        print("\n".join(options(rest[0])))
    elif command == "print":
        for data in read(rest[0]):
            print(data.hex())
    elif command == "send":
        sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        sender.bind((rest[1], 0))
        for data in read(rest[0]):
            sender.send(data)


main()
