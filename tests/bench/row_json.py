# SPDX-License-Identifier: BSD-2-Clause
"""-r --json to /dev/null against tshark's JSON, and against jq as it reads the first. The file is a tenth of the other
rows', for tshark's sake."""
import os

from capture_file import COUNT, write
from measure import OURS, alternate, at_least, run, times_line
from network import BPFSNIFF, FILES

FILE = os.path.join(FILES, "read.pcap")
JSON = os.path.join(FILES, "read.json")
PACKETS = COUNT // 10


def measure():
    write(FILE, PACKETS)
    with open(JSON, "wb") as file:
        run([BPFSNIFF, "--json", "-r", FILE], stdout=file)
    results = alternate({
        OURS: lambda: run([BPFSNIFF, "--json", "-r", FILE]).seconds,
        "tshark -T ek": lambda: run(["tshark", "-n", "-T", "ek", "-r", FILE]).seconds,
        "jq -c . of it": lambda: run(["jq", "-c", ".", JSON]).seconds,
    })
    yield times_line(f"-r, {PACKETS:,} packets: --json", "s", results, "tshark -T ek", at_least(100))
    yield times_line(f"-r, {PACKETS:,} packets: --json", "s", results, "jq -c . of it")
    os.unlink(FILE)
    os.unlink(JSON)
