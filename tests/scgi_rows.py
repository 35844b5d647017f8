#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Many requests, one for each line of standard input, for tests that are tables.

    scgi_rows.py ADDRESS <<END
    400 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/..
    20[03] /cgi/env.sh --has ^PATH_INFO=/x$ --lacks ^HTTP_PROXY=
    END

A line is the status expected, a pattern, and what scgi_client.py takes, split
as a shell would.  --has and --lacks are patterns of lines in the reply.  Lines
that begin with # are titles.  For each row there is a line: ok, or FAILED.
"""
import argparse
import io
import re
import shlex
import sys

sys.dont_write_bytecode = True
import scgi_client  # noqa: E402


class Sink(io.BytesIO):
    pass


def judge(wanted, words):
    """None, or what is wrong with the reply to this row."""
    own = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    own.add_argument('--has', action='append', default=[])
    own.add_argument('--lacks', action='append', default=[])
    mine, others = own.parse_known_args(words)
    sys.argv = [sys.argv[0], ADDRESS] + others
    opt = scgi_client.options()
    out = Sink()
    x = scgi_client.Exchange(opt, scgi_client.Request(opt), out).run()
    text = out.getvalue().replace(b'\r', b'').decode('latin-1')
    if not re.fullmatch(wanted, x.status()) or x.end != 'eof':
        return 'status %s, end %s, not %s' % (x.status(), x.end, wanted)
    for pattern in mine.has:
        if not re.search(pattern, text, re.M):
            return 'no line has %s:\n%s' % (pattern, text[:400])
    for pattern in mine.lacks:
        if re.search(pattern, text, re.M):
            return 'a line has %s:\n%s' % (pattern, text[:400])
    return None


ADDRESS = sys.argv[1]
for line in sys.stdin:
    line = line.rstrip('\n')
    if line.startswith('#'):
        print(line)
    if not line.strip() or line.startswith('#'):
        continue
    fault = judge(line.split()[0], shlex.split(line)[1:])
    print('ok - %s' % line if fault is None else 'FAILED - %s\n    %s' % (line, fault))
