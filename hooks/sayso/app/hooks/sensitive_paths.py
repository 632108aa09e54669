"""``sensitive-paths``: flag edits that a person should look at; refuse them only if asked to."""

from __future__ import annotations

from sayso.app.context import Context, Options
from sayso.model import CheckResult, Finding, Outcome, Severity

HOOK = "sensitive-paths"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result; flags are warnings, or errors with ``--refuse`` or by policy."""
    if not context.changes:
        return [CheckResult(HOOK, Outcome.NOT_APPLICABLE)]
    severity = Severity.ERROR if options.refuse or context.policy.refuse_sensitive else Severity.WARNING
    findings = tuple(
        Finding(
            flag.rule, flag.path, flag.line, flag.message, severity, (("area", flag.area), ("trigger", flag.trigger))
        )
        for flag in context.flags
    )
    outcome = Outcome.FOUND if findings else Outcome.CLEAR
    unread = tuple(skipped._replace(blocks=False) for skipped in context.addition.unread)
    return [CheckResult(HOOK, outcome, findings, len(context.changes), unread)]
