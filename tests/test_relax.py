from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.policy import DEFAULT
from sayso.relax import UNRELAXABLE, relaxed, unrelaxable
from sayso.settings import Relaxation
from specimens import ROOT

POLICY = DEFAULT._replace(relaxed=(Relaxation("big-change", "one import", "Dev Eloper", "2026-12-31"),))
BIG = Finding("big-change", "a.py", 3, "too large", Severity.ERROR, (("fix", "split it"),))
OTHER = Finding("other-thing", "b.py", 1, "wrong", Severity.WARNING)


def test_a_relaxed_finding_becomes_a_note_that_says_who_and_until_when() -> None:
    (result,) = relaxed([CheckResult("change-size", Outcome.FOUND, (BIG, OTHER), 2)], POLICY)
    assert result.findings == (
        BIG._replace(
            severity=Severity.NOTE,
            message="relaxed until 2026-12-31 by Dev Eloper: one import; too large",
            detail=(("fix", "split it"), ("relaxed", "true")),
        ),
        OTHER,
    )
    assert result.outcome is Outcome.FOUND


@pytest.mark.parametrize(
    ("outcome", "skipped", "after"),
    [
        pytest.param(Outcome.FOUND, (), Outcome.CLEAR, id="nothing-else"),
        pytest.param(Outcome.FOUND, (Skipped("x", "binary", blocks=False),), Outcome.CLEAR, id="foreign-file"),
        pytest.param(Outcome.FOUND, (Skipped("x", "timed out", blocks=True),), Outcome.INCONCLUSIVE, id="gap"),
        pytest.param(Outcome.INCONCLUSIVE, (), Outcome.INCONCLUSIVE, id="undecided-stays"),
    ],
)
def test_outcome(outcome: Outcome, skipped: tuple[Skipped, ...], after: Outcome) -> None:
    (result,) = relaxed([CheckResult("change-size", outcome, (BIG,), 1, skipped)], POLICY)
    assert result.outcome is after


def test_nothing_relaxed_changes_nothing() -> None:
    results = [CheckResult("change-size", Outcome.FOUND, (BIG,)), CheckResult("x", Outcome.CLEAR)]
    assert relaxed(results, DEFAULT) == results
    assert relaxed(results[1:], POLICY) == results[1:]


@pytest.mark.parametrize("rule", ["policy-loosened", "index-changed", "claim-absolute", "owed-human-review"])
def test_what_cannot_be_relaxed(rule: str) -> None:
    result = CheckResult("x", Outcome.FOUND, (BIG._replace(rule=rule),))
    policy = DEFAULT._replace(relaxed=(Relaxation(rule, "because", "Dev Eloper", "2026-12-31"),))
    assert relaxed([result], policy) == [result]
    assert UNRELAXABLE[unrelaxable(rule)]


@pytest.mark.parametrize("rule", ["change-size", "big-change", "index-changed-by-others", "claim-absolutely"])
def test_what_can(rule: str) -> None:
    assert not unrelaxable(rule)


def test_every_rule_that_cannot_be_relaxed_is_one() -> None:
    names = {item["id"] for path in (ROOT / "rules").glob("*.toml") for item in _rules(path)}
    names |= {"advisory-", "policy-"}
    assert [item for item in UNRELAXABLE if not any(name.startswith(item) for name in names)] == []


def _rules(path: Path) -> list[dict[str, Any]]:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    listed = [item for values in document.values() if isinstance(values, list) for item in values]
    return [item for item in listed if isinstance(item, dict) and "id" in item]
