"""Results as bytes and back, for a cache of our own. Not a format that others read: that is ``reports.as_json``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sayso.model import CheckResult, Finding, Outcome, SaysoError, Severity, Skipped


class CodecError(SaysoError):
    """Bytes that are not results."""


def encode(results: Sequence[CheckResult]) -> bytes:
    """Return the results as ASCII bytes."""
    return json.dumps(results, separators=(",", ":")).encode("ascii")


def decode(data: bytes) -> tuple[CheckResult, ...]:
    """Read back what ``encode`` wrote.

    Raises:
        CodecError: anything else.
    """
    try:
        results = tuple(map(_result, json.loads(data)))
        if encode(results) != data:
            raise CodecError("not in canonical form")
    except (ValueError, TypeError, RecursionError) as exc:
        raise CodecError(f"not results: {exc}") from exc
    return results


def _result(values: list[Any]) -> CheckResult:
    hook, outcome, found, examined, skipped, evidence, notes = values
    left_out = tuple(Skipped(*item) for item in skipped)
    findings = tuple(map(_finding, found))
    return CheckResult(hook, Outcome(outcome), findings, examined, left_out, tuple(evidence), tuple(notes))


def _finding(values: list[Any]) -> Finding:
    rule, path, line, message, severity, detail, cwe = values
    pairs = tuple((key, value) for key, value in detail)
    return Finding(rule, path, line, message, Severity(severity), pairs, tuple(cwe))
