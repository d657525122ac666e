#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Programs that talk to each other and tell the truth about it: owner_workers.py SCENARIO

Each process has a name of its own (comm). What it sends names a message, and whoever sends or receives it writes that to the
file `truth`; so does whoever uses a socket. What a scenario does before ready() happens before the sniffer starts.
"""
import array
import json
import os
import socket
import struct
import sys
import time

LOOPBACK = "127.0.0.1"
FAR = "10.9.0.2"
ROUTER = "10.9.0.1"
BOX = "10.8.0.2"
count = 0


def tell(**fact):
    with open("truth", "a") as file:
        file.write(json.dumps(fact) + "\n")


def name(word):
    with open("/proc/self/comm", "w") as file:
        file.write(word)


def me():
    return named(os.getpid())


def named(pid):
    with open("/proc/%d/comm" % pid) as file:
        return file.read().strip()


def ready():
    open("ready", "w").close()
    while not os.path.exists("go"):
        time.sleep(0.01)


def child(word, work):
    pid = os.fork()
    if pid:
        while named(pid) != word:  # or packets that it does not send itself have its old name, rightly
            time.sleep(0.001)
        return pid
    name(word)
    try:
        work()
    except BaseException as error:  # the parent fails then
        print(word, repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def join(*pids):
    for pid in pids:
        _, status = os.waitpid(pid, 0)
        assert status == 0, status


def proto(sock):
    return 6 if sock.type == socket.SOCK_STREAM else 17


def plain(address):
    return address[0].replace("::ffff:", ""), address[1]


def uses(sock, remote=None):
    """This process uses the socket: the packets of its kernel, without a message, are its too."""
    tell(protocol=proto(sock), local=plain(sock.getsockname()), remote=plain(remote or sock.getpeername()), name=me())


def message():
    global count
    count += 1
    return "<%d.%d>" % (os.getpid(), count)


def holds(sock):
    """This process has the socket open, which others have too."""
    tell(protocol=proto(sock), port=plain(sock.getsockname()), name=me())


def serves(sock):
    """This process is the one, or one of those, that take what comes to the port."""
    tell(protocol=proto(sock), port=plain(sock.getsockname()), server=me())


def accept(sock):
    connection = sock.accept()[0]
    tell(protocol=6, local=plain(connection.getsockname()), remote=plain(connection.getpeername()), acceptor=me())
    return connection


def send(sock, to=None):
    word = message()
    tell(message=word, sender=me())
    uses(sock, to)
    sock.sendto(word.encode(), to) if to else sock.send(word.encode())


def receive(sock):
    data, where = sock.recvfrom(100)
    if data:
        tell(message=data.decode(), receiver=me())
        uses(sock, where)
    return (where or True) if data else None


def listener(address=LOOPBACK, port=0, family=socket.AF_INET, reuse=False, shares=False):
    sock = socket.socket(family)
    if shares:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((address, port))
    sock.listen()
    holds(sock)
    return sock


def datagrams(address=LOOPBACK, port=0, reuse=False, shares=False):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if shares:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((address, port))
    holds(sock)
    return sock


def answer(sock):
    """Serve a connection until its client closes it."""
    uses(sock)
    while receive(sock):
        send(sock)
    sock.close()


def serve(sock, connections=1):
    serves(sock)
    for _ in range(connections):
        answer(accept(sock))


def ask(address, times=2, family=socket.AF_INET):
    sock = socket.socket(family)
    sock.connect(address)
    uses(sock)
    for _ in range(times):
        send(sock)
        assert receive(sock)
    sock.close()


def client(word, *arguments, **more):
    join(child(word, lambda: ask(*arguments, **more)))


def start_listener(word, sock, connections=1):
    pid = child(word, lambda: serve(sock, connections))
    where = sock.getsockname()
    sock.close()
    return pid, where


# Scenarios


def tcp():
    ready()
    server, where = start_listener("server", listener())
    client("client", where)
    join(server)


def ipv6():
    ready()
    server, where = start_listener("server", listener("::1", family=socket.AF_INET6))
    client("client", where[:2], family=socket.AF_INET6)
    join(server)


def never_accepted():
    """Two processes have a listener open, and end, the one that made it last, before anybody accepts."""
    ready()
    sock = listener()
    other = child("other", lambda: sock.fileno())
    socket.create_connection(sock.getsockname()).close()
    join(other)
    sock.close()


def old_connection():
    """TCP that is open before the start."""
    sock = listener()

    def work():
        serves(sock)
        connection = accept(sock)
        open("accepted", "w").close()
        answer(connection)

    server = child("server", work)

    def talk():
        connection = socket.create_connection(sock.getsockname())
        while not os.path.exists("accepted"):
            time.sleep(0.01)
        sock.close()
        ready()
        uses(connection)
        for _ in range(3):
            send(connection)
            receive(connection)
        connection.close()

    where = child("client", talk)
    sock.close()
    join(where, server)


def old_listener():
    """A dual-stack listener from before the start accepts after it."""
    sock = listener("::", family=socket.AF_INET6)
    port = sock.getsockname()[1]
    server, _ = start_listener("server", sock)
    ready()
    client("client", (LOOPBACK, port))
    join(server)


def old_datagrams():
    """UDP bound to 0.0.0.0 before the start."""
    sock = datagrams("0.0.0.0")
    port = sock.getsockname()[1]

    def work():
        for _ in range(3):
            where = receive(sock)
            send(sock, where)

    server = child("server", work)
    sock.close()
    ready()

    def talk():
        own = datagrams()
        for _ in range(3):
            send(own, (LOOPBACK, port))
            receive(own)

    join(child("client", talk), server)


def connected_datagrams():
    sock = datagrams()

    def work():
        for _ in range(3):
            send(sock, receive(sock))

    server = child("server", work)
    where = sock.getsockname()
    sock.close()
    ready()

    def talk():
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.connect(where)
        for _ in range(3):
            send(own)
            receive(own)

    join(child("client", talk), server)


def receive_only():
    """The receiver of datagrams never answers."""
    sock = datagrams()

    def work():
        for _ in range(5):
            receive(sock)

    server = child("server", work)
    where = sock.getsockname()
    sock.close()
    ready()

    def talk():
        own = datagrams()
        for _ in range(5):
            send(own, where)

    join(child("client", talk), server)


def same_port():
    """One port number in TCP and in UDP, of two processes."""
    stream = listener()
    where = stream.getsockname()
    sock = datagrams(port=where[1])

    def answer_datagrams():
        holds(stream)
        stream.close()
        for _ in range(2):
            send(sock, receive(sock))

    def take_connection():
        holds(sock)
        sock.close()
        serve(stream)

    ready()
    server = child("stream", take_connection)
    other = child("datagram", answer_datagrams)
    stream.close()
    sock.close()

    def talk():
        own = datagrams()
        for _ in range(2):
            send(own, where)
            receive(own)

    client("client", where)
    join(child("other", talk), server, other)


def reuseport():
    """Three listeners on one port, each of a process of its own."""
    socks = [listener(reuse=True)]
    where = socks[0].getsockname()
    socks += [listener(port=where[1], reuse=True) for _ in range(2)]
    ready()
    pipes = os.pipe()

    def work(sock):
        for other in socks:
            if other is not sock:
                other.close()
        serves(sock)
        while True:
            connection = accept(sock)
            answer(connection)
            os.write(pipes[1], b".")

    servers = [child("server%d" % i, lambda i=i: work(socks[i])) for i in range(3)]
    for sock in socks:
        sock.close()
    for i in range(12):
        client("client%d" % i, where)
    assert len(os.read(pipes[0], 100)) > 0
    for server in servers:
        os.kill(server, 9)
        os.waitpid(server, 0)


def prefork():
    """One listener, three processes that accept from it."""
    sock = listener()
    where = sock.getsockname()
    ready()
    servers = [child("server%d" % i, lambda: serve(sock, 4)) for i in range(3)]
    sock.close()
    for i in range(12):
        client("client%d" % i, where)
    join(*servers)


def fork_per_connection():
    sock = listener()
    where = sock.getsockname()

    def work():
        serves(sock)
        for i in range(4):
            connection = accept(sock)
            closed, said = os.pipe()

            def alone():
                os.read(closed, 1)
                answer(connection)

            worker = child("worker%d" % i, alone)
            connection.close()
            os.write(said, b".")
            join(worker)

    ready()
    server = child("server", work)
    sock.close()
    for i in range(4):
        client("client%d" % i, where)
    join(server)


def passed_descriptor():
    """Accepted by one process, which answers once, then handed to another (SCM_RIGHTS)."""
    sock = listener()
    where = sock.getsockname()
    left, right = socket.socketpair(socket.AF_UNIX)

    def first():
        serves(sock)
        connection = accept(sock)
        uses(connection)
        receive(connection)
        send(connection)
        left.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [connection.fileno()]))])
        connection.close()

    def second():
        _, extra, _, _ = right.recvmsg(1, 100)
        connection = socket.socket(fileno=struct.unpack("i", extra[0][2])[0])
        answer(connection)

    ready()
    servers = child("first", first), child("second", second)
    sock.close()
    client("client", where, times=4)
    join(*servers)


def inherited_datagrams():
    """Parent and child send through one socket in turn."""
    sock = datagrams()
    other = datagrams()
    down, up = socket.socketpair(socket.AF_UNIX)

    def parent():
        holds(other)

        def young():
            holds(other)
            for _ in range(5):
                down.recv(1)
                send(sock, other.getsockname())
                down.send(b".")

        worker = child("child", young)
        for _ in range(5):
            send(sock, other.getsockname())
            up.send(b".")
            up.recv(1)
        join(worker)

    def sink():
        for _ in range(10):
            receive(other)

    ready()
    join(child("parent", parent), child("sink", sink))


def three_that_share():
    """Three processes have inherited a socket, and each may be the one that receives."""
    ready()
    sock = datagrams()
    where = sock.getsockname()

    def work():
        holds(sock)
        while sock.recv(100) != b"end":
            pass

    def talk():
        sock.close()
        own = datagrams()
        for _ in range(4):
            send(own, where)
        for _ in range(3):
            own.sendto(b"end", where)

    workers = [child("worker%d" % i, work) for i in range(3)]
    join(child("client", talk), *workers)


def passed_listener():
    """A listener that two processes have open, as the one has handed it to the other (SCM_RIGHTS); nobody accepts."""
    left, right = socket.socketpair(socket.AF_UNIX)

    def giver():
        sock = listener()
        left.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [sock.fileno()]))])
        left.recv(1)  # the other one has closed it

    def taker():
        _, extra, _, _ = right.recvmsg(1, 100)
        sock = socket.socket(fileno=struct.unpack("i", extra[0][2])[0])
        holds(sock)
        own = socket.create_connection(sock.getsockname())
        uses(own)
        sock.close()
        right.send(b".")

    ready()
    join(child("giver", giver), child("taker", taker))


def two_addresses():
    """Sockets of two processes on one port, at an address and at any; the one at the address comes later."""
    first, second = (socket.socketpair(socket.AF_UNIX) for _ in range(2))

    def at_any():
        sock = datagrams("0.0.0.0", shares=True)
        port = sock.getsockname()[1]
        first[1].send(struct.pack("H", port))
        send(sock, receive(sock))
        first[1].recv(1)
        stream = listener("0.0.0.0", port, shares=True)
        serves(stream)
        first[1].send(b".")
        receive(sock)
        first[1].recv(1)

    def at_one():
        port, = struct.unpack("H", second[1].recv(2))
        sock = datagrams(LOOPBACK, port, shares=True)
        idle = socket.socket()
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        idle.bind((LOOPBACK, port))  # and does not listen
        second[1].send(b".")
        receive(sock)
        second[1].recv(1)

    def talk():
        port = first[0].recv(2)
        near, far = (("127.0.0.%d" % i, struct.unpack("H", port)[0]) for i in (1, 2))
        own = datagrams("127.0.0.3")
        send(own, near)
        receive(own)
        second[0].send(port)
        second[0].recv(1)
        first[0].send(b".")
        first[0].recv(1)
        send(own, near)
        send(own, far)
        stream = socket.create_connection(near)
        uses(stream)
        stream.close()
        first[0].send(b".")
        second[0].send(b".")

    ready()
    join(child("any", at_any), child("one", at_one), child("client", talk))


def renamed():
    """Who has another name just after a packet, or is another program."""
    sock = datagrams()
    where = sock.getsockname()
    ready()

    seen, said = os.pipe()

    def by_name():
        os.read(seen, 1)
        holds(sock)
        own = datagrams()
        send(own, where)
        name("new")
        holds(sock)
        send(own, where)

    def by_program():
        os.read(seen, 1)
        holds(sock)
        own = datagrams()
        send(own, where)
        own.set_inheritable(True)
        os.symlink(sys.executable, "speaks_once")
        os.execv("./speaks_once", ["speaks_once", os.path.abspath(__file__), "speaks_once", str(own.fileno()), str(where[1])])

    workers = child("old", by_name), child("before", by_program)
    os.write(said, b"..")
    join(*workers)
    for _ in range(4):
        receive(sock)


def speaks_once(fileno, port):
    global count
    count = 1  # it has sent one before it became this program
    send(socket.socket(fileno=int(fileno)), (LOOPBACK, int(port)))


def activated():
    """Another program inherits the listener (socket activation)."""
    sock = listener()
    where = sock.getsockname()
    ready()

    def work():
        serves(sock)
        sock.set_inheritable(True)
        os.symlink(sys.executable, "activated")
        os.execv("./activated", ["activated", os.path.abspath(__file__), "activated_server", str(sock.fileno())])

    server = child("activator", work)
    sock.close()
    client("client", where)
    join(server)


def activated_server(fileno):
    name("activated")
    sock = socket.socket(fileno=int(fileno))
    serve(sock)


def short_lives(lives=40):
    """Processes that connect, and end at once."""
    sock = listener()
    where = sock.getsockname()
    ready()

    def work():
        serves(sock)
        for _ in range(lives):
            connection = accept(sock)
            uses(connection)
            connection.close()

    def live():
        own = socket.socket()
        own.connect(where)
        uses(own)

    server = child("server", work)
    sock.close()
    for i in range(lives):
        join(child("life%d" % i, live))
    join(server)


def many(connections=10000, batch=500):
    """Connections of one client, each open for some 0.2 ms. The sniffer may catch up in between."""
    sock = listener()
    where = sock.getsockname()
    ready()

    def work():
        serves(sock)
        for _ in range(connections):
            connection = sock.accept()[0]
            connection.recv(1)
            connection.close()

    def live():
        own = socket.socket()
        own.connect(where)
        port = own.getsockname()[1]
        own.close()
        return port

    def talk():
        for i in range(connections):
            port = live()
            while i % batch == batch - 1 and not is_printed(port):
                time.sleep(0.01)

    server = child("server", work)
    sock.close()
    join(child("client", talk), server)
    tell(protocol=6, port=where, client="client")


def is_printed(port):
    with open("out", "rb") as file:
        file.seek(max(0, os.path.getsize("out") - 100000))
        return b'"source_port":%d,' % port in file.read()


def flood(flows=20000):
    """More flows than are remembered, between two messages of a connection."""
    sock = listener()
    where = sock.getsockname()
    server = child("server", lambda: serve(sock))
    sock.close()
    ready()

    def talk():
        connection = socket.create_connection(where)
        send(connection)
        receive(connection)
        own = datagrams()
        for i in range(flows):
            own.sendto(b".", ("127.1.%d.%d" % (i // 250, 1 + i % 250), 9))
        send(connection)
        receive(connection)

    join(child("client", talk), server)


def closed_port():
    """Nobody listens: the kernel refuses."""
    sock = listener()
    where = sock.getsockname()
    sock.close()
    ready()

    def work():
        own = socket.socket()
        own.bind((LOOPBACK, 0))
        tell(protocol=6, local=own.getsockname(), remote=where, name="client")
        tell(protocol=6, local=where, remote=own.getsockname(), name="kernel")
        assert own.connect_ex(where)

    join(child("client", work))


def reused_tuple():
    """The same addresses and ports, one process after the other. Each ends with a reset."""
    sock = listener()
    where = sock.getsockname()
    ready()

    def work():
        serves(sock)
        for _ in range(6):
            connection = accept(sock)
            uses(connection)
            receive(connection)
            connection.close()

    server = child("server", work)
    sock.close()
    for i in range(6):
        def live():
            own = socket.socket()
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            own.bind((LOOPBACK, 39999))
            own.connect(where)
            send(own)
            time.sleep(0.05)
            own.close()
        join(child("life%d" % i, live))
    join(server)


def time_wait():
    """The owner has exited; the kernel still answers in its name."""
    sock = listener()
    where = sock.getsockname()
    ready()

    def work():
        serves(sock)
        connection = accept(sock)
        uses(connection)
        connection.close()  # first, so that TIME_WAIT is here

    server = child("server", work)
    sock.close()

    def talk():
        own = socket.create_connection(where)
        uses(own)
        join_later = own.recv(1)
        assert not join_later
        time.sleep(0.3)

    waiting = child("client", talk)
    join(server, waiting)


def raw():
    """A raw socket forges a SYN; the kernel answers the answer with a reset."""
    sock = listener()
    where = sock.getsockname()
    ready()

    def work():
        tell(protocol=6, local=(LOOPBACK, 40001), remote=where, name="forger")
        tell(protocol=6, local=(LOOPBACK, 40001), remote=where, name="kernel")
        own = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
        own.sendto(segment(where[1]), (LOOPBACK, 0))
        time.sleep(0.2)

    def idle():
        serves(sock)
        tell(protocol=6, local=where, remote=(LOOPBACK, 40001), name="server")
        time.sleep(0.4)
        sock.close()

    server = child("server", idle)
    sock.close()
    join(child("forger", work), server)


def segment(port):
    head = struct.pack("!HHIIBBHHH", 40001, port, 1000, 0, 5 << 4, 2, 1000, 0, 0)
    pseudo = socket.inet_aton(LOOPBACK) * 2 + struct.pack("!BBH", 0, 6, len(head))
    total = sum(struct.unpack("!%dH" % (len(pseudo + head) // 2), pseudo + head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return head[:16] + struct.pack("!H", ~total & 0xFFFF) + head[18:]


def far_server():
    """In another namespace, at the address of the command line."""
    sock = listener(FAR, 8000)
    open("far_ready", "w").close()
    serve(sock)


def far_client():
    ready()
    client("client", (FAR, 8000))


def box_server():
    """In a container, behind a published port."""
    sock = listener(BOX, 8000)
    open("far_ready", "w").close()
    serve(sock)


def proxy():
    """Listens on the published port itself, in vain."""
    sock = listener("0.0.0.0", 8080)
    open("proxy_ready", "w").close()
    sock.accept()


def published_client():
    ready()
    client("client", (ROUTER, 8080))


def speaker():
    """Sends one datagram after another until it is killed."""
    own = datagrams()
    while True:
        own.sendto(b".", (LOOPBACK, 9))
        time.sleep(0.05)


if __name__ == "__main__":
    name(sys.argv[1][:15])
    globals()[sys.argv[1]](*sys.argv[2:])
