"""Find tokens that have a form of their own: a prefix, a length, an alphabet, sometimes a checksum.

The detectors are data. A detector is looked at only if one of its literals is in
the text, so text without any costs a few searches for fixed strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from sayso import tables
from sayso.credentials.folding import dense
from sayso.credentials.structure import CHECKS
from sayso.credentials.values import Judge

# A token may follow an escape (\n, %3D), which ends in a letter or digit of its own.
_BEFORE = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_AFTER = r"(?![A-Za-z0-9_])"
_LONGEST = 16_000


class Place(NamedTuple):
    """A rule and the span of the text that it is about."""

    rule: str
    start: int
    end: int


class Detector(NamedTuple):
    """One form of token.

    The pattern begins at a literal, or up to ``reach`` characters before one. A
    ``whole`` pattern says itself what may stand around it; a group, if any, is the value.
    """

    rule: str
    literals: tuple[str, ...]
    pattern: str
    checks: tuple[str, ...]
    reach: int
    whole: bool
    trust: bool
    example: tuple[str, ...]


@cache
def _compiled(pattern: str, whole: bool) -> re.Pattern[str]:
    return re.compile(pattern if whole else f"{_BEFORE}(?:{pattern}){_AFTER}")


def read(entry: tables.Table) -> Detector:
    """Read a detector; what else the entry holds is the caller's."""
    return Detector(
        entry.text("id"),
        entry.texts("literals"),
        entry.text("pattern"),
        entry.texts("checks", ()),
        entry.number("reach", 0),
        entry.flag("whole", default=False),
        entry.flag("trust", default=False),
        entry.texts("example"),
    )


def load(table: tables.Table) -> tuple[Detector, ...]:
    """Read the detectors of rules of our own, and those that find more for a rule of the engine."""
    return tuple(read(entry) for key in ("rule", "more") for entry in table.tables(key))


def find(detectors: tuple[Detector, ...], judge: Judge, text: str) -> Iterator[Place]:
    """Yield the place of each token in ``text``."""
    words = dense(text)
    for detector in detectors:
        source = text if detector.whole else words
        present = [word for word in detector.literals if word in source]
        if present:
            yield from {place: None for word in present for place in _around(detector, word, judge, text)}


def _around(detector: Detector, literal: str, judge: Judge, text: str) -> Iterator[Place]:
    """Look at each occurrence of ``literal``: a search of the whole text would cost a hundred times as much."""
    pattern = _compiled(detector.pattern, detector.whole)
    at = text.find(literal)
    while at >= 0:
        if detector.reach:
            match = pattern.search(text, max(at - detector.reach, 0), at + _LONGEST)
        else:
            match = pattern.match(text, at)
        end = at + 1
        if match and match.start() <= at:
            group = match.lastindex or 0
            end = max(match.end(), end)
            if _holds(detector, judge, match[group]):
                yield Place(detector.rule, *match.span(group))
        at = text.find(literal, end)


def _holds(detector: Detector, judge: Judge, value: str) -> bool:
    """Tell a token from a likeness: a proof beats all, then a refutation, then what looks made up."""
    answers = [CHECKS[name](value) for name in detector.checks]
    if True in answers and False not in answers:
        return True
    return False not in answers and (detector.trust or not judge.is_dummy(value))
