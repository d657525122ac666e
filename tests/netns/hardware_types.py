#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Give a tun or tap device one hardware type after the other, and have packets arrive there under each:
hardware_types.py tun|tap DEVICE TYPE...

Each type is a number of <linux/if_arp.h>. Under each come a UDP packet over IPv4 to port 53, one over IPv6, and a UDP
packet to port 54.
"""
import fcntl
import os
import socket
import struct
import sys

TUNSETIFF, TUNSETLINK, SIOCSIFFLAGS = 0x400454CA, 0x400454CD, 0x8914
IFF_UP, NO_HEADER_MODES = 1, {"tun": 0x1001, "tap": 0x1002}  # IFF_TUN, IFF_TAP, with IFF_NO_PI


def udp(port, version):
    """A packet without payload, from port 1."""
    header = struct.pack("!HHHH", 1, port, 8, 0)
    if version == 4:
        return bytes.fromhex("4500001c000040004011 26b5 0a090001 0a090002") + header
    return bytes.fromhex("60000000000811ff") + bytes.fromhex("fd09" + 28 * "0" + "fd09" + 27 * "0" + "2")[:32] + header


def set_up(device, flags):
    """Set the flags of a device (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH22x", device.encode(), flags))


def main():
    """Do it."""
    mode, device, types = sys.argv[1], sys.argv[2], sys.argv[3:]
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", device.encode(), NO_HEADER_MODES[mode]))
    for hardware_type in types:
        set_up(device, 0)
        fcntl.ioctl(descriptor, TUNSETLINK, int(hardware_type))
        set_up(device, IFF_UP)
        for packet in udp(53, 4), udp(53, 6), udp(54, 4):
            ethertype = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
            link = bytes.fromhex("020000000002020000000001") + ethertype if mode == "tap" else b""
            os.write(descriptor, link + packet)


main()
