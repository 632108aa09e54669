"""What a change does to the policy itself."""

from __future__ import annotations

import pytest

from sayso.adapters.resources import read_table
from sayso.checks import policy_changes
from sayso.model import Change, ChangeKind, Severity
from sayso.policy import DEFAULT, parse
from sayso.relax import unrelaxable

RULES = policy_changes.read_rules(read_table(policy_changes.FILE))
RELAX = "[[relax]]\nrule = '{}'\nreason = 'a trial'\nowner = 'Dev Eloper'\nexpires = {}\n"
DUTY = '[[duty]]\nid = "money-review"\nwhen = ["sensitive-payments"]\nevidence = ["second-review", "tests:unit"]\n'


def found(old: str, new: str) -> list[tuple[str, str]]:
    findings = policy_changes.compare(parse(old), parse(new), "sayso.toml")
    return [(finding.rule, str(finding.severity)) for finding in findings]


def judged(example: str) -> list[str]:
    old, _, new = example.partition("-----\n")
    return [rule for rule, _ in found(old, new)]


@pytest.mark.parametrize(
    ("rule", "example"), [pytest.param(r.id, text, id=f"{r.id}-{n}") for r in RULES for n, text in enumerate(r.flag)]
)
def test_flag(rule: str, example: str) -> None:
    assert judged(example) == [rule]


@pytest.mark.parametrize(
    ("rule", "example"), [pytest.param(r.id, text, id=f"{r.id}-{n}") for r in RULES for n, text in enumerate(r.passes)]
)
def test_pass(rule: str, example: str) -> None:
    assert rule not in judged(example)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "[gate]\nunverified = 'refuse'\n",
            f"[gate]\nunverified = 'warn'\n{RELAX.format('gate.unverified', '2026-12-01')}",
            [("policy-relaxed", "warning")],
            id="weaker-with-a-relaxation",
        ),
        pytest.param(
            f"[gate]\nunverified = 'refuse'\n{RELAX.format('gate.unverified', '2026-12-01')}",
            f"[gate]\nunverified = 'warn'\n{RELAX.format('gate.unverified', '2026-12-01')}",
            [("policy-relaxed", "warning")],
            id="weaker-with-a-relaxation-that-stood",
        ),
        pytest.param(
            RELAX.format("change-size", "2026-12-01"),
            RELAX.format("change-size", "2027-12-01"),
            [("policy-relaxed", "warning")],
            id="longer",
        ),
        pytest.param(
            f"[gate]\nunverified = 'refuse'\n{RELAX.format('gate.enforce', '2026-12-01')}",
            RELAX.format("gate.enforce", "2026-12-01"),
            [("policy-loosened", "error")],
            id="relaxation-of-another-key",
        ),
        pytest.param(DUTY, DUTY.replace(', "tests:unit"', ""), [("policy-loosened", "error")], id="less-evidence"),
        pytest.param(
            DUTY, DUTY.replace('payments"]', 'payments", "ai"]'), [("policy-loosened", "error")], id="more-conditions"
        ),
        pytest.param(DUTY, f"{DUTY}except = ['docs/**']\n", [("policy-loosened", "error")], id="more-exceptions"),
        pytest.param(DUTY, f"{DUTY}paths = ['pay/**']\n", [("policy-loosened", "error")], id="fewer-paths"),
        pytest.param(DUTY, f"{DUTY}files = ['code']\n", [("policy-loosened", "error")], id="fewer-files"),
        pytest.param(f"{DUTY}cases = ['deny']\n", DUTY, [("policy-loosened", "error")], id="fewer-cases"),
        pytest.param(DUTY, f"{DUTY}title = 'Money'\n", [], id="other-words"),
        pytest.param(DUTY, DUTY.replace('"tests:unit"', '"tests:unit", "lint"'), [], id="more-evidence"),
        pytest.param(DUTY, RELAX.format("money-review", "2026-12-01"), [("policy-relaxed", "warning")], id="relaxed"),
        pytest.param("", DUTY, [], id="new-duty"),
        pytest.param("[gate]\nminimum-rev = 'v1.2.0'\n", "", [("policy-loosened", "error")], id="lower-version"),
        pytest.param("[gate]\nminimum-rev = 'v1.2'\n", "[gate]\nminimum-rev = '1.2.0'\n", [], id="same-version"),
    ],
)
def test_compare(old: str, new: str, said: list[tuple[str, str]]) -> None:
    assert found(old, new) == said


def test_what_stays_is_not_found() -> None:
    both = "[[person]]\nname = 'Rita Viewer'\nemails = ['rita@example.org']\n"
    both += "[[test-map]]\nsource = 'src/**'\ntests = ['tests/**']\n"
    both += "[[accept]]\nadvisory = 'CVE-1999-0001'\nreason = 'no'\nowner = 'Dev Eloper'\nexpires = 2099-01-01\n"
    assert found(both + DUTY, both + DUTY) == []
    more = both.replace("'rita@example.org'", "'rita@example.org', 'rita@example.com'").replace("2099", "2100")
    assert found(both, more) == [("policy-person-added", "warning"), ("policy-accepted", "warning")]


def test_another_team_policy() -> None:
    new = DEFAULT._replace(teams=(f"team policy.toml {'ab' * 32}",))
    (finding,) = policy_changes.compare(DEFAULT, new, "sayso.toml")
    assert (finding.rule, finding.message) == (
        "policy-team-changed",
        "the team's policy was none and becomes team policy.toml abababababab",
    )


@pytest.mark.parametrize(
    ("change", "flagged"),
    [
        pytest.param(Change(ChangeKind.MODIFIED, ".sayso/allowed_signers"), True, id="edited"),
        pytest.param(Change(ChangeKind.DELETED, ".sayso/allowed_signers"), True, id="deleted"),
        pytest.param(Change(ChangeKind.RENAMED, "x", ".sayso/allowed_signers"), True, id="renamed-away"),
        pytest.param(Change(ChangeKind.ADDED, "sub/.sayso/allowed_signers"), False, id="elsewhere"),
    ],
)
def test_signers(change: Change, *, flagged: bool) -> None:
    assert [f.rule for f in policy_changes.edited([change], DEFAULT)] == ["policy-signers-changed"] * flagged


def test_only_loosening_refuses_and_no_rule_can_be_relaxed() -> None:
    assert {rule.id: rule.severity for rule in RULES if rule.severity is Severity.ERROR} == {
        "policy-loosened": Severity.ERROR
    }
    assert all(unrelaxable(rule.id) for rule in RULES)
