# SPDX-License-Identifier: BSD-2-Clause
"""-r FILE -w FILE2 with a filter that takes about a quarter of the packets, both files on tmpfs: elapsed time."""
import os

from capture_file import COUNT, write
from measure import OURS, alternate, at_least, run, times_line
from network import BPFSNIFF, FILES

FILE = os.path.join(FILES, "read.pcap")
RESULT = os.path.join(FILES, "written")
FILTER = "tcp port 443"


def seconds(command):
    usage = run(command + ["-r", FILE, "-w", RESULT, FILTER])
    os.unlink(RESULT)
    return usage.seconds


def measure():
    write(FILE, COUNT)
    results = alternate({OURS: lambda: seconds([BPFSNIFF]), "tcpdump": lambda: seconds(["tcpdump", "-Z", "root"])},
                        times=2)
    yield times_line(f"-r -w, {COUNT:,} packets: '{FILTER}'", "s", results, "tcpdump", at_least(1.5))
    os.unlink(FILE)
