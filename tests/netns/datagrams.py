#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A UDP conversation in the shape of DNS.

    datagrams.py answer ADDRESS PORT              answer every query, for ever
    datagrams.py ask ADDRESS PORT COUNT [SIZE]    ask, wait for the answer, COUNT times; queries of SIZE bytes

The answer is the query with the QR bit set (RFC 1035, 4.1.1).
"""
import socket
import struct
import sys


def udp_socket(address):
    """An unbound socket of the address's family."""
    return socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)


def query(number, size):
    """A query for the A record of example.test, padded to size."""
    question = b"\x07example\x04test\x00" + struct.pack("!HH", 1, 1)
    return (struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + question).ljust(size, b"\0")


def answer(address, port):
    """Serve."""
    server = udp_socket(address)
    server.bind((address, port))
    while True:
        message, client = server.recvfrom(65535)
        server.sendto(message[:2] + b"\x81\x80" + message[4:], client)


def ask(address, port, count, size=0):
    """Be the client; fail unless every answer is right."""
    client = udp_socket(address)
    client.settimeout(5)
    client.connect((address, port))
    for number in range(count):
        message = query(number, size)
        client.send(message)
        reply = client.recv(65535)
        assert reply == message[:2] + b"\x81\x80" + message[4:], reply


{"answer": answer, "ask": ask}[sys.argv[1]](sys.argv[2], *map(int, sys.argv[3:]))
