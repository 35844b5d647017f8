#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A peer behind a slow network: it speaks TCP itself, over a TUN device of its own.

    handshake.py DEVICE TARGET PORT URI WAIT

It answers the SYN-ACK of TARGET only once the file WAIT is there, with the last packet
of the handshake and an SCGI request for URI.  It prints "half" when the SYN-ACK has
come, and in the end the first line of the answer, or "reset", or "nothing".
"""
import fcntl
import os
import select
import socket
import struct
import sys
import time

FIN, SYN, RST, ACK = 1, 2, 4, 16
TUNSETIFF, IFF_TUN_NO_PI = 0x400454ca, 0x1001


def checksum(data):
    data += b'\0' * (len(data) % 2)
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Peer:
    """One connection from PEER, the far end of the device."""

    def __init__(self, device, peer, target, port):
        self.tun = os.open('/dev/net/tun', os.O_RDWR)
        fcntl.ioctl(self.tun, TUNSETIFF, struct.pack('16sH', device.encode(), IFF_TUN_NO_PI))
        self.ends = socket.inet_aton(peer), socket.inet_aton(target)
        self.ports = 10000 + os.getpid() % 50000, port
        self.sent, self.seen = 1000, 0

    def send(self, flags, data=b''):
        tcp = struct.pack('!HHIIBBHHH', *self.ports, self.sent, self.seen, 5 << 4, flags,
                          65535, 0, 0) + data
        pseudo = b''.join(self.ends) + struct.pack('!BBH', 0, socket.IPPROTO_TCP, len(tcp))
        tcp = tcp[:16] + struct.pack('!H', checksum(pseudo + tcp)) + tcp[18:]
        head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(tcp), 0, 0, 64,
                           socket.IPPROTO_TCP, 0) + b''.join(self.ends)
        os.write(self.tun, head[:10] + struct.pack('!H', checksum(head)) + head[12:] + tcp)
        self.sent += len(data) + bool(flags & (SYN | FIN))

    def receive(self, until):
        """Flags and data of the next packet that is for us; None when time is up."""
        while True:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.tun], [], [], left)[0]:
                return None
            packet = os.read(self.tun, 65536)
            if packet[0] != 0x45 or packet[9] != socket.IPPROTO_TCP:
                continue
            tcp = packet[20:struct.unpack('!H', packet[2:4])[0]]
            flags, data = tcp[13], tcp[(tcp[12] >> 4) * 4:]
            at = struct.unpack('!I', tcp[4:8])[0]
            if flags & SYN:
                self.seen = at + 1
            elif at == self.seen:
                self.seen += len(data) + bool(flags & FIN)
            else:
                data = b''
            return flags, data


def answer(peer, until):
    said = b''
    while b'\n' not in said:
        got = peer.receive(until)
        if got is None:
            return said.decode() or 'nothing'
        flags, data = got
        if flags & RST:
            return 'reset'
        said += data
        if data:
            peer.send(ACK)
    return said.split(b'\r\n')[0].decode()


def main():
    device, target, port, uri, wait = sys.argv[1:]
    peer = Peer(device, '10.98.0.2', target, int(port))
    until = time.monotonic() + 10
    peer.send(SYN)
    while (got := peer.receive(until)) and not got[0] & SYN:
        pass
    if got is None or got[0] != SYN | ACK:
        sys.exit('no handshake')
    print('half', flush=True)
    while not os.path.exists(wait) and time.monotonic() < until:
        time.sleep(0.005)
    block = b''.join(b'%s\0%s\0' % pair for pair in (
        (b'CONTENT_LENGTH', b'0'), (b'SCGI', b'1'), (b'REQUEST_METHOD', b'GET'),
        (b'DOCUMENT_URI', uri.encode())))
    peer.send(ACK)
    peer.send(ACK, b'%d:%s,' % (len(block), block))
    print(answer(peer, until), flush=True)


main()
