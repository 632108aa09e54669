"""Results for a person: what happened, where, why, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.reports.safe import visible

_MOST_SHOWN = 20
_MOST_EVIDENCE = 4
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def render(results: Sequence[CheckResult]) -> str:
    """Return the report, each line ended."""
    quiet = [result for result in results if _is_quiet(result)]
    lines: list[str] = []
    if len(quiet) > 1:
        lines.append("nothing found: " + ", ".join(_grouped(quiet)))
        results = [result for result in results if not _is_quiet(result)]
    fixes: set[str] = set()
    for result in results:
        lines += _result(result, fixes)
    return "".join(f"{line}\n" for line in lines)


def _grouped(quiet: Sequence[CheckResult]) -> Iterable[str]:
    """Say what each has examined, once for those that examined as much."""
    groups: dict[str, list[str]] = {}
    for result in quiet:
        groups.setdefault(_extent(result), []).append(result.hook)
    return (f"{', '.join(hooks)} ({extent})" for extent, hooks in groups.items())


def _extent(result: CheckResult) -> str:
    return f"{result.examined} examined" if result.examined else "nothing to examine"


def _is_quiet(result: CheckResult) -> bool:
    """Tell whether a result has nothing to say but that it has nothing to say."""
    calm = result.outcome in {Outcome.CLEAR, Outcome.NOT_APPLICABLE}
    return calm and not (result.findings or result.skipped or result.notes)


def _result(result: CheckResult, fixes: set[str]) -> Iterable[str]:
    yield f"{result.hook}: {_headline(result)}"
    ordered = sorted(result.findings, key=lambda finding: _ORDER.index(finding.severity))
    for finding in ordered[:_MOST_SHOWN]:
        yield from _finding(finding, fixes)
    if len(ordered) > _MOST_SHOWN:
        yield f"  … and {len(ordered) - _MOST_SHOWN} more: --format json lists all"
    yield from _skipped(result.skipped)
    yield from (f"  {visible(note)}" for note in result.notes)


def _headline(result: CheckResult) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in result.findings)
    ids = ", ".join(item[:12] for item in result.evidence[:_MOST_EVIDENCE])
    ids += f" and {len(result.evidence) - _MOST_EVIDENCE} more" if len(result.evidence) > _MOST_EVIDENCE else ""
    evidence = f"; evidence {ids}" if ids else ""
    files = f"{result.examined} examined" if result.examined else "nothing examined"
    if errors:
        return f"REFUSED: {_count(errors, 'reason')} ({files}{evidence})"
    if result.outcome is Outcome.INCONCLUSIVE:
        return f"COULD NOT DECIDE ({files}{evidence})"
    if result.outcome is Outcome.NOT_APPLICABLE:
        return "nothing here for this check to examine"
    if warnings:
        return f"flagged: {_count(warnings, 'place')} to look at ({files}{evidence})"
    return f"nothing found ({files}{evidence})" if not result.findings else f"passed ({files}{evidence})"


def _finding(finding: Finding, fixes: set[str]) -> Iterable[str]:
    detail = dict(finding.detail)
    place = finding.path or "commit message"
    line = f":{finding.line}" if finding.line else ""
    yield f"  {visible(place)}{line}: {finding.severity}: [{finding.rule}] {visible(finding.message)}"
    if "raised" in detail:
        yield "      a warning, raised because the commit carries the mark of a coding tool"
    if "next" in detail:
        yield f"      next: {visible(detail['next'])}"
    fix = detail.get("fix", "")
    if fix and fix not in fixes:
        fixes.add(fix)
        first, *rest = fix.splitlines()
        yield f"      fix: {visible(first)}"
        yield from (f"           {visible(line)}" for line in rest)


def _skipped(skipped: Sequence[Skipped]) -> Iterable[str]:
    blocking = [item for item in skipped if item.blocks]
    partly = [item for item in skipped if item.partly and not item.blocks]
    others = [item for item in skipped if not (item.partly or item.blocks)]
    for item in blocking[:_MOST_SHOWN]:
        yield f"  {visible(item.path)}: not examined: {visible(item.reason)}"
    if len(blocking) > _MOST_SHOWN:
        yield f"  … and {len(blocking) - _MOST_SHOWN} more not examined"
    yield from (f"  {visible(item.path)}: examined in part: {visible(item.reason)}" for item in partly[:_MOST_SHOWN])
    if len(partly) > _MOST_SHOWN:
        yield f"  … and {len(partly) - _MOST_SHOWN} more examined in part"
    if others:
        named = "; ".join(f"{visible(item.path)}: {visible(item.reason)}" for item in others[:3])
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""  # noqa: PLR2004
        yield f"  {len(others)} not this check's business: {named}{more}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
