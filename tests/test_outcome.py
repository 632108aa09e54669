from __future__ import annotations

import pytest

from sayso.model import CheckResult, Finding, Outcome, Severity
from sayso.outcome import exit_code


def _result(outcome: Outcome, *severities: Severity) -> CheckResult:
    return CheckResult("x", outcome, tuple(Finding("r", "p", 1, "m", severity) for severity in severities))


@pytest.mark.parametrize(
    ("results", "code"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([_result(Outcome.CLEAR)], 0, id="clear"),
        pytest.param([_result(Outcome.NOT_APPLICABLE)], 0, id="not-applicable"),
        pytest.param([_result(Outcome.FOUND, Severity.WARNING, Severity.NOTE)], 0, id="warnings"),
        pytest.param([_result(Outcome.FOUND, Severity.ERROR)], 1, id="error"),
        pytest.param([_result(Outcome.INCONCLUSIVE)], 3, id="inconclusive"),
        pytest.param([_result(Outcome.CLEAR), _result(Outcome.INCONCLUSIVE)], 3, id="one-of-two-inconclusive"),
        pytest.param([_result(Outcome.INCONCLUSIVE), _result(Outcome.FOUND, Severity.ERROR)], 1, id="error-outweighs"),
        pytest.param([_result(Outcome.INCONCLUSIVE, Severity.WARNING)], 3, id="warning-and-gap"),
    ],
)
def test_exit_code(results: list[CheckResult], code: int) -> None:
    assert exit_code(results) == code
    assert exit_code(iter(results)) == code
