#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A TCP connection of which the kernel tells how it went: tcp_client.py ADDRESS PORT echo|stream COUNT

echo: COUNT times 100 bytes, each answered before the next. stream: COUNT kilobytes in a row, and the other
side closes when it has all. At the end a line with TCP_INFO's smoothed and least round-trip time in microseconds, and
how many segments were sent again.
"""
import socket
import struct
import sys

RTT, MIN_RTT, TOTAL_RETRANS = 68, 148, 100  # offsets in struct tcp_info of <linux/tcp.h>


def main():
    """Run the conversation, and tell of it."""
    address, port, kind, count = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    client = socket.create_connection((address, port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if kind == "echo":
        for _ in range(count):
            client.sendall(bytes(100))
            assert len(client.recv(100, socket.MSG_WAITALL)) == 100
    else:
        client.sendall(bytes(1000 * count))
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    print(*(struct.unpack_from("=I", info, offset)[0] for offset in (RTT, MIN_RTT, TOTAL_RETRANS)))


if __name__ == "__main__":
    main()
