"""Put together what a change touches and claims, what it owes for that, and what is there: one verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso import duties, gate
from sayso.adapters.resources import read_table
from sayso.app import examined, facts, policies, receipts
from sayso.app.case import Case
from sayso.duties import Owed
from sayso.model import CheckResult, Finding, Outcome

HOOK = "commit-gate"
_ID = 64


def judge(case: Case, *, enforce: bool, extra: Sequence[Finding] = (), notes: Sequence[str] = ()) -> CheckResult:
    """Return the gate's own result: a finding for each thing that is owed, and for what keeps it from deciding."""
    rules = gate.read_rules(read_table(gate.FILE))
    owed = owing(case)
    found = (*extra, *gate.judge(owed, facts.gather(case, owed), rules, enforce=enforce))
    evidence = tuple(item for finding in found for item in _evidence(finding))
    said = [*notes, *case.context.policy.loosened]
    outcome = gate.outcome(found) if case.changes or found else Outcome.NOT_APPLICABLE
    return CheckResult(HOOK, outcome, found, len(case.changes), (), evidence, tuple(dict.fromkeys(said)))


def owing(case: Case) -> tuple[Owed, ...]:
    """Return what the change owes; of a range, a tool's part of it owes what a tool owes, and the rest does not."""
    built_in = duties.read_rules(read_table(duties.FILE))
    signals = [(finding.rule, finding.path, finding.line) for finding in examined.flagged(case.results)]
    policy = case.context.policy
    if not case.parts:
        return duties.owed(signals, case.changes, case.ai, built_in, policy, frozenset(case.quiet))
    mine = {name for part in case.parts if part.ai for change in part.changes for name in change.names}
    halves = []
    for ai in (True, False):
        some = [signal for signal in signals if (signal[1] in mine) == ai]
        changes = tuple(change for change in case.changes if mine.isdisjoint(change.names) != ai)
        halves.append(duties.owed(some, changes, ai, built_in, policy, frozenset(case.quiet)))
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


def policy_changes(case: Case) -> list[CheckResult]:
    """Return what the change loosens in the policy."""
    result = policies.changes(case.context)
    return [result] if result else []


def _evidence(finding: Finding) -> tuple[str, ...]:
    return tuple(item for item in dict(finding.detail).get("evidence", "").split() if len(item) == _ID)
