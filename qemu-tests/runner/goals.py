# SPDX-License-Identifier: MIT
"""What lastwatt wants to reach, and whether it did."""

import os
import statistics

from . import numbers
from .timing import spread

TINY = "defconfig/tiny/lastwatt.cpio"
YES = {True: "reached", False: "**not reached**", None: "not measured"}
# Why some of them are not: what forbids it.
WHY = ""


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
        ("from the pivot to the first byte: NUT's driver alone takes, 49 reports",
         "≥ 2 times as long",
         at_least(report.pairs(many, "driver", "first"), 2)),
        ("the same, shell and upsdrvctl", "≥ 8 times as long",
         at_least(report.pairs(many, "shell", "first"), 8)),
        ("from the pivot to safe storage, without unmounting, sync and flush",
         "≤ 20 ms", at_most(ours(few, "own"), 20)),
        ("the verb is carried out within the budget, whatever fails", "always",
         ("every scenario of `make check` asserts it", True)),
    ]
    return [[what, wanted, measured, YES[good]]
            for what, wanted, (measured, good) in found]
