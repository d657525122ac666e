#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A process that passes for a sniffer: impostor.py PID|-|refuse|silent|bare|null

It listens under a sniffer's name with its own process id, relays the first question to the sniffer PID, and hands that
one's answer, descriptors and all, to the client (-: it says nothing; refuse, silent: a failure with a text, or none;
bare: success without descriptors; null: with such of /dev/null). What it then gets from the client it prints: "got
KIND" for each descriptor, packet socket or not."""
import array
import os
import pathlib
import socket
import struct
import sys

FDS_MAX, MESSAGE_MAX = 253, 1 << 17


def name_of(pid):
    """The name that a sniffer listens under."""
    for line in pathlib.Path("/proc/net/unix").read_text(encoding="ascii").splitlines():
        if f" @bpfsniff-{pid}-" in line:
            return "\0" + line.split("@")[1]
    raise FileNotFoundError(pid)


def receive(end):
    """A message, and the descriptors that came with it."""
    fds = array.array("i")
    message, rights, _, _ = end.recvmsg(MESSAGE_MAX, socket.CMSG_LEN(FDS_MAX * fds.itemsize))
    for level, kind, data in rights:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(data[:len(data) - len(data) % fds.itemsize])
    return message, fds


def kind_of(descriptor):
    """What a descriptor is of."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as found:
            return "packet socket" if found.family == socket.AF_PACKET else "socket"
    except OSError:
        return os.readlink(f"/proc/self/fd/{descriptor}")


def invented(answer, message):
    """A well-formed answer to a question, which ends in the length of its text. Its status is the fourth number."""
    text = b"not today" if answer == "refuse" else b""
    status = struct.pack("<i", 0 if answer in ("bare", "null") else -1)
    fds = [os.open("/dev/null", os.O_RDWR) for _ in range(7)] if answer == "null" else []
    return message[:12] + status + message[16:-4] + struct.pack("<I", len(text)) + text, array.array("i", fds)


def ask(sniffer, message):
    """The answer of a real sniffer, or an invented one, or None."""
    if sniffer == "-":
        return None
    if not sniffer.isdigit():
        return invented(sniffer, message)
    end = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    end.connect(name_of(sniffer))
    end.send(message)
    return receive(end)


def main():
    """Wait for clients."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(f"\0bpfsniff-{os.getpid()}-{0:016x}")
    listener.listen()
    print("listening", os.getpid(), flush=True)
    while True:
        client, _ = listener.accept()
        while True:
            message, fds = receive(client)
            if not message:
                break
            print("asked", flush=True)
            for descriptor in fds:
                print("got", kind_of(descriptor), flush=True)
            answer = ask(sys.argv[1], message) if not fds else None
            if not answer:
                break
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, answer[1])] if answer[1] else []
            client.sendmsg([answer[0]], rights)
        client.close()
        print("done", flush=True)


main()
