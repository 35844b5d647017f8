# SPDX-License-Identifier: ISC
"""Where an answer may differ from Apache's with mod_cgid, and why.

Each row is as narrow as it can be and is needed by a request: compare.py
complains of the others.
"""

from dataclasses import dataclass

# How a server speaks to its client, and not what a program has said.
CONNECTION = ("server", "date", "connection", "keep-alive", "transfer-encoding")


@dataclass(frozen=True)
class Answer:
    """A difference between answers: on both sides, text that fits is replaced."""

    program: str
    place: str  # status, body, or the name of a field
    why: str
    pattern: str = ""
    text: str = "..."
    request: str = ""  # only for lines of the table that have this
    front: str = ""  # only behind this one
    near: bool = False  # instead: dates no more than five seconds apart
    chance: bool = False  # not in every run, as when a second has passed


@dataclass(frozen=True)
class Variable:
    """A difference between environments: the values must fit, whole."""

    name: str
    there: str  # under mod_cgid
    here: str
    why: str
    front: str = ""
    request: str = ""


OWN_PAGE = "a page of the server's own, no program ran"

ANSWERS = [
    Answer(p, place, OWN_PAGE, r"(?s).+", "", request)
    for p, request, places in (
        (
            "environment",
            r" (404|403/404)$",
            ("body", "content-type", "x-content-type-options"),
        ),
        ("environment", r" 401$", ("body", "content-type")),
        (
            "php-cgi",
            r"/none\.php 404$",
            ("body", "content-type", "x-content-type-options"),
        ),
        (
            "nagios4",
            r"/none\.cgi 404 ",
            ("body", "content-type", "x-content-type-options"),
        ),
        ("nagios4", r" 401$", ("body", "content-type")),
    )
    for place in places
]

ENCODED_SLASH = "Apache refuses %2F in a path; nginx decodes it; RFC 3875 4.1.5 allows both"

ANSWERS += [
    Answer("environment", place, ENCODED_SLASH, r"(?s).+", "", r"%2Fb", "nginx")
    for place in ("status", "content-type", "body")
] + [
    Answer(
        "gitweb",
        "content-type",
        "gitweb gives a 304 a type, which Apache leaves out",
        r".+",
        "",
        r" 304 ",
        "nginx",
    )
]

NO_CONDITION = """Apache looks at If-None-Match and If-Modified-Since itself where the
program gives ETag or Last-Modified, but no Status; others leave that to the program"""

ANSWERS += [
    Answer(program, place, NO_CONDITION, r"(?s).+", "", r" 304/200 ")
    for program in ("cgit", "php-cgi")
    for place in ("status", "content-type", "body")
] + [
    Answer(
        "environment",
        "status",
        "a directory without index: mod_cgid forbids it, scgi-cgid finds nothing",
        r".+",
        "",
        r" 403/404$",
    )
]

CLOCK = "the time of day"
LENGTH = "of a body that differs as explained"
NO_PORT = "nginx's scgi_params say HTTP_HOST $host, which is without port"

