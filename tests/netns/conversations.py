#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Many UDP conversations at once: conversations.py ADDRESS PORT FLOWS ROUNDS [SIZE]

From each of FLOWS source ports, 20000 and up, a datagram of SIZE bytes goes to ADDRESS and is answered (datagrams.py),
in turn, ROUNDS times.
"""
import socket
import sys

ADDRESS, PORT, FLOWS, ROUNDS, SIZE = sys.argv[1], *map(int, (sys.argv + ["100"])[2:6])
FIRST_PORT = 20000


def client(port):
    """A socket of one conversation."""
    family = socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET
    result = socket.socket(family, socket.SOCK_DGRAM)
    result.settimeout(5)
    result.bind(("", port))
    result.connect((ADDRESS, PORT))
    return result


clients = [client(FIRST_PORT + i) for i in range(FLOWS)]
for _ in range(ROUNDS):
    for one in clients:
        one.send(bytes(SIZE))
        assert len(one.recv(65535)) == SIZE
