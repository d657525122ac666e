# SPDX-License-Identifier: BSD-2-Clause
"""What a figure is: programs run by turns, the medians of the rounds, and what they are held against."""
import dataclasses
import datetime
import os
import statistics
import subprocess
import time

ROUNDS = int(os.environ.get("ROUNDS", "5"))
OURS = "bpfsniff"


@dataclasses.dataclass
class Goal:
    sign: str  # "<=" or ">="
    limit: float

    def holds(self, value):
        return value <= self.limit if self.sign == "<=" else value >= self.limit

    def __str__(self):
        return f"{self.sign} {self.limit:g}"


@dataclasses.dataclass
class Line:
    """One line of the table. With a peer, `value` is how the two compare; without, it is our own figure."""
    what: str
    unit: str
    ours: list
    peer: str = ""
    theirs: list = dataclasses.field(default_factory=list)
    value: float = 0
    goal: Goal = None
    date: str = dataclasses.field(default_factory=lambda: datetime.datetime.now().isoformat(" ", "minutes"))
    load: float = 0  # CPUs that other work kept busy, before or after the row, whichever is more


def at_most(limit):
    return Goal("<=", limit)


def at_least(limit):
    return Goal(">=", limit)


def alternate(measures, times=1):
    """Call each of {name: function} once a round, another one first each time: {name: [what they returned]}. `times` as
    many rounds, for what is quick and differs much."""
    names = list(measures)
    results = {name: [] for name in names}
    for number in range(times * ROUNDS):
        for name in names[number % len(names):] + names[:number % len(names)]:
            results[name].append(measures[name]())
    return results


def ratio_line(what, unit, results, peer, goal=None, ours=OURS):
    """Our figure as a part of the peer's, of the same round: less is better."""
    value = statistics.median(a / b for a, b in zip(results[ours], results[peer]))
    return Line(what, unit, results[ours], peer, results[peer], value, goal)


def times_line(what, unit, results, peer, goal=None, ours=OURS):
    """The peer's figure as so many times ours, of the same round: more is better."""
    value = statistics.median(b / a for a, b in zip(results[ours], results[peer]))
    return Line(what, unit, results[ours], peer, results[peer], value, goal)


def own_line(what, unit, figures, goal=None):
    return Line(what, unit, figures, value=statistics.median(figures), goal=goal)


@dataclasses.dataclass
class Usage:
    seconds: float  # from start to end
    cpu: float  # user and system, of its children too


def run(arguments, stdin=None, stdout=subprocess.DEVNULL):
    """Run a program to its end: its Usage."""
    start = time.monotonic()
    process = subprocess.Popen(arguments, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
    error = process.stderr.read()
    usage = wait_for_end(process)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}: {error.decode()}")
    return Usage(time.monotonic() - start, usage.ru_utime + usage.ru_stime)


def busy_cpus():
    """How many CPUs anything keeps busy, in a second in which the benchmark does nothing; time that the host of a virtual
    machine takes away counts too."""
    def read():
        with open("/proc/stat", encoding="ascii") as file:
            user, nice, system, _, _, interrupts, soft_interrupts, steal = map(int, file.readline().split()[1:9])
        return user + nice + system + interrupts + soft_interrupts + steal
    start, ticks = time.monotonic(), read()
    time.sleep(1)
    return (read() - ticks) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - start)


def wait_for_end(process):
    """As process.wait(), but for what it used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage
