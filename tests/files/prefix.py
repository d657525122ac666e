#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold files that ended early against the capture whose packets went into them, over and over: prefix.py CAPTURE FILE...

Every file must be whole, and have the packets in their order from the first on. Prints how many there are together."""
import sys

import pcapfile


def main():
    """Compare all files, each beginning where the one before ended."""
    wanted = [packet[:3] for packet in pcapfile.Capture(sys.argv[1]).packets]
    number = 0
    for path in sys.argv[2:]:
        written = pcapfile.Capture(path)
        if written.damage:
            sys.exit(f"{path} is damaged: {written.damage}")
        for packet in written.packets:
            if packet[:3] != wanted[number % len(wanted)]:
                sys.exit(f"{path}: packet {number + 1} is another")
            number += 1
    print(number)


main()
