#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Many requests, one for each line of standard input, for tests that are tables.

    scgi_rows.py [--together] ADDRESS <<END
    400 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/..
    20[03] /cgi/env.sh --has ^PATH_INFO=/x$ --lacks ^HTTP_PROXY=
    504 /cgi/sleep.sh?9 --first 300 --line end=output-timeout
    END

A line is the status expected, a pattern, and what scgi_client.py takes, split
as a shell would.  --has and --lacks are patterns of lines in the reply, --head
is the length of its header; --body N says that its body is the first N of the
bytes that scgi_client.py makes up; --end is how it ended, eof if it is not said.
--line is a pattern of the access line, which is
looked for in $LOG by the path; so the path gets one more segment.

--first MS and --ends MS say when the answer begins and ends, --total MS what
the access line calls total_ms.  It may never be earlier.  As a busy machine is
late now and then, a row fails if it is late by a tenth of a second five times.
--haste: the client or the program has to do something in time, too; when it is
late, anything may come of it, and the row is asked again as well.

Lines that begin with # are titles.  For each row there is a line: ok, or
FAILED.  With --together all rows are asked at once.
"""
import argparse
import functools
import hashlib
import io
import os
import re
import shlex
import sys
import threading
import time

sys.dont_write_bytecode = True
import scgi_client  # noqa: E402

EARLY_MS = 1        # both clocks count whole milliseconds
LATE_MS = 100
TRIES = 5


class Sink(io.BytesIO):
    pass


class Late(Exception):
    pass


def parse(line):
    """The status of a row, what is expected beyond it, and the request."""
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for name in '--has', '--lacks', '--line':
        own.add_argument(name, action='append', default=[])
    own.add_argument('--end', default='eof')
    for name in '--body', '--head', '--first', '--ends', '--total':
        own.add_argument(name, type=int)
    own.add_argument('--haste', action='store_true')
    mine, others = own.parse_known_args(shlex.split(line)[1:])
    sys.argv = [sys.argv[0], ADDRESS] + others
    return line.split()[0], mine, scgi_client.options()


def access_line(path):
    """The line about the request for this path, as soon as it is there."""
    pattern = re.compile(r'.*request id=.* path=%s .*' % re.escape(path))
    end = time.monotonic() + 5
    while time.monotonic() < end:
        with open(os.environ['LOG'], errors='replace') as log:
            for line in log:
                if pattern.match(line):
                    return line
        time.sleep(0.02)
    return ''


def in_time(what, ms, limit):
    """None, or how far from the limit it is."""
    if limit is None or limit - EARLY_MS <= ms <= limit + LATE_MS:
        return None
    if ms > limit:
        raise Late('%s after %d ms, not %d' % (what, ms, limit))
    return '%s after %d ms, before %d' % (what, ms, limit)


@functools.lru_cache(None)
def made_up_sum(size):
    digest = hashlib.sha1()
    for piece in scgi_client.made_up(size):
        digest.update(piece)
    return digest.digest()


def judge(wanted, mine, opt, tag):
    """None, or what is wrong with the reply to this row."""
    path, mark, query = opt.uri.partition('?')
    if mine.line or mine.total is not None:
        path += tag
    opt = argparse.Namespace(**{**vars(opt), 'uri': path + mark + query})
    out = Sink()
    x = scgi_client.Exchange(opt, scgi_client.Request(opt), out).run()
    text = out.getvalue().replace(b'\r', b'').decode('latin-1')
    if not re.fullmatch(wanted, x.status()) or x.end != mine.end:
        return 'status %s, end %s, not %s' % (x.status(), x.end, wanted)
    for pattern in mine.has:
        if not re.search(pattern, text, re.M):
            return 'no line has %s:\n%s' % (pattern, text[:400])
    for pattern in mine.lacks:
        if re.search(pattern, text, re.M):
            return 'a line has %s:\n%s' % (pattern, text[:400])
    if mine.head not in (None, len(x.head)):
        return 'a header of %d bytes, not %d' % (len(x.head), mine.head)
    if mine.body is not None and (x.body_len, x.sum.digest()) != (mine.body, made_up_sum(mine.body)):
        return 'a body of %d bytes, not %d, or others' % (x.body_len, mine.body)
    return (in_time('answered', x.first_ms or 0, mine.first) or
            in_time('ended', x.ended_ms, mine.ends) or judge_line(mine, path))


def judge_line(mine, path):
    """The same for the access line."""
    if not mine.line and mine.total is None:
        return None
    line = access_line(path)
    total = re.search(r' total_ms=(\d+) ', line)
    if not total:
        return 'no access line'
    for pattern in mine.line:
        if not re.search(pattern, line):
            return 'no %s in the access line: %s' % (pattern, line)
    return in_time('over', int(total.group(1)), mine.total)


def tell(line, row, number):
    """Ask, again if it was late, and say how it went."""
    for n in range(TRIES):
        try:
            fault = judge(*row, '/%d.%d' % (number, n))
            if fault is None or not row[1].haste:
                break
        except Late as late:
            fault = str(late)
    line = line[:120]
    print('ok - %s\n' % line if fault is None else 'FAILED - %s\n    %s\n' % (line, fault), end='')


together = sys.argv[1] == '--together'
ADDRESS = sys.argv[2 if together else 1]
threads = []
for number, line in enumerate(sys.stdin):
    line = line.rstrip('\n')
    if line.startswith('#'):
        print(line)
    if not line.strip() or line.startswith('#'):
        continue
    threads.append(threading.Thread(target=tell, args=(line, parse(line), number)))
    if not together:
        threads[-1].run()
if together:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
