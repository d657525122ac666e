# SPDX-License-Identifier: BSD-2-Clause
"""One packet on an idle link: from when it is sent until its text comes out of the terminal."""
import json
import os
import pty
import select
import time

from measure import OURS, alternate, at_most, own_line, ratio_line
from network import BPFSNIFF, Sniffer, start_generator

PACKETS = 10  # a round
PAUSE = 0.05  # seconds between two, so that the link is idle

PROGRAMS = {
    OURS: [BPFSNIFF, "-i", "eth0"],
    "tcpdump --immediate": ["tcpdump", "--immediate-mode", "-nn", "-i", "eth0"],
    "tcpdump": ["tcpdump", "-nn", "-i", "eth0"],
}


def drain(screen):
    while select.select([screen], [], [], PAUSE)[0]:
        os.read(screen, 65536)


def milliseconds(program):
    """The mean of some packets."""
    screen, terminal = pty.openpty()
    sniffer = Sniffer(PROGRAMS[program], "listening on", stdout=terminal, cpu=None)
    total = 0
    for _ in range(PACKETS):
        drain(screen)
        with start_generator(frames=1) as generator:
            os.read(screen, 1)
            now_ns = time.time_ns()
            total += now_ns - json.load(generator.stdout)["first_ns"]
    sniffer.stop()
    os.close(terminal)
    os.close(screen)
    return total / PACKETS / 1e6


def measure():
    results = alternate({program: lambda program=program: milliseconds(program) for program in PROGRAMS})
    yield own_line("one packet on an idle link", "ms", results[OURS], at_most(5))
    for peer in PROGRAMS:
        if peer != OURS:
            yield ratio_line("one packet on an idle link", "ms", results, peer)
