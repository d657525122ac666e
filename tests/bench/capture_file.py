# SPDX-License-Identifier: BSD-2-Clause
"""Capture files to read: pcap, the frames of the simple IMIX (7 of 66 bytes, 4 of 590, 1 of 1514) from 1,000 flows,
three in four TCP, one in eight IPv6, all checksums right."""
import random
import struct

SIZES = [66] * 7 + [590] * 4 + [1514]
FLOWS = 1000
COUNT = 1_000_000
START = 1_700_000_000  # seconds since 1970
STEP_NS = 10_000  # between two frames

ETHERNET = bytes.fromhex("020000000002 020000000001")
TIMESTAMP_OPTION = bytes.fromhex("0101080a 00000001 00000002")


def checksum(data):
    """RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)


def put(data, at, field):
    return data[:at] + field + data[at + len(field):]


def ip_header(is_ipv6, flow, protocol, length):
    if is_ipv6:
        source = bytes.fromhex("fd09") + bytes(12) + struct.pack("!H", flow)
        return struct.pack("!IHBB", 6 << 28, length, protocol, 64) + source + put(source, 15, b"\xff"), source * 2
    addresses = struct.pack("!HHHH", 10 << 8 | 9, flow, 10 << 8 | 8, flow)
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, flow, 0x4000, 64, protocol, 0) + addresses
    return put(header, 10, checksum(header)), addresses


def frame(flow, size, rng):
    is_ipv6, is_tcp = flow % 8 == 7, flow % 4 != 3
    room = size - len(ETHERNET) - 2 - (40 if is_ipv6 else 20)
    protocol = 6 if is_tcp else 17
    ports = struct.pack("!HH", 1024 + flow, 443 if flow % 2 else 80)
    if is_tcp and room >= 32:
        header = ports + struct.pack("!IIBBHHH", rng.getrandbits(32), rng.getrandbits(32), 0x80, 0x18, 512, 0, 0)
        header += TIMESTAMP_OPTION
    elif is_tcp:
        header = ports + struct.pack("!IIBBHHH", rng.getrandbits(32), rng.getrandbits(32), 0x50, 0x10, 512, 0, 0)
    else:
        header = ports + struct.pack("!HH", room, 0)
    room = max(room, len(header))
    transport = header + rng.randbytes(room - len(header))
    ip, _ = ip_header(is_ipv6, flow, protocol, room)
    addresses = ip[8:40] if is_ipv6 else ip[12:20]
    pseudo = addresses + struct.pack("!HH", protocol, room)
    transport = put(transport, 16 if is_tcp else 6, checksum(pseudo + transport))
    return ETHERNET + (b"\x86\xdd" if is_ipv6 else b"\x08\x00") + ip + transport


def write(path, count):
    """The same file every time; returns its bytes."""
    rng = random.Random(1)
    frames = [frame(flow, SIZES[i], rng) for flow in range(FLOWS) for i in range(len(SIZES))]
    rng.shuffle(frames)
    with open(path, "wb", 1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for number in range(count):
            ns = number * STEP_NS
            bytes_ = frames[number % len(frames)]
            file.write(struct.pack("<IIII", START + ns // 10**9, ns % 10**9, len(bytes_), len(bytes_)))
            file.write(bytes_)
        return file.tell()
