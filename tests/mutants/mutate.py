#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What run.sh wants to know of the rows, and to have done with them.

    mutate.py list [NAME]...       all mutants, or these, a line each: the name, the files that it changes, the tests that must
                                   see it, what is wrong with it; with tabs between them
    mutate.py check TREE           each text that is to be replaced stands in the tree exactly once
    mutate.py apply NAME TREE      put it into a tree
"""
import pathlib
import sys

ROWS = pathlib.Path(__file__).with_name("rows")


class Mutant:
    """One of the rows."""

    def __init__(self, name, about):
        self.name, self.about, self.tests, self.hunks = name, about, [], []

    def complain(self, what):
        """The rows are wrong."""
        sys.exit(f"{ROWS.name}: {self.name}: {what}")

    def add(self, mark, rest):
        """One line of it."""
        if mark == "test":
            self.tests.append(rest)
        elif mark == "in":
            self.hunks.append([rest, "", ""])
        elif not self.hunks:
            self.complain(f"'{mark}' before 'in'")
        else:
            self.hunks[-1]["-+".index(mark) + 1] += rest + "\n"

    def replaced(self, tree):
        """(path, text) of each file with the mutant in it."""
        texts = {}
        for name, before, after in self.hunks:
            path = pathlib.Path(tree, name)
            if path not in texts:
                texts[path] = path.read_text() if path.exists() else ""
            if not before or texts[path].count(before) != 1:
                self.complain(f"stale: {texts[path].count(before) if before else 'nothing'} of this in {name}:\n{before}")
            texts[path] = texts[path].replace(before, after)
        return texts


def read():
    """All mutants by name."""
    mutants, mutant = {}, None
    for number, line in enumerate(ROWS.read_text().splitlines(), 1):
        if line.startswith(("-", "+")) and mutant:
            mutant.add(line[0], line[1:])
        elif line.startswith(("in ", "test ")) and mutant:
            mutant.add(*line.split(None, 1))
        elif line.startswith("mutant "):
            _, name, about = line.split(None, 2)
            if name in mutants:
                sys.exit(f"{ROWS.name}:{number}: there are two of {name}")
            mutant = mutants[name] = Mutant(name, about)
        elif line and not line.startswith("#"):
            sys.exit(f"{ROWS.name}:{number}: not understood: {line}")
    for each in mutants.values():
        if not each.tests or not each.hunks:
            each.complain("it has no test, or changes nothing")
    return mutants


def main(command, *arguments):
    """See above."""
    mutants = read()
    for name in arguments[:-1] if command == "apply" else [] if command == "check" else arguments:
        if name not in mutants:
            sys.exit(f"no mutant is named {name}")
    if command == "list":
        for name in arguments or mutants:
            mutant = mutants[name]
            files = dict.fromkeys(hunk[0] for hunk in mutant.hunks)
            print(name, " ".join(files), " ".join(mutant.tests), mutant.about, sep="\t")
    elif command == "check":
        for mutant in mutants.values():
            mutant.replaced(arguments[0])
    elif command == "apply":
        for path, text in mutants[arguments[0]].replaced(arguments[1]).items():
            path.write_text(text)


main(*sys.argv[1:])
