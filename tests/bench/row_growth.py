# SPDX-License-Identifier: BSD-2-Clause
"""How the cost grows with prefixes, flows, interfaces and the size of a file. Each line holds the largest against the
smallest; what lies between is in build/bench.json."""
import os

from capture_file import write
from measure import alternate, at_most, ratio_line, run
from network import BPFSNIFF, FILES, RING_KIB, Sniffer, generate, shell

FRAMES, SIZE = 500_000, 64
FILE = os.path.join(FILES, "capture")
PREFIXES = os.path.join(FILES, "prefixes")
LIVE = [BPFSNIFF, "-B", f"{RING_KIB}", "-w", FILE]


def lines(what, unit, measures, goal):
    """From the smallest of {size: function} to each of the others."""
    results = alternate({f"{size:,}": function for size, function in measures.items()})
    first, *others = results
    for other in others:
        yield ratio_line(f"{what}: {other}", unit, results, first, goal, ours=other)


def sending(options, **settings):
    """ns that a frame takes the sender while it is judged."""
    sniffer = Sniffer(LIVE + options, "listening on")
    told = generate(size=SIZE, frames=FRAMES, **settings)
    sniffer.stop()
    return told["seconds"] / told["sent"] * 1e9


def receiving(options):
    """ns of the sniffer's CPU for a frame, without what its start takes: that each device has a ring to be made."""
    sniffer = Sniffer(LIVE + options, "listening on")
    start = sniffer.cpu()
    sent = generate(size=SIZE, frames=FRAMES)["sent"]
    sniffer.settle()
    used = sniffer.cpu() - start
    sniffer.stop()
    return used / sent * 1e9


def with_prefixes(count):
    """None of them holds for a frame."""
    path = f"{PREFIXES}-{count}"
    with open(path, "w", encoding="ascii") as file:
        file.writelines(f"{11 + (i >> 24)}.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}\n" for i in range(count))
    return lambda: sending(["-i", "eth0", f"--host-file={path}"], flows=60_000)


def with_flows(count):
    return lambda: sending(["-i", "eth0", "--first=1", "--flow-table=200000"], flows=count)


def with_interfaces(count, named):
    """`count` devices that are up; frames come over one."""
    options = ["-i", "any"]
    if named:
        options = [f"--interface={name}" for name in ["eth0"] + [f"idle{i}" for i in range(1, count)]]

    def measure():
        for i in range(1, count):
            shell(f"ip link add idle{i} type veth peer name idle{i} netns left && ip link set idle{i} up")
        ns = receiving(options + ["--buffer-size=4096"])
        for i in range(1, count):
            shell(f"ip link delete idle{i}")
        return ns
    return measure


def with_file(mega_bytes):
    """ns for a packet of a file."""
    path = f"{FILE}-{mega_bytes}"
    count = mega_bytes * 2650
    write(path, count)
    return lambda: run([BPFSNIFF, "-q", "-r", path]).seconds / count * 1e9


def measure():
    sets = {count: with_prefixes(count) for count in (1, 1000, 100_000, 1_000_000)}
    yield from lines("growth, prefixes", "ns", sets, at_most(1.5))
    flows = {count: with_flows(count) for count in (1, 1000, 100_000)}
    yield from lines("growth, flows", "ns", flows, at_most(1.5))
    counts = (1, 10, 50)
    yield from lines("growth, interfaces, any", "ns", {n: with_interfaces(n, False) for n in counts}, at_most(1.2))
    named = {n: with_interfaces(n, True) for n in counts}
    yield from lines("growth, interfaces, each named", "ns", named, at_most(1.5))
    files = {size: with_file(size) for size in (10, 100, 1000, 2000)}
    yield from lines("growth, megabytes of file", "ns", files, at_most(1.2))
