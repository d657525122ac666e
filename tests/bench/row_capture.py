# SPDX-License-Identifier: BSD-2-Clause
"""Capture to a file on tmpfs at the generator's full rate: what is lost, and what a delivered packet costs. Who writes
pcap is compared with pcap, who writes pcapng with pcapng."""
import os
import resource
import statistics
import subprocess

from measure import OURS, Line, alternate, at_most, own_line, ratio_line
from network import BPFSNIFF, FILES, RING_KIB, Sniffer, generate

FRAMES = {64: 4_000_000, 1400: 1_000_000}
FLOWS = 1000
FILE = os.path.join(FILES, "capture")

PCAP, PCAPNG = FILE + ".pcap", FILE + ".pcapng"
OURS_PCAPNG = "bpfsniff pcapng"
ALONE = "written alone"
RECORD = 16  # bytes that pcap adds to a frame
WRITE = 256 * 1024  # bytes that we write at once


def ours(path):
    return [BPFSNIFF, "-i", "eth0", "-B", f"{RING_KIB}", "-w", path], "listening on", path


# The program, what it says once it listens, and its file.
PROGRAMS = {
    OURS: ours(PCAP),
    "tcpdump": (["tcpdump", "-n", "-i", "eth0", "-B", f"{RING_KIB}", "-w", PCAP], "listening on", PCAP),
    "netsniff-ng": (["netsniff-ng", "--in", "eth0", "--out", PCAP, "--silent", "--ring-size", f"{RING_KIB}KiB"],
                    "Running!", PCAP),
    OURS_PCAPNG: ours(PCAPNG),
    "dumpcap": (["dumpcap", "-q", "-i", "eth0", "-B", f"{RING_KIB // 1024}", "-w", PCAPNG], "File: ", PCAPNG),
}


def packets_in(path):
    words = subprocess.run(["capinfos", "-cMTr", path], check=True, capture_output=True, text=True).stdout
    return int(words.split()[-1])


def use_memory(path, size):
    """The first use of memory is slow in a virtual machine: no program is to pay for it."""
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    os.unlink(path)


def capture(program, size):
    """(what part was lost, ns of CPU for a delivered packet)"""
    arguments, listens, path = PROGRAMS[program]
    use_memory(path, FRAMES[size] * (size + 64))
    sniffer = Sniffer(arguments, listens)
    sent = generate(size=size, frames=FRAMES[size], flows=FLOWS)["sent"]
    sniffer.settle()
    usage = sniffer.stop()
    delivered = packets_in(path)
    os.unlink(path)
    return 1 - delivered / sent, usage.cpu / delivered * 1e9


def write_alone(size):
    """ns of CPU for a packet if nothing is done but writing a file of the same length: no program can cost less."""
    use_memory(PCAP, FRAMES[size] * (size + 64))
    data = bytes(WRITE)
    before = resource.getrusage(resource.RUSAGE_SELF)
    with open(PCAP, "wb", buffering=0) as file:
        for _ in range(FRAMES[size] * (size + RECORD) // WRITE):
            file.write(data)
    after = resource.getrusage(resource.RUSAGE_SELF)
    os.unlink(PCAP)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return 0, cpu / FRAMES[size] * 1e9


def lines_of(size, results):
    lost = {name: [part * 100 for part, _ in pairs] for name, pairs in results.items()}
    cost = {name: [ns for _, ns in pairs] for name, pairs in results.items()}
    alone = cost.pop(ALONE)
    peers = [name for name in PROGRAMS if not name.startswith(OURS)]
    least = [min(lost[peer][i] for peer in peers) for i in range(len(lost[OURS]))]
    for name in OURS, OURS_PCAPNG:
        more = max(mine - theirs for mine, theirs in zip(lost[name], least))
        yield Line(f"capture, {size} bytes: lost, {name}", "%", lost[name], "the least", least, more, at_most(0))
    best = min(peers, key=lambda peer: statistics.median(cost[peer]))
    what = f"capture, {size} bytes: CPU per packet"
    yield ratio_line(what, "ns", cost, "tcpdump", at_most(0.6))
    yield ratio_line(what, "ns", cost, "netsniff-ng", at_most(0.8) if best == "netsniff-ng" else None)
    yield ratio_line(f"{what}, pcapng", "ns", cost, "dumpcap", at_most(0.8) if best == "dumpcap" else None,
                     ours=OURS_PCAPNG)
    yield ratio_line(f"{what}, pcapng", "ns", cost, "tcpdump", at_most(0.75), ours=OURS_PCAPNG)
    yield own_line("... of this writing a file as long, pcap", "ns", alone)


def measure():
    for size in FRAMES:
        measures = {name: lambda name=name: capture(name, size) for name in PROGRAMS}
        yield from lines_of(size, alternate(measures | {ALONE: lambda: write_alone(size)}))
