#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A client of a running sniffer's socket that means no good: control_client.py PID hold|flood|rubbish [COUNT]

hold     open COUNT connections, ask nothing, say "held" and keep them until killed
flood    open and close COUNT connections, one after the other
rubbish  ask COUNT nonsensical questions, each on a connection of its own; fail unless the sniffer hangs up on each
"""
import array
import functools
import os
import pathlib
import random
import signal
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from control_message import constant, offsets, pack  # noqa: E402 # pylint: disable=wrong-import-position

STATUS, REPLY = 0, 4
MAGIC, VERSION = constant("CONTROL_MAGIC"), constant("CONTROL_VERSION")


def question(magic=MAGIC, version=VERSION, kind=STATUS, interfaces=0, length=0, text=b""):
    """A message as the sniffer expects it, but for what is given."""
    return pack(magic=magic, version=version, kind=kind, interface_count=interfaces, text_length=length) + text


def nonsense(chance):
    """Questions that are to be answered by hanging up: bytes, and how many descriptors go with them."""
    yield b"\0", 0
    yield b"GET / HTTP/1.1\r\n\r\n", 0
    yield question(magic=MAGIC + 1), 0
    yield question(version=VERSION + 1), 1
    yield question(kind=REPLY), 2
    yield question(kind=chance.randrange(REPLY + 1, 2 ** 32)), 3
    yield question(interfaces=129), 4
    yield question(length=1), 5
    yield question(text=b"more"), 6
    yield question(length=60001, text=b"x" * 60001), 0
    yield question(length=2 ** 32 - 1), 0
    yield question()[:chance.randrange(1, len(question()))], 7
    yield question() + bytes(70000), 0
    yield question(), chance.randrange(offsets()["descriptors"] + 1, 254)
    yield chance.randbytes(chance.randrange(1, 65536)), chance.randrange(8)


@functools.cache
def name_of(pid):
    """The name that a sniffer listens under: it has a random number at its end."""
    for line in pathlib.Path("/proc/net/unix").read_text(encoding="ascii").splitlines():
        if f" @bpfsniff-{pid}-" in line:
            return "\0" + line.split("@")[1]
    raise FileNotFoundError(f"process {pid} does not listen")


def connect(pid):
    """A connection to a sniffer."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.connect(name_of(pid))
    return client


def ask(pid, message, descriptors, is_answered=False):
    """Ask, with some descriptors of /dev/null; unless it is to answer, the sniffer must hang up."""
    with connect(pid) as client, open(os.devnull, "rb") as null:
        rights = array.array("i", [null.fileno()] * descriptors)
        client.sendmsg([message], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)] if descriptors else [])
        try:
            answer = client.recv(65536)
        except ConnectionResetError:
            answer = b""
        assert bool(answer) == is_answered, (message[:40], descriptors, answer)


def main():
    """Do as the arguments say."""
    pid, what, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if what == "hold":
        held = [connect(pid) for _ in range(count)]
        print("held", len(held), flush=True)
        signal.pause()
    elif what == "flood":
        for _ in range(count):
            connect(pid).close()
    else:
        ask(pid, question(), 0, is_answered=True) # or each of the others is refused for its length
        asked = 0
        while asked < count:
            for message, descriptors in nonsense(random.Random(asked)):
                ask(pid, message, descriptors)
                asked += 1


main()
