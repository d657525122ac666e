#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Write COUNT different addresses and prefixes, IPv4 and IPv6 by turns, to ./hosts: hosts.py COUNT

Then to ./members and ./strangers 50 addresses of each family: some that a prefix covers, and some right behind one that
none covers. They start with 20 to 79 (IPv4) or 20 to 2f (IPv6), and are the same at every run.
"""
import random
import socket
import sys

# Of each family: bits of an address, its first value and how many there are, and the prefix lengths by frequency.
FAMILIES = {
    socket.AF_INET: (32, 20 << 24, 60 << 24, [32] * 40 + [31, 30, 29, 28, 27, 26, 25, 24, 22, 20]),
    socket.AF_INET6: (128, 2 << 124, 1 << 124, [128] * 40 + [127, 124, 112, 96, 64, 64, 64, 56, 48, 36]),
}


def text(family, address):
    """An address as it is written."""
    return socket.inet_ntop(family, address.to_bytes(FAMILIES[family][0] // 8, "big"))


def prefixes(family, count):
    """The set of (address, bits)."""
    width, first, size, lengths = FAMILIES[family]
    result = set()
    while len(result) < count:
        bits = random.choice(lengths)
        address = first + random.randrange(size)
        result.add((address >> width - bits << width - bits, bits))
    return result


def is_member(family, address, nets):
    """Does a prefix cover the address?"""
    width, lengths = FAMILIES[family][0], FAMILIES[family][3]
    return any((address >> width - bits << width - bits, bits) in nets for bits in set(lengths))


def probes(family, nets, wanted, count=50):
    """Addresses that are members, in a random place of their prefix, or not, right behind one."""
    width = FAMILIES[family][0]
    listed = sorted(nets)
    while count > 0:
        address, bits = random.choice(listed)
        size = 1 << width - bits
        address += random.randrange(size) if wanted else size
        if is_member(family, address, nets) == wanted:
            count -= 1
            yield text(family, address)


def main():
    """Write the three files."""
    random.seed(4)
    count = int(sys.argv[1]) // 2
    lines = []
    with open("members", "w", encoding="ascii") as members, open("strangers", "w", encoding="ascii") as strangers:
        for family in FAMILIES:
            nets = prefixes(family, count)
            width = FAMILIES[family][0]
            lines += [text(family, address) + (f"/{bits}" if bits < width else "") for address, bits in nets]
            for file, wanted in (members, True), (strangers, False):
                file.writelines(f"{address}\n" for address in probes(family, nets, wanted))
    random.shuffle(lines)
    with open("hosts", "w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)


main()
