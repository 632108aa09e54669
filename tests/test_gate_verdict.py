"""The judge of what is owed: each kind of evidence is met by itself, and by nothing else."""

from __future__ import annotations

import pytest

from sayso import gate, tables
from sayso.duties import Owed
from sayso.gate import Fact, Standing
from sayso.model import Finding, Outcome, Severity
from sayso.settings import KINDS, Gate
from specimens import ROOT

RULES = gate.read_rules(tables.parse((ROOT / "rules" / gate.FILE).read_text(encoding="utf-8"), gate.FILE))
SCAN = Owed("code-scan", ("scans",), (), ("a.py",))
TESTS = Owed("tests:unit", ("authentication-tests",), ("sensitive-authentication",), ("auth.py",), ("deny",))


def judged(fact: Fact | None, *, enforce: bool = True, owed: Owed = TESTS) -> Finding:
    (finding,) = gate.judge([owed], {} if fact is None else {owed.kind: fact}, RULES, enforce=enforce)
    return finding


@pytest.mark.parametrize(
    ("fact", "enforced", "shown"),
    [
        pytest.param(Fact(Standing.MET, evidence=("e" * 64,)), Severity.NOTE, Severity.NOTE, id="met"),
        pytest.param(Fact(Standing.MISSING), Severity.ERROR, Severity.WARNING, id="missing"),
        pytest.param(None, Severity.ERROR, Severity.WARNING, id="nothing-known"),
        pytest.param(Fact(Standing.FAILED), Severity.ERROR, Severity.ERROR, id="failed-even-if-not-enforced"),
        pytest.param(Fact(Standing.LATER), Severity.NOTE, Severity.NOTE, id="later"),
        pytest.param(Fact(Standing.UNDECIDED), Severity.WARNING, Severity.WARNING, id="undecided"),
    ],
)
def test_severity(fact: Fact | None, enforced: Severity, shown: Severity) -> None:
    assert judged(fact).severity is enforced
    assert judged(fact, enforce=False).severity is shown


def test_a_finding_says_what_is_owed_why_and_what_would_help() -> None:
    found = judged(Fact(Standing.MISSING, ("no run",), steps=("sayso run …", "git commit")))
    detail = dict(found.detail)
    assert found.rule == "owed-tests-unit"
    assert found.message == "tests:unit: missing: no run"
    assert detail["because"] == "sensitive-authentication"
    assert detail["owed"] == "authentication-tests"
    assert detail["cases"] == "deny"
    assert detail["next"] == "sayso run …\ngit commit"
    assert "fix" not in detail


def test_without_a_command_the_rule_says_what_helps() -> None:
    assert dict(judged(Fact(Standing.MISSING)).detail)["fix"] == RULES["owed-tests-unit"].fix


def test_what_is_met_names_its_evidence_and_asks_for_nothing() -> None:
    found = judged(Fact(Standing.MET, evidence=("ab" * 32,), steps=("do it again",)))
    assert found.message == "tests:unit: met: evidence abababababab"
    assert dict(found.detail)["evidence"] == "ab" * 32


def test_what_a_run_was_is_said_to_whoever_judges_it() -> None:
    found = judged(Fact(Standing.MET, ("`sh -c true` ended well (1 passed)",), ("ab" * 32,)))
    assert found.message == "tests:unit: met: `sh -c true` ended well (1 passed); evidence abababababab"
    assert "next" not in dict(found.detail)


def test_one_kind_makes_up_for_no_other() -> None:
    facts = {"code-scan": Fact(Standing.MET)}
    found = gate.judge([SCAN, TESTS], facts, RULES, enforce=True)
    assert [item.severity for item in found] == [Severity.NOTE, Severity.ERROR]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_rule(kind: str) -> None:
    assert gate.rule_of(kind) in RULES


@pytest.mark.parametrize(
    ("standings", "outcome"),
    [
        pytest.param([], Outcome.NOT_APPLICABLE, id="nothing-owed"),
        pytest.param([Standing.MET, Standing.LATER], Outcome.CLEAR, id="met"),
        pytest.param([Standing.MET, Standing.MISSING], Outcome.FOUND, id="missing"),
        pytest.param([Standing.UNDECIDED, Standing.MET], Outcome.INCONCLUSIVE, id="undecided"),
        pytest.param([Standing.UNDECIDED, Standing.MISSING], Outcome.FOUND, id="refused-before-undecided"),
    ],
)
def test_outcome(standings: list[Standing], outcome: Outcome) -> None:
    assert gate.outcome([judged(Fact(standing)) for standing in standings]) is outcome


@pytest.mark.parametrize(
    ("enforce", "ai", "enforced"),
    [
        pytest.param("all", False, True, id="all"),
        pytest.param("ai", True, True, id="ai"),
        pytest.param("ai", False, False, id="ai-unmarked"),
        pytest.param("none", True, False, id="none"),
    ],
)
def test_whose_commits_are_refused(enforce: str, ai: bool, enforced: bool) -> None:
    assert gate.enforced(Gate(enforce=enforce), ai=ai) is enforced


def test_parts_owe_together_what_each_owes() -> None:
    other = Owed("tests:unit", ("validation",), ("sensitive-file-upload",), ("up.py",), ("oversized",))
    united = gate.united([TESTS], [SCAN, other])
    assert [item.kind for item in united] == ["code-scan", "tests:unit"]
    assert united[1] == Owed(
        "tests:unit",
        ("authentication-tests", "validation"),
        ("sensitive-authentication", "sensitive-file-upload"),
        ("auth.py", "up.py"),
        ("deny", "oversized"),
    )


@pytest.mark.parametrize(
    ("notes", "standing"),
    [
        pytest.param(["a stolen token could replay; it expires in a minute"], Standing.MET, id="a-note"),
        pytest.param(["none"], Standing.MISSING, id="a-word"),
        pytest.param([], Standing.MISSING, id="no-note"),
    ],
)
def test_threat_note(notes: list[str], standing: Standing) -> None:
    assert gate.threat_note(notes).standing is standing
