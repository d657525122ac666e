#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Send the frames of a table, read from standard input, from a device: frames.py DEVICE | frames.py --tun[-gro] DEVICE

Each line is a count, the verdict that the test expects (not read here), and a frame as a Python expression over
scapy's layers or raw bytes:

    5  accepted  eth/IP(src=A, dst=B)/UDP(sport=1000, dport=53)/b"payload"

Empty lines and lines that start with # are skipped. With --tun the program is the far end of that tun device: what it
writes arrives there as packets; with --tun-gro the kernel looks at the checksums of TCP before anybody else does.
"""
import fcntl
import os
import pickle
import socket
import struct
import sys


def builder():
    """What makes an expression a frame: the process that serves at FRAME_BUILDER, or this one."""
    path = os.environ.get("FRAME_BUILDER", "")
    if not os.path.exists(path):
        import frame_builder
        return frame_builder.build
    server = socket.socket(socket.AF_UNIX)
    server.connect(path)
    stream = server.makefile("rwb")

    def build(expression):
        stream.write(expression.encode())
        stream.flush()
        built = pickle.load(stream)
        if isinstance(built, str):
            sys.exit(built)
        return built

    return build


def frames(table):
    """(count, bytes) for each line of a table, as soon as it is there."""
    build = builder()
    for line in table:
        if line.strip() and not line.lstrip().startswith("#"):
            count, _verdict, expression = line.rstrip().split(None, 2)
            yield int(count), build(expression + "\n")


def packet_socket(device):
    """What sends a frame on a device."""
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sender.bind((device, 0))
    return sender.send


def tun(device, flags=0x1001):
    """What makes a packet arrive on a tun device (linux/if_tun.h: TUNSETIFF, IFF_TUN | IFF_NO_PI)."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, 0x400454CA, struct.pack("16sH22x", device.encode(), flags))
    return lambda packet: os.write(descriptor, packet)


def tun_gro(device):
    """The same by way of generic receive offload (IFF_NAPI)."""
    return tun(device, 0x1011)


def main():
    """Send everything."""
    if len(sys.argv) > 2:
        send = {"--tun": tun, "--tun-gro": tun_gro}[sys.argv[1]](sys.argv[2])
    else:
        send = packet_socket(sys.argv[1])
    for count, frame in frames(sys.stdin):
        for _ in range(count):
            send(frame)


main()
