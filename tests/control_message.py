# SPDX-License-Identifier: BSD-2-Clause
"""struct control_message of user/control/control_message.h, as the compiler lays it out."""
import functools
import os
import pathlib
import re
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).parent.parent
DECLARATION = ROOT / "user/control/control_message.h"
FIELDS = ("magic", "version", "kind", "generation", "snaplen", "flow_table_size", "interface_count", "text_length")


def constant(name):
    """A number of that header."""
    return int(re.search(rf"\b{name} = (\w+),", DECLARATION.read_text(encoding="ascii")).group(1), 0)


@functools.cache
def offsets():
    """Where the fields are, and the text, which is the last; and how many descriptors a message has room for."""
    names = (*FIELDS, "text", "descriptors")
    values = [f"offsetof(struct control_message, {name})" for name in names[:-1]] + ["(size_t)CONTROL_FDS_MAX"]
    program = '#include <stdio.h>\n#include "control/control_message.h"\nint main(void)\n{\n' + "".join(
        f'\tprintf("%zu\\n", {value});\n' for value in values) + "}\n"
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "offsets")
        subprocess.run([os.environ.get("CC", "cc"), "-D_GNU_SOURCE", f"-I{ROOT}/include", f"-I{ROOT}/user", "-xc", "-",
                        "-o", made], input=program, text=True, check=True)
        found = subprocess.run([made], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return dict(zip(names, map(int, found)))


def pack(**fields):
    """A message without its text; what is not given is 0, but for the first two fields."""
    values = {"magic": constant("CONTROL_MAGIC"), "version": constant("CONTROL_VERSION"), **fields}
    message = bytearray(offsets()["text"])
    for name, value in values.items():
        struct.pack_into("=I", message, offsets()[name], value)
    return bytes(message)
