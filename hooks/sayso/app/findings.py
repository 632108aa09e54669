"""Turn evidence into findings: what is new refuses, what was there before and what is allowed is only shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sayso.app.debt import Debt
from sayso.app.engines import Engine
from sayso.app.scan import Answers, Scanner
from sayso.app.scope import Scope
from sayso.baseline import FILE, Seen, seen
from sayso.evidence import Spot
from sayso.model import Change, CheckResult, Finding, Outcome, Severity, Skipped
from sayso.ratchet import new_spots
from sayso.suppress import Suppressed, attempted, split


class _Standing(NamedTuple):
    """A spot that no comment allows: where, whether the change is what brought it, and what a baseline knows it by."""

    path: str
    spot: Spot
    fresh: bool
    misses: bool
    seen: Seen


def report(scanner: Scanner, answers: Answers, debt: Debt, notes: Iterable[str] = ()) -> CheckResult:
    """Return the result of a scanning hook."""
    standing, allowed = _sorted_out(scanner, answers)
    covered, left = debt.covered(answers.engine.check, [item.seen for item in standing])
    findings = [
        _finding(answers.engine, item, covered=number in covered) for number, item in enumerate(standing)
    ] + allowed
    findings += debt.problems(answers.engine.check, left, answers.evidence)
    if allowed:
        notes = (*notes, f"{len(allowed)} suppressed by `sayso: allow` comments")
    if covered:
        notes = (*notes, f"{len(covered)} in {FILE}, which can only shrink")
    return CheckResult(
        answers.engine.check,
        _outcome(answers, findings),
        tuple(findings),
        len(answers.evidence),
        (*answers.skipped, *_gaps(answers)),
        tuple(dict.fromkeys(evidence.id for evidence in answers.evidence.values())),
        (*notes, *scanner.ledger.damaged),
    )


def standing(scanner: Scanner, answers: Answers) -> list[Seen]:
    """Return every finding that no comment allows, of severity warning or more, as a baseline knows it."""
    found, _ = _sorted_out(scanner, answers)
    return [item.seen for item in found if answers.engine.rule(item.spot.rule).severity is not Severity.NOTE]


def _sorted_out(scanner: Scanner, answers: Answers) -> tuple[list[_Standing], list[Finding]]:
    found: list[_Standing] = []
    suppressed: list[Finding] = []
    changes = {path: answers.changes[path] for path, evidence in answers.evidence.items() if evidence.spots}
    scanner.texts(blob for change in changes.values() for blob in (change.blob, change.old_blob))  # in one git call
    old = _old_spots(scanner, answers, changes)
    for path, change in changes.items():
        evidence = answers.evidence[path]
        texts = scanner.texts((change.blob, change.old_blob))
        text = texts.get(change.blob, "")
        kept, allowed = split(evidence.spots, path, text)
        fresh = set(new_spots(kept, text, old.get(path, ()), texts.get(change.old_blob, "")))
        found += [
            _Standing(path, spot, spot in fresh, attempted(spot, text), seen(spot, text, path, change.old_path))
            for spot in kept
        ]
        suppressed += [_allowed(path, item) for item in allowed]
    return found, suppressed


def _gaps(answers: Answers) -> Iterable[Skipped]:
    """Name what was examined in part, which refuses nothing: it only supports no claim."""
    for path, evidence in answers.evidence.items():
        if evidence.gap:
            yield Skipped(path, evidence.gap, blocks=False, partly=True)


def _outcome(answers: Answers, findings: list[Finding]) -> Outcome:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome.FOUND
    if any(skipped.blocks for skipped in answers.skipped):
        return Outcome.INCONCLUSIVE
    if not answers.evidence:
        return Outcome.NOT_APPLICABLE
    return Outcome.FOUND if findings else Outcome.CLEAR


def _old_spots(scanner: Scanner, answers: Answers, changes: Mapping[str, Change]) -> dict[str, tuple[Spot, ...]]:
    """Examine the old versions of the files with findings; one that cannot be examined explains nothing away.

    Nor does one in which none of the rules that found something now can match: it is left alone.
    """
    texts = scanner.texts(change.old_blob for change in changes.values())
    engine, evidence = answers.engine, answers.evidence
    before = tuple(
        Change(change.kind, path, mode=change.old_mode, blob=change.old_blob)
        for path, change in changes.items()
        if change.old_blob in texts
        and engine.may_hold(
            evidence[path].subject,
            texts[change.old_blob].encode("utf-8", "replace"),
            {spot.rule for spot in evidence[path].spots},
        )
    )
    if not before:
        return {}
    known = scanner.examine([answers.engine], Scope(before))[0]
    blobs = {change.path: change.blob for change in before}
    # What a comment allowed was not debt that everybody could see: without the comment it is new.
    return {path: split(found.spots, path, texts.get(blobs[path], ""))[0] for path, found in known.evidence.items()}


def _finding(engine: Engine, item: _Standing, *, covered: bool) -> Finding:
    rule = engine.rule(item.spot.rule)
    cwe = f" (CWE-{', CWE-'.join(map(str, rule.cwe))})" if rule.cwe else ""
    place = (rule.id, item.path, item.spot.line)
    if covered or not item.fresh:
        because, key = (f"in {FILE}", "baseline") if covered else ("was there before this change", "existing")
        return Finding(*place, f"{because}: {rule.summary}{cwe}", Severity.NOTE, ((key, "true"),), rule.cwe)
    failed = "; the `sayso: allow` comment there does not name this rule, or has no reason" if item.misses else ""
    return Finding(*place, f"{rule.summary}{cwe}{failed}", rule.severity, (("fix", rule.fix),), rule.cwe)


def _allowed(path: str, item: Suppressed) -> Finding:
    message = f"allowed by a comment: {item.reason}"
    return Finding(item.spot.rule, path, item.spot.line, message, Severity.NOTE, (("suppressed", item.reason),))
