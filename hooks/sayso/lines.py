"""Turn the bytes of a blob into text, and tell which of its lines a change adds.

Added lines are computed from the two blobs, not read from ``git diff``: a diff's
shape depends on configuration and on ``.gitattributes``, which the scanned
repository controls.
"""

from __future__ import annotations

import codecs
from collections import Counter
from typing import NamedTuple

from sayso.model import AddedLine

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_SNIFFED_BYTES = 8192


class Decoded(NamedTuple):
    """Text, and the encoding that gave it; ``text`` is None where the bytes are not text in any form we know."""

    text: str | None
    encoding: str


def decode(data: bytes) -> Decoded:
    """Decode ``data`` by its byte order mark, as UTF-8, as UTF-16 without a mark, or as Latin-1, in this order.

    Latin-1 takes any byte, so what is left over as "binary" is exactly what holds NUL and is not UTF-16.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if b"\0" in data:
        return _strictly(data, _bare_utf16(data))
    decoded = _strictly(data, "utf-8")
    return decoded if decoded.text is not None else Decoded(data.decode("latin-1"), "latin-1")


def _strictly(data: bytes, encoding: str) -> Decoded:
    if not encoding:
        return Decoded(None, "binary")
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return Decoded(None, "binary")


def _bare_utf16(data: bytes) -> str:
    """Guess the byte order of UTF-16 text without a mark: mostly-Latin text has its NULs on one side only."""
    head = data[:_SNIFFED_BYTES]
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if half and odd > half * 0.7 and even < half * 0.05:
        return "utf-16-le"
    if half and even > half * 0.7 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def split_lines(text: str) -> list[str]:
    """Split at line feeds only, as git and scanners count: ``str.splitlines`` also splits at form feeds and others."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return lines[:-1] if lines[-1] == "" else lines


def added_lines(old: str | None, new: str) -> tuple[AddedLine, ...]:
    """Return the lines of ``new`` that ``old`` does not have; all of them where ``old`` is None.

    Between the common head and tail, a line counts as added unless the old text
    has it there at least as often: a line that only moved is not an addition.
    """
    after = split_lines(new)
    if old is None:
        return tuple(AddedLine(number, text) for number, text in enumerate(after, 1))
    before = split_lines(old)
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    had = Counter(before[head : len(before) - tail])
    middle = after[head : len(after) - tail]
    has = Counter(middle)
    return tuple(AddedLine(head + i, text) for i, text in enumerate(middle, 1) if has[text] > had[text])
