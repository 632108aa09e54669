"""Suppressions: ``sayso: allow RULE -- reason``, in a comment on the line of the finding or on the line above.

Nothing else silences a finding: not ``nosemgrep``, not ``noqa``, not an allowlist
pragma. A suppression without a rule or without a reason does nothing, and neither
does one in a string: text that a program handles must not speak for its author.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sayso.comments import comments_by_line
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


def split(spots: Iterable[Spot], path: str, text: str) -> tuple[tuple[Spot, ...], tuple[Suppressed, ...]]:
    """Part ``spots`` into those that stand and those that are suppressed in ``text``, which is the file ``path``."""
    spots = tuple(spots)
    if "sayso:" not in text or not spots:
        return spots, ()
    comments = _comments(path, text)
    standing, suppressed = [], []
    for spot in spots:
        near = (comments.get(spot.line - 1, ""), comments.get(spot.line, ""))
        reason = next((m[2] for m in map(_COMMENT.search, near) if m and m[1] == spot.rule), "")
        if reason:
            suppressed.append(Suppressed(spot, reason.removesuffix("*/").removesuffix("-->").strip()))
        else:
            standing.append(spot)
    return tuple(standing), tuple(suppressed)


def _comments(path: str, text: str) -> Mapping[int, str]:
    """Return the comments by line; where nobody knows what a comment is there, every line that looks like one."""
    known = comments_by_line(path, text)
    return dict(enumerate(split_lines(text), 1)) if known is None else known
