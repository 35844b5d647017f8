#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""form.py: shows a form and what was sent with it, by GET or by POST."""

import html
import os
import sys
from urllib.parse import parse_qsl

MAX_BODY = 16 * 1024 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A form</title>
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em; color: #222 }}
label {{ display: block; margin: .6em 0 }}
input[type=text], textarea {{ display: block; width: 100%; font: inherit; padding: .3em; box-sizing: border-box }}
dt {{ font-weight: bold }}
dd {{ font-family: monospace; white-space: pre-wrap; word-break: break-all }}
</style>
</head>
<body>
<h1>A form</h1>
<p><a href="/">Back</a></p>
{result}
<form action="{script}" method="post">
<label>Your name <input type="text" name="name"></label>
<label>Some words <textarea name="words" rows="4"></textarea></label>
<button>Send by POST</button>
<button formmethod="get">Send by GET</button>
</form>
</body>
</html>
"""


def answer(status, kind, text):
    """Write the whole answer, as bytes, whatever the locale."""
    body = text.encode("utf-8")
    head = f"Status: {status}\r\nContent-Type: {kind}; charset=utf-8\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    sys.stdout.buffer.write(head.encode("ascii") + body)


def form_text():
    """Return what was sent: the query, or the body of a POST."""
    if os.environ.get("REQUEST_METHOD") != "POST":
        return os.environ.get("QUERY_STRING", "")
    length = int(os.environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_BODY:
        return None
    kind = os.environ.get("CONTENT_TYPE", "").partition(";")[0].strip()
    body = sys.stdin.buffer.read(length)
    if kind.lower() != FORM_TYPE:
        return ""
    return body.decode("utf-8", "replace")


def shown(value, limit=2000):
    """Return a value as HTML, a long one shortened."""
    if len(value) <= limit:
        return html.escape(value)
    rest = len(value) - limit
    return f"{html.escape(value[:limit])} … and {rest} characters more"


def main():
    text = form_text()
    if text is None:
        answer("413 Content Too Large", "text/plain", "That is too much.\n")
        return
    method = html.escape(os.environ.get("REQUEST_METHOD", ""))
    fields = parse_qsl(text, keep_blank_values=True)
    result = ""
    if fields:
        rows = "".join(
            f"<dt>{shown(name)}</dt>\n<dd>{shown(value)}</dd>\n"
            for name, value in fields
        )
        result = f"<h2>Received by {method}</h2>\n<dl>\n{rows}</dl>"
    script = html.escape(os.environ.get("SCRIPT_NAME", ""))
    answer("200 OK", "text/html", PAGE.format(result=result, script=script))


main()
