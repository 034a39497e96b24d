# SPDX-License-Identifier: MIT
"""What a run took, from its timeline: the rig's clock, outside of the machine.
And the tables that are made of many runs."""

import re
import statistics

SAFE = re.compile(r"storage +safe: |^exitrd: safe")
STAMP = re.compile(r"\[ *(\d+) ms\] storage +safe: ")
KERNELS_PART = (r"unmounted \d+ in (\d+) ms", r"sync took (\d+) ms",
                r"the flush (\d+) ms")
TRANSFERS = ("get", "set", "control", "transfer")
MEMORY = re.compile(r"rig: memory (\d+) KiB: ((?:(?:, )?\d+ [\w.-]+ \d+)+)")
# A column, from when, and to when.
PHASES = (("pivot → safe", "", "safe"), ("safe → first byte", "safe", "first"),
          ("pivot → first byte", "", "first"),
          ("→ acknowledged", "first", "acknowledged"),
          ("→ verified", "acknowledged", "verified"),
          ("→ off", "commanded", "off"), ("pivot → off", "", "off"))


def first(events, holds):
    return next((event["ms"] for event in events if holds(event)), None)


def says(event, pattern):
    return event["event"] == "console" and re.search(pattern, event["text"])


def is_command_byte(event, command):
    """Something said to the UPS that is part of a command. @command is a
    regular expression for what is no report."""
    if event["event"] == "set":
        return True
    if event["event"] in ("line", "net") and event["to"] == "ups":
        return bool(re.search(command, event["text"])
                    if event["event"] == "line"
                    else re.search(command, event["data"]))
    return False


def is_answer(event):
    return event["event"] == "get" or (
        event["event"] in ("line", "net") and event["to"] == "host")


def acknowledged(events, at):
    """When the last command was: a transfer is with its end, a datagram with
    the answer, and on a line nothing answers."""
    if events[at - 1]["event"] == "set":
        return events[at]["ms"]
    if events[at - 1]["event"] == "line":
        return None
    return first(events[at:], lambda event: event["event"] == "net" and
                 event["to"] == "host")


def measure(events, command=""):
    """Milliseconds since the pivot of all that PHASES names, and the number of
    transfers. None: it did not happen."""
    start = next((i for i, event in enumerate(events)
                  if says(event, "^rig: T0")), None)
    if start is None:
        return {}
    begin = events[start]["ms"]
    events = events[start:]
    told = [i for i, event in enumerate(events) if event["event"] == "command"]
    safe = first(events, lambda event: says(event, SAFE))
    off = first(events, lambda event: event["event"] == "qmp" and
                event["name"] == "SHUTDOWN")
    found = {"safe": safe, "off": off, "first": first(
        events, lambda event: is_command_byte(event, command))}
    found["acknowledged"] = acknowledged(events, told[-1]) if told else None
    found["commanded"] = events[told[-1]]["ms"] if told else None
    verified = [i for i, event in enumerate(events)
                if says(event, "record +.* verified")]
    if verified:
        found["verified"] = max(event["ms"] for event in events[:verified[-1]]
                                if is_answer(event))
    # The console may come a little later than what is done after its line.
    if safe is not None:
        found = {key: value and max(value, safe)
                 for key, value in found.items()}
    found = {key: value - begin for key, value in found.items()
             if value is not None}
    found["transfers"] = sum(event["event"] in TRANSFERS for event in events)
    if told and safe is not None:
        found["to cut"] = sum(event["event"] in TRANSFERS and
                              event["ms"] >= safe
                              for event in events[:told[-1] + 1])
    found.update(own_time(events))
    return found


def own_time(events):
    """What lastwatt's own clock says of the way to safe storage, without the
    kernel's part of it."""
    text = " ".join(event["text"] for event in events
                    if event["event"] == "console")
    match = STAMP.search(text)
    if not match:
        return {}
    spent = [int(number) for pattern in KERNELS_PART
             for number in re.findall(pattern, text)]
    return {"own": int(match.group(1)) - sum(spent)}


def span(found, key, since=""):
    """How long it took from @since ("": the pivot) to @key, or None."""
    if key not in found or (since and since not in found):
        return None
    return found[key] - (found[since] if since else 0)


def memory(events):
    """The largest sum of resident memory that was seen, and of what."""
    best = (0, "")
    for event in events:
        match = event["event"] == "console" and MEMORY.search(event["text"])
        if match:
            best = max(best, (int(match.group(1)), match.group(2)))
    return best


def spread(values, digits=0):
    """The median, and from where to where; "—" for nothing."""
    values = [value for value in values if value is not None]
    if not values:
        return "—"
    middle, low, high = (f"{value:.{digits}f}" for value in (
        statistics.median(values), min(values), max(values)))
    return middle if low == high else f"{middle} ({low}…{high})"


def ratios(ours, others):
    """Pair by pair, of the same round. What takes less than the clock can tell
    counts as its one millisecond."""
    return [other / max(our, 1) for our, other in zip(ours, others)
            if our is not None and other is not None]


def line_through(points):
    """Slope and intercept of the line through (x, y): least squares."""
    middle_x = statistics.mean(x for x, _ in points)
    middle_y = statistics.mean(y for _, y in points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / \
        sum((x - middle_x) ** 2 for x, _ in points)
    return slope, middle_y - slope * middle_x


def table(head, rows):
    """Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |"
                    for row in rows]
