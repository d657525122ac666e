# SPDX-License-Identifier: BSD-2-Clause
"""What bench_filter and bench_expression tell: ns for a packet above an empty filter, and for a packet that is sent."""
import os
import re
import subprocess

from measure import Line, at_most
from network import BUILD

NUMBER = r" +\+?(-?[\d.]+)"


def told(program, numbers):
    """{what: [figure]} of the lines that have so many."""
    words = subprocess.run([os.path.join(BUILD, "bench", program)], check=True, capture_output=True, text=True).stdout
    lines = re.findall(r"^(\S.*?)" + NUMBER * numbers + "$", words, re.MULTILINE)
    return {name: [float(figure) for figure in figures] for name, *figures in lines}


def measure():
    ns = {name: figure for name, (figure,) in told("bench_filter", 1).items()}
    yield Line("filter: default", "ns", [ns["default"]], value=ns["default"], goal=at_most(15))
    for ports in "--port=443", "--port, 60,000 ports":
        yield Line(f"filter: {ports}, above the default", "ns", [ns[ports]], "default", [ns["default"]],
                   ns[ports] - ns["default"], at_most(5))
    for kind in "IPv4 options", "VLAN tag", "IPv6":
        name = f"--port=443, {kind}"
        yield Line(f"filter: {name}", "ns", [ns[name]], "--port=443", [ns["--port=443"]], ns[name] / ns["--port=443"])
    yield Line("filter: --tcp-event, above --first", "ns", [ns["--tcp-event"]], "--first", [ns["--first"]],
               ns["--tcp-event"] - ns["--first"], at_most(60))
    for kind in "members", "strangers":
        many, one = f"1,000,000 prefixes, {kind}", f"1 prefix, {kind}"
        yield Line(f"filter: {many}", "ns", [ns[many]], one, [ns[one]], ns[many] / ns[one],
                   at_most(2.5 if kind == "members" else 3))
    for expression, (classic, ours, ratio) in told("bench_expression", 3).items():
        yield Line(f"filter: {expression}", "ns", [ours], "attached the classic way", [classic], ratio, at_most(1.3))
