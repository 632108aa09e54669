"""Judge a made-up change as a real one: its signals come from the checks, and what it owes from the policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sayso import duties, gate
from sayso.adapters.resources import read_table
from sayso.app import signals
from sayso.app.hooks import ai_authorship as authorship
from sayso.checks import ai_authorship, sensitive_paths
from sayso.model import NO_MODE, AddedLine, Change, ChangeKind, Identity, Snapshot
from sayso.policy import Policy
from sayso.registry import SIGNALS
from sayso.settings import Example

_BLOB = "1" * 40


class Judged(NamedTuple):
    """What came of an example: ``reasons`` are the kinds that it owes, each with a sentence."""

    verdict: str
    owed: tuple[str, ...]
    missing: tuple[str, ...]
    ai: bool
    reasons: tuple[tuple[str, str], ...]


class Setting:
    """A policy with all that does not depend on the example."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._areas = sensitive_paths.read_rules(read_table("sensitive_areas.toml"))
        self._authors = authorship.load()
        self._built_in = duties.read_rules(read_table(duties.FILE))

    def judge(self, example: Example) -> Judged:
        """Return what becomes of an example under the policy."""
        snapshot = _snapshot(example)
        author = ai_authorship.identity(example.author)
        marks = ai_authorship.find_markers(example.message, author, Identity("", ""), self._authors, {})
        snapshot = snapshot._replace(ai=example.ai or bool(marks))
        found = tuple(self._signals(snapshot))
        owed = duties.owed(found, snapshot.changes, snapshot.ai, self._built_in, self._policy)
        kinds = tuple(item.kind for item in owed)
        missing = tuple(kind for kind in kinds if kind not in example.evidence)
        refused = bool(missing) and gate.enforced(self._policy.gate, ai=snapshot.ai)
        reasons = tuple((item.kind, _reason(item)) for item in owed)
        return Judged("refuse" if refused else "pass", kinds, missing, snapshot.ai, reasons)

    def _signals(self, snapshot: Snapshot) -> Iterator[tuple[str, str, int]]:
        flags = tuple(sensitive_paths.check(snapshot, self._areas))
        yield from ((flag.rule, flag.path, flag.line) for flag in flags)
        snapshot = snapshot._replace(areas=tuple(sorted({flag.area for flag in flags})))
        for hook in SIGNALS:
            check = signals.module(hook)
            rules = check.read_rules(read_table(check.FILE))
            yield from ((item.rule, item.path, item.line) for item in check.check(snapshot, rules, self._policy))


def _snapshot(example: Example) -> Snapshot:
    changes = tuple(Change(ChangeKind.ADDED, path, old_mode=NO_MODE, blob=_BLOB) for path, _ in example.paths)
    added = {
        path: tuple(AddedLine(number, line) for number, line in enumerate(content.splitlines(), 1))
        for path, content in example.paths
    }
    return Snapshot(changes, added, dict(example.paths), message=example.message)


def _reason(owed: duties.Owed) -> str:
    because = f", for {', '.join(owed.because[:4])}" if owed.because else ""
    return f"{owed.kind}: {', '.join(owed.duties)}{because}"
