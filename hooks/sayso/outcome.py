"""What a process ends with."""

from __future__ import annotations

from collections.abc import Iterable

from sayso.model import CheckResult, Outcome, Severity


def exit_code(results: Iterable[CheckResult]) -> int:
    """Return what the process ends with: 1 if anything refuses, else 3 if anything could not be decided, else 0."""
    results = tuple(results)
    if any(finding.severity is Severity.ERROR for result in results for finding in result.findings):
        return 1
    return 3 if any(result.outcome is Outcome.INCONCLUSIVE for result in results) else 0
