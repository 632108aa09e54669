"""Judge what a change owes by what there is. Values only.

Evidence kinds are met one by one: nothing that is there for one kind makes up for
another, and stated confidence makes up for none. A fact that says that something
was found counts against the change whatever else is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from sayso import ruletables
from sayso.model import Finding, Outcome, Rule, Severity
from sayso.owing import Owed
from sayso.settings import KINDS, Gate
from sayso.tables import Table

FILE = "commit_gate.toml"
_LEAST_WORDS = 5
_SHOWN = 4


class Standing(StrEnum):
    """How it stands with something that is owed."""

    MET = "met"
    MISSING = "missing"
    FAILED = "failed"
    LATER = "later"
    UNDECIDED = "undecided"


class Fact(NamedTuple):
    """What there is of one kind of evidence: why that is not enough, ids of records, and commands that would help."""

    standing: Standing
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


def read_rules(table: Table) -> Mapping[str, Rule]:
    """Read the rules of the gate by id; raises ``DataError``."""
    found = {rule.id: rule for rule in ruletables.rules(table)}
    table.done()
    return found


def rule_of(kind: str) -> str:
    """Return the id of the rule for a kind of evidence."""
    return f"owed-{kind.replace(':', '-')}"


def enforced(*gates: Gate, ai: bool) -> bool:
    """Tell whether a commit is refused where something owed is missing: by any of several policies."""
    return any(gate.enforce == "all" or (gate.enforce == "ai" and ai) for gate in gates)


def united(*halves: Sequence[Owed]) -> tuple[Owed, ...]:
    """Return what several parts of a change owe together, one item for each kind, in the usual order."""
    kinds: dict[str, Owed] = {}
    for item in (item for half in halves for item in half):
        known = kinds.get(item.kind)
        kinds[item.kind] = item if known is None else Owed(item.kind, *map(_joined, known[1:], item[1:]))
    return tuple(kinds[kind] for kind in KINDS if kind in kinds)


def _joined(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left, *right)))


def judge(
    owed: Sequence[Owed], facts: Mapping[str, Fact], rules: Mapping[str, Rule], *, enforce: bool
) -> tuple[Finding, ...]:
    """Return a finding for each kind that is owed: a note if it is met, an error if it is missing and enforced.

    What was found against the change is an error always: only what is missing can be let through.
    """
    return tuple(_finding(item, facts.get(item.kind, _NOTHING), rules, enforce=enforce) for item in owed)


_NOTHING = Fact(Standing.MISSING, ("there is no record of it",))


def _finding(owed: Owed, fact: Fact, rules: Mapping[str, Rule], *, enforce: bool) -> Finding:
    rule_id = rule_of(owed.kind)
    if fact.standing in {Standing.MET, Standing.LATER}:
        severity = Severity.NOTE
    elif fact.standing is Standing.UNDECIDED:
        severity = Severity.WARNING  # the outcome stops it: that is no refusal, and no pass either
    elif fact.standing is Standing.FAILED or enforce:
        severity = Severity.ERROR
    else:
        severity = Severity.WARNING
    because = _listed(fact.reasons)
    if fact.standing is Standing.MET and fact.evidence:
        because = "; ".join(filter(None, (because, f"evidence {_listed([item[:12] for item in fact.evidence])}")))
    asked = _listed(owed.because)
    detail = {
        "kind": owed.kind,
        "status": fact.standing.value,
        "owed": ", ".join(owed.duties),
        "because": asked,
        "paths": _listed(owed.paths),
        "cases": ", ".join(owed.cases),
        "evidence": " ".join(fact.evidence) if fact.standing is Standing.MET else "",
        "next": "" if fact.standing is Standing.MET else "\n".join(fact.steps),
        "fix": "" if fact.steps or severity is Severity.NOTE else rules[rule_id].fix,
    }
    message = f"{owed.kind}: {fact.standing}{f': {because}' if because else ''}"
    return Finding(rule_id, "", 0, message, severity, tuple((key, value) for key, value in detail.items() if value))


def outcome(findings: Sequence[Finding]) -> Outcome:
    """Return what the gate ends with: found if anything refuses, inconclusive if anything could not be decided."""
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome.FOUND
    if any(dict(finding.detail).get("status") == Standing.UNDECIDED for finding in findings):
        return Outcome.INCONCLUSIVE
    if not findings:
        return Outcome.NOT_APPLICABLE
    return Outcome.FOUND if any(finding.severity is Severity.WARNING for finding in findings) else Outcome.CLEAR


def threat_note(notes: Sequence[str]) -> Fact:
    """Judge the notes on threats that stand in the trailers of a message."""
    if any(len(note.split()) >= _LEAST_WORDS for note in notes):
        return Fact(Standing.MET, ("in the message",))
    reason = "the Threat-Note of the message has fewer than five words" if notes else "the message has no Threat-Note"
    return Fact(
        Standing.MISSING, (reason,), steps=("add the trailer Threat-Note: WHO could do WHAT, and WHAT stops it",)
    )


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return "; ".join(items[:_SHOWN]) + more
