# SPDX-License-Identifier: MIT
"""The bench's small text files: lines of words, settings, events, times."""

import re

WORD = re.compile(r'"([^"]*)"|(#.*)|([^\s"#=]+="[^"]*"|[^\s"#][^\s]*)')
TIME = re.compile(r"(\d+)(ms|s)$")


class Mistake(Exception):
    """Something in a file that a person wrote; the sentence names the place."""

    def __init__(self, path, line, sentence):
        super().__init__(f"{path}:{line}: {sentence}")


def lines(path):
    """Yield (number, text) of every line that says something."""
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(file, 1):
            text = text.strip()
            if text and not text.startswith("#"):
                yield number, text


def words(path, number, text):
    """Cut a line into (word, quoted) pairs."""
    found = []
    for match in WORD.finditer(text):
        if match.group(2) is not None:
            break
        quoted = match.group(1) is not None
        found.append((match.group(1) if quoted else match.group(3), quoted))
    if text.count('"') % 2:
        raise Mistake(path, number, "a quote is never closed")
    return found


def settings(path, known, repeated=()):
    """Read "key = value" lines; a repeated key collects a list."""
    values = {}
    for number, text in lines(path):
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise Mistake(path, number, 'this is not "key = value"')
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if key not in known and key not in repeated:
            raise Mistake(path, number, f'there is no key "{key}"')
        if key in repeated:
            values.setdefault(key, []).append(value)
        elif key in values:
            raise Mistake(path, number, f'"{key}" is there twice')
        else:
            values[key] = value
    return values


def milliseconds(path, number, word):
    match = TIME.match(word)
    if not match:
        raise Mistake(path, number, f'"{word}" is no time like 5s or 800ms')
    return int(match.group(1)) * (1000 if match.group(2) == "s" else 1)


class Pattern:
    """What an event has to look like; the same rules as in rig/timeline.c."""

    def __init__(self, path, number, found):
        if not found:
            raise Mistake(path, number, "the name of an event is missing")
        self.name = found[0][0]
        self.wanted = []
        for word, quoted in found[1:]:
            if quoted:
                self.wanted.append(("~", word))
            elif "=" in word:
                self.wanted.append(tuple(word.split("=", 1)))
            else:
                self.wanted.append(("", word))
        self.text = " ".join(f'"{w}"' if q else w for w, q in found)

    def matches(self, event):
        if event["event"] != self.name:
            return False
        for key, value in self.wanted:
            if key == "~":
                good = value in event.get("text", "")
            elif key:
                good = str(event.get(key)) == value.strip('"')
            else:
                good = value in [str(event[k]) for k in event
                                 if k not in ("ms", "event")]
            if not good:
                return False
        return True
