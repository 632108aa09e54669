"""Suppressions: ``sayso: allow RULE -- reason``, in a comment on the line of the finding or on the line above.

Nothing else silences a finding: not ``nosemgrep``, not ``noqa``, not an allowlist
pragma. A suppression without a rule or without a reason does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sayso.evidence import Spot
from sayso.lines import split_lines

_COMMENT = re.compile(
    r"(?:#|//|/\*|--|<!--|;|%|\*)\s{0,8}sayso:\s{0,8}allow\s{1,8}([a-z0-9-]{1,80})\s{1,8}--\s{0,8}(\S.{0,300})"
)


class Suppressed(NamedTuple):
    """A spot that somebody has allowed, and the reason that was given."""

    spot: Spot
    reason: str


def attempted(spot: Spot, text: str) -> bool:
    """Tell whether something that looks like a suppression stands at ``spot``."""
    return "sayso:" in text and any(
        "sayso: allow" in line for line in split_lines(text)[max(spot.line - 2, 0) : spot.line]
    )


def split(spots: Iterable[Spot], text: str) -> tuple[tuple[Spot, ...], tuple[Suppressed, ...]]:
    """Part ``spots`` into those that stand and those that are suppressed in ``text``."""
    spots = tuple(spots)
    if "sayso:" not in text:
        return spots, ()
    lines = split_lines(text)
    standing, suppressed = [], []
    for spot in spots:
        near = lines[max(spot.line - 2, 0) : spot.line]
        reason = next((m[2] for m in map(_COMMENT.search, near) if m and m[1] == spot.rule), "")
        if reason:
            suppressed.append(Suppressed(spot, reason.removesuffix("*/").removesuffix("-->").strip()))
        else:
            standing.append(spot)
    return tuple(standing), tuple(suppressed)
