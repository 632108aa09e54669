"""Turn the findings of a relaxed rule into notes that say until when, by whom and why.

Not every rule can be relaxed. What guards the policy itself, or says that the
judgement was of other bytes than those that are committed, has no exception: whoever
could relax it could relax everything.
"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model import CheckResult, Finding, Outcome, Severity
from sayso.settings import Policy, Relaxation

UNRELAXABLE = {
    "policy-": "it guards the policy itself",
    "receipt-": "it says whether the content was examined at all",
    "index-changed": "it says that other content was judged than is committed",
    "gate-": "it says that the gate could not judge",
    "owed-": "name the duty, or the rule that found something; sayso config lists the duties",
    "claim-absolute": "no evidence can support such a claim, and no decision either",
    "advisory-": "accept the advisory with an [[accept]] entry",
    **dict.fromkeys(
        (
            *("hidden-tag-characters", "hidden-payload", "hidden-run", "hidden-bidi-code", "hidden-instruction"),
            "hidden-terminal-escape",
        ),
        "what no reader can see, no reader can accept",
    ),
}
"""The rules, or beginnings of rules, that nobody can relax, and why."""


def unrelaxable(rule: str) -> str:
    """Return the entry of ``UNRELAXABLE`` that speaks of ``rule``, or ""."""
    return next((item for item in UNRELAXABLE if rule == item or (item[-1] == "-" and rule.startswith(item))), "")


def relaxed(results: Sequence[CheckResult], policy: Policy) -> list[CheckResult]:
    """Return ``results`` with the findings of relaxed rules as notes; a result that could not decide stays one."""
    by_rule = {item.rule: item for item in policy.relaxed if not unrelaxable(item.rule)}
    return [_result(result, by_rule) for result in results] if by_rule else list(results)


def _result(result: CheckResult, by_rule: dict[str, Relaxation]) -> CheckResult:
    if not any(finding.rule in by_rule for finding in result.findings):
        return result
    findings = tuple(
        _note(finding, by_rule[finding.rule]) if finding.rule in by_rule else finding for finding in result.findings
    )
    found = any(finding.severity is not Severity.NOTE for finding in findings)
    outcome = result.outcome
    if outcome is Outcome.FOUND and not found:
        blocked = any(item.blocks for item in result.skipped)
        outcome = Outcome.INCONCLUSIVE if blocked else Outcome.CLEAR
    return result._replace(findings=findings, outcome=outcome)


def _note(finding: Finding, relaxation: Relaxation) -> Finding:
    said = f"relaxed until {relaxation.expires} by {relaxation.owner}: {relaxation.reason}"
    return finding._replace(
        severity=Severity.NOTE,
        message=f"{said}; {finding.message}",
        detail=(*finding.detail, ("relaxed", "true")),
    )
