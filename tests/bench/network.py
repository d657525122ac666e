# SPDX-License-Identifier: BSD-2-Clause
"""
The generator and the programs that capture, each in a network namespace:

    left (the generator, on CPU 0) eth0 ------ eth0 (where this runs, with the programs, on CPU 1)
"""
import glob
import json
import os
import re
import signal
import subprocess
import time

from measure import Usage, wait_for_end

BUILD = os.environ.get("BUILD", os.path.abspath(os.path.join(os.path.dirname(__file__), "../../build")))
BPFSNIFF = os.path.join(BUILD, "bpfsniff")
GENERATE = os.path.join(BUILD, "bench/generate")
FILES = "/run/bench"  # a tmpfs
GENERATOR_CPU, SNIFFER_CPU = 0, 1
RING_KIB = 32768

# libpcap leaves a block that is not full with the kernel for a second.
BLOCK_SECONDS = 1.1


def shell(command):
    subprocess.run(command, shell=True, check=True)


def set_up():
    """In network, mount and process namespaces of our own."""
    shell(f"""
        mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/netns {FILES} && chmod 1777 {FILES}
        echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        ip link set lo up
        ip netns add left
        ip netns exec left sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
        ip link add eth0 type veth peer name eth0 netns left
        ip link set eth0 up
        ip -n left link set eth0 up
    """)


def arrived():
    """Frames that have come over the cable."""
    with open("/proc/self/net/dev", encoding="ascii") as file:
        return int(re.search(r"eth0: *\d+ +(\d+)", file.read())[1])


def start_generator(device="eth0", **settings):
    arguments = ["nsenter", "--net=/run/netns/left", GENERATE, device, f"cpu={GENERATOR_CPU}"]
    arguments += [f"{name}={value}" for name, value in settings.items()]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE)


def generate(device="eth0", **settings):
    """Send frames, and have what was sent as generate.c tells it."""
    before = arrived()
    with start_generator(device, **settings) as process:
        told = json.load(process.stdout)
    if device == "eth0" and arrived() - before != told["sent"]:
        raise RuntimeError(f"{told['sent']} frames were sent, and {arrived() - before} came")
    return told


def wait_until(condition, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.005)


class Sniffer:
    """A program that captures, from when it listens until it is stopped."""

    def __init__(self, arguments, listens, stdout=None, cpu=SNIFFER_CPU, stdin=subprocess.DEVNULL):
        self.log = os.path.join(FILES, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(arguments, stdin=stdin, stdout=stdout or log, stderr=log,
                                            preexec_fn=None if cpu is None else lambda: os.sched_setaffinity(0, {cpu}))
        self.start = time.monotonic()
        wait_until(lambda: listens in self.words(), f"'{listens}' of {arguments}")

    def words(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def number(self, pattern):
        """The number in what it has said last that matches."""
        return int(re.findall(pattern, self.words())[-1])

    def cpu(self):
        """Seconds that its threads have run."""
        total = 0
        for path in glob.glob(f"/proc/{self.process.pid}/task/*/schedstat"):
            with open(path, encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def resident_kib(self):
        """At most, till now."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1])

    def settle(self, seconds=BLOCK_SECONDS):
        """Wait until it has had nothing to do for so long."""
        before = -1
        while self.cpu() - before > 0.02 * seconds:
            before = self.cpu()
            time.sleep(seconds)

    def stop(self):
        """What it has used."""
        self.process.send_signal(signal.SIGINT)
        usage = wait_for_end(self.process)
        if self.process.returncode:
            raise RuntimeError(f"{self.process.args} ended with {self.process.returncode}: {self.words()}")
        return Usage(time.monotonic() - self.start, usage.ru_utime + usage.ru_stime)
