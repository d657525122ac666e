#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Write COUNT different addresses and prefixes, IPv4 and IPv6 by turns, to ./hosts: hosts.py COUNT

Then to ./members and ./strangers 50 addresses of each family: some that a prefix covers, and some right behind one that
none covers. They start with 64 to 95 (IPv4) or 20 to 2f (IPv6), and are the same at every run.
"""
import random
import socket
import sys

# Of each family: bits of an address, its first value, the bits that vary, and 64 prefix lengths by frequency.
FAMILIES = {
    socket.AF_INET: (32, 64 << 24, 29, [32] * 54 + [31, 30, 29, 28, 27, 26, 25, 24, 22, 20]),
    socket.AF_INET6: (128, 2 << 124, 124, [128] * 54 + [127, 124, 112, 96, 64, 64, 64, 56, 48, 36]),
}


def text(family, address, bits):
    """A prefix as it is written."""
    width = FAMILIES[family][0]
    host = socket.inet_ntop(family, address.to_bytes(width // 8, "big"))
    return host if bits == width else f"{host}/{bits}"


def draw(family, count):
    """The set of (address, bits)."""
    width, first, varying, lengths = FAMILIES[family]
    result = set()
    while len(result) < count:
        drawn = random.getrandbits(varying + 6)
        bits = lengths[drawn & 63]
        result.add((first | drawn >> 6 >> width - bits << width - bits, bits))
    return result


def is_member(family, address, prefixes):
    """Does one of them cover the address?"""
    width, lengths = FAMILIES[family][0], FAMILIES[family][3]
    return any((address >> width - bits << width - bits, bits) in prefixes for bits in set(lengths))


def probes(family, prefixes, wanted, count=50):
    """Addresses that are members, in a random place of their prefix, or not, right behind one."""
    width = FAMILIES[family][0]
    for address, bits in prefixes:
        size = 1 << width - bits
        address += random.randrange(size) if wanted else size
        if is_member(family, address, prefixes) == wanted:
            yield text(family, address, width) + "\n"
            count -= 1
            if count == 0:
                return


def main():
    """Write the three files."""
    random.seed(4)
    sets = {family: draw(family, int(sys.argv[1]) // 2) for family in FAMILIES}
    with open("members", "w", encoding="ascii") as members, open("strangers", "w", encoding="ascii") as strangers:
        for family, prefixes in sets.items():
            members.writelines(probes(family, prefixes, True))
            strangers.writelines(probes(family, prefixes, False))
    with open("hosts", "w", encoding="ascii") as hosts:
        for ipv4, ipv6 in zip(sets[socket.AF_INET], sets[socket.AF_INET6]):
            hosts.write(text(socket.AF_INET, *ipv4) + "\n" + text(socket.AF_INET6, *ipv6) + "\n")


main()
