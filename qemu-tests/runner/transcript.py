# SPDX-License-Identifier: MIT
"""What somebody typed in a machine, and what he read: out of the logs of its
console into a document, and compared with it."""

import os
import re

MARK = "transcript: "
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What process 1 says; of its countdown the last.
OURS = re.compile(r"lastwatt: (\[ *\d+ ms\] |.*\.$)")
HEAD = """<!-- SPDX-License-Identifier: MIT. Made by "make transcripts": what is wrong here is
mended in the program, or in qemu-tests/scenarios/transcripts. -->
# Every command, tried

A Debian 12 with NUT, an Eaton on USB that the bench emulates, and lastwatt as its
package installs it; everything is typed by root. The lines are those of the machine.

"""


def console_lines(path):
    """Of a line that was written over, the last."""
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        for line in file:
            yield ESCAPES.sub("", line.rstrip("\r\n").rpartition("\r")[2])


def collect(out):
    """Lines of the document: "## title", "> prose", or what was on the screen."""
    lines = []
    for number in range(1, 100):
        path = os.path.join(out, f"console-{number}.log")
        if not os.path.exists(path):
            return lines
        for line in console_lines(path):
            if line.startswith(MARK) or line == MARK.rstrip():
                lines.append(line[len(MARK):])
            elif lines and OURS.match(line):
                lines.append(line)
    return lines


def document(lines):
    text, kind = HEAD, "title"
    for line in lines:
        if line.startswith("## "):
            text += ("" if kind == "title" else "\n") + line + "\n\n"
            kind = "title"
        elif line.startswith("> "):
            text += line[2:] + "\n"
            kind = "prose"
        else:
            before = "\n" if kind == "prose" or (
                line.startswith("$ ") and kind == "screen") else ""
            text += before + ("\t" + line).rstrip() + "\n"
            kind = "screen"
    return text


def alike(text):
    """Without times, PIDs, versions and sizes; process 1 does two things at
    a time, so the order of its lines is not always the same."""
    lines, ours = [], []
    for line in text.splitlines():
        line = re.sub(r" *\d+", " N", IDENTITY.sub("ID", line))
        if line.startswith("\tlastwatt: ["):
            ours.append(line)
            continue
        lines += sorted(ours) + [line]
        ours = []
    return lines + sorted(ours)


def difference(path, out):
    """Why the document at @path is not what was said in @out, or None."""
    new = alike(document(collect(out)))
    try:
        with open(path, encoding="utf-8") as file:
            old = alike(file.read())
    except FileNotFoundError:
        return f"there is no {path}"
    for number in range(max(len(old), len(new))):
        was, now = [" ".join(lines[number:number + 1]) or "(the end)"
                    for lines in (old, new)]
        if was != now:
            return f'{path} is not what the machine says: make transcripts ' \
                f'(it has "{was.strip()}", not "{now.strip()}")'
    return None
