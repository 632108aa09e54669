"""What is known of a change when its checklist is written, and what can be asked of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sayso.model import ChangeKind, CheckResult, Finding, Outcome, Snapshot
from sayso.signs import Place

_MOST_MESSAGE = 120


class Answer(NamedTuple):
    """A question and its answer: yes, no or unclear; ``because`` says why, and ``places`` are what it rests on."""

    id: str
    question: str
    answer: str
    because: str
    places: tuple[Place, ...] = ()


class OfTests(NamedTuple):
    """What is known of tests.

    Attributes:
        kind: ``unit`` or ``e2e``.
        status: ``passed`` or ``failed`` of a run recorded on exactly this content, ``changed`` of tests that the change
            touches, ``missing`` of code that changed without tests.
        what: the command, or why nothing is there.
        path: the test or the source that is meant, or "".
    """

    kind: str
    status: str
    what: str
    path: str = ""


class Known(NamedTuple):
    """What is known of a change when its checklist is written.

    Attributes:
        snapshot: the change.
        flags: the findings of sensitive-paths, with the detail ``area``; None where it was not run.
        signals: the results of the five signal checks; one that is missing was not run.
        scans: the results of code-scan, secret-scan and dependency-scan; one that is missing was not run.
        tests: what is known of tests.
        ai: the change carries the mark of a coding tool.
    """

    snapshot: Snapshot
    flags: tuple[Finding, ...] | None = None
    signals: tuple[CheckResult, ...] = ()
    scans: tuple[CheckResult, ...] = ()
    tests: tuple[OfTests, ...] = ()
    ai: bool = False


def result(results: Sequence[CheckResult], hook: str) -> CheckResult | None:
    """Return what a hook has said; None if it was not run."""
    return next((result for result in results if result.hook == hook), None)


def aside(result: CheckResult | None) -> list[Place]:
    """Return the files that a scan left out as none of its business."""
    return [Place(item.path, 0, item.reason) for item in result.skipped] if result else []


def gap(result: CheckResult | None, hook: str) -> tuple[str, Iterable[Place]] | None:
    """Return why a scan cannot vouch for the change; None if it can."""
    if result is None:
        return f"{hook} was not run", ()
    blocked = [Place(item.path, 0, item.reason) for item in result.skipped if item.blocks or item.partly]
    if result.outcome is Outcome.INCONCLUSIVE or blocked:
        return f"{hook} could not examine everything", blocked
    if result.outcome is Outcome.NOT_APPLICABLE or not result.examined:
        return f"{hook} had nothing to examine", ()
    return None


def unread(snapshot: Snapshot) -> list[Place]:
    """Return the files whose content nobody here has seen."""
    return [
        Place(change.path, 0, "its content was not read")
        for change in snapshot.changes
        if change.path not in snapshot.texts and change.kind is not ChangeKind.DELETED
    ]


def places(findings: Iterable[Finding]) -> list[Place]:
    """Return where findings are, and what was found: for a sensitive area what gave it away."""
    return [Place(found.path, found.line, _what(found)) for found in findings]


def _what(finding: Finding) -> str:
    detail = dict(finding.detail)
    if detail.get("area"):
        return f"{detail['area']}: {detail.get('trigger') or finding.rule}"
    return f"{finding.rule}: {finding.message[:_MOST_MESSAGE]}"


def of_tests(tests: Iterable[OfTests]) -> list[Place]:
    """Return the tests that have a file."""
    return [Place(item.path, 0, f"{item.kind}: {item.what}") for item in tests if item.path]


def names(tests: Sequence[OfTests]) -> str:
    """Name tests, the first of them."""
    named = list(dict.fromkeys(f"{item.kind} ({item.what})" for item in tests))
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")  # noqa: PLR2004


def area(flag: Finding) -> str:
    """Return the sensitive area of a finding of sensitive-paths."""
    return dict(flag.detail).get("area", "")


def count(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
