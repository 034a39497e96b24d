#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the bench itself: its descriptor reader, and what it says of bad
scenarios. Boots nothing; the control scenarios do that."""

import glob
import os
import subprocess
import sys
import tempfile

HOME = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HOME)
sys.dont_write_bytecode = True

from runner import chance, numbers, picture, timing, transcript  # noqa: E402
from runner.machine import Bench                    # noqa: E402
from runner.peer import pattern, shown              # noqa: E402
from runner.scenario import Scenario                # noqa: E402

BUILD = os.environ.get("BUILD", "build")
failures = 0


def result(good, name, why=""):
    global failures
    failures += not good
    print(f"ok {name}" if good else f"not ok {name}: {why}")


def expected_fields(path):
    """The rows of an .expected file, one for each element of a field."""
    rows = set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = line.rstrip("\n").split("\t")
            if row[0] != "field":
                continue
            _, kind, report, bit, bits, count, low, high = row[:8]
            path_words = row[14]
            for i in range(int(count)):
                rows.add((kind, report, int(bit) + i * int(bits), int(bits),
                          "0" if low == "-" else low,
                          "0" if high == "-" else high, path_words))
    return rows


def found_fields(path):
    done = subprocess.run([os.path.join(BUILD, "rig/rig-layout"), path],
                          capture_output=True, text=True, check=False)
    rows = set()
    for line in done.stdout.splitlines():
        kind, report, bit, bits, low, high, usage = line.split()
        rows.add((kind, report, int(bit), int(bits), low, high, usage))
    return rows


def test_descriptors():
    folder = os.path.join(HOME, "../drivers/hid/testdata")
    for hex_file in sorted(glob.glob(os.path.join(folder, "*.hex"))):
        name = os.path.basename(hex_file)[:-4]
        difference = found_fields(hex_file) ^ expected_fields(
            hex_file[:-4] + ".expected")
        result(not difference, f"descriptor {name}",
               f"{len(difference)} rows, such as {sorted(difference)[:2]}")


def test_corpus():
    """Every descriptor has its unit in the scenario that tries them all."""
    folder = os.path.join(HOME, "scenarios/corpus-debian12")
    units = ""
    for name in glob.glob(os.path.join(folder, "*.ups")):
        with open(name, encoding="utf-8") as file:
            units += file.read()
    for hex_file in sorted(glob.glob(
            os.path.join(HOME, "../drivers/hid/testdata/*.hex"))):
        name = os.path.basename(hex_file)
        result(f"descriptor = {name}\n" in units, f"unit of {name}",
               f"no .ups in {folder} has it")


# What a stranger gets wrong, and what he is told.
EATON = "descriptor = eaton-3s-700-0463-ffff.hex\n"
BAD = [
    ("no such key", {"scenario": "verbs = poweroff\n"},
     'scenario:1: there is no key "verbs"'),
    ("no equals sign", {"scenario": "# x\nverb poweroff\n"},
     'scenario:2: this is not "key = value"'),
    ("a key twice", {"scenario": "verb = halt\nverb = halt\n"},
     'scenario:2: "verb" is there twice'),
    ("no such version", {"scenario": "systemd = 111\n"},
     'scenario:1: "111" is not one of 252, 257, 262'),
    ("no number", {"scenario": "boots = two\n"},
     'scenario:1: "two" is no whole number'),
    ("no such layout", {"scenario": "root = floppy\n"},
     'scenario:1: there is no layout "floppy"'),
    ("no such disk", {"scenario": "more_disks = sata tape\n"},
     'scenario:1: "tape" is not one of sata, nvme'),
    ("no such screen", {"scenario": "screen = colour\n"},
     'scenario:1: "colour" is not one of none, text, graphics'),
    ("a screen without a text", {"expect": "shows last\n"},
     'expect:1: this is no sentence of expect: shows last'),
    ("a screen in another folder", {"mains": "at 1s: screen ../last\n"},
     'mains:1: "../last" has more than a-z, 0-9 and "-" in it'),
    ("no such flag", {"scenario": "flag = maybe\n"},
     'scenario:1: "maybe" is not absent, valid, empty or text "…"'),
    ("no such UPS", {"scenario": "ups = eaton\n"},
     "scenario:1: there is no file eaton.ups"),
    ("no such base", {"scenario": "base = ../elsewhere\n"},
     "elsewhere/scenario:1: there is no such file"),
    ("no sentence", {"expect": "the UPS is happy\n"},
     "expect:1: this is no sentence of expect: the UPS is happy"),
    ("then without first", {"expect": "then mains on\n"},
     'expect:1: "then" without "first"'),
    ("a cut of nobody", {"expect": "cut apc\n"},
     'expect:1: there is no UPS "apc"'),
    ("an open quote", {"expect": 'see console "rig\n'},
     "expect:1: a quote is never closed"),
    ("no colon", {"mains": "at 5s mains off\n"},
     "mains:1: there is no colon after the time"),
    ("no time", {"mains": "at 5: mains off\n"},
     'mains:1: "5" is no time like 5s or 800ms'),
    ("no such action", {"mains": "\nat 5s: explode\n"},
     'mains:2: there is no action "explode"'),
    ("a fault of nobody", {"mains": "at 5s: stall apc 0x09\n"},
     'mains:1: there is no UPS "apc"'),
    ("a fault without report", {"mains": "at 5s: stall eaton\n"},
     "mains:1: a number is missing"),
    ("one word too many", {"mains": "at 5s: cut now\n"},
     'mains:1: "now" is one word too many'),
    ("no such key of a UPS", {"eaton.ups": EATON + "colour = black\n"},
     'eaton.ups:2: there is no key "colour"'),
    ("no descriptor", {"eaton.ups": "model = x\n"},
     'eaton.ups:1: the key "descriptor" is missing'),
    ("no such delays", {"eaton.ups": EATON + "delays = hours\n"},
     'eaton.ups:2: "hours" is not one of seconds, minutes-seconds, index'),
    ("no such rounding", {"eaton.ups": EATON + "granularity_s = 9 off\n"},
     'eaton.ups:2: "off" is neither up nor down'),
    ("an answer to no report", {"eaton.ups": EATON + "answer = 0x09\n"},
     "eaton.ups:2: a number is missing"),
    ("no such device", {"eaton.ups": "device = line toaster\n"},
     'there is no device "toaster" on a line'),
    ("no such port", {"eaton.ups": "device = line metasys\non = moon\n"},
     'eaton.ups:2: there is no port "moon"'),
    ("a port without a device", {"eaton.ups": "on = serial\n"},
     'eaton.ups:1: the key "device" is missing'),
    ("no such ailment", {"eaton.ups": "device = line metasys\n"
                                      "line = tired\n"},
     'eaton.ups:2: "tired" is nothing that ails a line'),
    ("no such place", {"eaton.ups": "device = moon rock\n"},
     "eaton.ups:1: a device is a line, on usb, or on the net"),
    ("no such device on the net", {"eaton.ups": "device = net toaster\n"},
     'there is no device "toaster" on the network'),
    ("no such address", {"eaton.ups": "device = net fake-udp\n"
                                      "listen = 10.0.2\n"},
     'eaton: "10.0.2" is no address'),
    ("no such ailment of a network", {"eaton.ups": "device = net fake-udp\n"
                                                   "network = tired\n"},
     'eaton.ups:2: "tired" is nothing that ails a network'),
    ("no such carrier", {"mains": "at 5s: carrier maybe\n"},
     'mains:1: "maybe" is neither on nor off'),
    ("an ailment from never", {"mains": "at 5s: line eaton deaf from x\n"},
     'mains:1: "x" is no number'),
    ("a descriptor that is not there", {"eaton.ups": "descriptor = x.hex\n"},
     "eaton.ups:1: there is no file x.hex"),
]


def test_bad_scenarios():
    for name, files, wanted in BAD:
        with tempfile.TemporaryDirectory() as folder:
            files = {"scenario": "payload = none\n", "eaton.ups": EATON,
                     "expect": "final poweroff\n", **files}
            if name == "no such UPS":
                del files["eaton.ups"]
            for file_name, content in files.items():
                with open(os.path.join(folder, file_name), "w",
                          encoding="utf-8") as file:
                    file.write(content)
            done = subprocess.run(
                [os.path.join(HOME, "run"), folder], text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            said = done.stdout.strip()
            result(done.returncode != 0 and wanted in said and
                   len(said.splitlines()) == 1, f"bad scenario, {name}",
                   f"{done.returncode}, {said}")


# What nut-compare takes for commands in what a device has received.
COMMANDS = [
    ("a text", "S.5R0003\\r", "Q1\\rS.5R0003\\rQ1\\r", "S.5R0003\\r"),
    ("a hole", "S%*\\r", "Q1\\rS.5R0003\\rQ1\\r", "S.5R0003\\r"),
    ("a hole ends with its line", "S%*R%*\\r", "S.5\\rR\\r", ""),
    ("so many bytes", "<02>%3", "<01><02>A\\n<03>B", "<02>A\\n<03>"),
    ("the beginning of a line", "%^S\\r", "QS\\rS\\r", "S\\r"),
    ("... of the first one", "%^S\\r", "S\\rQS\\r", "S\\r"),
    ("alternatives", "S | @%3", "YS8@000", "S @000"),
    ("bytes of regular expressions", "[<08>@%1", "[<08>@<ff>", "[<08>@<ff>"),
]


def test_commands():
    for name, wanted, received, found in COMMANDS:
        said = " ".join(match.group() for match in
                        pattern(wanted).finditer(received))
        result(said == found, f"commands, {name}", said)
    said = "".join(map(shown, b"A \r\n<>\\\x00\xff"))
    result(said == "A<20>\\r\\n<3c><3e><5c><00><ff>", "bytes are shown", said)


def test_chance():
    made = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            chance.scenarios(50, 1, Bench(os.path.dirname(HOME), folder))
            files = sorted(glob.glob(folder + "/qemu/random/*/*"))
            made.append([(os.path.relpath(path, folder),
                          open(path, encoding="utf-8").read())
                         for path in files])
    result(made[0] == made[1], "a seed makes the same scenario again")
    result(len(made[0]) == 50 * 5 and len({text for _, text in made[0]}) > 100,
           "seeds differ", str(len(made[0])))


def events(*rows):
    """A timeline: (ms, event, key and value, …)."""
    return [dict(zip(row[2::2], row[3::2]), ms=row[0], event=row[1])
            for row in rows]


HID_RUN = events(
    (900, "get", "ups", "u"),
    (1000, "console", "text", "rig: T0 exec /shutdown"),
    (1040, "console", "text",
     "lastwatt: [    30 ms] storage   unmounted 10 in 12 ms"),
    (1050, "get", "ups", "u"),
    (1060, "console", "text",
     "lastwatt: [    50 ms] storage   sync took 3 ms, the flush 5 ms"),
    (1069, "set", "ups", "u"),
    (1070, "console", "text", "lastwatt: [    60 ms] storage   safe: nothing"),
    (1200, "set", "ups", "u"), (1200, "command", "ups", "u"),
    (1205, "get", "ups", "u"),
    (1210, "console", "text",
     "lastwatt: [   200 ms] record    u: return verified, load off in 8 s"),
    (1300, "qmp", "name", "SHUTDOWN"))
NET_RUN = events(
    (0, "console", "text", "rig: T0 exec /shutdown"),
    (10, "console", "text", "exitrd: safe"),
    (20, "net", "to", "ups", "data", "30 02 a0"),
    (25, "net", "to", "host", "data", "30 02 a2"),
    (30, "net", "to", "ups", "data", "30 02 a3"), (30, "command", "ups", "u"),
    (34, "net", "to", "host", "data", "30 02 a2"),
    (90, "qmp", "name", "SHUTDOWN"))


def test_timing():
    found = timing.measure(HID_RUN)
    result(found == {"safe": 70, "first": 70, "acknowledged": 200,
                     "commanded": 200, "verified": 205, "off": 300,
                     "transfers": 4, "to cut": 1, "own": 40},
           "times of a run on the USB", str(found))
    found = timing.measure(NET_RUN, "a3$")
    result(found == {"safe": 10, "first": 30, "commanded": 30,
                     "acknowledged": 34, "off": 90, "transfers": 0,
                     "to cut": 0}, "times of a run on a network", str(found))
    result(timing.measure(HID_RUN[:1]) == {}, "a run that came to nothing")
    result(timing.span(found, "off", "safe") == 80 and
           timing.span(found, "verified", "safe") is None,
           "what did not happen took no time")
    found = timing.memory(events(
        (1, "console", "text", "rig: memory 70 KiB: 1 a 30, 2 b 40lastwatt:"),
        (2, "console", "text", "rig: memory 60 KiB: 1 a 60")))
    result(found == (70, "1 a 30, 2 b 40"), "the largest memory", str(found))


def test_tables():
    said = [timing.spread([3, 1, None, 2]), timing.spread([7, 7]),
            timing.spread([None]), timing.spread([2.5, 0.5], 1)]
    result(said == ["2 (1…3)", "7", "—", "1.5 (0.5…2.5)"],
           "medians and ranges", str(said))
    result(timing.ratios([2, 0, 4, None], [4, 3, None, 5]) == [2, 3],
           "ratios are those of pairs")
    result(timing.line_through([(0, 10), (10, 40), (20, 70)]) == (3, 10),
           "a line through points")
    said = timing.table(["a", "b"], [[1, "x"], [2, "y"]])
    result(said == ["| a | b |", "|---|---|", "| 1 | x |", "| 2 | y |"],
           "a table", str(said))


def test_measurements():
    """What make bench runs are scenarios that hold together."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.path.dirname(HOME), folder)
        repeated, once = numbers.all_cases()
        names = [case.name for case in repeated + once]
        result(len(names) == len(set(names)), "each measurement has its name")
        for case in repeated + once:
            Scenario(case.write(bench, 1), case.name, bench.machines)
        result(True, f"{len(names)} measurements are scenarios")


