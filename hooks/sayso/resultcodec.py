"""Results, and what is owed, as bytes and back: for a cache of our own.

Not a format that others read: that is ``reports.as_json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from sayso.model import CheckResult, Finding, Outcome, SaysoError, Severity, Skipped
from sayso.owing import Owed


class Kept(NamedTuple):
    """What is kept of a change: results, and what it owes, without and with the mark of a coding tool."""

    results: tuple[CheckResult, ...]
    owed: tuple[Owed, ...]
    owed_by_tool: tuple[Owed, ...]


class CodecError(SaysoError):
    """Bytes that are not results."""


def encode(kept: Kept) -> bytes:
    """Return the values as ASCII bytes."""
    return json.dumps(kept, separators=(",", ":")).encode("ascii")


def decode(data: bytes) -> Kept:
    """Read back what ``encode`` wrote.

    Raises:
        CodecError: anything else.
    """
    try:
        results, *owed = json.loads(data)
        plain, by_tool = (tuple(map(_owed, items)) for items in owed)
        kept = Kept(tuple(map(_result, results)), plain, by_tool)
        if encode(kept) != data:
            raise CodecError("not in canonical form")
    except (ValueError, TypeError, RecursionError) as exc:
        raise CodecError(f"not results: {exc}") from exc
    return kept


def _result(values: list[Any]) -> CheckResult:
    hook, outcome, found, examined, skipped, evidence, notes = values
    _words(hook, *evidence)
    _expect(str, notes)
    _expect(int, [examined])
    left_out = tuple(map(_skipped, skipped))
    findings = tuple(map(_finding, found))
    return CheckResult(hook, Outcome(outcome), findings, examined, left_out, tuple(evidence), tuple(notes))


def _skipped(values: list[Any]) -> Skipped:
    path, reason, blocks, partly = values
    _expect(str, [path, reason])
    _expect(bool, [blocks, partly])
    return Skipped(path, reason, blocks, partly)


def _owed(values: list[Any]) -> Owed:
    kind, *lists = values
    _words(kind)
    for items in lists:
        _expect(str, items)
    return Owed(kind, *map(tuple, lists))


def _finding(values: list[Any]) -> Finding:
    rule, path, line, message, severity, detail, cwe = values
    pairs = tuple((key, value) for key, value in detail)
    _words(rule, *(key for key, _ in pairs))
    _expect(str, [path, message, *(value for _, value in pairs)])
    _expect(int, [line, *cwe])
    return Finding(rule, path, line, message, Severity(severity), pairs, tuple(cwe))


def _expect(kind: type, values: Iterable[Any]) -> None:
    if not all(type(value) is kind for value in values):
        raise TypeError(f"expected {kind.__name__}")


def _words(*values: Any) -> None:
    """Refuse what no name of ours is: reports show names as they are."""
    if not all(type(value) is str and value.isascii() and value.isprintable() for value in values):
        raise TypeError("expected a name")
