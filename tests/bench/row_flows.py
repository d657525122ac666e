# SPDX-License-Identifier: BSD-2-Clause
"""Flows counted in the kernel: CPU for a frame, against programs that copy each packet to count it; what it costs the
sender; and a million flows, their memory and the time to read them."""
import contextlib
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


def maps_kib(process):
    """What the maps of a sniffer take, as the kernel accounts for them."""
    maps = {}
    for path in glob.glob(f"/proc/{process.pid}/fdinfo/*"):
        # A client that is done may go away meanwhile.
        with contextlib.suppress(FileNotFoundError), open(path, encoding="ascii") as file:
            told = dict(re.findall(r"^(\w+):\s*(\d+)$", file.read(), re.M))
            if "map_id" in told:
                maps[told["map_id"]] = int(told["memlock"])
    return sum(maps.values()) // 1024


def own_kib(process):
    """Memory of a process; that of the maps, which it has mapped, is none of it."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"RssAnon:\s+(\d+)", file.read())[1])


def cpu_of_status(sniffer):
    """Seconds; it reads what the kernel has counted."""
    start = sniffer.cpu()
    subprocess.run([BPFSNIFF, f"--status={sniffer.process.pid}"], stdout=subprocess.DEVNULL, check=True)
    return sniffer.cpu() - start


def many():
    """MiB of the kernel's maps and of the process, above those of a sniffer without flows; seconds to read what the
    kernel has counted, when all flows are new and when they are known."""
    plain = Sniffer([BPFSNIFF, "-i", "eth0", "-q"], "listening on", subprocess.DEVNULL)
    maps, own = maps_kib(plain.process), own_kib(plain.process)
    plain.stop()
    sniffer = Sniffer([BPFSNIFF, "-i", "eth0", "--top=600", f"--flow-table={MANY}"], "listening on", subprocess.DEVNULL)
    seconds = []
    for _ in range(2):
        generate(size=SIZE, frames=MANY, flows=MANY)
        seconds.append(cpu_of_status(sniffer))
    maps, own = maps_kib(sniffer.process) - maps, own_kib(sniffer.process) - own
    sniffer.stop()
    counted = sniffer.number(r"flows (\d+):")
    if counted != MANY:
        raise RuntimeError(f"{counted} flows of {MANY}")
    return maps / 1024, own / 1024, *seconds


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
    yield own_line("a million flows: the kernel's maps", "MiB", [one[0] for one in rounds])
    yield own_line("... and the memory of the process", "MiB", [one[1] for one in rounds])
    yield own_line("... in all", "MiB", [one[0] + one[1] for one in rounds], at_most(256))
    yield own_line("... and the CPU to read them, all new", "s", [one[2] for one in rounds])
    yield own_line("... and in another period", "s", [one[3] for one in rounds], at_most(1))
