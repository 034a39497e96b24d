#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""lastwatt cut against net-snmp's agent, which is nobody's fake: every version,
every protocol of SNMPv3, and each thing that may be wrong. The UPS behind the
agent (RFC 1628) is this program again, as its pass_persist. BUILD is the folder
of the build."""

import concurrent.futures
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

UPS = ".1.3.6.1.2.1.33.1"
AUTHS = ("MD5", "SHA", "SHA224", "SHA256", "SHA384", "SHA512")
# NUT's name, and net-snmp's.
PRIVS = {"DES": "DES", "AES": "AES", "AES192": "AES-192", "AES256": "AES-256"}
AUTH_PASSWORD = "open sesame please"
PRIV_PASSWORD = "and keep it hidden"
WRITE = "may-write-9Jd2"
READ = "may-read-77Qx"
SECRETS = (AUTH_PASSWORD, PRIV_PASSWORD, WRITE, READ, "not-the-one")
LIMIT_S = 120


class Ups:
    """RFC 1628's control group, and where the power comes from."""

    def __init__(self, journal, static):
        self.journal = journal
        self.values = {"1.1.0": ("string", "lastwatt"),
                       "1.2.0": ("string", "a test"),
                       "2.1.0": ("integer", 3), "4.1.0": ("integer", 5),
                       "8.1.0": ("integer", 2), "8.2.0": ("integer", -1),
                       "8.3.0": ("integer", -1), "8.4.0": ("integer", -1),
                       "8.5.0": ("integer", 2)}
        self.off_at = None
        self.static = static

    def get(self, name):
        if name == "8.2.0" and self.off_at is not None:
            return "integer", max(0, round(self.off_at - time.monotonic()))
        return self.values.get(name)

    def set(self, name, value):
        if not name.startswith("8.") or name not in self.values:
            return "not-writable"
        if name == self.static:
            return "not-writable"
        number = int(value.split()[-1])
        self.values[name] = ("integer", number)
        if name == "8.2.0":
            self.off_at = time.monotonic() + number if number >= 0 else None
        with open(self.journal, "a", encoding="utf-8") as file:
            file.write(f"{name}={number}\n")
        return "DONE"

    def next(self, name):
        def key(text):
            return [int(part) for part in text.split(".") if part]
        return next((one for one in sorted(self.values, key=key)
                     if key(one) > key(name)), None)


def serve(journal, static):
    """What snmpd asks its pass_persist."""
    ups = Ups(journal, static)
    lines = iter(sys.stdin.readline, "")
    for line in lines:
        word = line.strip()
        if not word:    # behind each set
            continue
        if word == "PING":
            print("PONG", flush=True)
            continue
        name = next(lines).strip()[len(UPS) + 1:]
        if word == "set":
            print(ups.set(name, next(lines)), flush=True)
            continue
        if word == "getnext":
            name = ups.next(name)
        found = name and ups.get(name)
        if found:
            print(f"{UPS}.{name}", *found, sep="\n", flush=True)
        else:
            print("NONE", flush=True)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def user(auth="", priv=""):
    return f"u{auth}{priv}"


