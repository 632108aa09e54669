"""``sensitive-paths``: flag edits that a person should look at; refuse them only if asked to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sayso.app.context import Context, Options
from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped

if TYPE_CHECKING:
    from sayso.checks.sensitive_paths import Flag

HOOK = "sensitive-paths"


def run(context: Context, options: Options) -> list[CheckResult]:
    """Return one result; flags are warnings, or errors with ``--refuse`` or by policy."""
    if not context.changes:
        return [CheckResult(HOOK, Outcome.NOT_APPLICABLE)]
    severity = Severity.ERROR if options.refuse or context.policy.refuse_sensitive else Severity.WARNING
    return [judged(context.flags, severity, len(context.changes), context.addition.unread)]


def judged(flags: Sequence[Flag], severity: Severity, examined: int, unread: Sequence[Skipped] = ()) -> CheckResult:
    """Return the result for flags that have been found."""
    findings = tuple(
        Finding(
            flag.rule, flag.path, flag.line, flag.message, severity, (("area", flag.area), ("trigger", flag.trigger))
        )
        for flag in flags
    )
    outcome = Outcome.FOUND if findings else Outcome.CLEAR
    left_out = tuple(skipped._replace(blocks=False) for skipped in unread)
    return CheckResult(HOOK, outcome, findings, examined, left_out)
