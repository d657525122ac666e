#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Build frames from Python expressions over scapy's layers, for frames.py: frame_builder.py SOCKET

scapy takes longer to start than most tests to run. Where this program serves on a Unix socket, it has started once for all
of them: a client sends an expression a line and gets for each the bytes, pickled, or the words of an error.
"""
import logging
import os
import pickle
import socketserver
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


def build(expression):
    """The bytes of a frame."""
    return bytes(eval(expression, dict(NAMES)))


class Request(socketserver.StreamRequestHandler):
    """One client, served by a process of its own."""

    def handle(self):
        for line in self.rfile:
            try:
                answer = build(line.decode())
            except Exception as error:
                answer = f"{type(error).__name__}: {error}"
            self.wfile.write(pickle.dumps(answer))


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Who finds the socket finds a server that listens."""

    def __init__(self, path):
        super().__init__(path + ".new", Request)
        os.rename(path + ".new", path)


if __name__ == "__main__":
    Server(sys.argv[1]).serve_forever()
