"""Turn evidence into findings: what is new refuses, what was there before and what is allowed is only shown."""

from __future__ import annotations

from collections.abc import Iterable

from sayso.app.engines import Engine
from sayso.app.scan import Answers, Scanner
from sayso.app.scope import Scope
from sayso.evidence import Spot
from sayso.model import Change, CheckResult, Finding, Outcome, Severity
from sayso.ratchet import new_spots
from sayso.suppress import Suppressed, attempted, split


def report(scanner: Scanner, answers: Answers, notes: Iterable[str] = ()) -> CheckResult:
    """Return the result of a scanning hook."""
    findings: list[Finding] = []
    suppressed = 0
    old = _old_spots(scanner, answers)
    for path, evidence in answers.evidence.items():
        if evidence.spots:
            change = answers.changes[path]
            texts = scanner.texts((change.blob, change.old_blob))
            text = texts.get(change.blob, "")
            standing, allowed = split(evidence.spots, text)
            fresh = set(new_spots(standing, text, old.get(path, ()), texts.get(change.old_blob, "")))
            findings += [
                _finding(answers.engine, path, spot, existing=spot not in fresh, misses=attempted(spot, text))
                for spot in standing
            ]
            findings += [_allowed(path, item) for item in allowed]
            suppressed += len(allowed)
    if suppressed:
        notes = (*notes, f"{suppressed} suppressed by `sayso: allow` comments")
    return CheckResult(
        answers.engine.check,
        _outcome(answers, findings),
        tuple(findings),
        len(answers.evidence),
        tuple(answers.skipped),
        tuple(dict.fromkeys(evidence.id for evidence in answers.evidence.values())),
        (*notes, *scanner.ledger.damaged),
    )


def _outcome(answers: Answers, findings: list[Finding]) -> Outcome:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome.FOUND
    if any(skipped.blocks for skipped in answers.skipped):
        return Outcome.INCONCLUSIVE
    if not answers.evidence:
        return Outcome.NOT_APPLICABLE
    return Outcome.FOUND if findings else Outcome.CLEAR


def _old_spots(scanner: Scanner, answers: Answers) -> dict[str, tuple[Spot, ...]]:
    """Examine the old versions of the files with findings; one that cannot be examined explains nothing away."""
    changes = {path: answers.changes[path] for path, evidence in answers.evidence.items() if evidence.spots}
    before = tuple(
        Change(change.kind, path, mode=change.old_mode, blob=change.old_blob)
        for path, change in changes.items()
        if change.old_blob
    )
    if not before:
        return {}
    known = scanner.examine([answers.engine], Scope(before))[0]
    blobs = {change.path: change.blob for change in before}
    texts = scanner.texts(blobs.values())
    # What a comment allowed was not debt that everybody could see: without the comment it is new.
    return {path: split(found.spots, texts.get(blobs[path], ""))[0] for path, found in known.evidence.items()}


def _finding(engine: Engine, path: str, spot: Spot, *, existing: bool, misses: bool) -> Finding:
    rule = engine.rule(spot.rule)
    cwe = f" (CWE-{', CWE-'.join(map(str, rule.cwe))})" if rule.cwe else ""
    if existing:
        detail = (("existing", "true"),)
        return Finding(
            rule.id, path, spot.line, f"was there before this change: {rule.summary}{cwe}", Severity.NOTE, detail
        )
    failed = "; the `sayso: allow` comment there does not name this rule, or has no reason" if misses else ""
    return Finding(rule.id, path, spot.line, f"{rule.summary}{cwe}{failed}", rule.severity, (("fix", rule.fix),))


def _allowed(path: str, item: Suppressed) -> Finding:
    message = f"allowed by a comment: {item.reason}"
    return Finding(item.spot.rule, path, item.spot.line, message, Severity.NOTE, (("suppressed", item.reason),))
