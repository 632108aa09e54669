"""``sayso policy test``: a team's own examples against its policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.repo import Repo

LOGIN = '{ "src/auth/login.py" = "def login(user):\\n    return user.is_authenticated\\n" }'
SCANS = '["code-scan", "secret-scan"]'
MARK = "Add login\\n\\nCo-authored-by: Claude <noreply@anthropic.com>"


def example(name: str, expect: str, paths: str = '["README.md"]', **keys: str) -> str:
    lines = [f"{key} = {value}" for key, value in ({"evidence": SCANS} | keys).items()]
    return f'[[example]]\nname = "{name}"\nexpect = "{expect}"\npaths = {paths}\n' + "\n".join(lines) + "\n"


def ran(repo: Repo, *args: str) -> tuple[int, dict[str, Any]]:
    done = repo.sayso("policy", "test", *args, "--format", "json")
    return done.returncode, json.loads(done.stdout)


def verdicts(document: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    return {item["name"]: (item["verdict"], item["missing"]) for item in document["examples"]}


def test_examples_that_hold(repo: Repo) -> None:
    owed = '["code-scan", "secret-scan", "tests:unit", "tests:e2e", "human-review"]'
    repo.stage(
        "sayso.toml",
        example("words", "pass")
        + example("words without a scan", "refuse", evidence="[]")
        + example("login by a tool", "refuse", LOGIN, message=f'"{MARK}"', owed=owed)
        + example("login by a tool, with all", "pass", LOGIN, message=f'"{MARK}"', evidence=owed)
        + example("login by a person", "refuse", LOGIN, evidence='["code-scan", "secret-scan", "tests:unit"]')
        + example(
            "login by an unmarked tool", "refuse", LOGIN, ai="true", evidence=owed.replace(', "human-review"', "")
        )
        + example("a tool as the author", "refuse", LOGIN, author='"Claude <noreply@anthropic.com>"', owed=owed),
    )
    code, document = ran(repo)
    assert code == 0, document
    assert verdicts(document)["login by an unmarked tool"] == ("refuse", ["human-review"])
    assert verdicts(document)["login by a person"] == ("refuse", ["tests:e2e"])
    assert document["problems"] == []


def test_examples_that_fail_say_what_was_expected_and_why(repo: Repo) -> None:
    text = example("a wish", "pass", LOGIN, owed='["code-scan"]') + example("words", "pass")
    repo.stage("sayso.toml", text)
    code, said = repo.output("sayso", "policy", "test")
    assert code == 1
    lines = [line.strip() for line in said.splitlines()]
    assert lines[:3] == [
        "FAIL  a wish",
        "expected pass, got refuse",
        "expected to owe code-scan; it owes code-scan, secret-scan, tests:unit, tests:e2e",
    ]
    assert "tests:e2e: authentication-tests, for sensitive-authentication (missing)" in lines
    assert lines[-2:] == ["ok    words", "2 examples, 1 failed"]


@pytest.mark.parametrize(
    ("expires", "verdict"),
    [pytest.param("2099-01-01", "pass", id="tools-only"), pytest.param("2020-01-01", "refuse", id="run-out")],
)
def test_the_policy_decides(repo: Repo, expires: str, verdict: str) -> None:
    relax = "[[relax]]\nrule = '{}'\nreason = 'a trial'\nowner = 'Dev Eloper'\nexpires = {}\n"
    repo.stage(
        "sayso.toml",
        "[gate]\nenforce = 'ai'\n" + relax.format("gate.enforce", expires) + example("login", verdict, LOGIN),
    )
    assert ran(repo)[0] == 0


def test_a_duty_of_the_team_and_a_relaxed_one(repo: Repo) -> None:
    duty = "[[duty]]\nid = 'two-of-us'\npaths = ['money/**']\nevidence = ['second-review']\n"
    relax = "[[relax]]\nrule = 'authentication-tests'\nreason = 'a'\nowner = 'Dev Eloper'\nexpires = 2099-01-01\n"
    repo.stage(
        "sayso.toml",
        duty
        + relax
        + example("money", "refuse", '["money/rates.txt"]', owed='["code-scan", "secret-scan", "second-review"]')
        + example("login", "pass", LOGIN),
    )
    code, document = ran(repo)
    assert code == 0, document


def test_signals_of_other_checks_count(repo: Repo) -> None:
    paths = '{ "src/a.py" = "x = eval(y)  # nosec\\n" }'
    repo.stage("sayso.toml", example("silenced by a tool", "refuse", paths, ai="true"))
    code, document = ran(repo)
    assert code == 0
    (result,) = document["examples"]
    assert "human-review" in result["missing"]


def test_a_file_on_disk(repo: Repo) -> None:
    repo.write("draft.toml", example("words", "refuse"))
    assert ran(repo, "draft.toml")[0] == 1
    (repo.path / "pyproject.toml").write_text(
        '[[tool.sayso.example]]\nname = "words"\nexpect = "refuse"\npaths = ["a.md"]\n'
    )
    assert ran(repo, "pyproject.toml")[0] == 0


@pytest.mark.parametrize(
    ("text", "args", "said"),
    [
        pytest.param("", (), "sayso.toml, as staged, has no examples: add an [[example]]", id="none"),
        pytest.param("", ("nowhere.toml",), "nowhere.toml: cannot be read", id="missing-file"),
        pytest.param("", ("pyproject.toml",), "pyproject.toml: has no [tool.sayso]", id="no-table"),
        pytest.param("[[example]]\nname = 'x'\n", (), "sayso.toml:1: example: missing key 'paths'", id="wrong"),
    ],
)
def test_what_cannot_be_ran(repo: Repo, text: str, args: tuple[str, ...], said: str) -> None:
    repo.stage("sayso.toml", text)
    repo.write("pyproject.toml", "[project]\n")
    code, printed = repo.output("sayso", "policy", "test", *args)
    assert (code, said in printed) == (2, True), printed


def test_a_relaxation_of_nothing_fails(repo: Repo) -> None:
    relax = "[[relax]]\nrule = 'no-such-rule'\nreason = 'a'\nowner = 'Dev Eloper'\nexpires = 2099-01-01\n"
    repo.stage("sayso.toml", relax + example("words", "pass"))
    code, document = ran(repo)
    assert (code, len(document["problems"])) == (1, 1)
    assert "'no-such-rule'" in document["problems"][0]


def test_an_example_is_only_read(repo: Repo) -> None:
    repo.stage("sayso.toml", example("\\u001b[2J", "refuse", LOGIN))
    code, said = repo.output("sayso", "policy", "test")
    assert (code, "\x1b" in said) == (2, False)
    assert repo.git("status", "--porcelain") == "A  sayso.toml"
