#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Ask several servers the same, and say where they answer otherwise than the first.

    compare.py PROGRAM NAME=HOST:PORT NAME=HOST:PORT... <requests

A request is a line: METHOD PATH STATUS, and perhaps more, each after " | "; a
STATUS of several, as in 304/200, is that of the first server, the second, and so
on; the last one is that of all others.

    Name: value     a field of the request
    = text          a body, \\r and \\n understood
    < file          a body from a file
    ~ text          what the body of the answer must have somewhere
    : Name          a field that the answer must have
    @ 1.0           the version of HTTP

Status, reason, fields and body must be the same, byte for byte, but for what is
explained in differences.py. An explanation that nothing needed is a failure as
well. With PROGRAM "environment" the bodies are compared variable by variable.
COMPARE_PAUSE=0.4 waits so many seconds between two requests, which shows whether
all that comes from the clock is explained.
"""

import calendar
import difflib
import email.utils
import os
import re
import socket
import sys
import time

import differences

HOST = "www.test.example"


class Answer:
    """What came back: status, reason, fields as a list, body."""

    def __init__(self, raw, method):
        head, self.complete, body = raw.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        words = lines[0].decode("latin-1").split(" ", 2) + ["", ""]
        self.status, self.reason = words[1], words[2]
        self.fields = [
            tuple(part.strip().decode("latin-1") for part in line.split(b":", 1))
            for line in lines[1:]
        ]
        self.fields = [(n.lower(), v) for n, v in self.fields]
        self.chunked = self.values("transfer-encoding") == ["chunked"]
        self.body = unchunk(body) if self.chunked else body
        length = self.values("content-length")
        if length and method != "HEAD" and self.status != "304":
            assert int(length[0]) == len(self.body), "Content-Length lies"

    def values(self, name):
        """The values of a field, in the order they came."""
        return [v for n, v in self.fields if n == name]


def unchunk(data):
    """Take the chunks apart; the last one must be there."""
    body = b""
    while True:
        size, found, data = data.partition(b"\r\n")
        assert found, "cut short"
        n = int(size, 16)
        if n == 0:
            return body
        body, data = body + data[:n], data[n + 2 :]


class Request:
    """One line of the table."""

    def __init__(self, line):
        first, *more = line.split(" | ")
        self.method, self.path, statuses = first.split()
        self.statuses = statuses.split("/")
        self.line, self.version, self.fields = line, "1.1", []
        self.body, self.text, self.wanted = None, [], []
        for item in more:
            kind, _, value = item.partition(" ")
            if kind == "=":
                self.body = value.replace("\\r", "\r").replace("\\n", "\n").encode()
            elif kind == "<":
                with open(value, "rb") as file:
                    self.body = file.read()
            elif kind == "~":
                self.text.append(value.encode())
            elif kind == ":":
                self.wanted.append(value.lower())
            elif kind == "@":
                self.version = value
            else:
                self.fields.append(item)

    def ask(self, host, port):
        """Send it, and read until the server closes."""
        lines = [f"{self.method} {self.path} HTTP/{self.version}"]
        if not any(field.startswith("Host:") for field in self.fields):
            lines.append(f"Host: {HOST}:{port}")
        lines += self.fields + ["Connection: close"]
        if self.body is not None:
            lines.append(f"Content-Length: {len(self.body)}")
        data = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (self.body or b"")
        raw = b""
        with socket.create_connection((host, int(port)), 30, ("127.0.0.1", 0)) as s:
            s.sendall(data)
            while True:
                piece = s.recv(65536)
                if not piece:
                    break
                raw += piece
        return Answer(raw, self.method)


def faults_alone(request, answer, status):
    """What is wrong with an answer whatever the others say."""
    if answer.status != status:
        yield f"status is {answer.status}, not {status}"
    for text in request.text:
        if text not in answer.body:
            yield f"no {text.decode()!r} in the body"
    for name in request.wanted:
        if not answer.values(name):
            yield f"no field {name}"


def near(first, second):
    """Two dates that are at most five seconds apart, or the same text."""
    dates = [email.utils.parsedate(value) for value in (first, second)]
    return all(dates) and abs(calendar.timegm(dates[0]) - calendar.timegm(dates[1])) <= 5


class Comparison:
    """Compares for one program; remembers which explanations were needed."""

    def __init__(self, program):
        self.program = program
        self.rows = [r for r in differences.ANSWERS if r.program == program]
        self.needed = set()

    def explained(self, place, front, request, first, second):
        """Both texts, with what is explained made the same."""
        for row in self.rows:
            if row.place != place or not re.search(row.request, request.line):
                continue
            if row.front not in ("", front) or first == second:
                continue
            if row.near:
                if first and second and near(first, second):
                    self.needed.add(row)
                    second = first
                continue
            alike = [re.sub(row.pattern, row.text, t) for t in (first, second)]
            if alike != [first, second]:
                self.needed.add(row)
            first, second = alike
        return first, second

    def fields(self, front, request, first, second):
        """Differences between the fields of two answers."""
        names = {n for n, _ in first.fields} | {n for n, _ in second.fields}
        for name in sorted(names - set(differences.CONNECTION)):
            a, b = first.values(name), second.values(name)
            # With a body it has been checked against that; and where an answer
            # has none, it is chunked or ends with the connection.
            if name == "content-length" and not (request.method == "HEAD" and a and b):
                continue
            texts = self.explained(name, front, request, "\n".join(a), "\n".join(b))
            if texts[0] != texts[1]:
                yield f"field {name}: {a} there, {b} here"

    def body(self, front, request, first, second):
        """Differences between two bodies, some lines of them."""
        texts = self.explained(
            "body",
            front,
            request,
            first.body.decode("latin-1"),
            second.body.decode("latin-1"),
        )
        if texts[0] == texts[1]:
            return
        yield f"bodies differ, {len(texts[0])} and {len(texts[1])} bytes:"
        lines = difflib.unified_diff(*(t.splitlines() for t in texts), n=0, lineterm="")
        for line in list(lines)[2:22]:
            yield "    " + repr(line)[1:160]

    def all(self, front, request, first, second):
        """Everything in which the second answer is not the first."""
        a, b = (f"{x.status} {x.reason}" for x in (first, second))
        a, b = self.explained("status", front, request, a, b)
        if a != b:
            yield f"status line: {a!r} there, {b!r} here"
        yield from self.fields(front, request, first, second)
        yield from self.body(front, request, first, second)

    def unneeded(self, fronts):
        """Explanations of what does not happen."""
        for row in self.rows:
            if row.chance or row.near and row.why == differences.CLOCK:
                continue
            if row not in self.needed and row.front in [""] + fronts:
                yield f"not needed: {row}"


class Environment(Comparison):
    """The same, but the bodies are lists of variables."""

    def __init__(self, program):
        super().__init__(program)
        self.rows_needed = set()

    def row(self, name, front, request, a, b):
        """The explanation for this variable with these values, if any."""
        for row in differences.VARIABLES:
            if (
                row.name == name
                and re.search(row.request, request.line)
                and row.front in ("", front)
                and re.fullmatch(row.there, "(unset)" if a is None else a)
                and re.fullmatch(row.here, "(unset)" if b is None else b)
            ):
                return row
        return None

    def body(self, front, request, first, second):
        """Variables that differ and are not explained."""
        if b"\narguments: " not in first.body:
            yield from super().body(front, request, first, second)
            return
        there, here = (variables(x.body) for x in (first, second))
        for name in sorted(there.keys() | here.keys()):
            a, b = there.get(name), here.get(name)
            if a == b:
                continue
            row = self.row(name, front, request, a, b)
            if row is None:
                yield f"{name}: {a!r} there, {b!r} here"
            else:
                self.needed.add(row)
                self.rows_needed.add(row)

    def unneeded(self, fronts):
        yield from super().unneeded(fronts)
        for row in differences.VARIABLES:
            if row not in self.rows_needed and row.front in [""] + fronts:
                yield f"not needed: {row}"


def variables(body):
    """The lines of a dump, by name."""
    text = body.decode("latin-1")
    dump, _, given = text.partition("arguments: ")
    found = dict(line.split("=", 1) for line in dump.splitlines())
    parts = re.fullmatch(r"(?s)(.*?)\ndirectory: (.*?)\ninput: (.*)\n", given).groups()
    found.update(zip(("(arguments)", "(directory)", "(input)"), parts))
    return found


def main():
    """All requests of standard input; the number of failures decides the status."""
    program = sys.argv[1]
    servers = [word.replace("=", ":").split(":") for word in sys.argv[2:]]
    comparison = (Environment if program == "environment" else Comparison)(program)
    failures = count = 0
    for line in sys.stdin.read().splitlines():
        if not line or line.startswith("#"):
            continue
        request = Request(line)
        count += 1
        reference = None
        for i, (name, host, port) in enumerate(servers):
            try:
                time.sleep(float(os.environ.get("COMPARE_PAUSE", "0")))
                answer = request.ask(host, port)
                status = request.statuses[min(i, len(request.statuses) - 1)]
                faults = list(faults_alone(request, answer, status))
                if reference:
                    faults += comparison.all(name, request, reference, answer)
                else:
                    reference = answer
            except (OSError, AssertionError, ValueError, IndexError) as error:
                faults = [f"no answer: {error!r}"]
            if faults:
                failures += 1
                print(f"    {program}, {name}: {line}")
                print("".join(f"        {fault}\n" for fault in faults), end="")
            if not reference:
                break
    for text in comparison.unneeded([name for name, _, _ in servers[1:]]):
        failures += 1
        print(f"    {program}: {text}")
    print(f"# {program}: {count} requests, {failures} failures")
    sys.exit(failures != 0 or count == 0)


main()
