# SPDX-License-Identifier: BSD-2-Clause
"""--first=10 on 1,000 flows: CPU for a frame that was seen, against the plain capture of the same traffic."""
import os

from measure import alternate, at_most, ratio_line
from network import BPFSNIFF, FILES, RING_KIB, Sniffer, generate

FILE = os.path.join(FILES, "capture")
FRAMES, FLOWS, SIZE = 4_000_000, 1000, 64
CAPTURE = [BPFSNIFF, "-i", "eth0", "-B", f"{RING_KIB}", "-w", FILE]


def cost(options):
    sniffer = Sniffer(CAPTURE + options, "listening on")
    generate(size=SIZE, frames=FRAMES, flows=FLOWS)
    sniffer.settle()
    usage = sniffer.stop()
    seen = sniffer.number(r"seen (\d+)")
    os.unlink(FILE)
    return usage.cpu / seen * 1e9


def measure():
    results = alternate({"plain capture": lambda: cost([]), "--first=10": lambda: cost(["--first=10"])})
    yield ratio_line("--first=10: CPU per frame seen", "ns", results, "plain capture", at_most(0.1), ours="--first=10")
