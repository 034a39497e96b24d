#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Cuts UPSes that a Modbus slave of others plays: pymodbus, over TCP and, as
RTU, on a pseudo-terminal. It makes and checks the frames; here are only the
registers, and what is written is read from its store. Runs with BUILD, the
folder of the build."""

import asyncio
import logging
import os
import shutil
import sys
import tempfile
import threading
import tty

# Debian's package, which only Debian's python knows.
try:
    from pymodbus.datastore import (ModbusServerContext, ModbusSlaveContext,
                                    ModbusSparseDataBlock)
    from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
    import serial_asyncio   # noqa: F401 # pylint: disable=unused-import
except ImportError as reason:
    print(f"skip pymodbus: {reason}")
    sys.exit(0)

LASTWATT = os.path.join(os.environ.get("BUILD", "build"), "lastwatt")
LIMIT_S = 60
TEXT = [0x3132, 0x3334, 0x3536, 0x3738]


class Slave(ModbusSlaveContext):
    """Registers, a list of what was written, and what that changes."""

    def __init__(self, holding, coils, effects):
        super().__init__(
            hr=ModbusSparseDataBlock(holding), ir=ModbusSparseDataBlock({0: 0}),
            di=ModbusSparseDataBlock({0: 1}),
            co=ModbusSparseDataBlock(coils or {0: 0}), zero_mode=True)
        self.effects = effects
        self.written = []

    def setValues(self, fc_as_hex, address, values):
        super().setValues(fc_as_hex, address, values)
        self.written.append((fc_as_hex, address, [int(v) for v in values]))
        for where, value in self.effects.get(address, {}).items():
            super().setValues(16, where, [value])

    def has_kept_it(self):
        """Is what was written last in its store?"""
        last = {(function == 5, address + i): value
                for function, address, values in self.written
                for i, value in enumerate(values)}
        return all(self.getValues(1 if is_coil else 3, address, 1) == [value]
                   for (is_coil, address), value in last.items())


def block(at, *words):
    return {at + i: word for i, word in enumerate(words)}


APC = {**block(0, *[0] * 27), **block(155, *[0xffff] * 4),
       **block(590, 3), **block(2048, 0, 1, *TEXT), 1: 1 << 2, 4: 1,
       1540: 0}
APC_OUTLETS = block(1538, 0, 0)

# name, unit, section, registers, coils, effects, what has to be written.
CASES = [
    ("apc_modbus", 1, "driver = apc_modbus\nporttype = {porttype}",
     {**APC, **APC_OUTLETS}, None, {1538: {155: 20}},
     lambda net: [(16, 1538, [0, 0x8388 if net else 0x4388])]),
    ("apc_modbus without the outlet command", 1,
     "driver = apc_modbus\nporttype = {porttype}",
     APC, None, {1540: {155: 20}},
     lambda net: [(6, 1540, [1])]),
    ("huawei-ups2000", 1, "driver = huawei-ups2000\noffdelay = 120",
     {11024: 3, 11043: 0, 11044: 0, 11047: 0, 11048: 0, 19009: 20}, None, {},
     lambda net: [(6, 11044, [1]), (6, 11048, [1]), (6, 11047, [20])]),
    ("adelsystem_cbi", 5, "driver = adelsystem_cbi",
     {40: 0, 45: 1}, None, {40: {45: 3}}, lambda net: [(6, 40, [1])]),
    ("must_ep2000pro", 10, "driver = must_ep2000pro",
     {30002: 3, 30003: 24, 32002: 0}, None, {32002: {30002: 6}},
     lambda net: [(16, 32002, [1])]),
    ("generic_modbus", 5,
     "driver = generic_modbus\nFSD_addr = 0x3\nFSD_pulse_duration = 150",
     {0: 0}, {3: 0}, {}, lambda net: [(5, 3, [1]), (5, 3, [0])]),
    ("riello-netman", 1, "driver = modbus\nmodel = riello-netman",
     block(112, 0, 0, 0, 0, 0), None, {112: {116: 2}},
     lambda net: [(6, 113, [30]), (6, 114, [1]), (6, 112, [2])]),
    ("tripplite-modbuscard", 1, "driver = modbus\nmodel = tripplite-modbuscard",
     block(0x300, 0, 0), {0x201: 1, 0x204: 0}, {},
     lambda net: [(5, 0x201, [0]), (5, 0x204, [1]), (6, 0x301, [1]),
                  (6, 0x300, [30])]),
    ("registers of the section", 7,
     "driver = modbus\nslaveid = 7\n"
     "return = \"H10=off,on/60 50ms c5=1 h12?1-600\"", block(10, 0, 0, 0),
     {5: 0}, {5: {12: 20}}, lambda net: [(16, 10, [20, 0]), (5, 5, [1])]),
]


class Bridge:
    """Two pseudo-terminals, each the other end of the other."""

    def __init__(self):
        self.pairs = [os.openpty(), os.openpty()]
        for pair in self.pairs:
            tty.setraw(pair[1])
        self.ports = [os.ttyname(pair[1]) for pair in self.pairs]
        for here, there in ((0, 1), (1, 0)):
            threading.Thread(target=self.carry, args=(here, there),
                             daemon=True).start()

    def carry(self, here, there):
        try:
            while True:
                os.write(self.pairs[there][0],
                         os.read(self.pairs[here][0], 512))
        except OSError:
            pass


async def cut(folder, section):
    """Returns the status and what it said."""
    conf = os.path.join(folder, "etc/nut")
    os.makedirs(conf)
    with open(os.path.join(conf, "ups.conf"), "w", encoding="utf-8") as file:
        file.write("[u]\n" + section)
    with open(os.path.join(conf, "upsmon.conf"), "w",
              encoding="utf-8") as file:
        file.write("MONITOR u@localhost 1 admin secret primary\n")
    program = await asyncio.create_subprocess_exec(
        LASTWATT, "cut", "--root", folder, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        output, _ = await asyncio.wait_for(program.communicate(), LIMIT_S)
    except asyncio.TimeoutError:
        program.kill()
        return None, f"did not end in {LIMIT_S} s"
    return program.returncode, output.decode(errors="replace").strip()


async def serve_tcp(context):
    server = ModbusTcpServer(context, address=("127.0.0.1", 0))
    task = asyncio.ensure_future(server.serve_forever())
    await server.serving
    port = server.server.sockets[0].getsockname()[1]
    return server, task, f"127.0.0.1:{port}"


async def serve_rtu(context):
    bridge = Bridge()
    server = ModbusSerialServer(context, port=bridge.ports[0], baudrate=9600,
                                timeout=1, ignore_missing_slaves=True)
    await server.start()
    return server, None, bridge.ports[1]


async def run(case, is_net):
    name, unit, section, holding, coils, effects, wanted = case
    slave = Slave(dict(holding), coils, effects)
    context = ModbusServerContext(slaves={unit: slave}, single=False)
    serve = serve_tcp if is_net else serve_rtu
    server, task, port = await serve(context)
    folder = tempfile.mkdtemp(prefix="pymodbus-")
    text = section.format(porttype="tcp" if is_net else "serial")
    status, output = await cut(folder, f"{text}\nport = {port}\n")
    shutil.rmtree(folder)
    if task:
        await server.shutdown()
        task.cancel()
    elif server.transport:
        server.transport.close()
    name += " over TCP" if is_net else " on a line"
    if status != 0:
        print(f"not ok {name}: ended with {status}: {output}")
    elif slave.written != wanted(is_net):
        print(f"not ok {name}: wrote {slave.written}")
    elif not slave.has_kept_it():
        print(f"not ok {name}: its registers are others than what was written")
    else:
        print(f"ok {name}")
        return True
    return False


async def main():
    logging.disable()   # of connections that end
    good = True
    for case in CASES:
        for is_net in (True, False):
            good &= await run(case, is_net)
    return not good


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
