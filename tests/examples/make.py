#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
#
# The capture that the README uses: tests/examples/make.py FILE
#
#     10.9.0.1 (client) ------ 10.9.0.2 (name server, web server)
#
import sys

from scapy.all import ARP, DNS, DNSQR, DNSRR, ICMP, IP, TCP, UDP, Dot1Q, Ether, IPv6, IPv6ExtHdrDestOpt, Raw, wrpcap

CLIENT, SERVER = "10.9.0.1", "10.9.0.2"
START, STEP = 1764000000, 0.001  # seconds since 1970


def ethernet(out):
    pair = ("02:00:00:00:00:01", "02:00:00:00:00:02")
    return Ether(src=pair[0], dst=pair[1]) if out else Ether(src=pair[1], dst=pair[0])


def ipv4(out, tag=None):
    pair = (CLIENT, SERVER) if out else (SERVER, CLIENT)
    return ethernet(out) / (Dot1Q(vlan=tag) / IP(src=pair[0], dst=pair[1]) if tag else IP(src=pair[0], dst=pair[1]))


def ipv6(out):
    pair = ("fd09::1", "fd09::2") if out else ("fd09::2", "fd09::1")
    return ethernet(out) / IPv6(src=pair[0], dst=pair[1]) / IPv6ExtHdrDestOpt()


def handshake(network, client, server):
    """A connection and its request, as three functions from the direction to the headers below TCP."""
    return [
        network(True) / TCP(sport=client, dport=server, flags="S", seq=1000),
        network(False) / TCP(sport=server, dport=client, flags="SA", seq=5000, ack=1001),
        network(True) / TCP(sport=client, dport=server, flags="A", seq=1001, ack=5001),
    ]


def download(client, segments):
    """A page of that many segments, each acknowledged."""
    request = b"GET /hello.txt HTTP/1.1\r\nHost: example.org\r\n\r\n"
    packets = handshake(ipv4, client, 80)
    packets.append(ipv4(True) / TCP(sport=client, dport=80, flags="PA", seq=1001, ack=5001) / Raw(request))
    for i in range(segments):
        data, sent = b"Hello." * 20, 5001 + 120 * i
        packets.append(ipv4(False) / TCP(sport=80, dport=client, flags="A", seq=sent, ack=1001 + len(request)) / Raw(data))
        packets.append(ipv4(True) / TCP(sport=client, dport=80, flags="A", seq=1001 + len(request), ack=sent + len(data)))
    return packets


def all_packets():
    question = DNSQR(qname="example.org")
    answer = DNSRR(rrname="example.org", rdata=SERVER)
    return [
        ethernet(True) / ARP(psrc=CLIENT, pdst=SERVER),
        ethernet(False) / ARP(op=2, psrc=SERVER, pdst=CLIENT),
        ipv4(True) / UDP(sport=40000, dport=53) / DNS(id=1, qd=question),
        ipv4(False) / UDP(sport=53, dport=40000) / DNS(id=1, qr=1, qd=question, an=answer),
        ipv4(True) / ICMP(id=1),
        ipv4(False) / ICMP(type=0, id=1),
        *handshake(ipv4, 50001, 443),
        *handshake(lambda out: ipv4(out, tag=10), 50002, 443),
        *handshake(ipv6, 50003, 443),
        ipv4(True) / TCP(sport=50004, dport=8443, flags="S", seq=1000),
        *download(50005, 12),
    ]


packets = all_packets()
for number, packet in enumerate(packets):
    packet.time = START + STEP * number
wrpcap(sys.argv[1], packets)
