# SPDX-License-Identifier: BSD-2-Clause
"""What a sniffer holds in memory at most, beyond its ring."""
import os
import subprocess

from measure import OURS, alternate, at_most, own_line
from network import BPFSNIFF, FILES, RING_KIB, Sniffer, generate

FILE = os.path.join(FILES, "capture")
FRAMES, FLOWS, SIZE = 500_000, 1000, 64

STYLES = {
    "capture to a file": ["-w", FILE],
    "full style": [],
    "--json": ["--json"],
}


def mib_beyond_ring(options):
    sniffer = Sniffer([BPFSNIFF, "-i", "eth0", "-B", f"{RING_KIB}"] + options, "listening on", subprocess.DEVNULL)
    generate(size=SIZE, frames=FRAMES, flows=FLOWS)
    sniffer.settle()
    resident = sniffer.resident_kib()
    sniffer.stop()
    return (resident - RING_KIB) / 1024


def measure():
    for style, options in STYLES.items():
        results = alternate({OURS: lambda options=options: mib_beyond_ring(options)})
        yield own_line(f"memory beyond the ring, {style}", "MiB", results[OURS], at_most(8))
    os.unlink(FILE)
