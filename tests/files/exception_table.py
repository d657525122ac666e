# SPDX-License-Identifier: BSD-2-Clause
"""A table of packets in which the sniffer and a reference differ on purpose: file, frame, what differs, the reason."""


def read(path):
    """{(file, frame): what differs}"""
    exceptions = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                name, frame, fields, _reason = line.rstrip("\n").split("\t")
                exceptions[name, int(frame)] = fields.split()
    return exceptions


def agrees(found, path):
    """Whether what was found to differ is what the table says; prints where it is not."""
    exceptions = read(path)
    for key in sorted(found.keys() | exceptions.keys()):
        if found.get(key) != exceptions.get(key):
            print(*key, "differs in", found.get(key), "and the table says", exceptions.get(key))
    return found == exceptions
