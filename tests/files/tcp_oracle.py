#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Write what tshark says of the TCP segments of a corpus: tcp_oracle.py CORPUS >tcp_oracle.tsv

A line for each packet with TCP: file, frame, relative seq and ack, the words of tcp.analysis (without the prefix, with
hyphens), the ordinal of a duplicate ACK, ack_rtt and initial_rtt in seconds. Of a packet with several TCP headers the
outermost counts. tests/files/tcp_oracle.tsv.gz was written with tshark 4.0.17.
"""
import os
import subprocess
import sys

WORDS = ["retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order", "lost_segment",
         "ack_lost_segment", "duplicate_ack", "zero_window", "zero_window_probe", "zero_window_probe_ack", "window_full",
         "window_update", "keep_alive", "keep_alive_ack", "reused_ports"]
NUMBERS = ["tcp.analysis.duplicate_ack_num", "tcp.analysis.ack_rtt", "tcp.analysis.initial_rtt"]


def ask_tshark(path):
    """A list of columns for each packet that tshark finds TCP in."""
    fields = ["frame.number", "tcp.seq", "tcp.ack", *NUMBERS, *("tcp.analysis." + word for word in WORDS)]
    command = ["tshark", "-n", "-r", path, "-Y", "tcp", "-T", "fields", "-E", "occurrence=f"]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return [line.split("\t") for line in done.stdout.splitlines()]


def main():
    """Print the lines."""
    captures = os.path.join(sys.argv[1], "captures")
    for name in sorted(os.listdir(captures)):
        for frame, seq, ack, duplicate, rtt, handshake, *found in ask_tshark(os.path.join(captures, name)):
            words = ",".join(word.replace("_", "-") for word, value in zip(WORDS, found) if value)
            print(name, frame, seq, ack, words, duplicate, rtt, handshake, sep="\t")


if __name__ == "__main__":
    main()
