# SPDX-License-Identifier: MIT
"""An emulated serial UPS on a pseudo-terminal, and a program that uses it."""

import os
import re
import subprocess

# Some devices have files of their own, and know them from here.
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
# One byte, as the journal is shown: A, \r, \n, <00>.
BYTE = r"(?:<[0-9a-f]{2}>|\\[rn]|[!-;=?-~])"
HOLE = re.compile(r"%(\d+|\*)")


def shown(byte):
    if byte in (13, 10):
        return "\\r" if byte == 13 else "\\n"
    if 0x21 <= byte <= 0x7e and byte not in b"<>\\":
        return chr(byte)
    return f"<{byte:02x}>"


def pattern(text):
    """What a command looks like: literally, but %3 is any three bytes, %* all
    up to what follows on the same line, %^ the beginning of a line, and | is
    between alternatives."""
    ways = []
    for way in text.split(" | "):
        start = way.startswith("%^")
        way = way.removeprefix("%^")
        parts, at = [r"(?:(?<=\\r)|(?<=\\n)|^)" if start else ""], 0
        for hole in HOLE.finditer(way):
            parts.append(re.escape(way[at:hole.start()]))
            count = hole.group(1)
            parts.append(r"(?:<[0-9a-f]{2}>|[!-;=?-\[\]-~])*?"
                         if count == "*" else f"{BYTE}{{{count}}}")
            at = hole.end()
        ways.append("".join(parts) + re.escape(way[at:]))
    return re.compile("|".join(ways))


class Peer:
    """One device, from plugging in to pulling out."""

    program = "lastwatt"

    def __init__(self, pty, modem, kind, folder, mains):
        self.folder = folder
        # Some of NUT's drivers know a serial port by such a path only.
        self.port = os.path.join(folder, "dev/tty")
        os.mkdir(os.path.dirname(self.port))
        self.environment = {"LD_PRELOAD": modem, "RIG_MODEM_PORT": self.port}
        self.journal = os.path.join(folder, "journal")
        arguments = [pty, "--limit", "600"] + ["--mains"] * mains
        with open(self.journal, "w", encoding="utf-8") as file:
            self.process = subprocess.Popen(arguments + [kind, self.port],
                                            cwd=SOURCE, stderr=file,
                                            stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE)
        self.lines = []

    def __enter__(self):
        self.lines.append(self.process.stdout.readline().decode())
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.lines += self.process.stdout.read().decode().splitlines(True)
        self.process.wait()
        with open(self.journal, "a", encoding="utf-8") as file:
            file.writelines(self.lines)

    def told(self, what):
        """What stands after that word in the journal."""
        for line in self.lines:
            words = line.split(" ", 2)
            if words[1].strip() == what:
                yield words[2].strip() if len(words) > 2 else ""

    def orders(self):
        return list(self.told("order"))

    def received(self):
        return "".join(shown(int(byte, 16)) for line in self.told("received")
                       for byte in line.split())

    def commands(self, wanted):
        """The commands in what it received; "lines": changes of the lines."""
        if wanted == "lines":
            return ", ".join(line or "none" for line in self.told("lines"))
        return " ".join(match.group() for match in
                        pattern(wanted).finditer(self.received()))


class UsbPeer(Peer):
    """A device on the USB, which is in the process of whoever uses it: instead
    of libusb in NUT's driver, instead of the bus in our program."""

    program = "lastwatt-usb"

    def __init__(self, library, kind, folder, mains):
        # pylint: disable=super-init-not-called
        self.folder = folder
        self.port = "auto"
        self.journal = os.path.join(folder, "journal")
        self.lines = []
        self.environment = {"RIG_USB_DEVICE": kind,
                            "RIG_USB_JOURNAL": self.journal,
                            "LD_PRELOAD": library}
        if mains:
            self.environment["RIG_USB_MAINS"] = "yes"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with open(self.journal, "a+", encoding="utf-8") as file:
            file.seek(0)
            self.lines = file.readlines()

    def commands(self, wanted):
        """What of the lines that it was told the expression matches."""
        matches = (re.search(wanted, line) for line in self.told("told"))
        return ", ".join(match.group() for match in matches if match)


class NetPeer(Peer):
    """A device that is asked in datagrams, on the loopback interface."""

    def __init__(self, program, kind, folder, mains):
        # pylint: disable=super-init-not-called
        self.folder = folder
        self.environment = {}
        self.journal = os.path.join(folder, "journal")
        arguments = [program, "--limit", "600"] + ["--mains"] * mains
        self.process = subprocess.Popen(arguments + [kind], cwd=SOURCE,
                                        stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.lines = []
        self.port = ""

    def __enter__(self):
        super().__enter__()
        self.port = "127.0.0.1:" + next(self.told("port"))
        return self

    def commands(self, wanted):
        """What of the datagrams that it received the expression matches, each
        once: a question may be repeated before its answer has come."""
        matches = (re.search(wanted, line) for line in self.told("received"))
        return ", ".join(dict.fromkeys(match.group() for match in matches
                                       if match))


class Program:
    """Something that opens the peer's port."""

    def __init__(self, name, arguments, peer, **environment):
        self.arguments = arguments
        self.output = os.path.join(peer.folder, name + ".out")
        self.environment = dict(os.environ, **peer.environment, **environment)
        # Only what is said here counts.
        if "NUT_CONFPATH" not in environment:
            self.environment.pop("NUT_CONFPATH", None)

    def run(self, limit_s):
        """Returns its status, None if it did not end, and its output."""
        with open(self.output, "w", encoding="utf-8") as file:
            try:
                status = subprocess.run(self.arguments, cwd=SOURCE,
                                        env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=file,
                                        stderr=file, timeout=limit_s,
                                        check=False).returncode
            except subprocess.TimeoutExpired:
                status = None
        with open(self.output, encoding="utf-8", errors="replace") as file:
            return status, file.read()
