# SPDX-License-Identifier: BSD-2-Clause
"""Live, full style with hexdump into a pipe that is read: the highest rate without loss, by halving. A small ring, so
that it cannot hide for a second what is too much."""
import subprocess

from measure import OURS, alternate, at_least, times_line
from network import BPFSNIFF, Sniffer, generate

RING_KIB = 2048
SIZES = (64, 1400)
SECONDS, FLOWS = 1, 1000
IDLE_SECONDS = 0.1
LOWEST, HIGHEST, PRECISION = 5_000, 1_500_000, 1.05  # frames per second

# The program, and what it says of frames that found no room.
PROGRAMS = {
    OURS: ([BPFSNIFF, "-i", "eth0", "-B", f"{RING_KIB}"], r"\+ lost (\d+)"),
    "tcpdump -nnvvX": (["tcpdump", "-nnvvX", "-i", "eth0", "-B", f"{RING_KIB}"], r"(\d+) packets dropped by kernel"),
}


def attempt(program, size, rate):
    """(the rate that was reached, whether something was lost)"""
    arguments, pattern = PROGRAMS[program]
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reader:
        sniffer = Sniffer(arguments, "listening on", stdout=reader.stdin, cpu=None)
        reader.stdin.close()
        told = generate(size=size, frames=int(rate * SECONDS), flows=FLOWS, rate=int(rate))
        sniffer.settle(IDLE_SECONDS)  # else the signal would meet tcpdump in write(2), which it takes for an error
        sniffer.stop()
    return told["sent"] / told["seconds"], sniffer.number(pattern) > 0


def ns_at_highest_rate(program, size):
    """Between two frames. Ends early where it is the generator that can no more."""
    low, high = LOWEST, HIGHEST
    while high / low > PRECISION:
        wanted = (low * high) ** 0.5
        reached, lost = attempt(program, size, wanted)
        if lost:
            high = min(wanted, reached)
        else:
            low = reached
            high = high if reached > wanted / PRECISION else reached
    return 1e9 / low


def measure():
    for size in SIZES:
        results = alternate({name: lambda name=name: ns_at_highest_rate(name, size) for name in PROGRAMS})
        yield times_line(f"full style into a pipe, {size} bytes: time per packet", "ns", results, "tcpdump -nnvvX",
                         at_least(10))
