#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a terminal would show, as a picture: ansi_to_svg.py <TEXT >PICTURE.svg

Knows the sequences that the sniffer prints: reset, bold, and the colors from red to cyan. The picture follows the light
or dark scheme of whoever looks at it.
"""
import html
import re
import sys

CELL, LINE, MARGIN, SIZE = 7.23, 16, 12, 12  # of a fixed-width font, 0.6025 em wide as DejaVu Sans Mono is
CLASSES = {"1": "b", "31": "r", "32": "g", "35": "m", "36": "c"}
STYLE = """
text { font: %dpx "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: #24292f; white-space: pre }
rect { fill: #f6f8fa } .b { font-weight: bold } .p { fill: #6e7781 }
.r { fill: #c01c28 } .g { fill: #1a7f37 } .m { fill: #a347ba } .c { fill: #1b7c83 }
@media (prefers-color-scheme: dark) { rect { fill: #161b22 } text { fill: #e6edf3 } .p { fill: #8b949e }
.r { fill: #ff7b72 } .g { fill: #56d364 } .m { fill: #e08df5 } .c { fill: #4fd0dc } }""" % SIZE


def spans(line):
    """(class, text) for each run of one look."""
    look = ""
    if line.startswith("$ "):
        yield "b", line
        return
    for index, part in enumerate(re.split(r"\x1b\[([0-9;]*)m", line)):
        if index % 2:
            look = "" if part in ("", "0") else " ".join(CLASSES[code] for code in part.split(";"))
        elif part:
            yield look, part


def main():
    """Each run stands at its column, whatever font there is."""
    lines = sys.stdin.read().rstrip("\n").split("\n")
    columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width, height = (columns + 1) * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">')
    print(f"<style>{STYLE}\n</style>\n<rect width=\"100%\" height=\"100%\" rx=\"6\"/>")
    for row, line in enumerate(lines):
        column, out = 0, []
        for look, text in spans(line):
            attribute = f' class="{look}"' if look else ""
            out.append(f'<tspan x="{MARGIN + column * CELL:.1f}" textLength="{len(text) * CELL:.1f}"{attribute}>'
                       f"{html.escape(text, quote=False)}</tspan>")
            column += len(text)
        print(f'<text xml:space="preserve" y="{MARGIN + SIZE + row * LINE}">{"".join(out)}</text>')
    print("</svg>")


main()
