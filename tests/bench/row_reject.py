# SPDX-License-Identifier: BSD-2-Clause
"""What a sender loses to a sniffer that rejects everything it sends: ICMP, by the default filter and by an expression
that means the same."""
from measure import OURS, alternate, at_least, own_line, times_line
from network import BPFSNIFF, RING_KIB, Sniffer, generate

FRAMES, SIZE, ICMP = 2_000_000, 64, 1
SAME_MEANING = "(tcp or udp) and not net 127.0.0.0/8 and not host ::1"

PROGRAMS = {
    OURS: [BPFSNIFF, "-i", "eth0", "-q", "-B", f"{RING_KIB}"],
    "tcpdump": ["tcpdump", "-nn", "-i", "eth0", "-B", f"{RING_KIB}", SAME_MEANING],
    "empty filter": ["tcpdump", "-nn", "-i", "eth0", "-B", f"{RING_KIB}", "less 1"],
}


def ns_per_frame(program):
    sniffer = Sniffer(PROGRAMS[program], "listening on") if program in PROGRAMS else None
    told = generate(size=SIZE, frames=FRAMES, protocol=ICMP)
    if sniffer:
        sniffer.stop()
    return told["seconds"] / told["sent"] * 1e9


def measure():
    what = "all rejected: sender's time per frame"
    results = alternate({name: lambda name=name: ns_per_frame(name) for name in [*PROGRAMS, "nobody"]}, times=2)
    yield times_line(what, "ns", results, "tcpdump", at_least(1))
    for other in "empty filter", "nobody":
        yield times_line(what, "ns", results, other)
    yield own_line("... of this the default filter", "ns", above(results, OURS, "empty filter"))
    yield own_line("... and a socket that rejects all by itself", "ns", above(results, "empty filter", "nobody"))


def above(results, more, less):
    return [a - b for a, b in zip(results[more], results[less])]
