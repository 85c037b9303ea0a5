"""A PNG's pixels: so that a decoder which is no part of ours can read what we draw."""

import struct
import zlib
from collections.abc import Iterator

import zxingcpp

_CHANNELS = {0: 1, 2: 3, 3: 1, 6: 4}
"""By colour type: grey, RGB, by palette, RGB and alpha."""


def codes_in(png: bytes) -> list[str]:
    """What the QR codes of a picture say."""
    width, height, grey = grey_of(png)
    pixels = memoryview(grey).cast("B", (height, width))
    return [each.text for each in zxingcpp.read_barcodes(pixels)]


def grey_of(png: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the grey of every pixel. Not for interlaced pictures."""
    chunks = dict(_chunks(png))
    width, height, bits, kind, *_, interlaced = struct.unpack(">IIBBBBB", chunks["IHDR"])
    assert not interlaced
    across = _CHANNELS[kind]
    palette = chunks.get("PLTE", b"")
    step = max(across * bits // 8, 1)
    grey = bytearray()
    for row in _rows(zlib.decompress(chunks["IDAT"]), (width * across * bits + 7) // 8, step):
        samples = list(_samples(row, bits))[: width * across]
        if kind == 3:
            samples = [part for each in samples for part in palette[3 * each : 3 * each + 3]]
        most, wide = (255, 3) if kind == 3 else (2**bits - 1, across)
        parts = min(wide, 3)
        grey += bytes(
            sum(samples[at : at + parts]) * 255 // (parts * most)
            for at in range(0, len(samples), wide)
        )
    return width, height, bytes(grey)


def _chunks(png: bytes) -> Iterator[tuple[str, bytes]]:
    at, data = 8, b""
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        data += body if name == b"IDAT" else b""
        yield name.decode(), data if name == b"IDAT" else body
        at += 12 + size


def _rows(raw: bytes, length: int, step: int) -> Iterator[bytearray]:
    above = bytearray(length)
    for at in range(0, len(raw), length + 1):
        how, row = raw[at], bytearray(raw[at + 1 : at + 1 + length])
        for n in range(length):
            left, up = row[n - step] if n >= step else 0, above[n]
            corner = above[n - step] if n >= step else 0
            nearest = min((left, up, corner), key=lambda it: abs(left + up - corner - it))
            row[n] = (row[n] + (0, left, up, (left + up) // 2, nearest)[how]) & 255
        yield row
        above = row


def _samples(row: bytes, bits: int) -> Iterator[int]:
    for byte in row:
        for shift in range(8 - bits, -1, -bits):
            yield byte >> shift & (2**bits - 1)
