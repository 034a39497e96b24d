# SPDX-License-Identifier: MIT
"""Judges a run from outside: its timeline, and the images of its disk."""

import json
import os
import re
import shutil
import subprocess

from . import transcript

HOME = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TROUBLE = ("Attempted to kill init", "Kernel panic", "Oops:", "BUG: ")
RECORD = re.compile(r"rig: record (\d+)")
OUTCOME = re.compile(r"lastwatt: .* record +(\S+): ")
LAST_RECORD = re.compile(r"rig: last record (-?\d+)")


class Failure(Exception):
    """What did not hold, in one sentence."""


def read_timeline(path):
    events = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            events.append(json.loads(line))
    return events


def image_problem(path):
    """Why the file system in a disk image is not clean, or None."""
    raw = path + ".raw"
    tools = os.environ["PATH"] + ":/usr/sbin:/sbin"
    env = dict(os.environ, PATH=tools)
    try:
        subprocess.run(["qemu-img", "convert", "-O", "raw", path, raw],
                       check=True, env=env)
        head = subprocess.run(["dumpe2fs", "-h", raw], env=env, text=True,
                              capture_output=True, check=False).stdout
        if "needs_recovery" in head:
            return "its journal needs recovery"
        if not re.search(r"^Filesystem state:\s+clean$", head, re.M):
            return "it is not marked clean"
        done = subprocess.run(["e2fsck", "-fn", raw], env=env, text=True,
                              capture_output=True, check=False)
        if done.returncode:
            return "e2fsck: " + done.stdout.strip().replace("\n", "; ")[-300:]
        return None
    finally:
        if os.path.exists(raw):
            os.remove(raw)