def find_snmpd():
    """The agent, or None: it cannot be had."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                          "../../scripts/snmpd")
    done = subprocess.run([script], stdout=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


class Agent:
    """snmpd with that UPS behind it."""

    def __init__(self, folder, static=""):
        self.folder = folder
        self.port = free_port()
        self.journal = os.path.join(folder, "journal")
        self.conf = os.path.join(folder, "snmpd.conf")
        self.log = os.path.join(folder, "log")
        me = f"{sys.executable} {os.path.abspath(__file__)}"
        lines = [f"rwcommunity {WRITE}", f"rocommunity {READ}",
                 f"pass_persist {UPS} {me} --serve {self.journal} {static}",
                 f"rwuser {user()} noauth", f"createUser {user()}"]
        for auth in AUTHS:
            lines.append(f"rwuser {user(auth)} auth")
            lines.append(f'createUser {user(auth)} {auth_name(auth)} '
                         f'"{AUTH_PASSWORD}"')
            for priv, name in PRIVS.items():
                lines.append(f"rwuser {user(auth, priv)} priv")
                lines.append(f'createUser {user(auth, priv)} '
                             f'{auth_name(auth)} "{AUTH_PASSWORD}" {name} '
                             f'"{PRIV_PASSWORD}"')
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.process = None
        self.start()

    def start(self):
        environment = dict(os.environ,
                           SNMP_PERSISTENT_DIR=os.path.join(self.folder, "p"),
                           SNMPCONFPATH=self.folder, MIBS="")
        # A line of its own for each thing that it says is not wanted.
        self.process = subprocess.Popen(
            [find_snmpd(), "-f", "-C", "-c", self.conf,
             "-Lf", self.log, "-I", "-smux", f"udp:127.0.0.1:{self.port}"],
            env=environment, stdin=subprocess.DEVNULL)
        self.wait()

    def wait(self):
        """Until it answers: an empty question of SNMPv3 asks who it is."""
        ask = bytes.fromhex("303a020103300f02024a69020300ffe3040104020103041030"
                            "0e0400020100020100040004000400301204000400a00c0202"
                            "37f00201000201003000")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.2)
            for _ in range(300):
                sock.sendto(ask, ("127.0.0.1", self.port))
                try:
                    sock.recv(4096)
                    return
                except OSError:
                    time.sleep(0.05)
        raise RuntimeError("snmpd does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def told(self):
        """What was written since the last time."""
        try:
            with open(self.journal, encoding="utf-8") as file:
                lines = file.read().split()
            os.unlink(self.journal)
            return lines
        except FileNotFoundError:
            return []


def auth_name(auth):
    return re.sub("SHA(.)", r"SHA-\1", auth)


class Relay:
    """Between the two: does things to datagrams."""

    def __init__(self, port, twist):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        self.agent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.agent.connect(("127.0.0.1", port))
        self.agent.settimeout(5)
        self.twist = twist
        self.delay_s = 0
        self.asked = 0
        self.before = b""
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            data, client = self.sock.recvfrom(4096)
            if not data:
                return
            self.asked += 1
            for answer in self.twist(self, data):
                threading.Timer(self.delay_s, self.sock.sendto,
                                (answer, client)).start()

    def ask(self, data):
        self.agent.send(data)
        try:
            return self.agent.recv(4096)
        except OSError:
            return b""

    def close(self):
        self.sock.sendto(b"", ("127.0.0.1", self.port))


class Test:
    def __init__(self, lastwatt, folder):
        self.lastwatt = lastwatt
        self.folder = folder
        self.failed = False
        self.output = ""
        self.status = 0
        self.took_s = 0.0

    def cut(self, port, *keys, command="cut"):
        nut = os.path.join(self.folder, "root/etc/nut")
        os.makedirs(nut, exist_ok=True)
        with open(os.path.join(nut, "ups.conf"), "w", encoding="utf-8") as conf:
            conf.write("\n".join(["[u]", "driver = snmp-ups",
                                  f"port = 127.0.0.1:{port}", *keys]) + "\n")
        with open(os.path.join(nut, "upsmon.conf"), "w",
                  encoding="utf-8") as conf:
            conf.write("MONITOR u@localhost 1 a b primary\n")
        began = time.monotonic()
        done = subprocess.run([self.lastwatt, command, "--root",
                               os.path.join(self.folder, "root")],
                              capture_output=True, text=True, check=False,
                              timeout=LIMIT_S, stdin=subprocess.DEVNULL)
        self.took_s = time.monotonic() - began
        self.status = done.returncode
        self.output = done.stdout + done.stderr

    def expect(self, name, holds):
        told = [secret for secret in SECRETS if secret in self.output]
        if holds and not told:
            print(f"ok {name}", flush=True)
            return
        self.failed = True
        print(f"not ok {name}")
        print(f"# ended with {self.status} after {self.took_s:.1f} s")
        print("\n".join("# " + line for line in self.output.splitlines()))
        if told:
            print("# it tells a secret", flush=True)

    def says(self, name, words):
        self.expect(name, self.status != 0 and words in self.output)


def v3(auth="", priv="", **other):
    keys = {"snmp_version": "v3", "secName": user(auth, priv),
            "secLevel": "authPriv" if priv else "authNoPriv" if auth
                        else "noAuthNoPriv"}
    if auth:
        keys.update(authProtocol=auth, authPassword=AUTH_PASSWORD)
    if priv:
        keys.update(privProtocol=priv, privPassword=PRIV_PASSWORD)
    keys.update(other)
    return [f'{key} = "{value}"' for key, value in keys.items()]


def v2c(community=WRITE):
    return ["snmp_version = v2c", f"community = {community}"]


QUICK = ["snmp_timeout = 1", "snmp_retries = 1"]
CUT = ["8.1.0=1", "8.5.0=1", "8.2.0=20"]


def test_versions(test, agent):
    ways = {"v1": ["snmp_version = v1", f"community = {WRITE}"],
            "v2c": v2c(), "v3": v3()}
    for auth in AUTHS:
        ways[f"v3 {auth}"] = v3(auth)
        for priv in PRIVS:
            ways[f"v3 {auth} {priv}"] = v3(auth, priv)
    for name, keys in ways.items():
        test.cut(agent.port, *keys)
        test.expect(f"{name}: cuts, and it shows", test.status == 0
                    and "it shows that" in test.output
                    and agent.told() == CUT)
    test.cut(agent.port, *v2c(), command="cancel")
    test.expect("cancel", test.status == 0 and agent.told() == ["8.2.0=-1"])


def test_identities(test, agent):
    wrong = "not-the-one"
    test.cut(agent.port, *v2c(wrong), *QUICK)
    test.says("a wrong community", "a wrong community looks like that")
    test.cut(agent.port, *v2c(READ), *QUICK)
    test.says("a community that may only read", "(noAccess)")
    test.cut(agent.port, "snmp_version = v1", f"community = {READ}", *QUICK)
    test.says("the same in v1", "(noSuchName)")
    test.cut(agent.port, *v3("SHA", "AES", secName="nobody"), *QUICK)
    test.says("a wrong user", "knows no user of that secName")
    test.cut(agent.port, *v3("SHA", "AES", authPassword=wrong), *QUICK)
    test.says("a wrong authPassword", "another authPassword or authProtocol")
    test.cut(agent.port, *v3("SHA", "AES", authProtocol="MD5"), *QUICK)
    test.says("a wrong authProtocol", "another authPassword or authProtocol")
    for priv in PRIVS:
        test.cut(agent.port, *v3("SHA", priv, privPassword=wrong), *QUICK)
        test.says(f"a wrong privPassword for {priv}", "privPassword")
    test.cut(agent.port, *v3("SHA", secLevel="authPriv",
                             privPassword=PRIV_PASSWORD), *QUICK)
    test.says("a level that the user does not have", "does not offer secLevel")
    test.cut(agent.port, *v3("SHA", "AES", secLevel="authNoPriv"), *QUICK)
    test.says("a level that is too low", "(authorizationError)")
    test.cut(agent.port, *v3("SHA", authPassword="short"), *QUICK)
    test.says("a short password", "shorter than the 8 characters")
    test.expect("and none of them has cut", agent.told() == [])


def half(relay, data):
    answer = relay.ask(data)
    return [answer[:len(answer) // 2]]


def stale(relay, data):
    """The answer to the question before."""
    before, relay.before = relay.before, relay.ask(data)
    return [before] if before else []


def twice(relay, data):
    """The answer before comes again, and then the right one."""
    before, relay.before = relay.before, relay.ask(data)
    return [before, relay.before] if before else [relay.before]


def spoilt(relay, data):
    """One bit of each answer is another one."""
    answer = bytearray(relay.ask(data))
    if answer and relay.asked > 1:
        answer[-1] ^= 1
    return [bytes(answer)]


def late(relay, data):
    relay.delay_s = 1.2
    return [relay.ask(data)]


def lossy(relay, data):
    return [relay.ask(data)] if relay.asked % 2 else []


def silent_later(relay, data):
    return [relay.ask(data)] if relay.asked < 4 else []


def test_bad_network(test, agent):
    for keys in v2c(), v3("SHA256", "AES"):
        for twist in half, silent_later:
            relay = Relay(agent.port, twist)
            test.cut(relay.port, *keys, *QUICK)
            test.expect(f"{keys[0]}: {twist.__name__} answers end it in time",
                        test.status != 0 and test.took_s < 60
                        and "does not answer" in test.output)
            relay.close()
    relay = Relay(agent.port, spoilt)
    test.cut(relay.port, *v3("SHA256", "AES"), *QUICK)
    test.says("v3: who changes an answer is not believed", "does not answer")
    relay.close()


def network(keys):
    def test_network(test, agent):
        for twist in stale, twice, late, lossy:
            relay = Relay(agent.port, twist)
            agent.told()
            test.cut(relay.port, *keys, "snmp_timeout = 1", "snmp_retries = 5")
            test.expect(f"{keys[0]}: {twist.__name__} answers do not matter",
                        test.status == 0 and "it shows that" in test.output
                        and agent.told()[-1] == "8.2.0=20")
            relay.close()
    return test_network


def test_restart(test, agent):
    """An agent that begins anew between the opening and the cut."""
    def restart(relay, data):
        if relay.asked == 4:
            agent.stop()
            agent.start()
        return [relay.ask(data)]

    for keys in v3("SHA"), v3("SHA512", "AES256"):
        relay = Relay(agent.port, restart)
        test.cut(relay.port, *keys)
        test.expect("an agent that was restarted meanwhile: " + keys[-1][:12],
                    test.status == 0 and "it shows that" in test.output
                    and agent.told()[-1] == "8.2.0=20")
        relay.close()


def test_nobody(test, agent):
    agent.stop()
    test.cut(agent.port, *v2c(), *QUICK)
    test.says("nobody is there", "[u]")
    test.expect("and that ends in time", test.took_s < 60)


def barred(static, what):
    """Where one way is barred, the next one is taken."""
    def test_static(test, agent):
        test.cut(agent.port, *v2c())
        test.expect(f"{static} is read-only: {what}", test.status == 0
                    and agent.told()[-1] == "8.4.0=30")
    return test_static, static


GROUPS = (
    (test_versions, ""), (test_identities, ""), (test_bad_network, ""),
    (network(v2c()), ""), (network(v3("SHA256", "AES")), ""),
    (test_restart, ""), (test_nobody, ""),
    barred("8.5.0", "and it would stay off"), barred("8.2.0", "no countdown"),
)


def run(group):
    """Each has an agent and a folder of its own: they wait most of the time."""
    function, static = group
    folder = tempfile.mkdtemp(prefix="snmp-")
    test = Test(os.path.join(os.path.abspath(os.environ.get("BUILD", "build")),
                             "test/lastwatt"), folder)
    agent = Agent(folder, static)
    try:
        function(test, agent)
    finally:
        if agent.process.poll() is None:
            agent.stop()
        shutil.rmtree(folder)
    return test.failed


def main():
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
        return 0
    if not find_snmpd():
        print("skip snmpd: net-snmp's agent is not here, and apt has none")
        return 0
    with concurrent.futures.ThreadPoolExecutor(len(GROUPS)) as pool:
        return any(list(pool.map(run, GROUPS)))


if __name__ == "__main__":
    sys.exit(main())