ANSWERS += [
    Answer(
        "cgit", "body", NO_PORT, r"(http://www\.test\.example):\d+/", r"\1/", front="nginx"
    ),
    Answer(
        "gitweb", "body", NO_PORT, r"(http://www\.test\.example):\d+/", r"\1/", front="nginx"
    ),
    Answer(
        "cgit",
        "body",
        CLOCK,
        r"\) at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \+0000</div>",
        chance=True,
    ),
    Answer("cgit", "last-modified", CLOCK, near=True),
    Answer("cgit", "expires", CLOCK, near=True),
    Answer(
        "awstats",
        "last-modified",
        "Apache writes a date anew: it was 'Sun Jan  5 10:00:00 2015'",
        near=True,
    ),
    Answer("awstats", "expires", CLOCK, near=True),
    Answer(
        "gitweb",
        "last-modified",
        "Apache writes a date anew: it was '+0000', not 'GMT'",
        near=True,
    ),
] + [
    Answer(program, "content-length", LENGTH, r"\d+", "", r"^HEAD ", chance=True)
    for program in ("environment", "nagios4")
] + [
    Answer("nagios4", place, CLOCK, near=True) for place in ("last-modified", "expires")
] + [
    Answer("nagios4", "body", CLOCK, pattern, chance=True)
    for pattern in (
        r"Last Updated: \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \S+ 20\d\d",
        r"\d+d +\d+h +\d+m +\d+s",
        r'"query_time": \d{13},',
    )
] + [
    Answer(
        "nagios4",
        "body",
        "the programs themselves: run by hand, 2 and 3 times of 300 without the path",
        r"File: (/\S*/)?nagios\.log<",
        request=r"/(showlog|history)\.cgi[ ?]",
        chance=True,
    )
] + [
    Answer(
        "git",
        "x-content-type-options",
        "git's errors have no Content-Type; we keep browsers from guessing one",
        r"^nosniff$",
        "",
        r" (403|404|405|415)( |$)",
    )
] + [
    Answer(
        "git",
        place,
        "git sends the field twice, and Apache makes it one",
        r"\n",
        ", ",
        "git-bogus",
        "nginx",
    )
    for place in ("cache-control", "expires", "pragma")
] + [
    Answer("munin", "body", CLOCK, pattern, chance=True)
    for pattern in (
        r" at 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\+0000 \(UTC\)",
        r"(start|stop)_epoch=\d{10}\b",
    )
] + [
    Answer("munin", "x-munin-pid", "another process", r"^\d+$"),
    Answer("munin", "x-graph-duration", "how long it took", r"^0\.\d+$"),
    Answer("smokeping", "expires", CLOCK, near=True),
    Answer(
        "smokeping",
        "body",
        CLOCK,
        r"start=20\d\d-\d\d-\d\d%20\d\d:\d\d;",
        chance=True,
    ),
    Answer(
        "smokeping",
        "body",
        "the picture's file is named after time and process",
        r"/__navcache/\d+_",
        request="displaymode=n",
    ),
    Answer(
        "smokeping",
        "body",
        "CGI::Carp names Apache's SERVER_ADMIN, which nginx does not send",
        r"For help, please send mail to (?s:.+?), giving",
        request=" 500$",
        front="nginx",
    ),
    Answer(
        "smokeping",
        "content-length",
        LENGTH,
        r"\d+",
        "",
        " 500$",
        "nginx",
        chance=True,
    ),
]


VARIABLES = [
    Variable(
        "SERVER_SOFTWARE",
        r"Apache/.*",
        r"scgi-cgid/.*",
        "nginx does not send it, so it is ours",
        "nginx",
    ),
    Variable(
        "CONTENT_LENGTH",
        r"0",
        r"\(unset\)",
        "RFC 3875 4.1.2: set if and only if there is a body",
    ),
    Variable(
        "SERVER_PORT",
        r"80",
        r"\d+",
        "RFC 3875 4.1.15: where the request came in; Apache guesses from Host",
        "nginx",
    ),
    Variable("HTTP_HOST", r".*:\d+", r"www\.test\.example", NO_PORT, "nginx"),
    Variable(
        "HTTP_COOKIE",
        r"a=1, b=2",
        r"a=1; b=2",
        "Apache joins two fields as a list, which cookies are not; nginx does not",
        "nginx",
    ),
    Variable(
        "HTTP_CONNECTION",
        r"(x, )?close",
        r"\(unset\)",
        "it is between client and server; RFC 3875 4.1.18 lets the server keep it",
    ),
    Variable("REMOTE_PORT", r"\d+", r"\d+", "another connection"),
    Variable("SERVER_ADDR", r"127\.0\.0\.2", r"127\.0\.0\.3", "another address"),
    Variable("SERVER_ADDR", r".*", r"\(unset\)", "nginx does not send it", "nginx"),
    Variable("SERVER_ADMIN", r".*", r"\(unset\)", "nginx does not send it", "nginx"),
    Variable("SERVER_SIGNATURE", r"", r"\(unset\)", "empty is as good as unset"),
    Variable("CONTEXT_PREFIX", r"/\w+/", r"\(unset\)", "Apache's own"),
    Variable(
        "CONTEXT_DOCUMENT_ROOT",
        r"/.*",
        r"/.*|\(unset\)",
        "Apache's own; a proxy has no other than its document root",
    ),
    Variable("REDIRECT_STATUS", r"\(unset\)", r"200", "ours, php-cgi insists on it"),
    Variable("DOCUMENT_URI", r"\(unset\)", r"/.*", "nginx's own", "nginx"),
] + [
    Variable("(arguments)", r"<.*>", r"", why, request=request)
    for request, why in (
        (r"^GET /env/", "scgi-cgid passes the words of a query only if indexed-query = yes"),
        (r"^GET /indexed/env\.pl\?a\+\+b\+ ", "RFC 3875 4.4: a word is not empty; then none"),
        (r"^GET /indexed/env\.pl\?-d\+x ", "no words that a program takes for options"),
        (r"^POST ", "RFC 3875 4.4: GET and HEAD only"),
    )
]
