"""Tell new findings from those that the old version of the file had already.

A finding is the same if its rule and the text of its line are the same: line
numbers move with every edit above them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sayso.evidence import Spot
from sayso.lines import split_lines


def new_spots(spots: Sequence[Spot], text: str, old_spots: Sequence[Spot], old_text: str) -> tuple[Spot, ...]:
    """Return the spots in ``text`` that ``old_text`` does not account for, in their order."""
    had = Counter(_fingerprints(old_spots, old_text))
    fresh = []
    for spot, fingerprint in zip(spots, _fingerprints(spots, text), strict=True):
        if had[fingerprint]:
            had[fingerprint] -= 1
        else:
            fresh.append(spot)
    return tuple(fresh)


def _fingerprints(spots: Sequence[Spot], text: str) -> list[tuple[str, str]]:
    lines = split_lines(text)
    return [(spot.rule, " ".join("".join(lines[spot.line - 1 : spot.end_line]).split())) for spot in spots]
