# SPDX-License-Identifier: BSD-2-Clause
"""-r of a file of 1,000,000 packets, text to /dev/null: elapsed time."""
import os

from capture_file import COUNT, write
from measure import OURS, alternate, at_least, run, times_line
from network import BPFSNIFF, FILES

FILE = os.path.join(FILES, "read.pcap")


def compare(what, ours, theirs, goal):
    results = alternate({OURS: lambda: run(ours).seconds, "tcpdump": lambda: run(theirs).seconds})
    return times_line(f"-r, {COUNT:,} packets: {what}", "s", results, "tcpdump", goal)


def measure():
    write(FILE, COUNT)
    yield compare("full against -nnvvX", [BPFSNIFF, "-r", FILE], ["tcpdump", "-nnvvX", "-r", FILE], at_least(25))
    yield compare("-q against -nn", [BPFSNIFF, "-q", "-r", FILE], ["tcpdump", "-nn", "-r", FILE], at_least(15))
    os.unlink(FILE)
