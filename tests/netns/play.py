#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Send the Ethernet frames of a pcap file from a device, as fast as they go: play.py DEVICE FILE [FRAMES_AT_MOST]"""

import socket
import struct
import sys

with open(sys.argv[2], "rb") as file:
    capture = file.read()
order = "<" if capture[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
limit = int(sys.argv[3]) if len(sys.argv) > 3 else -1
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
    wire.bind((sys.argv[1], 0))
    at = 24
    sent = 0
    while at < len(capture) and sent != limit:
        length = struct.unpack_from(order + "I", capture, at + 8)[0]
        wire.send(capture[at + 16 : at + 16 + length])
        at += 16 + length
        sent += 1
print(sent)
