#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""
Measure bpfsniff against others of its kind, as root: `compare.py` for every row, `compare.py start read` for those with
one of the words in their name. Prints a table, and puts it into build/bench.json.
"""
import dataclasses
import importlib
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys

import network
from measure import busy_cpus

QUIET = 0.5  # CPUs; where others keep more of them busy, a row is measured once more
ROWS = ["capture", "first", "reject", "read", "json", "write", "pipe", "start", "idle", "filter", "memory", "growth",
        "flows", "owner"]
RESULT = os.path.join(network.BUILD, "bench.json")
ENCLOSE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
VERSIONS = [[network.BPFSNIFF, "--version"], ["tcpdump", "--version"], ["dumpcap", "--version"],
            ["tshark", "--version"], ["netsniff-ng", "--version"], ["jq", "--version"]]


def processor():
    with open("/proc/cpuinfo", encoding="ascii") as file:
        return next(line.partition(": ")[2].strip() for line in file if line.startswith("model name"))


def machine():
    versions = [subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()[0]
                for command in VERSIONS if shutil.which(command[0])]
    return {"kernel": platform.release(), "processor": processor(), "cpus": os.cpu_count(), "versions": versions}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cells(line):
    theirs = number(statistics.median(line.theirs)) if line.peer else ""
    goal = f"{line.goal} {'met' if line.goal.holds(line.value) else 'missed'}" if line.goal else ""
    return [line.what, line.unit, number(statistics.median(line.ours)), line.peer, theirs,
            number(line.value) if line.peer else "", goal]


def print_row(columns):
    widths = [46, 6, 11, 22, 11, 9, 16]
    print("|", " | ".join(text.ljust(width) for text, width in zip(columns, widths)), "|", flush=True)


def keep(lines):
    """In the file, in the place of what was measured before."""
    data = {"lines": []}
    if os.path.exists(RESULT):
        with open(RESULT, encoding="utf-8") as file:
            data = json.load(file)
    fresh = [dict(dataclasses.asdict(line), met=line.goal.holds(line.value) if line.goal else None) for line in lines]
    new = {(line["what"], line["peer"]) for line in fresh}
    data["machine"] = machine()
    data["lines"] = [line for line in data["lines"] if (line["what"], line["peer"]) not in new] + fresh
    with open(RESULT, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)


def enclose():
    """Run this in namespaces of its own: how it ended. There it is in another session than the terminal, and what ends
    this has to end it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = ENCLOSE + [sys.executable, os.path.abspath(__file__)] + sys.argv[1:]
    try:
        return subprocess.run(arguments, env=dict(os.environ, ENCLOSED="1"), check=False).returncode
    except KeyboardInterrupt:
        return 130


def go_first():
    """What else runs on the machine is to disturb as little as can be: nice(2) alone does nothing against the processes
    of other sessions (sched(7), "The autogroup feature")."""
    os.setsid()
    os.nice(-20)
    if os.path.exists("/proc/self/autogroup"):
        with open("/proc/self/autogroup", "w", encoding="ascii") as file:
            file.write("-20")


def measure_once(row):
    """The lines of a row, whether all came, and the load."""
    lines, whole, before = [], True, busy_cpus()
    try:
        for line in importlib.import_module(f"row_{row}").measure():
            print_row(cells(line))
            lines.append(line)
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(f"bench: {row}: {error}", file=sys.stderr)
        whole = False
    after = busy_cpus()
    print(f"{row}: other work kept {before:.1f} CPUs busy before and {after:.1f} after", flush=True)
    for line in lines:
        line.load = round(max(before, after), 1)
    return lines, whole, max(before, after)


def measure(row):
    """Whether all its lines came; the other rows do not depend on them. Of two measurements the quieter counts."""
    lines, whole, load = measure_once(row)
    if load > QUIET:
        print(f"{row}: once more", flush=True)
        again = measure_once(row)
        if again[1] and (not whole or again[2] < load):
            lines, whole, _ = again
    keep(lines)
    return whole


def main():
    words = sys.argv[1:]
    chosen = [row for row in ROWS if not words or any(word in row for word in words)]
    if os.geteuid():
        sys.exit("bench: making network namespaces needs root: sudo make bench")
    if "ENCLOSED" not in os.environ:
        sys.exit(enclose())
    go_first()
    network.set_up()
    print(f"Linux {platform.release()}, {processor()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    print_row(["what", "unit", "bpfsniff", "peer", "its figure", "ratio", "goal"])
    print_row(["---", "---", "---:", "---", "---:", "---:", "---"])
    sys.exit(not all([measure(row) for row in chosen]))


if __name__ == "__main__":
    main()
