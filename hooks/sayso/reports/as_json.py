"""Results for a program: JSON, version 1.

``{"version": 1, "hook", "outcome", "findings": [{"hook", "rule", "path", "line",
"message", "severity", …}], "examined", "skipped": [{"hook", "path", "reason",
"blocks", "partly"?}], "evidence", "notes"}``. Keys are added in the same version, never
changed or removed. Bytes of a path that are not UTF-8 come as lone surrogates,
escaped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sayso.model import CheckResult, Outcome, Severity, Skipped

VERSION = 1


def render(hook: str, results: Sequence[CheckResult]) -> str:
    """Return one JSON document for all results of ``hook``, on one line."""
    document = {
        "version": VERSION,
        "hook": hook,
        "outcome": _worst(results),
        "findings": [
            {
                **dict(finding.detail),
                **({"cwe": finding.cwe} if finding.cwe else {}),
                "hook": result.hook,
                "rule": finding.rule,
                "path": finding.path,
                "line": finding.line,
                "message": finding.message,
                "severity": finding.severity,
            }
            for result in results
            for finding in result.findings
        ],
        "examined": max((result.examined for result in results), default=0),
        "skipped": [_skipped(result.hook, item) for result in results for item in result.skipped],
        "evidence": list(dict.fromkeys(item for result in results for item in result.evidence)),
        "notes": list(dict.fromkeys(note for result in results for note in result.notes)),
    }
    return json.dumps(document) + "\n"


def _skipped(hook: str, item: Skipped) -> dict[str, object]:
    shown = {"hook": hook, "path": item.path, "reason": item.reason, "blocks": item.blocks}
    return shown | ({"partly": True} if item.partly else {})


def _worst(results: Sequence[CheckResult]) -> Outcome:
    outcomes = {result.outcome for result in results}
    if any(finding.severity is Severity.ERROR for result in results for finding in result.findings):
        return Outcome.FOUND
    order = (Outcome.INCONCLUSIVE, Outcome.FOUND, Outcome.CLEAR)
    return next((outcome for outcome in order if outcome in outcomes), Outcome.NOT_APPLICABLE)
