"""Read a text as a whole: what our detectors find in it, and whether the engine could find more."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sayso import tables
from sayso.credentials import assigned, gate, tokens
from sayso.credentials.tokens import Detector, Place
from sayso.credentials.values import Judge

ADDRESS = "secret-public-ip-ipv4"

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]\d|\d)"
_ADDRESS = re.compile(
    rf"(?<![\w.])(?!192\.168\.|127\.|10\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.|255\.)(?:{_OCTET}\.){{3}}{_OCTET}(?::\d{{1,5}})?(?![\w.])"
)


class Reading(NamedTuple):
    """What a text holds: a place for each finding. ``open`` tells that the engine could find more."""

    text: str
    places: tuple[Place, ...]
    open: bool

    def lines(self) -> Iterator[tuple[str, int, int]]:
        """Yield rule, first and last line of each place."""
        starts = line_starts(self.text)
        for place in self.places:
            yield place.rule, bisect_right(starts, place.start), bisect_right(starts, max(place.end - 1, place.start))

    def covers(self, line: int, column: int, size: int) -> bool:
        """Tell whether a finding of ours has any of ``size`` characters at ``column`` of ``line``."""
        start = line_starts(self.text)[line - 1] + column
        return column >= 0 and _overlaps(self.places, start, start + size)


class Reader:
    """Our detectors, ready to read."""

    def __init__(self, values: tables.Table, detectors: Iterable[Detector]) -> None:
        self._judge = Judge(values)
        self._detectors = tuple(detectors)

    def read(self, text: str, suffix: str) -> Reading:
        """Read ``text``; ``suffix`` says how the engine would read the file."""
        places = _distinct(
            [*tokens.find(self._detectors, self._judge, text), *assigned.find(self._judge, text, suffix)]
        )
        more = gate.may_match(self._judge, text, suffix, lambda start, end: _overlaps(places, start, end))
        return Reading(text, (*places, *_addresses(text)), more)


def line_starts(text: str) -> list[int]:
    """Return where each line begins."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _distinct(places: list[Place]) -> tuple[Place, ...]:
    """Leave out what overlaps with an earlier place: tokens come first, and say more than the name before them."""
    kept: list[Place] = []
    for place in places:
        if not _overlaps(kept, place.start, place.end):
            kept.append(place)
    return tuple(kept)


def _overlaps(places: Iterable[Place], start: int, end: int) -> bool:
    return any(place.start < end and start < place.end and place.rule != ADDRESS for place in places)


def _addresses(text: str) -> Iterator[Place]:
    """Note public addresses, as the engine does."""
    for match in _ADDRESS.finditer(text):
        yield Place(ADDRESS, *match.span())
