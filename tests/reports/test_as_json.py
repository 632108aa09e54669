from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import CheckResult, Finding, Outcome, Severity, Skipped
from sayso.reports import as_json

FOUND = Finding("python-one", "a\udcff.py", 3, "It is bad.", Severity.ERROR, (("fix", "Do this."), ("path", "forged")))


def test_golden() -> None:
    results = [
        CheckResult(
            "code-scan", Outcome.FOUND, (FOUND,), 2, (Skipped("b\udcfe", "binary", blocks=False),), ("e" * 64,), ("n",)
        ),
        CheckResult("secret-scan", Outcome.CLEAR, examined=3, evidence=("e" * 64, "f" * 64), notes=("n",)),
    ]
    assert as_json.render("sayso", results) == (
        '{"version": 1, "hook": "sayso", "outcome": "found", "findings": [{"fix": "Do this.", "path": "a\\udcff.py", '
        '"hook": "code-scan", "rule": "python-one", "line": 3, "message": "It is bad.", "severity": "error"}], '
        '"examined": 3, "skipped": [{"hook": "code-scan", "path": "b\\udcfe", "reason": "binary", "blocks": false}], '
        f'"evidence": ["{"e" * 64}", "{"f" * 64}"], "notes": ["n"]}}\n'
    )


def _outcome(*results: CheckResult) -> str:
    outcome = json.loads(as_json.render("sayso", results))["outcome"]
    assert isinstance(outcome, str)
    return outcome


NOTE = FOUND._replace(severity=Severity.NOTE)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        pytest.param((), "not-applicable", id="none"),
        pytest.param((CheckResult("a", Outcome.NOT_APPLICABLE),), "not-applicable", id="not-applicable"),
        pytest.param((CheckResult("a", Outcome.CLEAR), CheckResult("b", Outcome.NOT_APPLICABLE)), "clear", id="clear"),
        pytest.param((CheckResult("a", Outcome.FOUND, (NOTE,)), CheckResult("b", Outcome.CLEAR)), "found", id="found"),
        pytest.param(
            (CheckResult("a", Outcome.FOUND, (NOTE,)), CheckResult("b", Outcome.INCONCLUSIVE)),
            "inconclusive",
            id="inconclusive",
        ),
        pytest.param(
            (CheckResult("a", Outcome.FOUND, (FOUND,)), CheckResult("b", Outcome.INCONCLUSIVE)), "found", id="refused"
        ),
    ],
)
def test_the_worst_outcome_counts(results: tuple[CheckResult, ...], expected: str) -> None:
    assert _outcome(*results) == expected


@given(path=st.binary(max_size=20), message=st.text(max_size=20))
def test_every_path_survives(path: bytes, message: str) -> None:
    name = path.decode("utf-8", "surrogateescape")
    shown = as_json.render("x", [CheckResult("x", Outcome.FOUND, (FOUND._replace(path=name, message=message),), 1)])
    assert shown.isascii()
    assert shown.count("\n") == 1
    (finding,) = json.loads(shown)["findings"]
    assert finding["path"].encode("utf-8", "surrogateescape") == path
    assert finding["message"] == message


def test_what_was_examined_in_part_says_so() -> None:
    gap = Skipped("a.c", "semgrep cannot parse it", blocks=False, partly=True)
    document = json.loads(
        as_json.render("code-scan", [CheckResult("code-scan", Outcome.CLEAR, examined=1, skipped=(gap,))])
    )
    assert document["skipped"] == [
        {"hook": "code-scan", "path": "a.c", "reason": "semgrep cannot parse it", "blocks": False, "partly": True}
    ]
