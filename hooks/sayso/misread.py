"""Find what a message tells a program and not its reader, or a reader and not git.

Words in base64 or hex say nothing to whoever reads the history, and everything to a
program that decodes them. And a line that reads as a review, or as a note on threats, is one to git
only in the last paragraph: whoever asks git finds none. What spells no words once it is decoded
(keys, digests, names of functions) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sayso.message import loose_trailers, parse_trailers

ENCODED, LOOSE = "encoded-text", "loose-trailer"

_DECIDING = ("reviewed-by", "security-reviewed-by", "threat-note")
_LEAST = 24
_SHOWN = 80
_LEAST_WORDS = 3
_LEAST_FOREIGN = 6


def misread(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield rule, line and what is said of it; ``text`` is what ``clean_message`` returned."""
    yield from _encoded(text)
    low = text.lower()
    if not any(key in low for key in _DECIDING):
        return
    known = {trailer.line for trailer in parse_trailers(text)}
    for trailer in loose_trailers(text):
        if trailer.key.lower() in _DECIDING and trailer.value and trailer.line not in known:
            said = f"{trailer.key}: {trailer.value}"[:_SHOWN]
            yield LOOSE, trailer.line, f"reads as a trailer and is none to git, so it counts for nothing: {said}"


def _encoded(text: str) -> Iterator[tuple[str, int, str]]:
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        start = number
        if _whole().fullmatch(lines[number]):
            while number + 1 < len(lines) and _whole().fullmatch(lines[number + 1]):
                number += 1
        joined = "".join(line.strip() for line in lines[start : number + 1]) if number > start else lines[start]
        for found in _run().finditer(joined):
            if words := _words(found[0]):
                yield ENCODED, start + 1, f"words that a reader does not see, in {words}"
                break
        number += 1


def _words(run: str) -> str:
    """Return how a run is encoded and what it says; "" where it says nothing."""
    from binascii import Error, a2b_base64, unhexlify  # noqa: PLC0415 - few messages hold such a run

    bare = run.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    for name, decode in (("hex", unhexlify), ("base64", a2b_base64)):
        padding = "=" * (-len(bare) % 4) if name == "base64" else ""
        try:
            said = decode(bare + padding).decode()
        except (Error, ValueError):
            continue
        if _is_prose(said):
            return f"{name}: {' '.join(said.split())[:_SHOWN]!r}"
    return ""


def _is_prose(said: str) -> bool:
    if not all(char.isprintable() or char in "\n\r\t" for char in said):
        return False
    foreign = sum(char.isalpha() and not char.isascii() for char in said)
    return len(said.split()) >= _LEAST_WORDS or foreign >= _LEAST_FOREIGN


@cache
def _run() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w+/=-])[A-Za-z0-9+/_-]{{{_LEAST},}}={{0,2}}(?![\w+/=-])")


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(rf"[ \t]{{0,8}}[A-Za-z0-9+/_-]{{{_LEAST},400}}={{0,2}}[ \t]{{0,8}}")
