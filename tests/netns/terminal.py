#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Run a command on a terminal of its own, and take the terminal away when ended.

    terminal.py STATUS COMMAND...

Its exit status, or 128 and the number of the signal that ended it, is written to the file STATUS.
"""

import os
import pty
import signal
import sys


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    signal.signal(signal.SIGTERM, lambda *_: os.close(terminal))
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(sys.argv[1], "w") as file:
        print(status if status >= 0 else 128 - status, file=file)


main()
