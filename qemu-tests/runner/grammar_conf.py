# SPDX-License-Identifier: MIT
"""ups.conf and nut.conf: words, keys, the order of UPSes, the wait."""

import os
import re
import shutil

from .generate import KEYS, UPSES, Maker
from .grammar import Differs, SEED, differ
from .nut import spoken

# NUT's upsdrvctl passes over all but the first order since then.
FIRST_WITHOUT_ORDER = "2.8.3"


def compare_words(tools):
    """The words of generated files: NUT's tokeniser itself."""
    for seed in range(SEED, SEED + 4):
        done = tools.tokenise(str(seed), "2500")
        if done.returncode:
            lines = [line for line in done.stdout.splitlines()
                     if line.startswith("#")]
            raise Differs(f"seed {seed}: " + " ".join(lines)[-1500:])


def variables_of_nut(tools):
    """What a driver of NUT's shows; None if it does not start."""
    done = tools.run(tools.nut.command("dummy-ups", "-a", "u", "-u", "root",
                                       "-d", "1"), preload=tools.quick)
    if done.returncode or "Fatal error" in done.stdout:
        return None
    found = {}
    for line in done.stdout.splitlines():
        key, _, value = line.partition(": ")
        if key.lower() in KEYS:
            value = re.sub(r'\\(["\\#])', r"\1", value)
            found[key.lower()] = "" if value == "(null)" else value
    return found


def variables_of_ours(tools):
    found = {}
    text = tools.tokenise("-", tools.path("ups.conf")).stdout
    for line in text.splitlines():
        section, key, value = line.split("\t")
        kind, _, name = key.lower().partition(".")
        if section != "u" or name not in KEYS:
            continue
        if kind == "override" or f"override.{name}" not in found:
            found[name] = value
        found[f"{kind}.{name}"] = value
    return {key: found[key] for key in found if key in KEYS}


def compare_variables(tools):
    """What a driver of NUT's finds in its section."""
    tools.write("u.dev", "ups.status: OL\n")
    maker, compared = Maker(SEED), 0
    for _ in range(250):
        text = maker.variables()
        tools.write("ups.conf", text)
        theirs = variables_of_nut(tools)
        if theirs is None:
            continue
        compared += 1
        ours = variables_of_ours(tools)
        if theirs != ours:
            differ(text, theirs, ours)
    if compared < 125:
        raise Differs(f"NUT's driver started with {compared} of 250 only")


def orders_of_nut(tools):
    text = tools.run(tools.nut.command("upsdrvctl", "-t", "-D", "-D",
                                       "shutdown")).stdout
    return re.findall(r"exec:\s+\S*/(\S+) -a (.*) -k$", text, re.M)


def orders_of_ours(tools, first=False):
    """Those of order 0 alone are the @first that NUT commands."""
    return re.findall(r"^ups       (.*), driver (\S+).*, order " +
                      ("0" if first else r"-?\d+") + r"\b.*$",
                      tools.plan(), re.M)


def all_are_ours(tools):
    tools.write("upsmon.conf", "".join(
        f'MONITOR "{name}@localhost" 1 a b primary\n' for name in UPSES))


def compare_orders(tools):
    """In which order UPSes are commanded, and by which driver."""
    drivers = ["x1", "x2", "usbhid-ups"]
    os.makedirs(tools.path("drivers"), exist_ok=True)
    for name in drivers:
        shutil.copy(tools.nut.command("dummy-ups")[-1],
                    tools.path(f"drivers/{name}"))
    all_are_ours(tools)
    first_only = tools.nut.is_since(FIRST_WITHOUT_ORDER)
    head = f"driverpath = {tools.path('drivers')}\n"
    maker = Maker(SEED)
    for _ in range(250):
        text = maker.orders(drivers)
        tools.write("ups.conf", head + text)
        theirs = orders_of_nut(tools)
        ours = [(driver, name) for name, driver in
                orders_of_ours(tools, first_only)]
        if theirs != ours:
            differ(text, theirs, ours)
    # On purpose: a sdorder that is the first key of its section counts.
    tools.write("ups.conf", head + "[a]\nsdorder = 1\ndriver = x1\nport = y\n"
                "[b]\ndriver = x2\nport = y\n")
    theirs, ours = orders_of_nut(tools), orders_of_ours(tools)
    if [name for _, name in theirs] != ["a", "b"] or \
       [name for name, _ in ours] != ["b", "a"]:
        differ("a first sdorder", theirs, ours)