CONSOLE = """noise
transcript: ## Title
transcript: > Prose.
transcript: $ lastwatt report
transcript: boot      %s, shut down %d
\x1b[1mtranscript: it is\x1b[0m %s
lastwatt: [ %d ms] arm       ready
lastwatt: [ %d ms] storage   safe
"""
DOCUMENT = """## Title

Prose.

	$ lastwatt report
	boot      2a544568-d24c-4b55-8eb3-3492217554a6, shut down 3
	it is well
	lastwatt: [ 1 ms] arm       ready
	lastwatt: [ 2 ms] storage   safe
"""


def test_transcripts():
    """A document is alike when only times and the order of two things that
    are done at a time differ."""
    with tempfile.TemporaryDirectory() as folder:
        path, console = folder + "/document", folder + "/console-1.log"

        def differs(*words):
            with open(console, "w", encoding="utf-8") as file:
                file.write(CONSOLE % words)
            return transcript.difference(path, folder)

        one = "2a544568-d24c-4b55-8eb3-3492217554a6"
        result(differs(one, 3, "well", 1, 2) == f"there is no {path}",
               "a transcript needs its document")
        made = transcript.document(transcript.collect(folder))
        result(made == transcript.HEAD + DOCUMENT, "a transcript is written",
               made)
        with open(path, "w", encoding="utf-8") as file:
            file.write(made)
        why = differs(one.replace("a", "f"), 11, "well", 200, 7)
        result(why is None, "times and identities do not count", why)
        result("make transcripts" in (differs(one, 3, "ill", 1, 2) or ""),
               "words count")


def test_pictures():
    """What has more colours than a console is none."""
    def read(colours):
        row = b"".join(bytes([number % colours] * 3) for number in range(24))
        return picture.read_text([row] * 16, {})

    result(read(16) == ["???"], "sixteen colours are text")
    result(read(17) == [picture.PICTURE], "seventeen are a picture")


if __name__ == "__main__":
    test_descriptors()
    test_commands()
    test_corpus()
    test_bad_scenarios()
    test_chance()
    test_timing()
    test_tables()
    test_measurements()
    test_transcripts()
    test_pictures()
    sys.exit(1 if failures else 0)
