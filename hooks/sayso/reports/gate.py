"""The verdict of the gate on one screen: what is touched, owed and there, and the command for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso.model import CheckResult, Finding, Outcome, Severity
from sayso.reports.safe import visible

GATE = "commit-gate"
_CLAIMS = "secure-claims"
_AUTHORSHIP = "ai-authorship"
_SCANS = ("code-scan", "secret-scan", "dependency-scan")
_MOST_ROWS = 8
_MOST_PLACES = 3
_MOST_SHOWN = 12
_WORDS = {"met": "ok", "missing": "MISSING", "failed": "FAILED", "later": "later", "undecided": "UNDECIDED"}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def render(results: Sequence[CheckResult], name: str = GATE) -> str:
    """Return the screen, each line ended; ``name`` is the command whose verdict it is."""
    gates = [result for result in results if result.hook == GATE]
    owed = [finding for gate in gates for finding in gate.findings if "status" in dict(finding.detail)]
    lines = [f"{name}: {headline(results)}"]
    lines += _section("touches", _touched(results))
    lines += _section("owes", _owed(owed))
    lines += _section("claims", _claims(results))
    lines += _section("found", _found(results, owed))
    lines += _section("not examined", _unexamined(results))
    notes = [note for result in results if result.hook in {GATE, _CLAIMS, _AUTHORSHIP} for note in result.notes]
    lines += [f"  {visible(note)}" for note in dict.fromkeys(notes)]
    return "".join(f"{line}\n" for line in lines)


def headline(results: Sequence[CheckResult]) -> str:
    """Return the verdict in a few words."""
    errors = [finding for result in results for finding in result.findings if finding.severity is Severity.ERROR]
    owed = sum("status" in dict(finding.detail) and finding.rule.startswith("owed-") for finding in errors)
    if errors:
        parts = [f"{_count(owed, 'thing')} owed"] if owed else []
        if other := len(errors) - owed:
            parts.append(_count(other, "other reason" if owed else "reason"))
        return f"REFUSED: {' and '.join(parts)}"
    if any(result.outcome is Outcome.INCONCLUSIVE for result in results):
        return "COULD NOT DECIDE"
    gate = next((result for result in results if result.hook == GATE), None)
    if gate is None or gate.outcome is Outcome.NOT_APPLICABLE:
        return "nothing is changed, so nothing is owed"
    warned = any(finding.severity is Severity.WARNING for finding in gate.findings)
    return "passed, with something owed that the policy does not enforce" if warned else "passed"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _section(title: str, lines: Iterator[str]) -> list[str]:
    shown = list(lines)
    return [f"  {title}", *(f"    {line}" for line in shown)] if shown else []


def _touched(results: Sequence[CheckResult]) -> Iterator[str]:
    groups: dict[str, list[Finding]] = {}
    for result in results:
        if result.hook not in {GATE, _CLAIMS, _AUTHORSHIP, *_SCANS}:
            for finding in result.findings:
                groups.setdefault(dict(finding.detail).get("area") or finding.rule, []).append(finding)
    width = max((len(name) for name in groups), default=0)
    for name, found in list(groups.items())[:_MOST_ROWS]:
        places = list(dict.fromkeys(_place(finding) for finding in found))
        more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
        said = f": {visible(_first_sentence(found[0].message))}" if "area" not in dict(found[0].detail) else ""
        yield f"{visible(name):<{width}}  {visible(', '.join(places[:_MOST_PLACES]))}{more}{said}"
    if len(groups) > _MOST_ROWS:
        yield f"… and {len(groups) - _MOST_ROWS} more"
    for result in results:
        if result.hook == _AUTHORSHIP:
            marks = [finding for finding in result.findings if "tool" in dict(finding.detail)]
            yield from (f"written with a coding tool: {visible(mark.message)}" for mark in marks[:_MOST_PLACES])


def _owed(findings: Sequence[Finding]) -> Iterator[str]:
    details = [dict(finding.detail) for finding in findings]
    width = max((len(detail["kind"]) for detail in details), default=0)
    for finding, detail in zip(findings, details, strict=True):
        word = _WORDS[detail["status"]]
        if detail["status"] == "missing" and finding.severity is not Severity.ERROR:
            word = "not here"
        said = finding.message.partition(": ")[2].removeprefix(detail["status"]).removeprefix(": ")
        yield f"{word:<9}  {detail['kind']:<{width}}  {visible(said)}".rstrip()
        if detail["status"] in {"met", "later"}:
            continue
        if detail.get("because"):
            duties = detail.get("owed", "")
            word = "duties" if ", " in duties else "duty"
            yield f"{'':<9}  because: {visible(detail['because'])} ({word} {visible(duties)})"
        if detail.get("cases"):
            yield f"{'':<9}  shown by passing tests named for: {visible(detail['cases'])}"
        for key in ("next", "fix"):
            for number, line in enumerate(detail.get(key, "").splitlines()):
                yield f"{'':<9}  {f'{key}:' if not number else '':<5} {visible(line)}"


def _claims(results: Sequence[CheckResult]) -> Iterator[str]:
    for result in results:
        for finding in result.findings if result.hook == _CLAIMS else ():
            where = f"{finding.path or 'message'}:{finding.line}"
            yield f"{visible(where)}  [{finding.rule}] {visible(finding.message)}"
            step = dict(finding.detail).get("next")
            if step and finding.severity is not Severity.NOTE:
                yield f"  next: {visible(step)}"


def _found(results: Sequence[CheckResult], owed: Sequence[Finding]) -> Iterator[str]:
    """Yield what refuses, and is neither a claim nor owed, and what the scans warn of."""
    shown = [
        finding
        for result in results
        for finding in result.findings
        if result.hook != _CLAIMS
        and finding not in owed
        and (finding.severity is Severity.ERROR or (result.hook in _SCANS and finding.severity is Severity.WARNING))
    ]
    for finding in sorted(shown, key=lambda item: _ORDER.index(item.severity))[:_MOST_SHOWN]:
        yield f"{visible(_place(finding))}: {finding.severity}: [{finding.rule}] {visible(finding.message)}"
        fix = dict(finding.detail).get("fix", "").splitlines()
        if fix and finding.severity is Severity.ERROR:
            yield f"  fix: {visible(fix[0])}"
    if len(shown) > _MOST_SHOWN:
        yield f"… and {len(shown) - _MOST_SHOWN} more: --format json lists all"


def _unexamined(results: Sequence[CheckResult]) -> Iterator[str]:
    gaps = dict.fromkeys((item.path, item.reason) for result in results for item in result.skipped if item.blocks)
    for path, reason in list(gaps)[:_MOST_SHOWN]:
        yield f"{visible(path)}: {visible(reason)}"
    if len(gaps) > _MOST_SHOWN:
        yield f"… and {len(gaps) - _MOST_SHOWN} more"


def _place(finding: Finding) -> str:
    return f"{finding.path or 'message'}{f':{finding.line}' if finding.line else ''}"


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0][:160]
