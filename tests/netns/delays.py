#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""For each line on standard input that starts with seconds since the epoch, print how many milliseconds ago that was."""
import os
import time

while block := os.read(0, 65536):
    now = time.time()
    for line in block.decode().splitlines():
        first = line.split(" ", 1)[0]
        if first.count(".") == 1 and first.replace(".", "").isdigit():
            print(f"{(now - float(first)) * 1000:.3f}", flush=True)
