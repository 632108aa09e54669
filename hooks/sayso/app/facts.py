"""Find out what there is of each kind of evidence that a change owes. Nothing is scanned here, and nothing run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sayso import gate, manifests
from sayso.adapters.git import is_file
from sayso.app import claims, message
from sayso.app.case import Case
from sayso.gate import Fact, Standing
from sayso.model import CheckResult, Outcome, Severity
from sayso.owing import Owed
from sayso.requirements import LOCK

if TYPE_CHECKING:
    from sayso.runs import Run

_SCANS = ("code-scan", "secret-scan", "dependency-scan")
_RUNS = ("license", "tests:unit", "tests:e2e", "types", "lint")
_UNKNOWN = "no evidence of "
_NOTHING_THERE = "nothing in the change for it to examine"
_MOST_REASONS = 5
_RUN_STEPS = {
    "tests:unit": "sayso run tests:unit -- pytest --junitxml={junit}",
    "tests:e2e": "sayso run tests:e2e -- pytest --junitxml={junit}",
    "types": "sayso run types -- mypy .",
    "lint": "sayso run lint -- ruff check",
    "license": "sayso run license -- pip-licenses --fail-on=UNKNOWN",
}


def gather(case: Case, owed: Sequence[Owed]) -> Mapping[str, Fact]:
    """Return a fact for each kind that is owed."""
    return {item.kind: _finder(item.kind)(case, item) for item in owed}


def _finder(kind: str) -> Callable[[Case, Owed], Fact]:
    if kind in _SCANS:
        return _of_scan
    if kind in _RUNS:
        return _of_run
    return _of_note if kind == "threat-note" else _of_review


def _of_scan(case: Case, owed: Owed) -> Fact:
    result = case.result(owed.kind)
    if result is None and owed.kind == "dependency-scan" and not _pins(case):
        return Fact(Standing.MET, (_NOTHING_THERE,))
    if result is None:
        step = _scan(case, owed.kind, owed.paths)
        if owed.kind == "dependency-scan" and not case.due:
            return Fact(Standing.LATER, ("before the push, because it needs the network",), steps=(step,))
        return Fact(Standing.MISSING, (f"{owed.kind} has not run",), steps=(step,))
    return of_result(case, owed, result)


def _scan(case: Case, kind: str, paths: Sequence[str]) -> str:
    """Return the command for a scan. Beside the gate a runner knows one id for all of them."""
    hook = "sayso" if os.environ.get("PRE_COMMIT") else kind
    return claims.command(hook, message.shown(case.context.repo, paths), late=kind == "dependency-scan")


def of_result(case: Case, owed: Owed, result: CheckResult) -> Fact:
    """Return what the result of a scan says of its kind of evidence."""
    errors = [finding for finding in result.findings if finding.severity is Severity.ERROR]
    if errors:
        reasons = tuple(f"{item.rule} at {item.path}:{item.line}" for item in errors)
        return Fact(Standing.FAILED, reasons, result.evidence, ("repair what was found",))
    gaps = [item for item in result.skipped if item.blocks]
    unknown = [item.path for item in gaps if item.reason.startswith(_UNKNOWN)]
    if unknown:
        step = _scan(case, owed.kind, unknown)
        return Fact(Standing.MISSING, tuple(f"{path} has not been examined" for path in unknown), steps=(step,))
    if gaps:
        steps = _unpinned(result) if owed.kind == "dependency-scan" else ()
        reasons = tuple(f"{item.path}: {item.reason}" for item in gaps[:_MOST_REASONS])
        return Fact(Standing.UNDECIDED, reasons, steps=steps)
    if owed.kind == "dependency-scan" and not result.evidence and not case.due:
        return Fact(Standing.LATER, ("before the push, because it needs the network",))
    ways = [(item.path, way) for item in result.skipped if (way := manifests.way_out(item.path))]
    if owed.kind == "dependency-scan" and not result.evidence and ways:
        reasons = tuple(f"{path} cannot be read here" for path, _ in ways)
        return Fact(Standing.MISSING, reasons, steps=tuple(dict.fromkeys(way for _, way in ways)))
    if result.outcome is Outcome.NOT_APPLICABLE or not result.evidence:
        unread = tuple(f"{item.path}: {item.reason}" for item in result.skipped)
        return Fact(Standing.MET, unread or (_NOTHING_THERE,))
    return Fact(Standing.MET, evidence=result.evidence)


def _unpinned(result: CheckResult) -> tuple[str, ...]:
    """Return how what is not pinned can be looked up, where the scan says that."""
    return tuple(f"# {note}" for note in result.notes if LOCK in note)


def _pins(case: Case) -> bool:
    """Tell whether any file of the change can pin a version: settings of a package manager and submodules do not."""
    from sayso.app.hooks import dependency_scan  # noqa: PLC0415 - few changes owe it

    return dependency_scan.concerned(case.context)


def _of_run(case: Case, owed: Owed) -> Fact:
    from sayso import runs  # noqa: PLC0415 - few changes owe a run
    from sayso.adapters.runledger import RunLedger  # noqa: PLC0415
    from sayso.app import runrecords  # noqa: PLC0415

    content = runrecords.bare(case.context.repo, case.tree, case.context.trusted.review.approvals)
    ledger = RunLedger(case.context.repo.common_dir)
    known = [run for run in ledger.of_tree(content) if run.kind == owed.kind]
    stale = [] if known else ledger.others(owed.kind, _MOST_REASONS)
    standing = runs.weigh([*known, *stale], owed.kind, content, _cases(owed))
    untested = _untested(case, owed) if owed.kind == "tests:unit" and _must_change(case) else ()
    steps: tuple[str, ...] = (_run_step(case, owed.kind),)
    if standing.status == runs.FAILED:
        mistakes = [run for run in known if run.id in standing.evidence]
        steps = ("# make it pass", *steps, *map(_taken_back, mistakes[:1]))
        return Fact(Standing.FAILED, standing.reasons, standing.evidence, steps)
    if standing.status != runs.MET:
        return Fact(Standing.MISSING, (*standing.reasons, *untested, *ledger.damaged), standing.evidence, steps)
    if untested:
        return Fact(Standing.MISSING, untested, standing.evidence, ("# change the tests with the code", *steps))
    return Fact(Standing.MET, standing.reasons, standing.evidence)


def _must_change(case: Case) -> bool:
    """Tell whether code owes that its tests change with it, by the policy here or that of the base."""
    whose = {case.context.policy.gate.tests_change, case.context.trusted.gate.tests_change}
    return "all" in whose or ("ai" in whose and case.ai)


def _run_step(case: Case, kind: str) -> str:
    """Return the command that records a run; for end-to-end tests with the folder where this project has them."""
    if kind != "tests:e2e":
        return _RUN_STEPS[kind]
    from sayso import testmap  # noqa: PLC0415 - only a refusal pays for it
    from sayso.adapters.resources import read_table  # noqa: PLC0415

    rules = testmap.read_rules(read_table(testmap.FILE))
    listed = case.context.repo.listed(case.merged or case.revision)
    folders = sorted({item.path.rpartition("/")[0] for item in listed if testmap.is_e2e(item.path, rules)}, key=len)
    if not folders:
        return f"{_RUN_STEPS[kind]} PATH   # your end-to-end tests"
    return f"{_RUN_STEPS[kind]} {message.shown(case.context.repo, folders[:1])[0]}"


def _taken_back(run: Run) -> str:
    import shlex  # noqa: PLC0415 - only a refusal pays for it

    place = f"cd {shlex.quote(run.folder)} && " if run.folder else ""
    return f"# if that was not the command to give: {place}sayso run {run.kind} --forget -- {run.command}"


def _cases(owed: Owed) -> Mapping[str, Sequence[str]]:
    from sayso import testmap  # noqa: PLC0415 - few changes owe a run
    from sayso.adapters.resources import read_table  # noqa: PLC0415

    return testmap.cases(owed.cases, testmap.read_rules(read_table(testmap.FILE)))


def _untested(case: Case, owed: Owed) -> tuple[str, ...]:
    """Say which files changed without their tests."""
    from sayso import testmap  # noqa: PLC0415 - few changes owe a run
    from sayso.adapters.resources import read_table  # noqa: PLC0415

    changed = [change.path for change in case.changes if is_file(change)]
    texts = case.context.addition.snapshot.texts
    owing = sorted(set(changed).intersection(owed.paths))
    rules = testmap.read_rules(read_table(testmap.FILE))
    found = testmap.untested(changed, case.context.policy.tests, rules, texts, owing)
    said = tuple(f"{item.path} changed, and no test of it did: {' or '.join(item.globs[:2])}" for item in found)
    other = "a test of another name: [[test-map]] in sayso.toml; code whose tests stay: gate.tests-change"
    return (*said, other) if said else ()


def _of_note(case: Case, owed: Owed) -> Fact:
    del owed
    return gate.threat_note(case.notes)


def _of_review(case: Case, owed: Owed) -> Fact:
    from sayso.app import reviewfacts  # noqa: PLC0415 - few changes owe a review

    return reviewfacts.fact(case, owed)
