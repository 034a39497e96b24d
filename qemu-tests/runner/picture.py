# SPDX-License-Identifier: MIT
"""What a screen showed: QEMU writes PPM, people look at PNG, and text that is
read off it in the kernel's own font is what a test compares."""

import os
import re
import struct
import subprocess
import zlib

PPM = re.compile(rb"P6\s+(\d+)\s+(\d+)\s+255\s")
# What is said of a screen with more colours than a console has.
CONSOLE_COLOURS = 16
PICTURE = "(a picture)"

# Of IBM's font, the first two glyphs: none, and a face.
FONT_START = bytes(16) + bytes.fromhex("00007e81a58181bd9981817e00000000")


def read_ppm(path):
    """Returns its rows, three bytes a pixel; None if it is not whole."""
    with open(path, "rb") as file:
        data = file.read()
    head = PPM.match(data)
    if not head:
        return None
    width, height = int(head.group(1)), int(head.group(2))
    data = data[head.end():]
    if len(data) != 3 * width * height:
        return None
    return [data[at:at + 3 * width] for at in range(0, len(data), 3 * width)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + \
        struct.pack(">I", zlib.crc32(kind + data))


def colours_of(rows):
    return sorted({row[at:at + 3] for row in rows
                   for at in range(0, len(row), 3)})


def write_png(path, rows):
    """In four bits a pixel where that is enough, as on most consoles."""
    width = len(rows[0]) // 3
    colours = colours_of(rows)
    kind, bits, palette = 2, 8, b""
    if len(colours) <= CONSOLE_COLOURS:
        kind, bits = 3, 4
        palette = chunk(b"PLTE", b"".join(colours))
        number = {colour: index for index, colour in enumerate(colours)}
        rows = [bytes(number[row[at:at + 3]] << 4 |
                      number.get(row[at + 3:at + 6], 0)
                      for at in range(0, len(row), 6)) for row in rows]
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
            ">IIBBBBB", width, len(rows), bits, kind, 0, 0, 0)) + palette +
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row
                                                  for row in rows), 9)) +
            chunk(b"IEND", b""))


def font_files(kernel):
    """A framebuffer has the kernel's font, text mode that of QEMU's card."""
    folders = subprocess.run(["qemu-system-x86_64", "-L", "help"], text=True,
                             capture_output=True, check=False).stdout.split()
    cards = [os.path.join(folder, "vgabios-stdvga.bin") for folder in folders]
    return [kernel] + list(filter(os.path.exists, cards))


def read_fonts(kernel):
    """The character of each shape of 8x16, a row of pixels a byte."""
    glyphs = {}
    for path in font_files(kernel):
        with open(path, "rb") as file:
            data = file.read()
        start = data.find(FONT_START)
        for code in range(32, 127) if start >= 0 else ():
            at = start + 16 * code
            glyphs.setdefault(data[at:at + 16], chr(code))
    return glyphs


def read_cell(cell, glyphs):
    """The character that @cell, 16 rows of pixels, shows."""
    pixels = [row[at:at + 3] for row in cell for at in range(0, len(row), 3)]
    ground = max(set(pixels), key=pixels.count)
    shape = bytes(sum((row[3 * bit:3 * bit + 3] != ground) << (7 - bit)
                      for bit in range(8)) for row in cell)
    return glyphs.get(shape, "?")


def read_text(rows, glyphs):
    """The lines of a console: cells of 8x16, or 9x16 in 80 columns of text."""
    if len(colours_of(rows)) > CONSOLE_COLOURS:
        return [PICTURE]
    width = 9 if len(rows[0]) == 3 * 720 else 8
    lines = []
    for top in range(0, len(rows) - 15, 16):
        cells = [[row[at:at + 24] for row in rows[top:top + 16]]
                 for at in range(0, len(rows[0]), 3 * width)]
        lines.append("".join(read_cell(cell, glyphs)
                             for cell in cells).rstrip())
    return lines


def convert_screens(folder, kernel):
    """Every NAME.ppm there becomes NAME.png and NAME.txt."""
    names = [name[:-4] for name in sorted(os.listdir(folder))
             if name.endswith(".ppm")]
    glyphs = read_fonts(kernel) if names else {}
    for name in names:
        path = os.path.join(folder, name)
        rows = read_ppm(path + ".ppm")
        if rows:
            write_png(path + ".png", rows)
            with open(path + ".txt", "w", encoding="utf-8") as file:
                file.write("\n".join(read_text(rows, glyphs)) + "\n")
        os.remove(path + ".ppm")
