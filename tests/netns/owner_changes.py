#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Sockets, ports and names change hands between processes named "bob" and others, who send datagrams of "wanted WHAT;"
and "others WHAT;": bob's are wanted. Prints what is wanted."""

import ctypes
import os
import signal
import socket
import time

WHERE = "127.0.0.1"
PIDFD_GETFD = 438


def rename(name):
    with open("/proc/self/comm", "w") as comm:
        comm.write(name)


def serve(end, name):
    rename(name)
    scope = {"socket": socket, "os": os, "signal": signal, "rename": rename, "datagrams": datagrams, "listener": listener,
             "steal": steal}
    while True:
        code, scope["got"], _, _ = socket.recv_fds(end, 1000, 1)
        scope["give"] = []
        exec(code, scope)
        if scope["give"]:
            socket.send_fds(end, [b"."], scope["give"])
        else:
            end.send(b".")


def steal(process, descriptor):
    """A descriptor of another process, by pidfd_getfd(2), of which no program in the kernel is told."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.pidfd_open(process)
    got = libc.syscall(PIDFD_GETFD, handle, descriptor, 0)
    os.close(handle)
    if got < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    return socket.socket(fileno=got)


class Process:
    """One that runs what it is told to."""

    def __init__(self, name):
        self.end, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.number = os.fork()
        if not self.number:
            self.end.close()
            serve(end, name)
        end.close()

    def do(self, code, got=()):
        socket.send_fds(self.end, [code.encode()], got)
        answer, given, _, _ = socket.recv_fds(self.end, 1, 1)
        assert answer == b"."
        return given

    def end_it(self):
        os.kill(self.number, signal.SIGKILL)
        os.waitpid(self.number, 0)

    def send(self, name, port, text):
        """Send a datagram from the socket `name`."""
        if text.startswith("wanted"):
            print(text)
        self.do(f"{name}.sendto(b'{text};', ('{WHERE}', {port}))")

    def others(self, name, port, what):
        """Twice: the first verdict is kept for the second."""
        for _ in range(2):
            self.send(name, port, f"others {what}")

    def number_of(self, name):
        """The descriptor of a socket there."""
        self.do(f"print({name}.fileno(), file=open('descriptor', 'w'))")
        with open("descriptor") as file:
            return int(file.read())

    def hand_over(self, name, other):
        """The other process gets the socket under the same name (SCM_RIGHTS), and this one keeps nothing."""
        given = self.do(f"give = [os.dup({name}.fileno())]; {name}.close()")
        other.do(f"{name} = socket.socket(fileno=got[0])", given)
        os.close(given[0])

    def is_robbed(self, name, other):
        """The other process gets the socket under the same name, and this one keeps it."""
        other.do(f"{name} = steal({self.number}, {self.number_of(name)})")


def datagrams(port=0, where=WHERE):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((where, port))
    return sock


def listener(port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((WHERE, port))
    sock.listen()
    return sock


def is_shown(text):
    with open("some.pcapng", "rb") as file:
        return text.encode() in file.read()


def found_by_listing(alice, bob, carol):
    """What tells that bob has sockets is the list of open ones alone, which the sniffer makes when it does not know who
    has one of another process."""
    dave = Process("dave")
    dave.do("n = datagrams(1012)")
    dave.do("if not os.fork(): signal.pause()")
    alice.do("m = datagrams(1013)")
    carol.others("c", 1013, "to the first holder")
    alice.is_robbed("m", bob)
    # Connected, but to no device that the datagrams come from: it has no known port, and gets none of them.
    bob.do(f"""
o = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
o.connect(('{WHERE}', 999))
o.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'eth0')
print(o.getsockname()[1], file=open('port', 'w'))""")
    with open("port") as file:
        port = int(file.read())
    carol.others("c", port, "to an unknown socket")
    bob.send("known", 1012, "wanted packet to a parent and a child")
    while not is_shown("wanted packet to a parent and a child"):
        time.sleep(0.01)
    carol.send("c", 1013, "wanted first packet to another holder")
    bob.do("for _ in range(3): m.recv(100)")
    carol.send("c", port, "wanted first packet to a socket that was found")
    dave.end_it()


def passed_to_a_sender(alice, bob, carol):
    """Of a connected socket nothing but its packet tells the sender in time, while that leaves."""
    alice.do(f"a = datagrams(1001, '10.9.0.1'); a.connect(('10.9.0.2', 1000)); a.send(b'others;'); a.send(b'others;')")
    alice.is_robbed("a", bob)
    print("wanted first packet of a new user")
    bob.do("a.send(b'wanted first packet of a new user;')")


def passed_to_a_receiver(alice, bob, carol):
    alice.do("b = datagrams(1002); b.setblocking(False)")
    carol.others("c", 1002, "to the old user")
    alice.do("b.recv(100)")
    carol.others("c", 1002, "to the old user")
    alice.is_robbed("b", bob)
    bob.do("b.recv(100)")
    carol.send("c", 1002, "wanted first packet to a new user")


def passed_on(alice, bob, carol):
    """Who has not used it yet."""
    alice.do("q = datagrams(1015)")
    carol.others("c", 1015, "to the giver")
    alice.hand_over("q", bob)
    carol.send("c", 1015, "wanted first packet to the taker")
    bob.do("for _ in range(3): q.recv(100)")


def the_port_of_datagrams(alice, bob, carol):
    alice.do("d = datagrams(1003)")
    carol.others("c", 1003, "to the old port")
    alice.do("d.close()")
    carol.others("c", 1003, "to nobody")
    bob.do("d = datagrams(1003)")
    carol.send("c", 1003, "wanted first packet to the next on the port")


def the_socket_beneath(alice, bob, carol):
    alice.do("e = datagrams(1004); e.setblocking(False)")
    bob.do("e = datagrams(1004, '0.0.0.0')")
    carol.others("c", 1004, "to the address")
    alice.do("e.recv(100)")
    carol.others("c", 1004, "to the address of a user")
    alice.do("e.close()")
    carol.send("c", 1004, "wanted first packet to any address")


def the_socket_above(alice, bob, carol):
    """The flow is known to be that of a socket at any address, when one at the address is bound."""
    alice.do("p = datagrams(1014, '0.0.0.0')")
    alice.others("p", 999, "from any address")
    carol.others("c", 1014, "to any address")
    bob.do("p = datagrams(1014)")
    carol.send("c", 1014, "wanted first packet to the address")


def two_of_one_port(alice, bob, carol):
    alice.do("h = datagrams(1008)")
    bob.do("h = datagrams(1008)")
    alice.others("h", 1000, "of the first socket")
    bob.send("h", 1000, "wanted first packet of the second socket")


def the_port_of_connections(alice, bob, carol):
    """The same addresses and ports again."""
    close = "f.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\\1\\0\\0\\0\\0\\0\\0\\0'); f.close()"
    for process, text in (alice, "others before"), (bob, "wanted first segment of a new connection"):
        process.do("l = listener(1005)")
        carol.do(f"f = socket.socket(); f.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); f.bind(('{WHERE}', 1006))")
        carol.do(f"f.connect(('{WHERE}', 1005))")
        process.do("f, _ = l.accept(); l.close()")
        if text.startswith("wanted"):
            print(text)
        carol.do(f"f.send(b'{text};')")
        process.do("f.recv(100)")
        carol.do(close)
        process.do("f.close()")


def left_to_a_child(alice, bob, carol):
    """Who uses it only afterwards."""
    alice.do("i = datagrams(1009)")
    carol.others("c", 1009, "to the parent")
    alice.do("""
up, down = os.pipe()
wait, go = os.pipe()
if not os.fork():
    rename("bob")
    os.write(down, b".")
    os.read(wait, 1)
    i.recv(100)
    signal.pause()
os.read(up, 1)
i.close()""")
    carol.send("c", 1009, "wanted first packet to a child")
    alice.do("os.write(go, b'.')")


def left_to_another(alice, bob, carol):
    dave = Process("dave")
    dave.do("j = datagrams(1010)")
    carol.others("c", 1010, "to the one who exits")
    dave.is_robbed("j", bob)
    dave.end_it()
    carol.send("c", 1010, "wanted first packet to the one who is left")
    bob.do("j.recv(100)")


def the_acceptor(alice, bob, carol):
    """Who has got the listener by a way that nothing tells of."""
    alice.do("k = listener(1011)")
    alice.is_robbed("k", bob)
    carol.do(f"k = socket.create_connection(('{WHERE}', 1011))")
    # At once, as what is acknowledged may raise an epoch too, but once a millisecond at most.
    carol.do("for _ in range(2): k.send(b'others to the listener;')")
    bob.do("connection, _ = k.accept()")
    print("wanted first segment to the acceptor")
    carol.do("k.send(b'wanted first segment to the acceptor;')")
    bob.do("connection.recv(1000)")


def another_name(alice, bob, carol):
    dave = Process("dave")
    dave.do("g = datagrams(1007)")
    dave.others("g", 1000, "with the old name")
    dave.do("rename('bob')")
    dave.send("g", 1000, "wanted first packet with a new name")
    dave.end_it()


def another_choice(alice, bob, carol):
    """carol is wanted from then on."""
    carol.others("c", 1000, "of the one who is chosen later")
    open("ready", "w").close()
    while not os.path.exists("go"):
        time.sleep(0.01)
    carol.send("c", 1000, "wanted first packet under another choice")


def main():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # each CPU keeps verdicts of its own
    alice, bob, carol = processes = Process("alice"), Process("bob"), Process("carol")
    carol.do("sink = datagrams(1000); c = datagrams(999)")
    bob.do("known = datagrams(998)")
    open("begun", "w").close()
    while not os.path.exists("listens"):
        time.sleep(0.01)
    for scene in (
        the_acceptor,  # before there is any list
        another_name,
        found_by_listing,  # the first time that one is wanted, it is made at once
        passed_to_a_sender,
        passed_to_a_receiver,
        passed_on,
        the_port_of_datagrams,
        the_socket_beneath,
        the_socket_above,
        two_of_one_port,
        the_port_of_connections,
        left_to_a_child,
        left_to_another,
        another_choice,
    ):
        scene(alice, bob, carol)
    for process in processes:
        process.end_it()


main()
