"""Say what a change loosens in the policy itself, whom it lets in, and what it accepts.

The policy that stood is held against the one that would stand, each merged with the
layers below it. A key that is weaker afterwards is an error, unless the new file has a
relaxation for it, with reason, owner and end; then it is shown, as is every new
or longer relaxation. What may be either way, such as other paths of a duty, is shown too.
Tightening is nobody's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sayso import ruletables, tables
from sayso.model import Change, Finding, Rule, Severity
from sayso.policy import Policy
from sayso.policykeys import KEYS, Direction, shown
from sayso.settings import Duty

FILE = "policy.toml"
LOOSENED = "policy-loosened"


def read_rules(table: tables.Table) -> tuple[Rule, ...]:
    """Read the rules; raises ``DataError``."""
    found = ruletables.rules(table)
    table.done()
    return found


def compare(old: Policy, new: Policy, path: str) -> Iterator[Finding]:
    """Yield what ``new`` loosens and adds; ``path`` is the file that says so."""
    for rule, message in (*_keys(old, new), *_duties(old, new), *_people(old, new), *_exceptions(old, new)):
        severity = Severity.ERROR if rule == LOOSENED else Severity.WARNING
        yield Finding(rule, path, 0, message, severity)


def edited(changes: Sequence[Change], old: Policy) -> Iterator[Finding]:
    """Yield an edit to the file that says whose signatures count."""
    for change in changes:
        if old.review.allowed_signers in change.names:
            said = f"{change.kind}: it says whose signatures count; until this has landed, the former one is in force"
            yield Finding("policy-signers-changed", old.review.allowed_signers, 0, said, Severity.WARNING)


def _keys(old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    covered = {item.rule for item in new.relaxed}
    for key in KEYS:
        before, after = key.value(old), key.value(new)
        if not key.is_looser(after, before):
            continue
        said = f"{key.name} was {shown(before)} and becomes {shown(after)}"
        if key.direction is Direction.PLACE:
            yield "policy-place-changed", said
        elif key.name not in covered:
            yield LOOSENED, said
        elif any(item.rule == key.name and item in old.relaxed for item in new.relaxed):
            yield "policy-relaxed", f"{said}, by a relaxation that stood already"
    if old.teams != new.teams:
        before, after = (", ".join(team[: -len(team.split()[-1]) + 12] for team in item.teams) for item in (old, new))
        yield "policy-team-changed", f"the team's policy was {before or 'none'} and becomes {after or 'none'}"


def _duties(old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    covered = {item.rule for item in new.relaxed}
    now = {duty.id: duty for duty in new.duties}
    for duty in old.duties:
        if duty.id in covered:
            continue
        if duty.id not in now:
            yield LOOSENED, f"the duty {duty.id} is gone"
        elif _is_weaker(now[duty.id], duty):
            yield LOOSENED, f"the duty {duty.id} asks for less, or of fewer changes"
        elif _scope(now[duty.id]) != _scope(duty):
            yield "policy-duty-changed", f"the duty {duty.id} is another one"
    for item in old.tests:
        if item not in new.tests:
            yield "policy-duty-changed", f"the tests that belong to {item.source} are others"


def _scope(duty: Duty) -> Duty:
    """Return what says for which changes a duty holds."""
    return duty._replace(title="", why="", evidence=(), cases=())


def _is_weaker(new: Duty, old: Duty) -> bool:
    """Tell whether a duty asks for less, or asks it of fewer changes, by what can be compared."""
    less = not set(new.evidence) >= set(old.evidence) or not set(new.cases) >= set(old.cases)
    more_conditions = set(new.when) > set(old.when) or set(new.excluded) > set(old.excluded)
    fewer_paths = bool(new.paths) and (not old.paths or set(new.paths) < set(old.paths))
    fewer_files = bool(new.files) and (not old.files or set(new.files) < set(old.files))
    return less or more_conditions or fewer_paths or fewer_files


def _people(old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    for person in new.people:
        if person not in old.people:
            yield "policy-person-added", f"{person.name} <{', '.join(person.emails)}> may: {', '.join(person.may)}"
    names = {person.name for person in new.people}
    for person in old.people:
        if person.name not in names:
            yield "policy-person-removed", f"{person.name} may no longer review"


def _exceptions(old: Policy, new: Policy) -> Iterator[tuple[str, str]]:
    for item in new.relaxed:
        if item not in old.relaxed:
            yield "policy-relaxed", f"{item.rule} until {item.expires} by {item.owner}: {item.reason}"
    for entry in new.acceptances:
        if entry not in old.acceptances:
            yield "policy-accepted", f"{entry.advisory} until {entry.expires} by {entry.owner}: {entry.reason}"
