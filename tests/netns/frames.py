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
import logging
import os
import socket
import struct
import sys

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)  # it wonders where the routes are

from scapy.layers import inet, inet6, l2, sctp
from scapy.packet import Padding, Raw

A, B, C = "10.9.0.1", "10.9.0.2", "10.9.0.3"
A6, B6, C6 = "fd09::1", "fd09::2", "fd09::3"
MACS = {"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}


def cut(packet, length):
    """The first bytes of a packet."""
    return bytes(packet)[:length]


NAMES = {name: value for module in (l2, inet, inet6, sctp) for name, value in vars(module).items()}
NAMES |= {"A": A, "B": B, "C": C, "A6": A6, "B6": B6, "C6": C6, "Raw": Raw, "Padding": Padding, "cut": cut, "MACS": MACS,
          "eth": l2.Ether(**MACS), "dot1q": l2.Ether(type=0x8100, **MACS), "dot1ad": l2.Ether(type=0x88a8, **MACS),
          "other": l2.Ether(src=MACS["src"], dst="02:00:00:00:00:99")}


def frames(table):
    """(count, bytes) for each line of a table."""
    for line in table:
        if line.strip() and not line.lstrip().startswith("#"):
            count, _verdict, expression = line.split(None, 2)
            yield int(count), bytes(eval(expression, dict(NAMES)))


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
