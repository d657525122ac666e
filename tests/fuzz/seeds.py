#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Make seeds for the fuzz targets of the captures and expressions to test against: seeds.py CORPUS FOLDER

FOLDER/TARGET/ gets one file a seed. The layout of each is what the target says of its input."""
import gzip
import pathlib
import re
import struct
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent / "files"), str(pathlib.Path(__file__).parent.parent)]
import pcapfile  # noqa: E402 # pylint: disable=wrong-import-position
from control_message import pack  # noqa: E402 # pylint: disable=wrong-import-position

FRAME_MAX, FILE_MAX, FRAMES_A_CAPTURE = 320, 768, 4
LINK_TYPES = [1, 0, 9, 50, 51, 12, 14, 101, 104, 105, 108, 113, 276, 228, 229, 204, 0xFFFF, 119, 127,
              6, 10, 107, 166, 192, 205, 206, 239, 258, 281, 282, 284, 285]


class Seeds:
    """A folder of files, each different one once."""

    def __init__(self, folder):
        self.folder, self.known = folder, set()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, data):
        if data not in self.known:
            (self.folder / f"{len(self.known):05}").write_bytes(data)
            self.known.add(data)


def frames(captures):
    """(link type, bytes, length on the wire) of the first frames of each capture."""
    for path in captures:
        for packet in pcapfile.Capture(path).packets[:FRAMES_A_CAPTURE]:
            yield packet.interface.link_type, packet.bytes[:FRAME_MAX], packet.length


def decode(seeds, captures):
    for number, (link_type, data, length) in enumerate(frames(captures)):
        if link_type in LINK_TYPES:
            form = bytes([number % 3 | number % 16 << 4, 0x80 | number % 7])
            head = struct.pack("<BHqB", number % 3 | number % 3 << 2, max(0, min(length - len(data), 65535)),
                               10**18 + number, 4)
            seeds.add(bytes([LINK_TYPES.index(link_type)]) + form + head + b"eth0" + data)


def capture(seeds, captures):
    """The start of each, and packed."""
    for path in captures:
        data = path.read_bytes()[:FILE_MAX]
        for way in (b"\1", b"\x30"):
            seeds.add(way + data)
        seeds.add(b"\1" + gzip.compress(data, mtime=0))


def packed(seeds, captures):
    for path in captures[::16]:
        data = path.read_bytes()[:512]
        zstd = subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
        for whole in (gzip.compress(data, mtime=0), zstd, gzip.compress(data[:9], mtime=0) * 2, zstd * 2):
            seeds.add(b"\xff\xff" + whole)
            seeds.add(b"\x07\x09" + whole)


def judge(seeds, captures):
    link_types = [1, 101, 228, 229, 0, 9, 51, 113, 276, 127, 6, 10, 107, 192, 239, 258, 285]
    for path in captures:
        packets = [packet for packet in pcapfile.Capture(path).packets[:FRAMES_A_CAPTURE]
                   if packet.interface.link_type in link_types]
        for number in range(13):
            seeds.add(bytes([number]) + b"".join(
                struct.pack("<BBH", link_types.index(packet.interface.link_type), 1, len(packet.bytes[:256])) +
                packet.bytes[:256] for packet in packets[number % 4:number % 4 + 2]))


def spec(seeds):
    texts = {
        0: ["10.0.0.0/8\n# comment\n\n2001:db8::/32 # two\r\n", "192.0.2.1\n", "::ffff:1.2.3.4/128"],
        1: ["53,8000-8100,https", "0-65535", "1", "65536"],
        2: ["all", "tcp,udp,icmp6,132", "vrrp"],
        3: ["syn,!ack", "!urg,cwr", "fin"],
        4: ["10.0.0.0/8,10.9.0.0/16,10.9.1.1", "::/0,0.0.0.0/0", "fe80::/10,ff02::1", "2001:db8::/127,2001:db8::1"],
    }
    for kind, words in texts.items():
        for number, word in enumerate(words):
            one = bytes([kind | number % 4 << 3, len(word)]) + word.encode()
            seeds.add(one)
            seeds.add(one + bytes([4, 18]) + b"10.0.0.0/7,::/1,::")


def options(seeds):
    lines = ["-i eth0 -p -s 96 -B 64 -c 10 --duration=0.5 -Z root", "--loopback --protocol=all tcp port 80",
             "--host=10.0.0.0/8 --src=::/0 --dst=1.2.3.4 --not-host=fe80::/10", "--host-file=a --not-host-file=b -F c",
             "--port=53 --src-port=1-2 --dst-port=https --not-port=3 --tcp-flags=syn,!ack", "-Q in --first=1 --flow-table=2",
             "--sample=3 -d", "--explain -r a", "-r - -w b.pcap -C 1 -G 2 -W 3", "-q -X -e -ttt --color=never -l -n",
             "--json --stats=2", "-h", "--version", "--set-filter=1 ip", "--status=2", "--netns=x -D", "-qXe", "-qeA", "-r a -V b --count", "tcp.port == 80", "-a duration:5", "--pro=tcp", "-Zx",
             "--nothing", "-i", "-- -x", "--stats"]
    files = [b"", b"10.0.0.0/8\n", b"tcp port 80\n"]
    for number, line in enumerate(lines):
        text = line.replace(" ", "\n").encode()
        seeds.add(bytes([len(text)]) + text + files[number % 3])


def control(seeds):
    """struct control_message without a text, as the sniffer expects it."""
    for kind in range(6):
        for bits in (0x00, 0x80, 0xC1, 0xC3):
            message = pack(kind=kind, generation=1, snaplen=96, flow_table_size=65536)
            seeds.add(bytes([bits]) + struct.pack("<H", len(message)) + message)


def cbpf_to_ebpf(seeds, captures):
    """Opcodes are by number in the table of the target."""
    packets = [data[:64] for link_type, data, _ in frames(captures) if link_type == 1 and len(data) > 40] or [bytes(40)]
    programs = [
        bytes([1, 12, 37, 0, 1, 0xF8, 0, 8, 0, 0, 45, 1]),
        bytes([2, 23, 37, 0, 3, 6, 10, 14, 3, 16, 37, 1, 0, 80, 45, 1]),
        bytes([6, 3, 47, 7, 5, 28, 46]), bytes([6, 3, 13, 2, 12, 2, 33, 46]), bytes([8, 38, 1, 0, 100, 45, 1]),
        bytes([4, 20, 0, 26, 42, 1, 2, 47, 48, 35, 24, 5, 46]),
    ]
    for number, program in enumerate(programs * 20):
        data = packets[number % len(packets)]
        seeds.add(bytes([number % 3, len(data) - 1]) + data + program)
        insns = b"".join(struct.pack("<HBBI", *insn) for insn in ((0x28, 0, 0, 12), (0x15, 0, 1, 0x800), (6, 0, 0, 9),
                                                                  (6, 0, 0, 0)))
        seeds.add(bytes([0x80 | number % 3, len(data) - 1]) + data + insns)


def main():
    corpus, folder = map(pathlib.Path, sys.argv[1:])
    captures = sorted((corpus / "captures").glob("*"))
    decode(Seeds(folder / "decode"), captures)
    capture(Seeds(folder / "capture"), captures)
    packed(Seeds(folder / "packed"), captures)
    judge(Seeds(folder / "judge"), captures)
    spec(Seeds(folder / "spec"))
    options(Seeds(folder / "options"))
    cbpf_to_ebpf(Seeds(folder / "cbpf"), captures)
    control(Seeds(folder / "control"))


main()