class Judge:
    def __init__(self, scenario, out, look):
        self.look = look
        self.scenario = scenario
        self.expect = scenario.expect
        self.out = out
        self.events = read_timeline(os.path.join(out, "timeline.jsonl"))

    def some(self, name, **values):
        return [event for event in self.events if event["event"] == name and
                all(event.get(key) == values[key] for key in values)]

    def console(self, text, boot=1):
        return [event for event in self.some("console", boot=boot)
                if text in event["text"]]

    def started(self):
        """Did the guest get as far as our own first program?"""
        return bool(self.console("rig: init 1"))

    def judge(self):
        """Raise Failure for the first thing that does not hold."""
        wanted = self.expect.breaks
        try:
            self.judge_all()
        except Failure as failure:
            if not wanted or not str(failure).startswith(wanted + ":"):
                raise
            return
        if wanted:
            raise Failure(f"{wanted} should have been broken, and was not")

    def judge_all(self):
        if not self.started():
            raise Failure("the machine never started")
        end = self.some("end")
        if not end:
            raise Failure("the rig ended too early, see rig.log")
        self.no_trouble()
        if end[0]["why"] == "timeout":
            raise Failure(f"not over after {self.scenario['timeout_s']} s; "
                          "the last line was: " + self.last_line())
        self.states(end[0])
        self.commands()
        self.claims()
        self.screens()
        self.transcript()
        self.budget()
        self.images()
        self.records()
        self.words()

    def last_line(self):
        lines = self.some("console")
        return lines[-1]["text"] if lines else "(none)"

    def no_trouble(self):
        if "I4" in self.expect.waived:
            return
        for event in self.some("console"):
            for text in TROUBLE:
                if text in event["text"]:
                    raise Failure(f"I4: {event['text']}")

    def states(self, end):
        exits = self.some("exit")
        if self.expect.final and exits[0]["how"] != self.expect.final:
            raise Failure(f"the first boot ended in {exits[0]['how']}, "
                          f"not in {self.expect.final}")
        wanted = self.expect.end or "poweroff"
        if len(exits) > 1 and exits[-1]["how"] != wanted:
            raise Failure(f"the last boot ended in {exits[-1]['how']}, "
                          f"not in {wanted}")
        if self.expect.end and len(exits) == 1:
            raise Failure("there was no second boot")
        if self.expect.next_boot_clean:
            if len(exits) < 2:
                raise Failure("there was no second boot")
            if not self.console("rig: clean boot", boot=2):
                raise Failure("the next boot was not clean")
        # A machine that resets is not off, whether or not it may boot again.
        if ("I8" not in self.expect.waived and len(exits) == 1 and
                exits[0]["how"] != "reboot" and
                self.scenario["flag"] == "valid" and self.expect.upses and
                end["machine"] == "off" and end["mains"] == "on" and
                end["cutting"] == "no"):
            raise Failure("I8: off, with mains on, and no cut to come")

    def commands(self):
        """I2 and I3: the intended UPSes once, and nothing else."""
        for name in self.expect.upses:
            count = len(self.some("command", ups=name))
            wanted = 1 if name in self.expect.cut else 0
            if count != wanted and "I2" not in self.expect.waived:
                raise Failure(f"I2: {name} was commanded {count} times, "
                              f"not {wanted}")
            sets = self.some("set", ups=name)
            if not wanted and sets and "I3" not in self.expect.waived:
                raise Failure(f"I3: a SET_REPORT to {name}: "
                              f"{sets[0]['data']}")

    def claims(self):
        at, since = 0, 0
        for number, kind, pattern, limit in self.expect.claims:
            place = f"expect:{number}"
            hits = [i for i, event in enumerate(self.events)
                    if pattern.matches(event)]
            if kind == "no":
                if hits:
                    raise Failure(f"{place}: happened: {pattern.text}")
                continue
            if kind == "count":
                if len(hits) != limit:
                    raise Failure(f"{place}: {len(hits)} times instead of "
                                  f"{limit}: {pattern.text}")
                continue
            if kind == "then":
                hits = [i for i in hits if i > at]
            if not hits:
                raise Failure(f"{place}: did not happen"
                              f"{' after that' if kind == 'then' else ''}: "
                              + pattern.text)
            if kind == "see":
                continue
            took = self.events[hits[0]]["ms"] - since
            if kind == "then" and limit is not None and took > limit:
                raise Failure(f"{place}: after {took} ms instead of {limit}: "
                              + pattern.text)
            at, since = hits[0], self.events[hits[0]]["ms"]

    def budget(self):
        """I5: from the entry of /shutdown to the end of the first boot."""
        entry = self.console("rig: T0")
        if not entry or "I5" in self.expect.waived:
            return
        over = (self.console("reboot: System halted") or
                self.some("exit", boot=1))[0]
        took = over["ms"] - entry[0]["ms"]
        if took > int(self.scenario["budget_s"]) * 1000:
            raise Failure(f"I5: the final state came after {took} ms")

    def words(self):
        """I6: what was recorded is what the UPSes saw."""
        if "I6" in self.expect.waived:
            return
        for text in self._texts(1):
            match = OUTCOME.search(text)
            # The fake UPS of the test build has no far end to be asked.
            if not match or match.group(1) not in self.expect.upses:
                continue
            seen = bool(self.some("command", ups=match.group(1)))
            denied = "NOT commanded" in text
            proven = "verified" in text and "not verified" not in text
            if (denied and seen) or (proven and not seen):
                raise Failure(f"I6: recorded was: {text}; but the UPS was "
                              f"{'' if seen else 'not '}commanded")

    def problem(self, image):
        return self.look(self.scenario, image)

    def layout(self):
        """A disk with a layout is looked at by the boot after it, too."""
        if "I7" in self.expect.waived or len(self.some("exit")) < 2:
            return
        bad = self.console("rig: check bad", boot=2)
        if bad:
            raise Failure("I7: after boot 1 the disk was not clean: "
                          + bad[0]["text"])
        if not self.console("rig: check good", boot=2):
            raise Failure("I7: nobody could look at the disk")

    def screens(self):
        for number, name, text in self.expect.screens:
            path = os.path.join(self.out, name + ".txt")
            if not os.path.exists(path):
                raise Failure(f"expect:{number}: there is no screen {name}")
            with open(path, encoding="utf-8") as file:
                if text not in file.read():
                    raise Failure(f"expect:{number}: the screen {name} does "
                                  f'not show "{text}"')

    def transcript(self):
        """A document still is what the machine says."""
        if self.expect.transcript:
            number, path = self.expect.transcript
            why = transcript.difference(os.path.join(HOME, path), self.out)
            if why:
                raise Failure(f"expect:{number}: {why}")

    def images(self):
        """I1 and I7: what the disk held at those instants."""
        at_once = self.scenario["root"] and self.some("command",
                                                      off_after_s=0)
        # The disk at the instant of a cut at once is the disk after boot 1.
        for event in [] if at_once else self.some("snapshot"):
            problem = "I1" not in self.expect.waived and \
                self.problem(event["file"])
            if problem:
                raise Failure("I1: at the instant of the command the disk "
                              f"was not clean: {problem}")
        if self.scenario["root"]:
            self.layout()
            return
        for event in self.some("exit"):
            if "I7" in self.expect.waived or event["how"] == "killed":
                continue
            problem = self.problem(event["file"])
            if problem:
                raise Failure(f"I7: after boot {event['boot']} the disk was "
                              f"not clean: {problem}")

    def records(self):
        told = [int(match.group(1)) for match in
                map(RECORD.search, self._texts(1)) if match]
        held = [int(match.group(1)) for match in
                map(LAST_RECORD.search, self._texts(2)) if match]
        if told and held and held[0] < max(told):
            raise Failure(f"I7: record {max(told)} was safe, but the file "
                          f"ends with {held[0]}")

    def _texts(self, boot):
        return [event["text"] for event in self.some("console", boot=boot)]

    def tidy(self):
        """Disk images are large; the rest is kept."""
        for name in os.listdir(self.out):
            if name.endswith((".qcow2", ".cpio", ".raw")):
                os.remove(os.path.join(self.out, name))
        shutil.rmtree(os.path.join(self.out, "initrd.cpio.files"),
                      ignore_errors=True)
