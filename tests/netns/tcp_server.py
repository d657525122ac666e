#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Take one TCP connection, and send back what comes (echo) or nothing (stream): tcp_server.py PORT echo|stream

"ready" is said once it listens.
"""
import socket
import sys

with socket.create_server(("", int(sys.argv[1]))) as listener:
    print("ready", flush=True)
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while data := connection.recv(65536):
        if sys.argv[2] == "echo":
            connection.sendall(data)
