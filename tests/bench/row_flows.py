# SPDX-License-Identifier: BSD-2-Clause
"""Flows counted in the kernel: CPU for a frame, against programs that copy each packet to count it; what it costs the
sender; and a million flows, their memory and the time to read them."""
import glob
import os
import re
import subprocess
import time

from measure import OURS, alternate, at_most, own_line, ratio_line
from network import BLOCK_SECONDS, BPFSNIFF, FILES, Sniffer, generate, shell

# For some periods, at a rate below that at which the others lose most: what they lose costs them nothing. Ours has work
# once a period, and none for a frame.
FRAMES, RATE, FLOWS, SIZE = 1_500_000, 500_000, 1000, 64
SENT, ICMP = 2_000_000, 1
MANY = 1_000_000
LOG = os.path.join(FILES, "flows")

PROGRAMS = {
    "--top": ([BPFSNIFF, "-i", "eth0", "--top"], "listening on"),
    "--flow-log": ([BPFSNIFF, "-i", "eth0", f"--flow-log={LOG}"], "listening on"),
    "iftop": (["stdbuf", "-oL", "iftop", "-t", "-n", "-N", "-i", "eth0"], "Listening on"),
    "nethogs": (["stdbuf", "-oL", "nethogs", "-t", "eth0"], "Refreshing"),
}


def cpu_per_frame(program):
    # iftop never rests at the end of standard input.
    sniffer = Sniffer(*PROGRAMS[program], stdin=subprocess.PIPE)
    start = sniffer.cpu()
    told = generate(size=SIZE, frames=FRAMES, flows=FLOWS, rate=RATE)
    time.sleep(BLOCK_SECONDS)
    used = sniffer.cpu() - start
    end(sniffer, program)
    return used / told["sent"] * 1e9


def end(sniffer, program):
    """iftop and nethogs end by a signal as if they had failed."""
    if program.startswith("--"):
        sniffer.stop()
    else:
        sniffer.process.kill()
        sniffer.process.wait()


def sender_ns(options, **settings):
    sniffer = Sniffer([BPFSNIFF, "-i", "eth0"] + options, "listening on")
    told = generate(size=SIZE, frames=SENT, **settings)
    sniffer.stop()
    return told["seconds"] / told["sent"] * 1e9


def map_kib(process):
    """What the kernel keeps of flows, as it accounts for the map."""
    largest = 0
    for path in glob.glob(f"/proc/{process.pid}/fdinfo/*"):
        with open(path, encoding="ascii") as file:
            found = re.search(r"max_entries:\s*(\d+)\n(?:.*\n)*?memlock:\s*(\d+)", file.read())
        if found and int(found[1]) == MANY:
            largest = max(largest, int(found[2]) // 1024)
    return largest


def cpu_of_status(sniffer):
    """Seconds; it reads what the kernel has counted."""
    start = sniffer.cpu()
    subprocess.run([BPFSNIFF, f"--status={sniffer.process.pid}"], stdout=subprocess.DEVNULL, check=True)
    return sniffer.cpu() - start


def many():
    """MiB of the kernel's map, and of the table of the process; seconds to read one into the other, when all
    flows are new and when they are known."""
    sniffer = Sniffer([BPFSNIFF, "-i", "eth0", "--top=600", f"--flow-table={MANY}"], "listening on", subprocess.DEVNULL)
    empty = sniffer.resident_kib()
    seconds = []
    for _ in range(2):
        generate(size=SIZE, frames=MANY, flows=MANY)
        kernel = map_kib(sniffer.process)
        seconds.append(cpu_of_status(sniffer))
    resident = sniffer.resident_kib() - empty
    sniffer.stop()
    counted = sniffer.number(r"flows (\d+):")
    if counted != MANY:
        raise RuntimeError(f"{counted} flows of {MANY}")
    return kernel / 1024, resident / 1024, *seconds


def measure():
    # nethogs counts only what is for an address of its own; without a route back nothing answers.
    shell("ip address add 10.10.0.1/32 dev eth0")
    results = alternate({name: lambda name=name: cpu_per_frame(name) for name in PROGRAMS})
    for ours in "--top", "--flow-log":
        for peer in "iftop", "nethogs":
            yield ratio_line(f"{ours}: CPU per frame", "ns", results, peer, at_most(0.1), ours=ours)
    shell("ip address delete 10.10.0.1/32 dev eth0")
    results = alternate({
        "default filter": lambda: sender_ns(["-q"], protocol=ICMP),
        "--top": lambda: sender_ns(["--top"], flows=FLOWS),
    }, times=2)
    yield ratio_line("--top: sender's time per frame", "ns", results, "default filter", at_most(1.3), ours="--top")
    rounds = alternate({OURS: many})[OURS]
    yield own_line("a million flows: the kernel's map", "MiB", [one[0] for one in rounds], at_most(256))
    yield own_line("... and the table of the process", "MiB", [one[1] for one in rounds], at_most(256))
    yield own_line("... and the CPU to read them, all new", "s", [one[2] for one in rounds])
    yield own_line("... and in another period", "s", [one[3] for one in rounds], at_most(1))
