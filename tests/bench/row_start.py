# SPDX-License-Identifier: BSD-2-Clause
"""From start to the first packet on a terminal, at 2,000 packets a second."""
import os
import pty
import signal
import subprocess
import time

from measure import OURS, alternate, at_most, own_line, ratio_line
from network import BPFSNIFF, FILES, RING_KIB, arrived, start_generator, wait_until

RATE = 2000
PREFIXES = os.path.join(FILES, "prefixes")
EXPRESSION = "tcp port 443"
IMMEDIATE = ["tcpdump", "--immediate-mode", "-nn", "-B", f"{RING_KIB}", "-i", "eth0"]


def milliseconds(arguments):
    """Till the first line comes out of the terminal that is the program's standard output."""
    screen, terminal = pty.openpty()
    start = time.monotonic()
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.DEVNULL)
    os.read(screen, 1)
    elapsed = time.monotonic() - start
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(terminal)
    os.close(screen)
    return elapsed * 1000


def compare(what, ours, theirs, limit):
    results = alternate({OURS: lambda: milliseconds(ours), "tcpdump": lambda: milliseconds(theirs)}, times=3)
    yield own_line(f"start to first packet{what}", "ms", results[OURS], at_most(limit))
    yield ratio_line(f"start to first packet{what}", "ms", results, "tcpdump", at_most(1))


def measure():
    with open(PREFIXES, "w", encoding="ascii") as file:
        file.write("10.9.0.0/16\n")
        file.writelines(f"11.{i >> 16}.{i >> 8 & 255}.{i & 255}\n" for i in range(100_000 - 1))
    ours = [BPFSNIFF, "-B", f"{RING_KIB}", "-i", "eth0"]
    before = arrived()
    with start_generator(rate=RATE, frames=RATE * 3600) as generator:
        wait_until(lambda: arrived() > before, "frames")
        yield from compare("", ours, IMMEDIATE, 40)
        yield from compare(f", '{EXPRESSION}'", ours + [EXPRESSION], IMMEDIATE + [EXPRESSION], 50)
        prefixes = alternate({OURS: lambda: milliseconds(ours + [f"--host-file={PREFIXES}"])})
        yield own_line("start to first packet, 100,000 prefixes", "ms", prefixes[OURS], at_most(300))
        both = alternate({name: lambda name=name: milliseconds(ours + [name] * bool(name)) for name in ("", "--owner")},
                         times=3)
        more = [with_owner - without for with_owner, without in zip(both["--owner"], both[""])]
        yield own_line("start with --owner, above that without", "ms", more, at_most(120))
        generator.kill()
