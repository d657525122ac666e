#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold the owners in a capture against what the programs told: owner_check.py CAPTURE TRUTH

Prints how many messages were in the capture, how many ends of packets are unknown and wrong, how many are right and how often
each `how` was given; and on standard error each end that is not right."""
import collections
import json
import re
import sys


TCP = 6


class Truth:
    def __init__(self, path):
        self.messages = {"source": {}, "destination": {}}  # message: name
        self.users, self.acceptors, self.holders, self.servers, self.clients = (
            collections.defaultdict(set) for _ in range(5))
        for line in open(path):
            self.take(json.loads(line))

    def take(self, fact):
        if "message" in fact:
            which = "source" if "sender" in fact else "destination"
            self.messages[which][fact["message"]] = fact.get("sender") or fact["receiver"]
        elif "server" in fact:
            self.servers[fact["protocol"], *fact["port"]].add(fact["server"])
        elif "client" in fact:
            self.clients[fact["protocol"], *fact["port"]].add(fact["client"])
        elif "port" in fact:
            self.holders[fact["protocol"], *fact["port"]].add(fact["name"])
        elif "acceptor" in fact:
            self.acceptors[fact["protocol"], *fact["local"], *fact["remote"]].add(fact["acceptor"])
        else:
            self.users[fact["protocol"], *fact["local"], *fact["remote"]].add(fact["name"])

    @staticmethod
    def at_port(names, protocol, address, port):
        return {name for (one, where, number), some in names.items()
                if (one, number) == (protocol, port) and where in (address, "0.0.0.0", "::") for name in some}

    def wanted(self, how, which, message, protocol, local, remote):
        """The names of which one is right."""
        key = protocol, *local, *remote
        if how == "accepted" and not self.clients:
            return self.acceptors[key]
        if how == "several":
            return self.users[key] | self.at_port(self.holders, protocol, *local) | \
                self.at_port(self.servers, protocol, *local)
        if how == "bound" and protocol == TCP:
            return self.at_port(self.servers, protocol, *local)
        if message in self.messages[which]:
            return {self.messages[which][message]}
        return self.users.get(key) or self.clients.get((protocol, *remote)) or \
            (self.servers[protocol, *local] if self.clients else {"kernel"})


def judge(end, wanted):
    """right, unknown or wrong"""
    if end["how"] in ("unknown", "several") and not end.get("why"):
        return "wrong"
    if end["how"] == "unknown":
        return "unknown"
    if end["how"] == "kernel" and "pid" not in end:
        return "right" if "kernel" in wanted else "wrong"
    return "right" if end.get("command") in wanted else "wrong"


def ends(packet):
    """Each end of a packet, with its address and the other's."""
    transport = packet.get("tcp") or packet["udp"]
    source = packet["ip"]["source"], transport["source_port"]
    destination = packet["ip"]["destination"], transport["destination_port"]
    yield "source", source, destination
    yield "destination", destination, source


def main(capture, path):
    truth = Truth(path)
    results, hows, seen = collections.Counter(), collections.Counter(), set()
    for line in open(capture):
        packet = json.loads(line)
        word = bytes.fromhex(packet["payload"]["hex"]).decode(errors="replace")
        message = word if re.fullmatch(r"<\d+\.\d+>", word) else None
        if message:
            seen.add(message)
        for which, local, remote in ends(packet):
            end = packet["owner"][which]
            wanted = truth.wanted(end["how"], which, message, packet["ip"]["protocol"], local, remote)
            result = judge(end, wanted)
            results[result] += 1
            hows[end["how"]] += 1
            if result != "right":
                print(result, packet["number"], which, packet.get("tcp", {}).get("flags"), message, sorted(wanted), end,
                      file=sys.stderr)
    print("messages %d unknown %d wrong %d" % (len(seen), results["unknown"], results["wrong"]))
    print("right %d:" % results["right"]," ".join("%s %d" % pair for pair in sorted(hows.items())))


main(*sys.argv[1:])
