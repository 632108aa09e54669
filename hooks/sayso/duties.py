"""Tell what a change owes, from what it touches and who wrote it.

A duty names signals and the evidence that a change with all of them owes. Signals
come from any check, by rule id, and ``ai`` stands for the mark of a coding tool. A signal
counts only in files that the duty holds for: prose in ``docs/auth/`` owes no
tests, and neither does a file in which nothing but comments changed. What owes
nothing for its name can owe something for another reason, so each duty is weighed
on its own, and what several duties ask for is owed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sayso import globs, tables
from sayso.filekinds import FileKinds, read_kinds
from sayso.model import SUBMODULE_MODE, SYMLINK_MODE, Change, Rule, Severity
from sayso.owing import Owed
from sayso.policyentries import duty as read_duty
from sayso.policyentries import entries
from sayso.settings import KINDS, Duty, Policy

__all__ = ["AI", "FILE", "BuiltIn", "Owed", "owed", "read_rules"]

FILE = "duties.toml"
AI = "ai"
_FIX = """Give the evidence: commit-gate prints the command for each kind. If that has to wait, in sayso.toml:
  [[relax]]
  rule = "{}"
  reason = "the tests of the new login follow"
  owner = "Dev Eloper"
  expires = 2026-12-31"""
_SINCE = "0.1.0"
_MOST_REASONS = 20
_EXECUTABLE = "100755"
_PROSE = frozenset(("text", "style", "media"))


class BuiltIn(NamedTuple):
    """What is built in: the duties, each with its examples, and what tells the kind of a file."""

    duties: tuple[Duty, ...]
    kinds: FileKinds
    examples: tuple[Rule, ...] = ()


class _Debt(NamedTuple):
    """What one duty found: the reasons and the files."""

    duty: Duty
    because: tuple[str, ...]
    paths: tuple[str, ...]


def read_rules(table: tables.Table) -> BuiltIn:
    """Read the built-in duties; raises ``DataError``."""
    kinds = read_kinds(table.table("files"))
    found: list[Duty] = []
    examples: list[Rule] = []
    for entry in entries(table, "duty"):
        samples = entry.table("examples")
        flag, passes = samples.texts("flag"), samples.texts("pass", ())
        samples.done()
        item = read_duty(entry)
        found.append(item)
        words = (
            f"a change owes {', '.join(item.evidence)}: {item.title}",
            Severity.NOTE,
            item.why,
            _FIX.format(item.id),
        )
        examples.append(Rule(item.id, *words, _SINCE, flag=flag, passes=passes))
    table.done()
    return BuiltIn(tuple(found), kinds, tuple(examples))


def owed(  # noqa: PLR0917 - what a change owes depends on all of them
    signals: Iterable[tuple[str, str, int]],
    changes: Sequence[Change],
    ai: bool,
    built_in: BuiltIn,
    policy: Policy,
    quiet: frozenset[str] = frozenset(),
) -> tuple[Owed, ...]:
    """Return what a change owes, one item for each kind, in the order of ``settings.KINDS``.

    Args:
        signals: what the checks found: rule id, path ("" for the message), line.
        changes: the change.
        ai: whether it carries the mark of a coding tool.
        built_in: the built-in duties.
        policy: the policy in force, with its own duties and what it relaxes.
        quiet: paths in which nothing but comments, docstrings and blank lines changed; see ``quiet.paths``.
    """
    if not changes:
        return ()
    places: dict[str, set[str]] = {}
    for rule, path, _ in signals:
        places.setdefault(rule, set()).add(path)
    files = _Files(changes, built_in.kinds, quiet)
    free = {item.rule for item in policy.relaxed}
    duties = [duty for duty in (*built_in.duties, *policy.duties) if duty.id not in free]
    debts = [debt for debt in (_debt(duty, places, ai, files) for duty in duties) if debt]
    return tuple(_owed(kind, [debt for debt in debts if kind in debt.duty.evidence]) for kind in _kinds(debts))


class _Files:
    """The files of a change, under each of their names, with their kinds."""

    def __init__(self, changes: Sequence[Change], kinds: FileKinds, quiet: frozenset[str]) -> None:
        self._kinds = kinds
        self._quiet = quiet
        self._opaque = {
            name
            for change in changes
            if {change.mode, change.old_mode} & {SYMLINK_MODE, SUBMODULE_MODE}
            for name in change.names
        }
        self._programs = {name for change in changes if change.mode == _EXECUTABLE for name in change.names}
        self._renamed = {name: change.names for change in changes for name in change.names}
        self.names = tuple(sorted(self._renamed))
        self._known: dict[str, str] = {}

    def kind(self, path: str) -> str:
        """Return the kind of a file; one that was renamed has the less harmless of its two kinds.

        What may be executed is code, whatever its name says of it.
        """
        if path not in self._known:
            names = self._renamed.get(path, (path,))
            kind = self._kinds.least_harmless(names)
            program = path in self._programs and kind in _PROSE
            self._known[path] = "code" if program or self._opaque.intersection(names) else kind
        return self._known[path]

    def holds(self, duty: Duty, path: str) -> bool:
        """Tell whether a duty holds for a file; comments owe no tests, and all else that code owes."""
        if path in self._quiet and all(kind.startswith("tests:") for kind in duty.evidence):
            return False
        if duty.files and (not path or self.kind(path) not in duty.files):
            return False
        if duty.paths and not (path and globs.any_matches(duty.paths, path)):
            return False
        return not (path and duty.excluded and globs.any_matches(duty.excluded, path))


def _debt(duty: Duty, places: dict[str, set[str]], ai: bool, files: _Files) -> _Debt | None:
    """Return what one duty finds in a change, or None."""
    patterns = [pattern for pattern in duty.when if pattern != AI]
    if AI in duty.when and not ai:
        return None
    marked = (AI,) if AI in duty.when else ()
    if not patterns:
        if not duty.files and not duty.paths and not duty.excluded:
            return _Debt(duty, marked, files.names)
        paths = tuple(path for path in files.names if files.holds(duty, path))
        return _Debt(duty, (*marked, *(paths if duty.paths else ())), paths) if paths else None
    because: set[str] = set()
    found: set[str] = set()
    for pattern in patterns:
        hits = {
            rule: {path for path in paths if files.holds(duty, path)}
            for rule, paths in places.items()
            if _speaks_of(pattern, rule)
        }
        hits = {rule: paths for rule, paths in hits.items() if paths}
        if not hits:
            return None
        because |= hits.keys()
        found |= set().union(*hits.values())
    return _Debt(duty, (*marked, *sorted(because)), tuple(sorted(found - {""})))


def _speaks_of(pattern: str, rule: str) -> bool:
    return rule.startswith(pattern[:-1]) if pattern.endswith("*") else rule == pattern


def _kinds(debts: Sequence[_Debt]) -> list[str]:
    asked = {kind for debt in debts for kind in debt.duty.evidence}
    return [kind for kind in KINDS if kind in asked]


def _owed(kind: str, debts: Sequence[_Debt]) -> Owed:
    because = tuple(dict.fromkeys(reason for debt in debts for reason in debt.because))
    paths = tuple(sorted({path for debt in debts for path in debt.paths}))
    cases = tuple(dict.fromkeys(case for debt in debts for case in _cases(debt.duty, kind)))
    ids = tuple(dict.fromkeys(debt.duty.id for debt in debts))
    return Owed(kind, ids, because[:_MOST_REASONS], paths, cases)


def _cases(duty: Duty, kind: str) -> Iterable[str]:
    """Return the cases that a duty asks of one kind of evidence."""
    family, _, level = kind.partition(":")
    if family != "tests":
        return
    for case in duty.cases:
        asked, _, name = case.rpartition(":")
        if asked in {"", level}:
            yield name