# --- keys of drivers --------------------------------------------------------

# "what it does : -x KEY…", and since 2.8.5 "KEY=<value><tab>what it does".
KEY_IN_HELP = re.compile(r"(?: : -x |^ +(?=\S+ *\t))([^- =\t\n][^ =\t\n]*)", re.M)


def keys_of_nut(tools, driver):
    text = tools.run(tools.nut.command(driver, "-h")).stdout
    return sorted(set(KEY_IN_HELP.findall(text)))


def drivers_of_ours(tools):
    """Those of NUT's drivers that we answer to, and the others."""
    ours, shipped = spoken(tools.lastwatt), tools.nut.shipped()
    return sorted(shipped & ours), sorted(shipped - ours)


def compare_drivers(tools):
    """Of a driver that we do not have, check knows why."""
    all_are_ours(tools)
    for driver in drivers_of_ours(tools)[1]:
        tools.write("ups.conf", f"[a]\ndriver = {driver}\nport = auto\n")
        said = tools.run([tools.lastwatt, "check"]).stdout
        if f"driver {driver} is not one that" not in said or \
           '"lastwatt list" names' in said:
            differ(driver, "a driver", said)


def compare_keys(tools):
    """Every key that a driver of NUT's knows is one that check knows."""
    compared = 0
    all_are_ours(tools)
    for driver in drivers_of_ours(tools)[0]:
        keys = keys_of_nut(tools, driver)
        tools.write("ups.conf", f"[a]\ndriver = {driver}\nport = /dev/null\n" +
                    "".join(f"{key} = 1\n" for key in keys + ["nonsense"]))
        said = re.findall(r"has a key (\S+) that driver",
                          tools.run([tools.lastwatt, "check"]).stdout)
        if said != ["nonsense"]:
            differ(driver, keys, said)
        compared += len(keys)
    if compared < 200:
        raise Differs(f"NUT's drivers told of {compared} keys only")


# --- apcupsd.conf -----------------------------------------------------------

def edited(text, **values):
    """The same file with other values; an empty one comments the line out."""
    for key, value in values.items():
        text = re.sub(rf"^#?{key}\b.*$", f"{key} {value}" if value else
                      f"#{key}", text, count=1, flags=re.M)
    return text


def compare_apcupsd(tools):
    """The file that Debian ships, and what people make of it."""
    package = tools.nut.archive.fetch("apcupsd")
    path = os.path.join(package, "etc/apcupsd/apcupsd.conf")
    with open(path, encoding="latin-1") as file:
        shipped = file.read()
    folder = tools.path("apcupsd/etc/apcupsd")
    os.makedirs(folder)
    for values, wanted in [
            ({}, ("apcupsd", "usbhid-ups")),
            ({"DEVICE": "", "UPSNAME": "rack"}, ("rack", "usbhid-ups")),
            ({"UPSTYPE": "apcsmart", "UPSCABLE": "smart"},
             ("apcupsd", "apcsmart")),
            ({"UPSTYPE": "dumb", "UPSCABLE": "940-0119A"},
             ("apcupsd", "genericups")),
            ({"UPSTYPE": "snmp", "DEVICE": "u:161:APC:private"},
             ("apcupsd", "snmp-ups")),
            ({"UPSTYPE": "modbus", "DEVICE": ""}, ("apcupsd", "apc_modbus")),
            ({"UPSTYPE": "net", "DEVICE": "nas:3551"}, None)]:
        with open(os.path.join(folder, "apcupsd.conf"), "w",
                  encoding="latin-1") as file:
            file.write(edited(shipped, **values))
        text = tools.run([tools.lastwatt, "plan", "poweroff", "--forced",
                          "--root", tools.path("apcupsd")], must=True,
                         NUT_CONFPATH="").stdout
        found = re.findall(r"^ups       (.*), driver ([^, ]+)", text, re.M)
        if found != ([wanted] if wanted else []) or \
           "/etc/apcupsd/powerfail" not in text or "apcupsd   " not in text:
            raise Differs(f"of {values} we make {found}: {text}")
