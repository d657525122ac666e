#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A user at an interactive shell: type each line of standard input, press Tab, and print what the line is then.

    press_tab.py SHELL ARGUMENT... -- COMMAND...   the commands prepare the shell; Control-X p has it print its line as <<...>>
"""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

SECONDS = 20  # the shell's patience is longer than ours
CLEAR, PRESS_TAB, SHOW = "\x01\x0b", "\t", "\x18p"


def start(command):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 1000, 0, 0))
    return terminal


def read_until(terminal, pattern):
    """What the shell has printed up to the first match."""
    text, deadline = "", time.monotonic() + SECONDS
    while not (found := re.search(pattern, text)):
        if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            sys.exit(f"waited in vain for {pattern!r} in {text!r}")
        text += os.read(terminal, 65536).decode(errors="replace")
    return found.group(1)


def main():
    words = sys.argv[1:]
    shell, preparations = words[: words.index("--")], words[words.index("--") + 1 :]
    terminal = start(shell)
    for line in [*preparations, "echo ready=$((6 * 7))"]:
        os.write(terminal, f"{line}\n".encode())
    read_until(terminal, "(ready=42)")
    for line in sys.stdin.read().splitlines():
        os.write(terminal, (CLEAR + line + PRESS_TAB + SHOW).encode())
        print(read_until(terminal, "<<(.*?)>>"))


main()
