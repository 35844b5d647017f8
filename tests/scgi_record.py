#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""An SCGI server for the tests that writes down what it is sent.

    scgi_record.py ADDRESS FILE

Each request, as it came, becomes FILE; the answer is a short document that
says so.  The address is a path or 127.0.0.1:PORT.
"""
import os
import socket
import sys


def listener(address):
    if address.startswith('/'):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(address)
        os.chmod(address, 0o666)
    else:
        host, port = address.rsplit(':', 1)
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, int(port)))
    sock.listen()
    return sock


def missing(data):
    """How many bytes of the request are still to come; 1 when that is not known."""
    length, colon, rest = data.partition(b':')
    if not colon:
        return 1
    size = int(length)
    if len(rest) <= size:
        return size + 1 - len(rest)
    words = rest[:size].split(b'\0')
    body = int(words[words.index(b'CONTENT_LENGTH') + 1])
    return size + 1 + body - len(rest)


def main():
    address, name = sys.argv[1:]
    sock = listener(address)
    while True:
        peer, _ = sock.accept()
        with peer:
            data = b''
            while missing(data) > 0:
                more = peer.recv(65536)
                if not more:
                    break
                data += more
            with open(name + '.new', 'wb') as f:
                f.write(data)
            os.rename(name + '.new', name)
            peer.sendall(b'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nrecorded\n')


main()
