"""Evidence: what a tool found when it examined given bytes.

A record is keyed by everything the answer depends on and by nothing else: no
path, no commit, no clock, no host. So a rename, an amend or a rebase keeps it, one
changed byte loses it, and anyone can derive the same record, with the same
id, again. A record holds rules and places, never text of the file, so it cannot
hold a secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from sayso.model import Outcome, SaysoError

FORMAT = 1
IMPORT = "import"
_MOST_BYTES = 4 << 20


class EvidenceError(SaysoError):
    """Bytes that are not a record of evidence."""


class Subject(NamedTuple):
    """What was examined, by what, and how: everything that the answer depends on.

    ``check`` is the hook, or ``IMPORT`` for another tool's report. ``rules`` is the SHA-256 of the rule set,
    ``options`` names what else shapes the answer, ``blob`` is the git object id, ``language`` is how the bytes were
    read.
    """

    check: str
    tool: str
    version: str
    rules: str
    options: str
    blob: str
    language: str

    @property
    def key(self) -> str:
        """The name under which the answer is kept: 64 hex digits.

        An imported answer is kept by tool and content alone, the last import in place of those before: its version,
        rules and options are the report's word, and nobody who asks for it could know them.
        """
        asked = self._replace(version="", rules="", options="", language="") if self.check == IMPORT else self
        return hashlib.sha256(_canonical(asked._asdict())).hexdigest()


class Spot(NamedTuple):
    """A rule, and the lines where it was found, counted from 1."""

    rule: str
    line: int
    end_line: int


class ScannerError(SaysoError):
    """A scanner whose answer cannot be relied on as a whole."""


class ScanReport(NamedTuple):
    """What one run of a scanner said of each target: every target is in exactly one of the first two.

    ``failed`` maps a target to the reason why it counts as not examined, ``gaps`` one that has been examined to what
    of it was not.
    """

    spots: Mapping[str, tuple[Spot, ...]]
    failed: Mapping[str, str]
    gaps: Mapping[str, str] = {}


class Evidence(NamedTuple):
    """The answer for one subject: complete, or ``gap`` says what of it was not examined."""

    subject: Subject
    spots: tuple[Spot, ...]
    gap: str = ""

    @property
    def outcome(self) -> Outcome:
        """Found, if there is any spot; otherwise clear, unless there is a gap."""
        if self.spots:
            return Outcome.FOUND
        return Outcome.INCONCLUSIVE if self.gap else Outcome.CLEAR

    @property
    def id(self) -> str:
        """The SHA-256 of the record's canonical bytes: 64 hex digits."""
        return hashlib.sha256(encode(self)).hexdigest()


def short(evidence_id: str) -> str:
    """Return the form of an id that people read."""
    return evidence_id[:12]


def encode(evidence: Evidence) -> bytes:
    """Return the canonical bytes: JSON with sorted keys, no spaces, ASCII only."""
    document = {
        "format": FORMAT,
        "outcome": evidence.outcome,
        "spots": [spot._asdict() for spot in evidence.spots],
        "subject": evidence.subject._asdict(),
    }
    return _canonical(document | ({"gap": evidence.gap} if evidence.gap else {}))


def decode(data: bytes) -> Evidence:
    """Read back what ``encode`` wrote; anything else, down to one byte, is refused.

    Raises:
        EvidenceError: not a record, not canonical, or inconsistent.
    """
    if len(data) > _MOST_BYTES:
        raise EvidenceError(f"{len(data)} bytes are too many for a record of evidence")
    try:
        document = json.loads(data)
        evidence = Evidence(
            Subject(**document["subject"]),
            tuple(Spot(**spot) for spot in document["spots"]),
            document.get("gap", ""),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as exc:
        raise EvidenceError(f"not a record of evidence: {exc}") from exc
    well_typed = all(isinstance(value, str) for value in (*evidence.subject, evidence.gap)) and all(
        isinstance(spot.rule, str) and type(spot.line) is int and type(spot.end_line) is int for spot in evidence.spots
    )
    if not well_typed or encode(evidence) != data:
        raise EvidenceError("not the canonical form of a record of evidence")
    return evidence


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")
