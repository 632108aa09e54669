"""The keys of a policy, and in which direction each of them is stricter.

A key without a direction cannot be merged, so a test holds this table against the
fields of every tuple in ``sayso.settings``.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, NamedTuple

from sayso.settings import AUTHORSHIP_POLICIES, DEFAULT, ENFORCED, TRAILER_FORMS, UNVERIFIED, Policy


class Direction(StrEnum):
    """What makes one value of a key stricter than another."""

    TRUE = "true is stricter"
    SMALLER = "less is stricter"
    RANKED = "the later choice is stricter"
    FEWER = "a shorter list is stricter"
    MORE = "a longer list is stricter"
    NEWER = "a later version is stricter"
    PLACE = "whoever says it first has said it"


class Key(NamedTuple):
    """A key: ``part`` is the field of the policy that holds ``field``, or "" where that is one itself.

    ``allowed`` are the choices, from loose to strict, or what a list may hold; ``least`` and ``most`` bound a number.
    """

    name: str
    part: str
    field: str
    direction: Direction
    allowed: tuple[str, ...] = ()
    least: int = 0
    most: int = 0

    @property
    def section(self) -> str:
        """The table that the key stands in."""
        return self.name.partition(".")[0]

    @property
    def default(self) -> Any:
        """The value that is built in."""
        return self.value(DEFAULT)

    def value(self, policy: Policy) -> Any:
        """Return what ``policy`` says."""
        return getattr(getattr(policy, self.part) if self.part else policy, self.field)

    def put(self, policy: Policy, value: Any) -> Policy:
        """Return ``policy`` with another value."""
        if not self.part:
            return policy._replace(**{self.field: value})
        return policy._replace(**{self.part: getattr(policy, self.part)._replace(**{self.field: value})})

    def is_looser(self, value: Any, below: Any) -> bool:
        """Tell whether ``value`` lets something through that ``below`` does not; a place is looser if it differs."""
        if self.direction is Direction.TRUE:
            return bool(below and not value)
        if self.direction is Direction.SMALLER:
            return bool(value > below)
        if self.direction is Direction.RANKED:
            return self.allowed.index(value) < self.allowed.index(below)
        if self.direction is Direction.FEWER:
            return not set(value) <= set(below)
        if self.direction is Direction.MORE:
            return not set(value) >= set(below)
        if self.direction is Direction.NEWER:
            return version(value) < version(below)
        return bool(value != below)


_YEARS = 3650
_MOST_LINES = 1_000_000

KEYS = (
    Key("sensitive-paths.refuse", "", "refuse_sensitive", Direction.TRUE),
    Key("ai-authorship.policy", "", "authorship", Direction.RANKED, AUTHORSHIP_POLICIES),
    Key("ai-authorship.accepted", "", "accepted", Direction.FEWER, TRAILER_FORMS),
    Key("secure-claims.refuse-warnings-of-ai-commits", "", "raise_for_ai", Direction.TRUE),
    Key("dependency-scan.osv-export", "dependencies", "osv_export", Direction.PLACE),
    Key("dependency-scan.osv-url", "dependencies", "osv_url", Direction.PLACE),
    Key("dependency-scan.max-age-days", "dependencies", "max_age_days", Direction.SMALLER, (), 0, _YEARS),
    Key("dependency-scan.refuse-unpinned", "dependencies", "refuse_unpinned", Direction.TRUE),
    Key("gate.enforce", "gate", "enforce", Direction.RANKED, tuple(reversed(ENFORCED))),
    Key("gate.unverified", "gate", "unverified", Direction.RANKED, UNVERIFIED),
    Key("gate.required-hooks", "gate", "required_hooks", Direction.MORE),
    Key("gate.minimum-rev", "gate", "minimum_rev", Direction.NEWER),
    Key("gate.tests-change", "gate", "tests_change", Direction.RANKED, tuple(reversed(ENFORCED))),
    Key("change-size.lines", "limits", "lines", Direction.SMALLER, (), 0, _MOST_LINES),
    Key("change-size.files", "limits", "files", Direction.SMALLER, (), 0, _MOST_LINES),
    Key("change-size.areas", "limits", "areas", Direction.SMALLER, (), 0, _MOST_LINES),
    Key("change-size.ai-lines", "limits", "ai_lines", Direction.SMALLER, (), 0, _MOST_LINES),
    Key("change-size.ai-files", "limits", "ai_files", Direction.SMALLER, (), 0, _MOST_LINES),
    Key("change-size.ai-areas", "limits", "ai_areas", Direction.SMALLER, (), 0, _MOST_LINES),
    Key("review.allowed-signers", "review", "allowed_signers", Direction.PLACE),
    Key("review.approvals", "review", "approvals", Direction.PLACE),
    Key("review.separation", "review", "separation", Direction.TRUE),
    Key("review.signed", "review", "signed", Direction.RANKED, tuple(reversed(ENFORCED))),
    Key("review.max-age-days", "review", "max_age_days", Direction.SMALLER, (), 0, _YEARS),
)
BY_NAME = {key.name: key for key in KEYS}
SECTIONS = tuple(dict.fromkeys(key.section for key in KEYS))
LISTS = {
    "person": "people",
    "duty": "duties",
    "test-map": "tests",
    "accept": "acceptances",
    "relax": "relaxed",
}
"""The arrays of tables whose entries are united, and the fields of the policy that hold them."""

VERSION = re.compile(r"v?\d{1,9}(?:\.\d{1,9}){0,3}")


def version(text: str) -> tuple[int, ...]:
    """Return the numbers of a version, without the zeros at its end; "" is below all."""
    numbers = [int(part) for part in text.removeprefix("v").split(".")] if text else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def shown(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        import json  # noqa: PLC0415 - only where values are shown

        return json.dumps(value, ensure_ascii=False)
    return f"[{', '.join(map(shown, value))}]" if isinstance(value, tuple) else str(value)
