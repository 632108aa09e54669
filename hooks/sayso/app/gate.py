"""Put together what a change touches and claims, what it owes for that, and what is there: one verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso import gate
from sayso.adapters.resources import read_table
from sayso.app import examined, facts, policies, receipts
from sayso.app.case import Case, by_tools
from sayso.app.context import Context
from sayso.model import CheckResult, Finding, Outcome
from sayso.owing import Owed

HOOK = "commit-gate"
_ID = 64


def judge(case: Case, *, enforce: bool, extra: Sequence[Finding] = (), notes: Sequence[str] = ()) -> CheckResult:
    """Return the gate's own result: a finding for each thing that is owed, and for what keeps it from deciding."""
    rules = gate.read_rules(read_table(gate.FILE))
    owed = owing(case) if case.owed is None else case.owed
    found = (*extra, *_foreign(case), *gate.judge(owed, facts.gather(case, owed), rules, enforce=enforce))
    evidence = tuple(item for finding in found for item in _evidence(finding))
    said = [*notes, *case.context.policy.loosened]
    outcome = gate.outcome(found) if case.changes or found else Outcome.NOT_APPLICABLE
    return CheckResult(HOOK, outcome, found, len(case.changes), (), evidence, tuple(dict.fromkeys(said)))


def owing(case: Case) -> tuple[Owed, ...]:
    """Return what the change owes; of a range, a tool's part of it owes what a tool owes, and the rest does not."""
    from sayso.app import owings  # noqa: PLC0415 - not where it is known

    found = examined.flagged(case.context, case.results)
    if not case.parts:
        return owings.of(case.context, found, ai=case.ai)
    mine = by_tools(case)
    halves = []
    for ai in (True, False):
        some = [finding for finding in found if (finding.path in mine) == ai]
        changes = tuple(change for change in case.changes if mine.isdisjoint(change.names) != ai)
        halves.append(owings.of(case.context, some, ai=ai, changes=changes))
    return gate.united(*halves)


def unreported(case: Case) -> Iterator[Finding]:
    """Yield a finding for each hook that the policy requires and that has not let this content pass."""
    required = case.context.policy.gate.required_hooks
    if not required:
        return
    rules = gate.read_rules(read_table(gate.FILE))
    passed = receipts.seen(case.context, case.tree)
    for hook in required:
        if hook in receipts.LEAVING and hook not in passed:
            rule = rules["gate-hook-missing"]
            message = f"{hook} has not let this content pass"
            yield Finding(rule.id, "", 0, message, rule.severity, (("hook", hook), ("fix", rule.fix)))


def policy_changes(context: Context) -> list[CheckResult]:
    """Return what the change loosens in the policy."""
    result = policies.changes(context)
    return [result] if result else []


def _foreign(case: Case) -> tuple[Finding, ...]:
    """Return a finding for each file that hides among the approvals, where nothing else is asked of it."""
    terms = case.context.trusted.review
    if not any(name.startswith(terms.approvals) for change in case.changes for name in change.names):
        return ()
    from sayso.app import reviews  # noqa: PLC0415 - few changes bring an approval

    return reviews.foreign(case.context.repo, terms, case.changes)


def _evidence(finding: Finding) -> tuple[str, ...]:
    return tuple(item for item in dict(finding.detail).get("evidence", "").split() if len(item) == _ID)
