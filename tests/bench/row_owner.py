# SPDX-License-Identifier: BSD-2-Clause
"""What a local connection costs more while the programs of --owner learn whose it is. Nothing of it is captured."""
import os
import subprocess

from measure import alternate, at_most, ratio_line
from network import BPFSNIFF, BUILD, SNIFFER_CPU, Sniffer

CONNECTIONS = 10_000
CONNECT = [os.path.join(BUILD, "bench/connect"), f"{CONNECTIONS}", f"{SNIFFER_CPU}"]


def microseconds(options):
    sniffer = Sniffer([BPFSNIFF, "-i", "eth0", "-q", *options], "listening on")
    told = subprocess.run(CONNECT, capture_output=True, check=True).stdout
    sniffer.stop()
    return float(told) / 1000


def measure():
    results = alternate({"bare": lambda: microseconds([]), "--owner": lambda: microseconds(["--owner"])}, times=3)
    yield ratio_line("a local connection", "us", results, "bare", at_most(1.25), ours="--owner")
