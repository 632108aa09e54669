"""Answer the questions that a reviewer asks of a change, as far as the change itself can.

An answer that calms is given for evidence only, never because nothing was found:
where it cannot be told, it is "unclear", and says why. Signs in code are patterns and
can miss; so they can show that input enters, and cannot show that none does. A change
of nothing but documents is another matter: that much can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sayso import facts, signs
from sayso.comments import is_document
from sayso.facts import Answer, Known, OfTests
from sayso.model import Severity
from sayso.signs import ChecklistRules, Place, Seen, read_rules
from sayso.tables import Table

__all__ = ("Answer", "Known", "OfTests", "Place", "answers", "read")

YES, NO, UNCLEAR = "yes", "no", "unclear"
CODE_SCAN, SECRET_SCAN, DEPENDENCY_SCAN = "code-scan", "secret-scan", "dependency-scan"

_MOST_PLACES = 12
_INJECTIONS = frozenset((20, 22, 77, 78, 79, 89, 90, 91, 94, 95, 98, 434, 502, 611, 643, 917, 918, 943, 1336))
_WIDENING, _HIDDEN, _SUPPLY, _SILENCING = "agent-permissions", "hidden-text", "supply-chain", "suppressions"
_LINT = frozenset(("lint-silenced",))
_DEPENDENCIES, _AGENTS = "dependencies", "agent-instructions"


_Said = tuple[str, str, Iterable[Place]]


def read(table: Table) -> ChecklistRules:
    """Read the questions; raises ``DataError``, also for a question that nothing here can answer."""
    rules = read_rules(table)
    if tuple(name for name, _ in rules.questions) != tuple(_ANSWERS):
        raise table.error(f"the questions must be {', '.join(_ANSWERS)}, in this order", "question")
    return rules


def answers(known: Known, rules: ChecklistRules) -> tuple[Answer, ...]:
    """Answer every question, in the order of the rules."""
    seen = signs.seen(known.snapshot, rules)
    given = []
    for name, text in rules.questions:
        answer, because, found = _ANSWERS[name](known, seen, rules)
        places = tuple(dict.fromkeys(found))
        if len(places) > _MOST_PLACES:
            because = f"{because} (the first {_MOST_PLACES} of {len(places)} places)"
        given.append(Answer(name, text, answer, because, places[:_MOST_PLACES]))
    return tuple(given)


def _areas(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    if known.flags is None:
        return UNCLEAR, "sensitive-paths was not run", ()
    if known.flags:
        names = sorted({facts.area(flag) for flag in known.flags})
        return YES, f"{facts.count(len(names), 'area')}: {', '.join(names)}", facts.places(known.flags)
    unread = facts.unread(known.snapshot)
    if unread:
        return UNCLEAR, f"{facts.count(len(unread), 'file')} could be judged by name only", unread
    count = facts.count(len(known.snapshot.changes), "changed file")
    return NO, f"no name and no added line of {count} belongs to a sensitive area", ()


def _input(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    found = seen.places[signs.INPUT]
    if found:
        return YES, f"{facts.count(len(found), 'added line')} where input enters", found
    return _documents_only(seen) or (UNCLEAR, "no added line looks like it, which does not show that there is none", ())


def _boundaries(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    found = (*seen.places[signs.BOUNDARY], *seen.places[signs.ENDPOINT])
    if found:
        return YES, f"{facts.count(len(found), 'added line')} where code meets another party", found
    return _documents_only(seen) or (UNCLEAR, "no added line looks like it, which does not show that there is none", ())


def _validation(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:
    broken = [
        finding
        for result in known.scans
        for finding in result.findings
        if result.hook == CODE_SCAN and _INJECTIONS & set(finding.cwe)
    ]
    if broken:
        return NO, "the code scan found input that arrives where it should not", facts.places(broken)
    entering = seen.places[signs.INPUT]
    if not entering:
        return UNCLEAR, "no place was recognised where input enters, so none could be checked", ()
    beside = {place: signs.stands_near(place, signs.VALIDATION, known.snapshot, rules) for place in entering}
    bare = [place for place, sign in beside.items() if sign is None]
    if not bare:
        checked = [sign for sign in beside.values() if sign]
        scanned = facts.result(known.scans, CODE_SCAN)
        if scanned is None or facts.gap(scanned, CODE_SCAN):
            return UNCLEAR, "validation stands nearby, and code-scan has not examined the change", checked
        return YES, "validation stands near each place where input was seen to enter; is it enough?", checked
    return (
        UNCLEAR,
        f"no validation within {rules.near} lines of {facts.count(len(bare), 'place')} where input enters",
        bare,
    )


def _permissions(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:
    result = facts.result(known.signals, _WIDENING)
    wider = [finding for finding in result.findings if finding.severity is not Severity.NOTE] if result else []
    if wider:
        return NO, f"{facts.count(len(wider), 'place')} where a permission widens", facts.places(wider)
    touched = [flag for flag in known.flags or () if facts.area(flag) in rules.permitting]
    if touched:
        return UNCLEAR, "the change touches what decides over permissions", facts.places(touched)
    if result is None or known.flags is None:
        return UNCLEAR, f"{_WIDENING if result is None else 'sensitive-paths'} was not run", ()
    if not seen.code and known.snapshot.changes and not facts.unread(known.snapshot):
        return YES, "nothing but documents changed", ()
    return UNCLEAR, "no change of a permission was recognised, which does not show that there is none", ()


def _additions(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    result = facts.result(known.signals, _SUPPLY)
    found = facts.places(result.findings if result else ()) + list(seen.places[signs.ENDPOINT])
    flagged = facts.places(flag for flag in known.flags or () if facts.area(flag) == _DEPENDENCIES)
    if found:
        return YES, f"{facts.count(len(found), 'place')} that adds a dependency, an endpoint or a service", found
    if flagged:
        return UNCLEAR, "what declares dependencies changed; whether it adds any was not recognised", flagged
    if result is None:
        return UNCLEAR, f"{_SUPPLY} was not run", ()
    return _documents_only(seen) or (UNCLEAR, "no manifest changed, and no new endpoint or service was recognised", ())


def _secrets(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    result = facts.result(known.scans, SECRET_SCAN)
    if result and result.findings:
        return NO, f"the secret scan found {facts.count(len(result.findings), 'place')}", facts.places(result.findings)
    gap = facts.gap(result, SECRET_SCAN)
    if gap:
        return UNCLEAR, *gap
    left = facts.aside(result)
    if left:
        return UNCLEAR, f"the secret scan found none, and left out {facts.count(len(left), 'file')}", left
    return YES, f"the secret scan examined {facts.count(result.examined if result else 0, 'file')} and found none", ()


def _resolved(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    loud = [finding for result in known.scans for finding in result.findings if finding.severity is not Severity.NOTE]
    loud += [finding for result in known.signals for finding in result.findings if finding.severity is Severity.ERROR]
    if loud:
        return NO, f"{facts.count(len(loud), 'finding')} that stands", facts.places(loud)
    silenced = facts.result(known.signals, _SILENCING)
    quieted = [finding for finding in silenced.findings if finding.rule not in _LINT] if silenced else []
    if quieted:
        return UNCLEAR, "the change silences checks; what they would have said is not known", facts.places(quieted)
    declares = known.flags is None or any(facts.area(flag) == _DEPENDENCIES for flag in known.flags)
    wanted = [CODE_SCAN, SECRET_SCAN] + ([DEPENDENCY_SCAN] if declares else [])
    wanted = wanted if seen.code else [SECRET_SCAN]
    for hook in wanted:
        gap = facts.gap(facts.result(known.scans, hook), hook)
        if gap:
            return UNCLEAR, *gap
    if silenced is None:
        return UNCLEAR, f"{_SILENCING} was not run: whether findings are silenced is not known", ()
    left = [place for hook in wanted for place in facts.aside(facts.result(known.scans, hook))]
    apart = f", files apart that are not theirs to examine: {len(set(left))}" if left else ""
    return YES, f"{' and '.join(wanted)} found nothing, and nothing is newly silenced{apart}", left


def _tests(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    def of(status: str, *kinds: str) -> list[OfTests]:
        return [item for item in known.tests if item.status == status and (not kinds or item.kind in kinds)]

    failed, missing = of("failed"), of("missing")
    if failed:
        return NO, f"{facts.names(failed)} failed on this content", facts.of_tests(failed)
    if missing:
        return NO, f"code changed without its tests: {facts.names(missing)}", facts.of_tests(missing)
    absent = [kind for kind in ("unit", "e2e") if not of("passed", kind)]
    if not absent:
        passed = of("passed", "unit", "e2e")
        return YES, f"{facts.names(passed)} passed on this content", facts.of_tests(passed)
    because = f"no run of {' or '.join(absent)} tests is recorded on this content"
    changed = of("changed")
    return UNCLEAR, because + ("; tests changed with the code" if changed else ""), facts.of_tests(changed)


def _audit(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:
    if known.flags is None:
        return UNCLEAR, "sensitive-paths was not run", ()
    acting = [flag for flag in known.flags if facts.area(flag) in rules.audited and not _quiet(flag.path)]
    events = seen.places[signs.AUDIT]
    if not acting:
        return UNCLEAR, "no action was recognised that ought to leave one", events
    bare = [flag for flag in acting if flag.path not in {place.path for place in events}]
    if bare:
        return (
            UNCLEAR,
            f"no audit event was recognised in {facts.count(len({flag.path for flag in bare}), 'file')}",
            facts.places(bare),
        )
    count = facts.count(len({flag.path for flag in acting}), "file")
    return YES, f"an audit event was added in {count} with sensitive actions; does each action leave one?", events


def _injected(known: Known, seen: Seen, rules: ChecklistRules) -> _Said:  # noqa: ARG001
    obeyed = [
        finding
        for hook in (_WIDENING, _HIDDEN)
        if (result := facts.result(known.signals, hook))
        for finding in result.findings
    ]
    if obeyed:
        return YES, "the change holds what an agent obeys, or what tells it what it may do", facts.places(obeyed)
    absent = [hook for hook in (_WIDENING, _HIDDEN) if facts.result(known.signals, hook) is None]
    if absent:
        return UNCLEAR, f"{' and '.join(absent)} {'was' if len(absent) == 1 else 'were'} not run", ()
    instructions = [flag for flag in known.flags or () if facts.area(flag) == _AGENTS]
    if instructions:
        return UNCLEAR, "the change touches instructions of agents", facts.places(instructions)
    if seen.prose:
        who = "a coding tool wrote the change, and it" if known.ai else "the change"
        because = f"{who} holds text that an agent may read; nothing in it was recognised as an instruction"
        return UNCLEAR, because, seen.prose
    unread = facts.unread(known.snapshot)
    if unread or known.flags is None:
        return UNCLEAR, "not all of the change could be read", unread
    return NO, "the change adds no comment, no document and no sentence that an agent would read", ()


_ANSWERS: dict[str, Callable[[Known, Seen, ChecklistRules], _Said]] = {
    "sensitive-areas": _areas,
    "attacker-input": _input,
    "trust-boundaries": _boundaries,
    "validation": _validation,
    "permissions": _permissions,
    "additions": _additions,
    "secrets-absent": _secrets,
    "findings-resolved": _resolved,
    "tests": _tests,
    "audit-events": _audit,
    "injected-instruction": _injected,
}


def _documents_only(seen: Seen) -> _Said | None:
    return None if seen.code else (NO, "nothing but documents changed", ())


def _quiet(path: str) -> bool:
    return signs.is_test(path) or is_document(path)
