# SPDX-License-Identifier: MIT
"""What lastwatt wants to reach, and whether it did."""

import os
import statistics

from . import numbers
from .timing import spread

TINY = "defconfig/tiny/lastwatt.cpio"
YES = {True: "reached", False: "**not reached**", None: "not measured"}
WHY = """Where it says *not reached*, this is known of it:

- *20 ms to safe storage.* Software emulation translates each piece of code when it
  is run for the first time, of the kernel's as well, and lastwatt runs all of its
  own once. With the clock that counts what is executed and stands still for the
  translation, it is the number in the row below. What can hang is done by processes
  that may hang: one each reads the handover, paints the console, unmounts, syncs,
  flushes a disk, keeps a UPS. The programs beside do all in one process, and would
  hang with it.
- *From the pivot to the first byte.* NUT's hook waits for no storage: it commands
  while the root is still mounted. Most of lastwatt's time until then goes by before
  the storage is safe.
- A pause of 125 ms lies between the two writes of a HID command: Tripp Lite's
  AVR750U drops what comes faster. NUT makes the same, so ratios of *commanded* are
  smaller than those of the *first byte*.
- On a Q1 line the command goes out once its protocol is known: QGS, Q1, ID and WH, at
  2400 baud, where each byte takes 4 ms. Silence is a yes in this protocol, so a
  second is waited for a no, and the status is asked then.
"""


def image(bench, name, budget):
    path = os.path.join(bench.build, name)
    if not os.path.exists(path):
        return "—", None
    size = os.path.getsize(path)
    return f"{size} bytes", size <= budget


def at_most(values, most):
    values = [value for value in values if value is not None]
    return spread(values), statistics.median(values) <= most if values else None


def at_least(values, least):
    return spread(values, 1), statistics.median(values) >= least if values \
        else None


def rows(report):
    """What, how much, what was measured, and the verdict."""
    few, many = numbers.ROWS[:2]

    def ours(row, key, since=""):
        return report.spans(report.measured(numbers.Case(row, "lastwatt")),
                            key, since)

    memory = [report.memory(row, "lastwatt")[0] for row in numbers.ROWS]
    found = [
        ("image with all drivers", "≤ 393216 bytes",
         image(report.bench, "lastwatt.cpio", 393216)),
        ("image with USB HID only", "≤ 196608 bytes",
         image(report.bench, TINY, 196608)),
        ("memory of all processes, PID 1 and the keeper among them",
         "≤ 1024 KiB", at_most([kib or None for kib in memory], 1024)),
        ("USB transfers from safe storage to the command, 49 reports", "≤ 4",
         at_most(ours(many, "to cut"), 4)),
        ("from safe storage to the first byte: NUT's driver takes, 4 reports",
         "≥ 10 times as long",
         at_least(report.pairs(few, "driver", "first", "safe"), 10)),
        ("the same, 49 reports", "≥ 10 times as long",
         at_least(report.pairs(many, "driver", "first", "safe"), 10)),
        ("from the pivot to the first byte: dracut's exitrd with NUT takes, "
         "49 reports", "≥ 8 times as long",
         at_least(report.pairs(many, "dracut", "first"), 8)),
        ("the same, NUT's hook with the root still mounted",
         "≥ 2 times as long",
         at_least(report.pairs(many, "hook", "first"), 2)),
        ("from the pivot to safe storage, without unmounting, sync and flush",
         "≤ 20 ms", at_most(ours(few, "own"), 20)),
        ("the same, with no UPS to command", "≤ 20 ms",
         at_most(report.spans(report.measured(numbers.spared_case()), "own"),
                 20)),
        ("the same, by a clock that counts instructions, a nanosecond each",
         "≤ 20 ms", at_most(report.spans(report.measured(
             numbers.counted_case()), "own"), 20)),
        ("the verb is carried out within the budget, whatever fails", "always",
         ("every scenario of `make check` asserts it", True)),
    ]
    return [[what, wanted, measured, YES[good]]
            for what, wanted, (measured, good) in found]
