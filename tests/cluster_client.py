#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Asks a web server the same thing many times, by GET and POST in turn.

    cluster_client.py PORT FIRST COUNT DIRECTORY

At least COUNT requests are made, eight at a time, numbered from FIRST, and on until
there is a file DIRECTORY/enough.  Each answer must name the request and the checksum of
its body.  DIRECTORY/asked always says how many there were.  In the end there are a line
for each one lost, with its number and what came instead, and one with the counts.
"""
import hashlib
import http.client
import itertools
import os
import sys
import threading
from collections import Counter

CLIENTS, LONGEST = 8, 100000


class Load:
    def __init__(self, port, first, count, directory):
        self.port, self.count, self.directory = port, count, directory
        self.numbers, self.first = itertools.count(first), first
        self.lock, self.counts, self.lost = threading.Lock(), Counter(), []

    def enough(self, number):
        done = number - self.first
        return done >= self.count and os.path.exists(self.directory + '/enough')

    def tell(self, done):
        with open(self.directory + '/asked.new', 'w', encoding='ascii') as asked:
            print(done, file=asked)
        os.replace(self.directory + '/asked.new', self.directory + '/asked')

    def run(self):
        while True:
            with self.lock:
                number = next(self.numbers)
                if self.enough(number):
                    return
                self.tell(number - self.first)
            self.ask(number)

    def ask(self, number):
        method = 'POST' if number % 2 else 'GET'
        body = b'%08d' % number * (number * 7919 % LONGEST // 8) if number % 2 else None
        want = '%d %s' % (number, hashlib.sha1(body or b'').hexdigest())
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=90)
        try:
            connection.request(method, '/cgi-bin/where.sh?%d' % number, body,
                               {'Connection': 'close'})
            answer = connection.getresponse()
            gateway, _, got = answer.read().decode().strip().partition(' ')
            came = None if answer.status == 200 and got == want else 'status %d' % answer.status
        except (OSError, http.client.HTTPException) as error:
            gateway, came = '-', repr(error)
        finally:
            connection.close()
        with self.lock:
            self.counts[method] += 1
            if came is None:
                self.counts[gateway] += 1
            else:
                self.counts['lost'] += 1
                self.lost.append('%s %d %s' % (method, number, came))


def main():
    port, first, count, directory = sys.argv[1:]
    load = Load(int(port), int(first), int(count), directory)
    threads = [threading.Thread(target=load.run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(*('lost %s\n' % line for line in load.lost), sep='', end='')
    print('lost=%d' % load.counts.pop('lost', 0),
          *('%s=%d' % pair for pair in sorted(load.counts.items())))


main()
