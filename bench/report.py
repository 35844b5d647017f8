# SPDX-License-Identifier: ISC
"""What came out: a table for people, lines for programs, and a chart."""
from statistics import median

KEYS = ('rate', 'p50_us', 'p90_us', 'p99_us', 'max_us', 'cpu_us', 'user_us', 'kib', 'idle_kib',
        'start_ms')


def medians(results, work):
    """By contestant, the median of each figure, and lowest and highest rate."""
    rows = {}
    for other, name, _, values in results:
        if other is work:
            rows.setdefault(name, []).append(values)
    found = {}
    for name, rounds in rows.items():
        found[name] = {key: median(float(values[key]) for values in rounds)
                       for key in KEYS if key in rounds[0]}
        if 'rate' in rounds[0]:
            rates = [float(values['rate']) for values in rounds]
            found[name]['spread'] = (max(rates) - min(rates)) / median(rates)
    return found


def cell(value, form, width):
    return ('-' if value is None else form % value).rjust(width)


def over(one, other, key):
    if one.get(key) is None or not (other or {}).get(key):
        return None
    return one[key] / other[key]


def rows_speed(found, work, ours):
    scale = work.bulk() / 1e6 or 1
    yield '%-14s %10s %9s %9s %8s %8s %9s %10s %9s %9s' % (
        '', 'MB/s' if work.bulk() else 'requests/s', 'of vfork', 'of ours', 'p50 ms', 'p99 ms',
        'CPU us', 'of vfork', 'own user', 'spread')
    vfork, mine = found.get('vfork'), found.get(ours)
    for name, one in found.items():
        bulk_loop = work.bulk() and 'p50_us' not in one     # its readers are in its time
        cpu = None if bulk_loop else one.get('cpu_us')
        yield '%-14s %s %s %s %s %s %s %s %s %s' % (
            name, cell(one['rate'] * scale, '%.1f', 10), cell(over(one, vfork, 'rate'), '%.3f', 9),
            cell(over(one, mine, 'rate'), '%.3f', 9),
            cell(one['p50_us'] / 1000 if 'p50_us' in one else None, '%.2f', 8),
            cell(one['p99_us'] / 1000 if 'p99_us' in one else None, '%.2f', 8),
            cell(cpu, '%.1f', 9),
            cell(None if work.bulk() else over(one, vfork, 'cpu_us'), '%.3f', 10),
            cell(one.get('user_us'), '%.1f', 9),
            cell(one['spread'] * 100, '%.1f %%', 9))


def rows_other(found, keys):
    yield '%-14s' % '' + ''.join(' %18s' % title for title, _ in keys)
    for name, one in found.items():
        yield '%-14s' % name + ''.join(' ' + cell(one.get(key), '%.1f', 18) for _, key in keys)


def rows_calls(contest, work):
    """The mean of each over the rounds, and their sum."""
    rounds = [values['calls'] for other, _, _, values in contest.results if other is work]
    names = {name for counts in rounds for name in counts}
    means = {name: sum(counts.get(name, 0) for counts in rounds) / len(rounds) for name in names}
    for name in sorted(means, key=lambda name: (-means[name], name)):
        if means[name] >= 0.005:
            yield '%-14s %6.2f' % (name, means[name])
    yield '%-14s %6.2f' % ('all', sum(means.values()))


def table(contest, works, ours):
    lines = []
    for work in works:
        found = medians(contest.results, work)
        lines += ['', '%s: %s; %d requests, %d at once' % (
            work.name, work.title, contest.count(work), min(work.clients, contest.count(work)))]
        if work.calls:
            lines += rows_calls(contest, work)
        elif work.startup:
            lines += rows_other(found, [('ms', 'start_ms')])
        elif work.memory:
            lines += rows_other(found, [('KiB a program', 'kib'), ('KiB when idle', 'idle_kib')])
        else:
            lines += rows_speed(found, work, ours)
        lines += ['%-14s out: %s' % (name, why) for (which, name), why in contest.out.items()
                  if which == work.name]
    return '\n'.join(lines) + '\n'


def tsv(contest):
    lines = ['\t'.join(('workload', 'who', 'round') + KEYS)]
    lines += ['\t'.join([work.name, name, str(number)] + [
        '%.1f' % float(values[key]) if key in values else '' for key in KEYS])
        for work, name, number, values in contest.results]
    return '\n'.join(lines) + '\n'


# ---- the chart: for each workload a bar for each contestant, of what the limit does ----

BAR, GAP, LEFT, WIDTH = 14, 26, 190, 520
COLOURS = {'ours': '#1b6ca8', 'limit': '#9aa5b1', 'other': '#d98c3f'}


def colour(name, ours, limits):
    return COLOURS['ours' if name in ours else 'limit' if name in limits else 'other']


def bars(contest, works, ours):
    """Workload, and names with shares: of vfork where that took part, else of ours."""
    for work in works:
        found = {name: one['rate'] for name, one in medians(contest.results, work).items()
                 if 'rate' in one}
        whole = found.get('vfork') or found.get(ours)
        if whole:
            yield work, 'vfork' if 'vfork' in found else ours, [
                (name, rate / whole, rate) for name, rate in found.items()]


def svg(contest, works, ours, limits):
    y, parts = 50, []
    for work, whole, found in bars(contest, works, ours[0]):
        parts.append('<text x="10" y="%d" font-weight="bold">%s (1.00 is %s)</text>' % (
            y, work.title, whole))
        y += 8
        for name, share, rate in found:
            label = '%.2f (%.0f MB/s)' % (share, rate * work.bulk() / 1e6) if work.bulk() else \
                '%.2f (%.0f/s)' % (share, rate)
            parts.append(
                '<text x="%d" y="%d" text-anchor="end">%s</text>'
                '<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>'
                '<text x="%.1f" y="%d">%s</text>' % (
                    LEFT - 8, y + BAR - 3, name, LEFT, y, min(share, 1.25) * WIDTH / 1.25, BAR,
                    colour(name, ours, limits), LEFT + 6 + min(share, 1.25) * WIDTH / 1.25,
                    y + BAR - 3, label))
            y += BAR + 4
        y += GAP
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
            'font-family="sans-serif" font-size="12">\n<rect width="100%%" height="100%%" '
            'fill="white"/>\n<text x="10" y="24" font-size="16">Requests served, beside a bare '
            'loop of vfork, exec and wait</text>\n%s\n</svg>\n' % (
                LEFT + WIDTH + 130, y, '\n'.join(parts)))
