#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What the manual says of an option's default and range, beside src/option.c.

    manual.py SOURCEDIR

Each row of the table has a paragraph in scgi-cgid.conf(5), which says "default
is X" (or "X, the default" or "the default, X, is"), in the file's own words, and
"From X to Y" where there are bounds. Rows without a default of their own have
the word "default" at least. One file under EXAMPLES has every option in it.
"""
import re
import sys

ROW = re.compile(
    r'^\{ "([a-z-]+)", OPTION_(\w+), (GLOBAL|SETTING|MAP|HANDLER)\(\w+\), '
    r"(.*?), (ANY|[^,]+, [^,]+, [^,]+), \w+, \w+ \},$",
    re.M,
)
MACROS = re.compile(r"^\.(Cm|Li|Ar|Pa|Ev|Dv|Sx|Fl|Xr|No|Nm|Dq|Sq|Pq) ", re.M)


def shown(number, kind):
    """A bound in the largest unit that leaves no rest."""
    units = {
        "DURATION": ((86400000, "d"), (3600000, "h"), (60000, "m"), (1000, "s"), (1, "ms")),
        "SIZE": ((1 << 30, "G"), (1 << 20, "M"), (1 << 10, "k"), (1, "")),
    }.get(kind, ((1, ""),))
    if number == 0:
        return "0"
    return next("%d%s" % (number // n, u) for n, u in units if number % n == 0)


def bound(text):
    """A constant of the table as a number; None where there is no bound."""
    text = re.sub(r"DAYS\((\d+)\)", r"\1 * 86400000", text)
    text = re.sub(r"SECONDS\((\d+)\)", r"\1 * 1000", text)
    if not re.fullmatch(r"[\d *+<-]+", text):
        return None
    return eval(text)  # digits and operators only


def paragraphs(manual):
    """The text of each option, macros taken off; (name, is it of maps) to text."""
    found = {}
    place = ""
    for part in re.split(r"^(?=\.(?:Sh |It Cm [a-z-]+ (?:No =|Ar)))", manual, flags=re.M):
        if part.startswith(".Sh "):
            place = part.split("\n")[0][4:]
            continue
        head, _, body = part.partition("\n")
        body = re.split(r"^\.(?:Ss|El\n\.Ss)", body, flags=re.M)[0]
        flat = " ".join(MACROS.sub("", body).split())
        flat = re.sub(r" ([.,;])", r"\1", flat)
        for name in re.findall(r"Cm ([a-z-]+) No =", head):
            found[name, place == "MAPPINGS"] = flat
    return found


def faults(table, manual):
    """Where the two differ."""
    texts = paragraphs(manual)
    example = manual[manual.index(".Sh EXAMPLES"):].split(".Ss Every option", 1)[-1].split(".Ed", 1)[0]
    rows = ROW.findall(table)
    if len(rows) < 50:
        yield "only %d rows of the table understood" % len(rows)
    for name, kind, place, initial, bounds in rows:
        if not re.search(r"(^|[ \t{])%s\s*=" % name, example, re.M):
            yield "%s: not in the example with every option" % name
        if place == "HANDLER":
            continue
        text = texts.get((name, place == "MAP"))
        if text is None:
            yield "%s: no paragraph" % name
            continue
        value = initial.replace('"', "").replace("unix: SOCKET_FILE", "unix:@runstatedir@/scgi-cgid/scgi.sock")
        value = re.escape(value)
        if initial == "NULL":
            said = "default" in text or name in ("directory", "program", "script-filename")
        else:
            said = re.search(r"default is %s[.,; ]|(^| )%s, the default,|default, %s, is" % ((value,) * 3), text + " ")
        if not said:
            yield "%s: the default is %s, which its paragraph does not say" % (name, initial)
        low, high = (bound(b) for b in (bounds + ", , ").split(", ")[:2])
        if high is None or bounds == "ANY" or high == 0:
            continue
        words = "rom %s to %s" % (shown(low, kind), shown(high, kind))
        if not re.search(re.escape(words) + r"[.,; ]", text + " "):
            yield "%s: the range is f%s, which its paragraph does not say" % (name, words)


def main():
    """Say them."""
    with open(sys.argv[1] + "/src/option.c") as file:
        table = file.read()
    with open(sys.argv[1] + "/man/scgi-cgid.conf.5.in") as file:
        manual = file.read()
    found = list(faults(table, manual))
    print("".join("scgi-cgid.conf(5): %s\n" % fault for fault in found), end="")
    sys.exit(bool(found))


main()
