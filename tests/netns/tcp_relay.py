#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A cable that delays and loses: tcp_relay.py LEFT RIGHT MILLISECONDS [DROP...]

Frames from device LEFT go out on RIGHT, and back, each MILLISECONDS later. Of the TCP segments with payload from LEFT
to RIGHT, those whose ordinals are in DROP are lost; segments that repeat bytes have none. For each lost segment a line
says its sequence number, counted from the SYN, and how many bytes it has. "ready" is the first line.
"""
import heapq
import select
import socket
import struct
import sys
import time

ETH_P_ALL, PACKET_OUTGOING, ETHERNET, TCP = 3, 4, 14, 6


def open_device(name):
    """A socket that takes and sends the frames of a device."""
    result = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    result.bind((name, ETH_P_ALL))
    result.setblocking(False)
    return result


class Loss:
    """Decides which segments are lost."""

    def __init__(self, ordinals):
        self.ordinals, self.seen, self.start, self.next = set(ordinals), 0, 0, 0

    def takes(self, frame):
        """Whether the frame, on its way from left to right, is lost."""
        if frame[12:14] != b"\x08\x00" or frame[ETHERNET + 9] != TCP:
            return False
        transport = ETHERNET + (frame[ETHERNET] & 15) * 4
        end = ETHERNET + struct.unpack_from("!H", frame, ETHERNET + 2)[0]
        sequence, = struct.unpack_from("!I", frame, transport + 4)
        length = end - transport - (frame[transport + 12] >> 4) * 4
        if frame[transport + 13] & 2:
            self.start, self.next = sequence, 1
        relative = (sequence - self.start) & 0xFFFFFFFF
        if length == 0 or relative < self.next:
            return False
        self.next = relative + length
        self.seen += 1
        if self.seen in self.ordinals:
            print(relative, length, flush=True)
        return self.seen in self.ordinals


def main():
    """Relay until killed."""
    left, right, delay = open_device(sys.argv[1]), open_device(sys.argv[2]), float(sys.argv[3]) / 1000
    loss = Loss(map(int, sys.argv[4:]))
    queue, order = [], iter(range(2**62))
    other = {left: right, right: left}
    print("ready", flush=True)
    while True:
        timeout = max(0, queue[0][0] - time.monotonic()) if queue else None
        for device in select.select([left, right], [], [], timeout)[0]:
            frame, origin = device.recvfrom(65536)
            if origin[2] != PACKET_OUTGOING and not (device is left and loss.takes(frame)):
                heapq.heappush(queue, (time.monotonic() + delay, next(order), other[device], frame))
        while queue and queue[0][0] <= time.monotonic():
            _, _, device, frame = heapq.heappop(queue)
            device.send(frame)


if __name__ == "__main__":
    main()
